//! Triggers: the events, conditions and bodies of both dialects.

use ecow::EcoString;

use super::Obstacle;
use super::resolve::{Read, Reader, ScopeId, Source, SourceKind};
use super::words::{name_or_string, string_of};
use crate::schema::Dialect;

const UNKNOWN: Obstacle = Obstacle("its grammar is not known");

impl Reader<'_> {
    /// Statements with semicolons between them.
    pub fn statements(&mut self) -> Read<()> {
        let scope = self.scope(None);
        loop {
            self.body_statement(scope)?;
            if !self.take_mark(";") || self.peek().is_none() {
                return Ok(());
            }
        }
    }

    /// All that follows the name of a trigger on this table or view.
    pub fn trigger(&mut self, table: &EcoString) -> Read<()> {
        let scope = self.scope(None);
        for binding in ["new", "old"] {
            self.add_row(scope, binding, table);
        }
        if !self.take_words(&["INSTEAD", "OF"]) {
            self.take_any(&["BEFORE", "AFTER"]);
        }
        loop {
            self.event(table)?;
            if !self.take_word("OR") {
                break;
            }
        }
        self.expect_word("ON")?;
        let parts = self.chain().ok_or(UNKNOWN)?;
        match parts.as_slice() {
            [(token, name)] => match self.relation_named(name) {
                Some(relation) => self.mention_relation(*token, &relation),
                None => return Err(UNKNOWN),
            },
            [(_, schema), (token, name)] => match self.relation_named(name).filter(|_| self.is_home(schema)) {
                Some(relation) => self.mention_relation(*token, &relation),
                None => self.mention_anything(scope, *token, name.clone()),
            },
            _ => return Err(UNKNOWN),
        }
        match self.dialect {
            Dialect::Postgres => self.rest_on_postgres(scope),
            Dialect::Sqlite => self.rest_on_sqlite(scope),
        }
    }

    fn add_row(&mut self, scope: ScopeId, binding: &str, relation: &EcoString) {
        let columns = self.columns_of(relation);
        let (binding, relation) = (binding.into(), Some(relation.clone()));
        self.add_source(scope, Source { binding, relation, columns, kind: SourceKind::Row });
    }

    fn event(&mut self, table: &EcoString) -> Read<()> {
        if self.take_any(&["INSERT", "DELETE", "TRUNCATE"]) {
            return Ok(());
        }
        self.expect_word("UPDATE")?;
        if self.take_word("OF") {
            loop {
                let name = self.peek().and_then(|token| name_or_string(&token, self.dialect)).ok_or(UNKNOWN)?;
                self.mention_column_of(self.at, table, name);
                self.at += 1;
                if !self.take_mark(",") {
                    break;
                }
            }
        }
        Ok(())
    }

    fn rest_on_postgres(&mut self, scope: ScopeId) -> Read<()> {
        if self.take_word("FROM") {
            self.chain().ok_or(UNKNOWN)?;
        }
        self.take_word("NOT");
        self.take_word("DEFERRABLE");
        if self.take_word("INITIALLY") && !self.take_any(&["IMMEDIATE", "DEFERRED"]) {
            return Err(UNKNOWN);
        }
        if self.take_word("REFERENCING") {
            while self.take_any(&["OLD", "NEW"]) {
                self.expect_word("TABLE")?;
                self.take_word("AS");
                self.chain().ok_or(UNKNOWN)?;
            }
        }
        if self.take_word("FOR") {
            self.take_word("EACH");
            if !self.take_any(&["ROW", "STATEMENT"]) {
                return Err(UNKNOWN);
            }
        }
        if self.take_word("WHEN") {
            self.expect_mark("(")?;
            self.expression(scope)?;
            self.expect_mark(")")?;
        }
        self.expect_word("EXECUTE")?;
        if !self.take_any(&["FUNCTION", "PROCEDURE"]) {
            return Err(UNKNOWN);
        }
        self.chain().ok_or(UNKNOWN)?;
        self.expect_mark("(")?;
        // The arguments are strings to the function, which may take them for the names of columns.
        while let Some(token) = self.peek().filter(|token| !token.is_mark(")")) {
            if let Some(name) = string_of(&token).or_else(|| name_or_string(&token, self.dialect)) {
                self.mention_anything(scope, self.at, name);
            }
            self.at += 1;
        }
        self.expect_mark(")")
    }

    fn rest_on_sqlite(&mut self, scope: ScopeId) -> Read<()> {
        self.take_words(&["FOR", "EACH", "ROW"]);
        if self.take_word("WHEN") {
            self.expression(scope)?;
        }
        self.expect_word("BEGIN")?;
        while !self.take_word("END") {
            self.body_statement(scope)?;
            self.expect_mark(";")?;
        }
        Ok(())
    }

    fn body_statement(&mut self, scope: ScopeId) -> Read<()> {
        const ALTERNATIVES: [&str; 5] = ["ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE"];
        if self.take_word("UPDATE") {
            if self.take_word("OR") && !self.take_any(&ALTERNATIVES) {
                return Err(UNKNOWN);
            }
            let inner = self.scope(Some(scope));
            let target = self.target(inner)?;
            self.expect_word("SET")?;
            self.assignments(inner, &target)?;
            if self.take_word("FROM") {
                self.sources(inner)?;
            }
            self.condition(inner)
        } else if self.take_words(&["DELETE", "FROM"]) {
            let inner = self.scope(Some(scope));
            self.target(inner)?;
            self.condition(inner)
        } else if self.take_words(&["REPLACE", "INTO"]) {
            self.insertion(scope)
        } else if self.take_word("INSERT") {
            if self.take_word("OR") && !self.take_any(&ALTERNATIVES) {
                return Err(UNKNOWN);
            }
            self.expect_word("INTO")?;
            self.insertion(scope)
        } else if self.at_query() {
            self.query(Some(scope), false).map(|_| ())
        } else {
            Err(UNKNOWN)
        }
    }

    /// The table or view whose rows change; `None` for one that the schema does not have.
    fn target(&mut self, scope: ScopeId) -> Read<Option<EcoString>> {
        let parts = self.chain().ok_or(UNKNOWN)?;
        let (token, name) = match parts.as_slice() {
            [(token, name)] => (token, name),
            [(_, schema), (token, name)] if self.is_home(schema) => (token, name),
            _ => return Err(UNKNOWN),
        };
        let relation = self.relation_named(name);
        if let Some(relation) = &relation {
            self.mention_relation(*token, relation);
        }
        let columns = relation.as_ref().map_or(super::resolve::Columns::Unknown, |name| self.columns_of(name));
        let source = Source { binding: name.clone(), relation: relation.clone(), columns, kind: SourceKind::Plain };
        self.add_source(scope, source);
        if self.at_word("AS") || self.at_word("INDEXED") || self.at_word("NOT") {
            return Err(UNKNOWN);
        }
        Ok(relation)
    }

    fn condition(&mut self, scope: ScopeId) -> Read<()> {
        if self.take_word("WHERE") {
            self.expression(scope)?;
        }
        Ok(())
    }

    fn assignments(&mut self, scope: ScopeId, target: &Option<EcoString>) -> Read<()> {
        loop {
            let names = if self.at_mark("(") {
                self.name_tokens()?
            } else {
                let name = self.peek().and_then(|token| name_or_string(&token, self.dialect)).ok_or(UNKNOWN)?;
                self.at += 1;
                vec![(self.at - 1, name)]
            };
            self.columns_of_target(target, names);
            self.expect_mark("=")?;
            self.expression(scope)?;
            if !self.take_mark(",") {
                return Ok(());
            }
        }
    }

    fn columns_of_target(&mut self, target: &Option<EcoString>, names: Vec<(usize, EcoString)>) {
        for (token, name) in names {
            if let Some(relation) = target {
                self.mention_column_of(token, relation, name);
            }
        }
    }

    fn insertion(&mut self, scope: ScopeId) -> Read<()> {
        let inner = self.scope(Some(scope));
        let start = self.at;
        let target = self.target(inner)?;
        if self.at_mark("(") {
            let names = self.name_tokens()?;
            self.columns_of_target(&target, names);
        } else if let Some(relation) = target.as_ref().filter(|_| !self.at_word("DEFAULT")) {
            // The values go to the columns by their positions.
            self.mention_all_of(start, relation);
        }
        if !self.take_words(&["DEFAULT", "VALUES"]) {
            self.query(Some(scope), false)?;
        }
        if let Some(relation) = &target {
            self.add_row(inner, "excluded", relation);
        }
        while self.take_words(&["ON", "CONFLICT"]) {
            if self.take_mark("(") {
                loop {
                    self.expression(inner)?;
                    self.take_any(&["ASC", "DESC"]);
                    if !self.take_mark(",") {
                        break;
                    }
                }
                self.expect_mark(")")?;
                self.condition(inner)?;
            }
            self.expect_word("DO")?;
            if self.take_word("NOTHING") {
                continue;
            }
            if !self.take_words(&["UPDATE", "SET"]) {
                return Err(UNKNOWN);
            }
            self.assignments(inner, &target)?;
            self.condition(inner)?;
        }
        Ok(())
    }
}
