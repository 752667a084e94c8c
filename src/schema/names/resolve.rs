//! Scopes, and what the names in them are bound to.

use std::ops::Range;

use ecow::EcoString;

use super::words::{name_of, same, words};
use super::{Binding, ColumnUse, Obstacle, Output, Referent, Use};
use crate::schema::tokens::{Token, TokenKind};
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
    /// It stands behind a schema, which may be another one than the project's.
    Elsewhere,
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

    // Binding.

    fn bind(&mut self, index: usize) {
        let mention = self.mentions[index].clone();
        let Some((token, name)) = mention.parts.last().cloned() else { return };
        let mut searched = Vec::new();
        let binding = match (mention.kind, mention.parts.as_slice()) {
            (MentionKind::Star, [_]) => return self.bind_star(&mention, None),
            (MentionKind::Star, [.., (qualifier, source), _]) => {
                return self.bind_star(&mention, Some((*qualifier, source)));
            }
            (MentionKind::Anything, _) => Binding::Among(self.all_relations()),
            (MentionKind::Joined, _) => self.bind_joined(&mention, &name),
            (MentionKind::Column | MentionKind::Term, [_]) => match self.bind_bare(&mention, &name, &mut searched) {
                Some(binding) => binding,
                None => return,
            },
            (_, [(qualifier, source), _]) => self.bind_qualified(&mention, *qualifier, source),
            (_, [(_, schema), (qualifier, source), _])
                if self.dialect == Dialect::Sqlite && schema.eq_ignore_ascii_case("main") =>
            {
                self.bind_qualified(&mention, *qualifier, source)
            }
            _ => Binding::Among(self.all_relations()),
        };
        let used = ColumnUse { name, binding, searched, output: mention.output.clone() };
        self.uses.push(Use { range: self.tokens[token].range(), referent: Referent::Column(used) });
    }

    fn bind_star(&mut self, mention: &Mention, qualifier: Option<(usize, &EcoString)>) {
        let range = self.star_range(mention);
        let dialect = self.dialect;
        let found: Vec<Source> = match qualifier {
            None => self.scopes[mention.scope.0].sources.clone(),
            Some((token, name)) => {
                let found = self.find_source(mention.scope, name).cloned();
                found.iter().for_each(|source| self.bind_qualifier(token, source));
                found.into_iter().collect()
            }
        };
        for source in found {
            // Postgres takes `NEW.*` for the row, whatever its columns are.
            let row = source.kind == SourceKind::Row && dialect == Dialect::Postgres;
            if let Some(relation) = source.relation.filter(|_| !row) {
                self.uses.push(Use { range: range.clone(), referent: Referent::AllColumns(relation) });
            }
        }
    }

    fn star_range(&self, mention: &Mention) -> Range<usize> {
        let token = mention.parts.last().map_or(0, |(token, _)| *token);
        self.tokens[token].range()
    }

    /// A name without anything in front of it; `None` when it is the row of a source as a whole.
    fn bind_bare(&mut self, mention: &Mention, name: &EcoString, searched: &mut Vec<EcoString>) -> Option<Binding> {
        let mut among: Vec<EcoString> = Vec::new();
        let mut doubtful = false;
        let mut next = Some(mention.scope);
        while let Some(id) = next {
            let scope = &self.scopes[id.0];
            let has_alias = scope.aliases.iter().any(|alias| same(alias, name, self.dialect));
            if mention.kind == MentionKind::Term && id == mention.scope && has_alias {
                return Some(Binding::Elsewhere);
            }
            let mut hits = 0;
            let mut hit = None;
            for source in scope.sources.iter().filter(|source| source.kind != SourceKind::Row) {
                searched.extend(source.relation.clone());
                let has = match &source.columns {
                    Columns::Known(columns) => columns.iter().any(|column| same(column, name, self.dialect)),
                    Columns::Unknown => {
                        doubtful = true;
                        among.extend(source.relation.clone());
                        false
                    }
                };
                if has {
                    hits += 1;
                    doubtful |= hits > 1 || source.kind == SourceKind::Elsewhere;
                    among.extend(source.relation.clone());
                    hit = Some(source);
                }
            }
            if let Some(hit) = hit {
                return Some(match (doubtful, &hit.relation) {
                    (false, Some(relation)) => Binding::To(relation.clone()),
                    (false, None) => Binding::Elsewhere,
                    (true, _) => Binding::Among(among),
                });
            }
            // Which clauses see the names of items, and before or after the query around, is a matter of its own.
            doubtful |= has_alias;
            let row = scope.sources.iter().find(|source| same(&source.binding, name, self.dialect));
            if self.dialect == Dialect::Postgres
                && let Some(source) = row.filter(|source| source.kind != SourceKind::Row)
            {
                self.bind_row(mention, source.clone());
                return None;
            }
            next = scope.parent;
        }
        let quoted = mention.parts.last().is_some_and(|(token, _)| {
            let token = &self.tokens[*token];
            token.kind == TokenKind::QuotedName && token.text.starts_with('"')
        });
        Some(match (doubtful, self.dialect) {
            (true, _) if among.is_empty() => Binding::Elsewhere,
            (true, _) => Binding::Among(among),
            (false, Dialect::Sqlite) if quoted && !is_given_by_sqlite(name) => Binding::Text,
            (false, _) => Binding::Elsewhere,
        })
    }

    /// The row of a source as a whole, named like a column.
    fn bind_row(&mut self, mention: &Mention, source: Source) {
        let range = self.star_range(mention);
        if let Some((token, _)) = mention.parts.last() {
            self.bind_qualifier(*token, &source);
        }
        if let Some(relation) = source.relation {
            self.uses.push(Use { range, referent: Referent::AllColumns(relation) });
        }
    }

    fn bind_qualified(&mut self, mention: &Mention, qualifier: usize, name: &EcoString) -> Binding {
        let Some(source) = self.find_source(mention.scope, name).cloned() else {
            return Binding::Among(self.all_relations());
        };
        self.bind_qualifier(qualifier, &source);
        match source.relation {
            Some(relation) if source.kind == SourceKind::Elsewhere => Binding::Among(vec![relation]),
            Some(relation) => Binding::To(relation),
            None => Binding::Elsewhere,
        }
    }

    /// The name of a table in front of a column, unless it is another name that the text gives it.
    fn bind_qualifier(&mut self, token: usize, source: &Source) {
        if let (SourceKind::Plain, Some(relation)) = (source.kind, &source.relation) {
            let range = self.tokens[token].range();
            self.uses.push(Use { range, referent: Referent::Qualifier(relation.clone()) });
        }
    }

    /// The sources that a join by this name joins.
    fn bind_joined(&self, mention: &Mention, name: &str) -> Binding {
        let sources = self.scopes[mention.scope.0].sources.iter();
        let having = sources.filter(|source| match &source.columns {
            Columns::Known(columns) => columns.iter().any(|column| same(column, name, self.dialect)),
            Columns::Unknown => true,
        });
        Binding::Among(having.filter_map(|source| source.relation.clone()).collect())
    }

    fn find_source(&self, scope: ScopeId, name: &str) -> Option<&Source> {
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope.0];
            if let Some(source) = scope.sources.iter().find(|source| same(&source.binding, name, self.dialect)) {
                return Some(source);
            }
            next = scope.parent;
        }
        None
    }

    /// Every table and view that a source of the text is.
    fn all_relations(&self) -> Vec<EcoString> {
        let sources = self.scopes.iter().flat_map(|scope| &scope.sources);
        sources.filter_map(|source| source.relation.clone()).collect()
    }

    /// The name that a token is where the dialect wants one.
    pub fn name_at(&self, index: usize) -> Option<EcoString> {
        name_of(self.tokens.get(index)?, self.dialect)
    }
}

/// Whether SQLite itself may have given the name to a column: the row number, or the second of two columns that a query
/// would call the same, such as `id:1`.
fn is_given_by_sqlite(name: &str) -> bool {
    is_row_number(name) || name.contains(':')
}

/// The names that every table of SQLite with row numbers answers to.
fn is_row_number(name: &str) -> bool {
    ["rowid", "oid", "_rowid_"].iter().any(|known| name.eq_ignore_ascii_case(known))
}
