//! The columns that a query gives: their names, and whether another query gives them too.

use ecow::EcoString;

use super::resolve::{Columns, Reader};
use super::words::name_of;
use super::{Binding, ColumnUse, Referent, Use};
use crate::schema::tokens::TokenKind;
use crate::schema::{Dialect, Schema};

/// One word of an item of a query.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    kind: TokenKind,
    text: EcoString,
    /// The table or view of the column that it is.
    relation: Option<EcoString>,
}

impl Schema {
    /// The names of the columns that a query gives; `None` where they do not stand in it.
    pub fn columns_of_query(&self, query: &str, dialect: Dialect) -> Option<Vec<EcoString>> {
        let mut reader = Reader::new(query, self, dialect, 0).ok()?;
        let columns = reader.query(None, true).ok()?;
        match (columns, reader.end()) {
            (Columns::Known(names), Ok(_)) => Some(names),
            _ => None,
        }
    }

    /// Whether a query surely gives the columns of another one, of the same types, and perhaps more behind them.
    ///
    /// It does where the items are the same words, about the same columns: the types of other expressions are only known
    /// to the server.
    pub fn extends(&self, query: &str, other: &str, dialect: Dialect) -> bool {
        let (Some(new), Some(old)) = (self.items(query, dialect), self.items(other, dialect)) else { return false };
        old.len() <= new.len() && old.iter().zip(&new).all(|(old, new)| old == new)
    }

    /// The items of a query that is one `SELECT`; `None` where their types depend on more than on their words.
    fn items(&self, query: &str, dialect: Dialect) -> Option<Vec<Vec<Word>>> {
        let mut reader = Reader::new(query, self, dialect, 0).ok()?;
        reader.query(None, true).ok()?;
        let tokens = reader.tokens.clone();
        let mut arms = std::mem::take(&mut reader.arms);
        let (Some(items), true) = (arms.pop(), arms.is_empty()) else { return None };
        let uses = reader.end().ok()?;
        let word = |index: usize| {
            let token = tokens.get(index)?;
            let mut here = uses.iter().filter(|one| one.range == token.range());
            let relation = here.try_fold(None, |found, one| match relation_of(one) {
                Ok(None) => Some(found),
                Ok(relation) => Some(relation),
                Err(Unknown) => None,
            })?;
            let text = match token.kind {
                TokenKind::Word => name_of(token, dialect)?,
                _ => token.text.into(),
            };
            Some(Word { kind: token.kind, text, relation })
        };
        items.into_iter().map(|item| item?.map(word).collect()).collect()
    }
}

/// The type of what a name stands for is not known.
struct Unknown;

/// The table or view whose column a name is; none where it is no column.
fn relation_of(used: &Use) -> Result<Option<EcoString>, Unknown> {
    match &used.referent {
        Referent::Column(ColumnUse { binding: Binding::To(relation), .. }) => Ok(Some(relation.clone())),
        Referent::Column(_) | Referent::AllColumns(_) => Err(Unknown),
        Referent::Relation(_) | Referent::Qualifier(_) | Referent::Type(..) => Ok(None),
    }
}
