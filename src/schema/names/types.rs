//! The names of types, and which of them can be an enum of the schema.

use ecow::EcoString;

use super::resolve::{Read, Reader};
use super::words::name_of;
use super::{Obstacle, Referent, TypeBinding, Use};
use crate::schema::Dialect;
use crate::schema::tokens::TokenKind;

const UNKNOWN: Obstacle = Obstacle("its grammar is not known");

impl Reader<'_> {
    /// The name of a type, with all that belongs to it.
    pub fn type_name(&mut self) -> Read<()> {
        let Some(first) = self.peek() else { return Err(UNKNOWN) };
        let parts = self.chain().ok_or(UNKNOWN)?;
        self.mention_type(&parts);
        if self.dialect == Dialect::Sqlite {
            // SQLite takes any words for a type.
            while self.peek().is_some_and(|token| name_of(&token, Dialect::Sqlite).is_some()) {
                self.at += 1;
            }
        } else if first.is_word("DOUBLE") {
            self.take_word("PRECISION");
        } else if ["CHARACTER", "CHAR", "BIT", "NATIONAL"].iter().any(|word| first.is_word(word)) {
            self.take_any(&["CHARACTER", "CHAR"]);
            self.take_word("VARYING");
        }
        if self.at_mark("(") {
            self.skip_parenthesis()?;
        }
        if self.dialect == Dialect::Postgres && (first.is_word("TIME") || first.is_word("TIMESTAMP")) {
            let _zone = self.take_words(&["WITH", "TIME", "ZONE"]) || self.take_words(&["WITHOUT", "TIME", "ZONE"]);
        }
        while self.take_mark("[") {
            if self.peek().is_some_and(|token| token.kind == TokenKind::Number) {
                self.at += 1;
            }
            self.expect_mark("]")?;
        }
        Ok(())
    }

    /// The name of a type, with what stands in front of it.
    pub fn mention_type(&mut self, parts: &[(usize, EcoString)]) {
        let Some((token, name)) = parts.last() else { return };
        let binding = match (parts, is_given_by_postgres(name)) {
            ([(_, schema), _], _) if self.is_home(schema) => TypeBinding::Enumeration,
            (_, true) => TypeBinding::Doubtful(Obstacle("Postgres has a type of this name itself")),
            ([_], false) => TypeBinding::Enumeration,
            _ => TypeBinding::Doubtful(Obstacle("it names another schema in front of the type")),
        };
        self.uses.push(Use { range: self.tokens[*token].range(), referent: Referent::Type(name.clone(), binding) });
    }

    /// The name of what is called: Postgres takes a call of a type for a cast to it, unless there is such a function.
    pub fn mention_called_type(&mut self, token: usize, name: EcoString) {
        let binding = TypeBinding::Doubtful(Obstacle("it calls a function of this name, which may be a cast"));
        self.uses.push(Use { range: self.tokens[token].range(), referent: Referent::Type(name, binding) });
    }
}

/// Whether a type without a schema in front of it is one of Postgres' own, whatever the author's enums are called.
fn is_given_by_postgres(name: &str) -> bool {
    TYPES_OF_POSTGRES.split(' ').any(|known| known == name)
}

/// The types of `pg_catalog`, which is searched first, and the words that the grammar makes types of.
const TYPES_OF_POSTGRES: &str = "\
    aclitem any anyarray anyelement bigint bit bool boolean box bpchar bytea char character cid cidr circle cstring \
    date datemultirange daterange dec decimal double float float4 float8 inet int int2 int2vector int4 int4multirange \
    int4range int8 int8multirange int8range integer internal interval json jsonb jsonpath line lseg macaddr macaddr8 \
    money name national nchar numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon real \
    record refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc \
    regprocedure regrole regtype smallint text tid time timestamp timestamptz timetz trigger tsmultirange tsquery \
    tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar void xid xid8 xml";
