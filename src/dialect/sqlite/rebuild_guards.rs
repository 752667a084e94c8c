//! Which guards stand before a table is built anew or dropped, or loses a key.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::definition::create_table;
use super::lower::{Lowering, Result};
use super::quote;
use super::referable::LostKeys;
use super::replaced;
use super::row_guards;
use super::rows::Rows;
use super::unknown;
use crate::schema::{Change, ColumnType, Index, Rule, Schema, Table};

impl Lowering<'_> {
    /// The guard of tables that are dropped: nothing may refer to them but what does so by the revisions.
    pub fn guard_references(&mut self, tables: &[EcoString], comment: Option<String>) {
        let known = self.may_refer_to(tables);
        self.output.guard(unknown::unknown_references(tables, &known), comment);
    }

    /// The guard of keys that go: nothing may refer to them but what does so by the revisions, which know what they do.
    pub fn guard_keys(&mut self, table: &EcoString, lost: &LostKeys, comment: Option<String>) {
        let known = self.may_refer_to(std::slice::from_ref(table));
        self.output.guard(unknown::unknown_references_to(table, lost, &known), comment);
    }

    /// The tables that may refer to one of these by the revisions.
    fn may_refer_to(&self, tables: &[EcoString]) -> BTreeSet<EcoString> {
        let schemas = [&self.schema, self.request.before];
        let users = tables.iter().flat_map(|table| schemas.into_iter().flat_map(|schema| schema.users(table)));
        users.chain(tables).cloned().collect()
    }

    /// The guards of a table that is rebuilt, at the same moment as others.
    pub fn guard_rebuild(&mut self, rows: &Rows<'_>, source: &Table, together: &[&Rows<'_>]) -> Result<()> {
        let schemas = [&self.schema, self.request.before];
        let triggers = schemas.into_iter().flat_map(Schema::triggers);
        let triggers: Vec<EcoString> =
            triggers.filter(|trigger| trigger.table == source.name).map(|trigger| trigger.name.clone()).collect();
        let mut known = source.clone();
        if let Some(first) = self.request.before.table(&source.name) {
            known.indexes.extend(first.indexes.iter().cloned());
        }
        let comment = format!("guards the rebuild of {}", rows.new.name);
        self.output.guard(unknown::unknown_parts(&known, &triggers), Some(comment));
        self.output.guard(unknown::unknown_keys(source), None);
        // The enums of the table are those from before, unless the revision has made them.
        let text = create_table(source, &source.name, self.request.before)
            .or_else(|_| create_table(source, &source.name, &self.schema))?
            .to_string();
        let checks = self.wordings_of_checks(source);
        self.output.guard(unknown::unknown_clauses(source, &text, &checks), None);
        self.guard_replaced(source)?;
        for guard in row_guards::all(rows, together, &self.schema) {
            self.output.guard(guard, None);
        }
        Ok(())
    }

    /// The guards of what is in the database when they look: some stand before all changes, and then what the revision
    /// has made until here is not there yet.
    fn guard_replaced(&mut self, source: &Table) -> Result<()> {
        let before = self.request.before;
        let first = before.table(&source.name);
        let touched = self.output.is_touched(&source.name);
        let was_there =
            |index: &Index| first.is_some_and(|first| first.index(&index.name).is_some_and(|known| **known == *index));
        let indexes = source.indexes.iter().map(AsRef::as_ref).filter(|index| touched || was_there(index));
        let triggers = self
            .schema
            .triggers()
            .filter(|trigger| trigger.table == source.name && before.trigger(&trigger.name) == Some(trigger));
        let columns = replaced::columns(source, &self.schema)?;
        let triggers = replaced::triggers(source, triggers.map(AsRef::as_ref));
        let indexes = replaced::indexes(source, indexes)?;
        for guard in std::iter::once(columns).chain(indexes).chain(triggers) {
            self.output.guard(guard, None);
        }
        Ok(())
    }

    /// The checks of the table, each with the wordings that it may have: that of an enum follows its values, and which of
    /// them are in the database depends on how often the revision has built the table until then.
    fn wordings_of_checks(&self, source: &Table) -> Vec<Vec<String>> {
        let mut checks = Vec::new();
        for column in &source.columns {
            if let ColumnType::Enumeration(name) = &column.column_type {
                let column = quote::name(&column.name);
                let all = self.values_of_enum(name);
                checks.push(all.iter().map(|values| format!("({column} IN ({}))", quote::texts(values))).collect());
            }
        }
        for constraint in &source.constraints {
            if let Rule::Check { expression } = &constraint.rule {
                checks.push(vec![quote::parenthesized(&quote::unqualified(expression, &source.name))]);
            }
        }
        checks
    }

    /// All the values that the enum has in the course of the revision.
    fn values_of_enum(&self, name: &EcoString) -> Vec<Vec<EcoString>> {
        let mut names = vec![name.clone()];
        for transition in self.request.transitions.iter().rev() {
            if let Change::RenameEnum { from, to, .. } = &transition.change {
                let other = if names.contains(to) { from } else { to };
                if names.contains(from) || names.contains(to) {
                    names.push(other.clone());
                }
            }
        }
        let schemas = self.request.transitions.iter().map(|transition| &transition.after);
        let mut all: Vec<Vec<EcoString>> = Vec::new();
        for schema in std::iter::once(self.request.before).chain(schemas) {
            for values in names.iter().filter_map(|name| schema.enumeration(name)).map(|found| &found.values) {
                if !all.contains(values) {
                    all.push(values.clone());
                }
            }
        }
        all
    }
}
