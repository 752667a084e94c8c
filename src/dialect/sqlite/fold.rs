//! Gathers the changes of a table into one rebuild, and builds the tables when something needs them.

use ecow::EcoString;

use super::definition::create_table;
use super::literal::literal;
use super::lower::{Lowering, Result, located, required};
use super::output::Output;
use super::pending::Pending;
use super::rebuild::{Replacement, parts, rebuild};
use super::referable::LostKeys;
use super::row_guards;
use super::rows::{Rows, TypeChange, Values};
use super::types;
use crate::schema::{Column, ColumnType, Conversion, Facet, Generation, Identity, Literal, Schema, Table, tokens};

impl Lowering<'_> {
    /// The pending rebuild of a table, which this transition becomes a part of.
    pub fn pending(&mut self, index: usize, table: &EcoString) -> Result<&mut Pending> {
        let reason = self.reason(index, table);
        let cause = self.request.transitions[index].cause.clone();
        let position = match self.pending.iter().position(|pending| pending.table == *table) {
            Some(position) => position,
            None => {
                let source = required(self.schema.table(table)).clone();
                self.pending.push(Pending::rebuild(source, &cause));
                self.pending.len() - 1
            }
        };
        let pending = &mut self.pending[position];
        pending.add_cause(&cause);
        if let Some(reason) = reason {
            pending.add_reason(&reason);
        }
        Ok(pending)
    }

    /// Starts the rebuilds that a change forces which was made in place.
    pub fn start_rebuilds(&mut self, index: usize, table: &EcoString) -> Result<()> {
        if self.reason(index, table).is_some() {
            self.pending(index, table)?;
        }
        Ok(())
    }

    pub fn fold_added_column(&mut self, index: usize, table: &EcoString, column: &Column) -> Result<()> {
        let after = &self.request.transitions[index].after;
        let held = types::hold(&column.column_type, required(after.table(table)), after)?;
        let values = match (&column.default, &column.generated) {
            (_, Some(_)) => Values::Generated,
            (Some(default), None) => {
                Values::Fresh { expression: literal(default, &held), null: *default == Literal::Null }
            }
            (None, None) => Values::Fresh { expression: "NULL".into(), null: true },
        };
        self.pending(index, table)?.set_values(&column.name, values);
        Ok(())
    }

    pub fn fold_altered_column(
        &mut self,
        index: usize,
        table: &EcoString,
        column: &EcoString,
        facet: &Facet,
    ) -> Result<()> {
        match facet {
            Facet::Type { from, to, conversion } => {
                let title = to.to_string();
                self.fold_type(index, table, column, [from, to], conversion, title)
            }
            Facet::Generated { to: Some(_), .. } => {
                self.pending(index, table)?.set_values(column, Values::Generated);
                Ok(())
            }
            Facet::Generated { to: None, .. } => {
                // The values are in the database only if the generated column is.
                if self.pending(index, table)?.values(column) == Values::Generated {
                    self.flush(table)?;
                }
                self.pending(index, table)?;
                Ok(())
            }
            Facet::Nullability { .. }
            | Facet::Default { .. }
            | Facet::Identity { .. }
            | Facet::Collation { .. }
            | Facet::Comment { .. } => self.pending(index, table).map(|_| ()),
        }
    }

    pub fn fold_type(
        &mut self,
        index: usize,
        table: &EcoString,
        column: &EcoString,
        [from, to]: [&ColumnType; 2],
        conversion: &Conversion,
        title: String,
    ) -> Result<()> {
        let transition = &self.request.transitions[index];
        let hold = |kind: &ColumnType, schema: &Schema| types::hold(kind, required(schema.table(table)), schema);
        let (from, to) = (hold(from, &transition.before)?, hold(to, &transition.after)?);
        self.fold_values(index, table, column, TypeChange { from, to, conversion: conversion.clone(), title })
    }

    /// Lets the values of a column become others.
    fn fold_values(&mut self, index: usize, table: &EcoString, column: &EcoString, change: TypeChange) -> Result<()> {
        let using = change.conversion.using.clone();
        let pending = self.pending(index, table)?;
        if pending.source.is_none() || pending.values(column) == Values::Generated {
            return Ok(());
        }
        // An expression of the author reads the rows as the operations before it have left them.
        let reads_changed = using.is_some_and(|using| pending.changes_meaning(&using));
        if !pending.is_kept(column) || reads_changed {
            self.flush(table)?;
        }
        let values = Values::Converted { from: column.clone(), conversion: Box::new(change) };
        self.pending(index, table)?.set_values(column, values);
        Ok(())
    }

    /// A change of the type that SQLite stores in the same way: only the values have to fit, and the check of an enum goes or
    /// comes.
    pub fn check_same_storage(
        &mut self,
        index: usize,
        table: &EcoString,
        column: &EcoString,
        [from, to]: [&ColumnType; 2],
    ) -> Result<()> {
        let cause = &self.request.transitions[index].cause;
        let declared = self.guard_values(index, table, column, [from, to], to.to_string())?;
        let statements = self.exchange_enum_check(index, table, column);
        if statements.is_empty() {
            self.note(cause, &format!("SQLite holds both as {declared}; only the values have to fit"));
        } else {
            let step = self.output.step(cause, &statements);
            self.output
                .push(step.comment(format!("in place: SQLite holds both as {declared}, and only the check differs")));
        }
        Ok(())
    }

    /// Guards that the values of a column have a place in another type in which SQLite holds them alike, and says in which.
    pub fn guard_values(
        &mut self,
        index: usize,
        table: &EcoString,
        column: &EcoString,
        [from, to]: [&ColumnType; 2],
        title: String,
    ) -> Result<EcoString> {
        let transition = &self.request.transitions[index];
        let (before, after) = (required(transition.before.table(table)), required(transition.after.table(table)));
        let old = types::hold(from, before, &transition.before)?;
        let new = types::hold(to, after, &transition.after)?;
        let declared = new.declared.clone();
        let change = Box::new(TypeChange { from: old, to: new, conversion: Conversion::default(), title });
        let rows = Rows::changed(before, after, |name| {
            if name == column {
                Values::Converted { from: column.clone(), conversion: change.clone() }
            } else {
                Values::Kept(name.into())
            }
        })?;
        for guard in row_guards::conversions(&rows) {
            self.output.guard(guard, Output::guarded(&transition.cause));
        }
        Ok(declared)
    }

    /// Builds all pending tables.
    pub fn flush_all(&mut self) -> Result<()> {
        while let Some(first) = self.pending.first() {
            let table = first.table.clone();
            self.flush(&table)?;
        }
        Ok(())
    }

    /// Builds the tables for which an expression of the author still has to look at this one.
    pub fn flush_readers_of(&mut self, table: &str) -> Result<()> {
        let readers = self.pending.iter().filter(|pending| pending.table != table && pending.mentions(table));
        let readers: Vec<EcoString> = readers.map(|pending| pending.table.clone()).collect();
        readers.iter().try_for_each(|reader| self.flush(reader))
    }

    /// Builds the tables that a text mentions.
    pub fn flush_mentioned(&mut self, text: &str, except: Option<&EcoString>) -> Result<()> {
        let mentioned = self
            .pending
            .iter()
            .filter(|pending| Some(&pending.table) != except && tokens::mentions(text, &pending.table));
        let mentioned: Vec<EcoString> = mentioned.map(|pending| pending.table.clone()).collect();
        mentioned.iter().try_for_each(|table| self.flush(table))
    }

    /// Builds the table, if it is pending.
    pub fn flush(&mut self, table: &str) -> Result<()> {
        let Some(position) = self.pending.iter().position(|pending| pending.table == table) else { return Ok(()) };
        if self.foreign_keys_may_be_on() && self.pending[position].source.is_some() {
            return self.flush_group(&EcoString::from(table));
        }
        let pending = self.pending.remove(position);
        let schema = self.schema.clone();
        let target = required(schema.table(table));
        for (_, key) in target.foreign_keys() {
            self.flush(&key.referred_table)?;
        }
        let built = match &pending.source {
            None => self.create(&pending, target),
            Some(source) => self.rebuild(&pending, source, target),
        };
        let cause = pending.causes.first().cloned();
        built.map_err(|diagnostic| match cause {
            Some(cause) => Box::new(located(*diagnostic, &cause)),
            None => diagnostic,
        })
    }

    fn create(&mut self, pending: &Pending, target: &Table) -> Result<()> {
        let mut statements = vec![create_table(target, &target.name, &self.schema)?];
        statements.extend(parts(target, &self.schema)?);
        self.output.create_table(&target.name);
        let mut step = self.output.step(&pending.causes[0], &statements);
        if target.comment.is_some() || target.columns.iter().any(|column| column.comment.is_some()) {
            step.comments.push("SQLite keeps no comments".into());
        }
        let tailored = |identity: &Identity| identity.generation == Generation::Always || identity.counting.is_some();
        if target.columns.iter().filter_map(|column| column.identity.as_ref()).any(tailored) {
            step.comments.push("SQLite numbers rows from 1 by 1, and takes the numbers that rows bring".into());
        }
        if !target.storage.is_empty() {
            step.comments.push("SQLite has no storage parameters".into());
        }
        if target.partitioning.is_some() {
            step.comments.push("SQLite has no partitions; the table keeps all rows together".into());
        }
        step.comments.extend(pending.also());
        self.output.push(step);
        Ok(())
    }

    fn rebuild(&mut self, pending: &Pending, source: &Table, target: &Table) -> Result<()> {
        let schema = self.schema.clone();
        let replacement =
            Replacement { rows: pending.rows(source, target)?, temporary: self.output.free_name(&target.name) };
        self.guard_rebuild(&replacement.rows, source, &[&replacement.rows])?;
        if let Some(lost) = LostKeys::of_rebuild(&replacement.rows) {
            self.guard_keys(&target.name, &lost, None);
        }
        let statements = rebuild(&replacement, &schema)?;
        self.output.before_rebuild(target, &schema);
        self.output.touch(&target.name);
        let mut step = self.output.step(&pending.causes[0], &statements);
        step.comments.push(pending.method());
        step.comments.extend(pending.also());
        self.output.push(step);
        Ok(())
    }
}
