//! Which guards stand before a table is built anew or dropped, or loses a key.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::definition::create_table;
use super::lower::{Lowering, Result};
use super::referable::LostKeys;
use super::replaced;
use super::row_guards;
use super::rows::Rows;
use super::unknown;
use crate::schema::{Index, Schema, Table};

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
        let comment =
            format!("guards the rebuild of {}: what no revision knows would be lost with the old table", rows.new.name);
        self.output.guard(unknown::unknown_parts(&known, &triggers), Some(comment));
        self.output.guard(unknown::unknown_keys(source), None);
        // The enums of the table are those from before, unless the revision has made them.
        let text = create_table(source, &source.name, self.request.before)
            .or_else(|_| create_table(source, &source.name, &self.schema))?
            .to_string();
        let checks = self.wordings_of_checks(source);
        self.output.guard(unknown::unknown_clauses(source, &text, &checks), None);
        self.guard_replaced(source)?;
        let mut comment = Some(format!("guards the rebuild of {}: its rows have to fit", rows.new.name));
        for guard in row_guards::all(rows, together, &self.schema) {
            self.output.guard(guard, comment.take());
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
        let collations = replaced::collations(source)?;
        let indexes = replaced::indexes(source, indexes)?;
        let mut comment =
            Some(format!("guards the rebuild of {}: what is known must be what the revisions say", source.name));
        for guard in std::iter::once(columns).chain(collations).chain(indexes).chain(triggers) {
            self.output.guard(guard, comment.take());
        }
        Ok(())
    }
}
