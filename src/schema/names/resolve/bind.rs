//! What the names of a text are bound to.

use std::ops::Range;

use ecow::EcoString;

use super::{Columns, Mention, MentionKind, Reader, ScopeId, Source, SourceKind};
use crate::schema::Dialect;
use crate::schema::names::words::same;
use crate::schema::names::{Binding, ColumnUse, Referent, Use};
use crate::schema::tokens::TokenKind;

impl Reader<'_> {
    /// Binds one name, when all sources are known.
    pub(super) fn bind(&mut self, index: usize) {
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
            (_, [(_, schema), (qualifier, source), _]) if self.is_home(schema) => {
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
                    doubtful |= hits > 1;
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
