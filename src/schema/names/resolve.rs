//! Scopes, and the names that are mentioned in them.

mod bind;

use std::ops::Range;

use ecow::EcoString;

use super::words::{name_of, same, words};
use super::{Binding, ColumnUse, Obstacle, Output, Referent, Use};
use crate::schema::tokens::Token;
use crate::schema::{Dialect, Schema, Table};

pub(super) type Read<T> = Result<T, Obstacle>;

/// How deep queries, parentheses and views may stand in one another.
const DEEPEST: usize = 48;

/// Follows the tokens of one text. What it finds is bound when the text has ended and all sources are known.
pub(super) struct Reader<'a> {
    pub dialect: Dialect,
    pub schema: &'a Schema,
    pub tokens: Vec<Token<'a>>,
    pub at: usize,
    scopes: Vec<Scope>,
    mentions: Vec<Mention>,
    pub uses: Vec<Use>,
    /// The items of each `SELECT` whose rows are those of the whole text, as tokens; `None` for a star.
    pub arms: Vec<Vec<Option<Range<usize>>>>,
    depth: usize,
    /// How many views were opened to get here.
    opened: usize,
}

/// The place of a scope in the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScopeId(usize);

/// Where names are looked for: in the sources of one query, then in those of the query around it.
#[derive(Debug, Default)]
struct Scope {
    parent: Option<ScopeId>,
    sources: Vec<Source>,
    /// The names that the query gives to its items.
    aliases: Vec<EcoString>,
    /// The common table expressions that are known from here on.
    queries: Vec<(EcoString, Columns)>,
    /// Whether columns of the same name are joined without being named, or are named once for both sides.
    joins_by_name: bool,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// What stands in front of its columns.
    pub binding: EcoString,
    /// The table or view of the schema that it is.
    pub relation: Option<EcoString>,
    pub columns: Columns,
    pub kind: SourceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceKind {
    /// Under its own name.
    Plain,
    /// Under another name.
    Aliased,
    /// `NEW`, `OLD` and `excluded`, which always stand in front of their columns.
    Row,
}

/// The names of the columns of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Columns {
    Known(Vec<EcoString>),
    Unknown,
}

/// One item of a query.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Named(EcoString),
    /// An expression whose name the dialect makes up.
    Unnamed,
    /// `*`, or `source.*`.
    All(Option<EcoString>),
}

/// A name that is to be bound.
#[derive(Debug, Clone)]
struct Mention {
    scope: ScopeId,
    /// The name and what stands in front of it, as token indexes with names.
    parts: Vec<(usize, EcoString)>,
    kind: MentionKind,
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MentionKind {
    Column,
    /// A column that is all of a term of `ORDER BY`, where the names of items come first.
    Term,
    /// The last part is a star.
    Star,
    /// A column that a join has on both sides.
    Joined,
    /// A name that nothing is known about.
    Anything,
}

/// The place of a mention in the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MentionId(usize);

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, schema: &'a Schema, dialect: Dialect, opened: usize) -> Read<Reader<'a>> {
        Ok(Reader {
            dialect,
            schema,
            tokens: words(text, dialect)?,
            at: 0,
            scopes: Vec::new(),
            mentions: Vec::new(),
            uses: Vec::new(),
            arms: Vec::new(),
            depth: 0,
            opened,
        })
    }

    /// An expression over the columns of a table, whose name may stand in front of them.
    pub fn table_expression(&mut self, table: &Table) -> Read<()> {
        let scope = self.scope(None);
        let columns = Columns::Known(table.columns.iter().map(|column| column.name.clone()).collect());
        let (binding, relation) = (table.name.clone(), Some(table.name.clone()));
        self.add_source(scope, Source { binding, relation, columns, kind: SourceKind::Plain });
        self.expression(scope)?;
        Ok(())
    }

    /// An expression that sees no columns but those of its own queries.
    pub fn rowless_expression(&mut self) -> Read<()> {
        let scope = self.scope(None);
        self.expression(scope)?;
        Ok(())
    }

    /// The query of a view.
    pub fn whole_query(&mut self) -> Read<()> {
        self.query(None, true).map(|_| ())
    }

    /// Binds all names, when the text has ended.
    pub fn end(mut self) -> Read<Vec<Use>> {
        while self.take_mark(";") {}
        if self.peek().is_some() {
            return Err(Obstacle("its grammar is not known"));
        }
        for index in 0..self.mentions.len() {
            self.bind(index);
        }
        self.uses.sort_by_key(|one| one.range.start);
        Ok(self.uses)
    }

    // The tokens.

    pub fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub fn peek_after(&self, distance: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + distance).copied()
    }

    pub fn at_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub fn at_words(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(distance, word)| self.peek_after(distance).is_some_and(|token| token.is_word(word)))
    }

    pub fn at_mark(&self, mark: &str) -> bool {
        self.peek().is_some_and(|token| token.is_mark(mark))
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        self.at += usize::from(found);
        found
    }

    pub fn take_words(&mut self, words: &[&str]) -> bool {
        let found = self.at_words(words);
        if found {
            self.at += words.len();
        }
        found
    }

    pub fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take_word(word))
    }

    pub fn take_mark(&mut self, mark: &str) -> bool {
        let found = self.at_mark(mark);
        self.at += usize::from(found);
        found
    }

    pub fn expect_mark(&mut self, mark: &str) -> Read<()> {
        if self.take_mark(mark) { Ok(()) } else { Err(Obstacle("its grammar is not known")) }
    }

    pub fn expect_word(&mut self, word: &str) -> Read<()> {
        if self.take_word(word) { Ok(()) } else { Err(Obstacle("its grammar is not known")) }
    }

    /// Skips from an opening parenthesis to behind its partner, without looking at the names between them.
    pub fn skip_parenthesis(&mut self) -> Read<()> {
        self.expect_mark("(")?;
        let mut open = 1;
        while open > 0 {
            let Some(token) = self.peek() else { return Err(Obstacle("its grammar is not known")) };
            open += i32::from(token.is_mark("(")) - i32::from(token.is_mark(")"));
            self.at += 1;
        }
        Ok(())
    }

    /// Reads something that may hold more of its own kind.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEEPEST {
            return Err(Obstacle("it is nested too deeply"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    // The scopes.

    pub fn scope(&mut self, parent: Option<ScopeId>) -> ScopeId {
        self.scopes.push(Scope { parent, ..Scope::default() });
        ScopeId(self.scopes.len() - 1)
    }

    /// Whether the scope is that of the text as a whole.
    pub fn is_outermost(&self, scope: ScopeId) -> bool {
        scope == ScopeId(0)
    }

    pub fn parent(&self, scope: ScopeId) -> Option<ScopeId> {
        self.scopes[scope.0].parent
    }

    pub fn add_source(&mut self, scope: ScopeId, source: Source) {
        self.scopes[scope.0].sources.push(source);
    }

    pub fn add_alias(&mut self, scope: ScopeId, name: EcoString) {
        self.scopes[scope.0].aliases.push(name);
    }

    pub fn join_by_name(&mut self, scope: ScopeId) {
        self.scopes[scope.0].joins_by_name = true;
    }

    /// Makes a common table expression known, or what its columns are.
    pub fn add_query(&mut self, scope: ScopeId, name: &EcoString, columns: Columns) {
        let dialect = self.dialect;
        let queries = &mut self.scopes[scope.0].queries;
        match queries.iter_mut().find(|(known, _)| same(known, name, dialect)) {
            Some((_, known)) => *known = columns,
            None => queries.push((name.clone(), columns)),
        }
    }

    /// The columns of the common table expression of this name, if there is one.
    pub fn find_query(&self, scope: ScopeId, name: &str) -> Option<Columns> {
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope.0];
            if let Some((_, columns)) = scope.queries.iter().find(|(known, _)| same(known, name, self.dialect)) {
                return Some(columns.clone());
            }
            next = scope.parent;
        }
        None
    }

    /// The table or view of the schema that a name stands for, as the schema writes it.
    pub fn relation_named(&self, name: &str) -> Option<EcoString> {
        let found = match self.dialect {
            Dialect::Postgres => name.into(),
            Dialect::Sqlite => self.schema.occupant(name)?.name.clone(),
        };
        (self.schema.table(&found).is_some() || self.schema.view(&found).is_some()).then_some(found)
    }

    /// Whether a name in front of another one is that of the schema that the objects are in.
    pub fn is_home(&self, name: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => name == self.schema.home(),
            Dialect::Sqlite => name.eq_ignore_ascii_case("main"),
        }
    }

    /// The columns of a table or view of the schema.
    pub fn columns_of(&self, relation: &str) -> Columns {
        if let Some(table) = self.schema.table(relation) {
            return Columns::Known(table.columns.iter().map(|column| column.name.clone()).collect());
        }
        let Some(view) = self.schema.view(relation) else { return Columns::Unknown };
        if self.opened >= DEEPEST / 4 {
            return Columns::Unknown;
        }
        Reader::new(&view.query, self.schema, self.dialect, self.opened + 1)
            .and_then(|mut reader| reader.query(None, true))
            .unwrap_or(Columns::Unknown)
    }

    /// The names of the columns that items give.
    pub fn output(&self, scope: ScopeId, items: &[Item]) -> Columns {
        let Scope { sources, joins_by_name, .. } = &self.scopes[scope.0];
        let mut names = Vec::new();
        for item in items {
            match item {
                Item::Named(name) => names.push(name.clone()),
                Item::Unnamed => return Columns::Unknown,
                Item::All(_) if *joins_by_name => return Columns::Unknown,
                Item::All(qualifier) => {
                    let wanted = |source: &&Source| {
                        qualifier.as_ref().is_none_or(|name| same(&source.binding, name, self.dialect))
                    };
                    for source in sources.iter().filter(wanted) {
                        match &source.columns {
                            Columns::Known(columns) => names.extend(columns.iter().cloned()),
                            Columns::Unknown => return Columns::Unknown,
                        }
                    }
                }
            }
        }
        Columns::Known(names)
    }

    // What is mentioned.

    /// The name of a table or view at a token, as a source or target of rows.
    pub fn mention_relation(&mut self, token: usize, relation: &EcoString) {
        let range = self.tokens[token].range();
        self.uses.push(Use { range, referent: Referent::Relation(relation.clone()) });
    }

    /// A column of a table or view, which the grammar says it is.
    pub fn mention_column_of(&mut self, token: usize, relation: &EcoString, name: EcoString) {
        let binding = Binding::To(relation.clone());
        let used = ColumnUse { name, binding, searched: Vec::new(), output: Output::No };
        self.uses.push(Use { range: self.tokens[token].range(), referent: Referent::Column(used) });
    }

    /// All columns of a table or view, by their positions.
    pub fn mention_all_of(&mut self, token: usize, relation: &EcoString) {
        let range = self.tokens[token].range();
        self.uses.push(Use { range, referent: Referent::AllColumns(relation.clone()) });
    }

    pub fn mention_column(&mut self, scope: ScopeId, parts: Vec<(usize, EcoString)>) -> MentionId {
        self.mention(scope, parts, MentionKind::Column)
    }

    pub fn mention_star(&mut self, scope: ScopeId, parts: Vec<(usize, EcoString)>) {
        self.mention(scope, parts, MentionKind::Star);
    }

    pub fn mention_joined(&mut self, scope: ScopeId, token: usize, name: EcoString) {
        self.mention(scope, vec![(token, name)], MentionKind::Joined);
    }

    /// A name that may be a column of anything that the text names.
    pub fn mention_anything(&mut self, scope: ScopeId, token: usize, name: EcoString) {
        self.mention(scope, vec![(token, name)], MentionKind::Anything);
    }

    fn mention(&mut self, scope: ScopeId, parts: Vec<(usize, EcoString)>, kind: MentionKind) -> MentionId {
        self.mentions.push(Mention { scope, parts, kind, output: Output::No });
        MentionId(self.mentions.len() - 1)
    }

    /// How many names are mentioned so far.
    pub fn mentioned(&self) -> usize {
        self.mentions.len()
    }

    /// The column is all of a term of `ORDER BY`.
    pub fn is_term(&mut self, mention: MentionId) {
        self.mentions[mention.0].kind = MentionKind::Term;
    }

    /// The column alone is an item without `AS`, whose name something can see or not; gives the name.
    pub fn is_item(&mut self, mention: MentionId, named: bool) -> Item {
        let mention = &mut self.mentions[mention.0];
        if named {
            mention.output = Output::NamesItem;
        }
        match mention.parts.last() {
            Some((_, name)) => Item::Named(name.clone()),
            None => Item::Unnamed,
        }
    }

    /// The column alone is an item, and its `AS` with this name ends here.
    pub fn is_item_named(&mut self, mention: MentionId, alias: &EcoString) {
        let end = self.tokens[self.at - 1].range().end;
        self.mentions[mention.0].output = Output::Named { alias: alias.clone(), end };
    }

    /// The columns mentioned since then stand in an item without `AS`.
    pub fn may_name_item(&mut self, since: usize) {
        for mention in self.mentions.iter_mut().skip(since).filter(|mention| mention.output == Output::No) {
            mention.output = Output::MayNameItem;
        }
    }

    /// The name that a token is where the dialect wants one.
    pub fn name_at(&self, index: usize) -> Option<EcoString> {
        name_of(self.tokens.get(index)?, self.dialect)
    }
}
