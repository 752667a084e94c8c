//! Turns changes into steps: one method for each kind of change, and no kind left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::data;
use super::definition::{column_definition, constraint_definition, create_index, index_comments};
use super::method::{self, Rebuild};
use super::output::Output;
use super::pending::Pending;
use super::quote;
use super::rebuild::create_trigger;
use super::row_guards;
use super::rows::Rows;
use super::statement::{
    AddCheck, AddColumn, CreateView, DropCheck, DropColumn, DropIndex, DropNotNull, DropTable, DropTrigger, DropView,
    Execute, RenameColumn, RenameTable, SetNotNull, Statement,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{Delivery, Request};
use crate::plan::Step;
use crate::schema::{
    Cause, Change, Constraint, Emission, Facet, Index, Nullability, Rule, Schema, Table, Transition, Trigger,
    Uniqueness, View, tokens, with_column_renamed,
};

pub type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// The changes of one revision on their way to steps.
pub struct Lowering<'a> {
    pub request: &'a Request<'a>,
    /// For each transition, the tables that it forces to be rebuilt.
    rebuilds: Vec<Vec<Rebuild>>,
    /// The schema that the database has once all that is pending is built.
    pub schema: Schema,
    pub pending: Vec<Pending>,
    pub output: Output,
    /// The tables that changed since raw SQL last ran, which a declaration must come before.
    changed_since_execute: BTreeSet<EcoString>,
}

/// Lowers all transitions of a request.
///
/// # Errors
///
/// SQLite cannot make a change exactly; each points at the author's word.
pub fn lower<'a>(request: &'a Request<'a>) -> std::result::Result<Output, Vec<Diagnostic>> {
    let rebuilds: Vec<_> = request.transitions.iter().map(|one| method::rebuilds(one, request.settings)).collect();
    let output = Output::new(request, rebuilds.iter().any(|tables| !tables.is_empty()));
    let mut lowering = Lowering {
        request,
        rebuilds,
        schema: request.before.clone(),
        pending: Vec::new(),
        output,
        changed_since_execute: BTreeSet::new(),
    };
    let mut diagnostics = Vec::new();
    for index in 0..request.transitions.len() {
        let transition = &request.transitions[index];
        lowering.schema = transition.before.clone();
        if let Err(diagnostic) = lowering.transition(index) {
            diagnostics.push(located(*diagnostic, &transition.cause));
        }
        lowering.schema = transition.after.clone();
    }
    if diagnostics.is_empty() {
        match lowering.flush_all() {
            Ok(()) => {
                lowering.output.finish(request);
                return Ok(lowering.output);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    Err(diagnostics)
}

/// The mistake at the operation that caused it.
pub fn located(diagnostic: Diagnostic, cause: &Cause) -> Diagnostic {
    if diagnostic.labels.is_empty() { diagnostic.at(cause.origin, "asked for here") } else { diagnostic }
}

impl Lowering<'_> {
    fn transition(&mut self, index: usize) -> Result<()> {
        let request = self.request;
        let transition = &request.transitions[index];
        let cause = &transition.cause;
        match cause.emission {
            Emission::Emitted => {}
            Emission::Declared => return self.declared(transition),
        }
        let now = &transition.before;
        match &transition.change {
            Change::CreateTable(table) => self.create_table(index, table)?,
            Change::DropTable(table) => self.drop_table(table, cause)?,
            Change::RenameTable { from, to } => self.rename_table(index, from, to)?,
            Change::SetTableComment { .. } => self.note(cause, "SQLite keeps no comments; nothing to do"),
            Change::AddColumn { table, column } => {
                if self.folds(index, table) {
                    self.fold_added_column(index, table, column)?;
                } else {
                    let known = required(transition.after.table(table));
                    let definition = column_definition(column, known, &transition.after)?;
                    let statement = AddColumn { table: quote::name(table), definition };
                    self.output.touch(table);
                    self.change(cause, statement.into());
                }
                if column.comment.is_some() {
                    self.note(cause, "SQLite keeps no comments");
                }
            }
            Change::DropColumn { table, column } => {
                if self.folds(index, table) {
                    self.pending(index, table)?.forget_column(&column.name);
                } else {
                    let statement = DropColumn { table: quote::name(table), column: quote::name(&column.name) };
                    self.output.touch(table);
                    self.change(cause, statement.into());
                }
            }
            Change::RenameColumn { table, from, to } => self.rename_column(index, table, from, to)?,
            Change::AlterColumn { table, column, facet } => self.alter_column(index, table, column, facet)?,
            Change::AddConstraint { table, constraint } => self.add_constraint(index, table, constraint)?,
            Change::DropConstraint { table, constraint } => {
                if self.folds(index, table) {
                    self.pending(index, table)?;
                } else if let Some(name) = &constraint.name {
                    let statement = DropCheck { table: quote::name(table), name: quote::name(name) };
                    self.change(cause, statement.into());
                }
            }
            Change::RenameConstraint { table, .. } => {
                self.pending(index, table)?;
            }
            Change::CreateIndex { table, index: created } => self.create_index(index, table, created)?,
            Change::DropIndex { table, index } => {
                self.drop_index(table, &index.name, cause);
            }
            Change::RenameIndex { table, from, to } => {
                let renamed = required(transition.after.table(table)).index(to).cloned();
                let in_database = self.drop_index(table, from, cause);
                if let (true, Some(renamed)) = (in_database, renamed) {
                    if self.is_pending(table) {
                        return Ok(());
                    }
                    let step = Step::new(Output::purpose(cause), create_index(&renamed, table)?.to_string())
                        .comment("SQLite cannot rename an index");
                    self.output.push(step);
                }
            }
            Change::CreateEnum(_) | Change::DropEnum(_) | Change::RenameEnum { .. } => {
                self.note(cause, "SQLite keeps the values of an enum in a check on each of its columns; nothing to do");
            }
            Change::AddEnumValue { name, .. }
            | Change::RenameEnumValue { name, .. }
            | Change::ReplaceEnumValues { name, .. } => self.change_enum_values(index, name)?,
            Change::CreateView(view) => self.create_view(view, cause)?,
            Change::DropView(view) => {
                self.change(cause, DropView { name: quote::name(&view.name) }.into());
            }
            Change::CreateTrigger(trigger) => self.create_trigger(trigger, cause)?,
            Change::DropTrigger(trigger) => self.drop_trigger(trigger, cause),
            Change::Insert(insert) => {
                self.before_rows_change()?;
                let table = required(now.table(&insert.table));
                let statements = data::insert(insert, table, now)?;
                self.changes(cause, statements);
            }
            Change::Update(update) => {
                self.before_rows_change()?;
                let table = required(now.table(&update.table));
                self.change(cause, data::update(update, table, now)?);
            }
            Change::Delete(delete) => {
                self.before_rows_change()?;
                let table = required(now.table(&delete.table));
                let statements = data::delete(delete, table, now)?;
                self.changes(cause, statements);
            }
            Change::Execute(execute) => {
                self.before_rows_change()?;
                self.changed_since_execute.clear();
                self.change(cause, Execute { sql: quote::terminated(&execute.sql) }.into());
            }
        }
        for table in tables_of(&transition.change) {
            self.changed_since_execute.insert(table.clone());
        }
        Ok(())
    }

    /// A change that raw SQL has made: only the schema follows. Nothing may have changed the table in between.
    fn declared(&mut self, transition: &Transition) -> Result<()> {
        for table in tables_of(&transition.change) {
            if self.changed_since_execute.contains(table) {
                return Err(Box::new(
                    Diagnostic::new(
                        Code::NotYet,
                        format!("`{table}` changed between the raw SQL and the declaration of what it does"),
                    )
                    .help("move the declaration right behind the raw SQL"),
                ));
            }
            self.output.touch(table);
        }
        Ok(())
    }

    fn create_table(&mut self, index: usize, table: &Arc<Table>) -> Result<()> {
        let transition = &self.request.transitions[index];
        let pending = Pending::creation(table, &transition.cause);
        self.pending.push(pending);
        if !self.will_rebuild(index, &table.name) {
            self.schema = transition.after.clone();
            self.flush(&table.name)?;
        }
        Ok(())
    }

    fn drop_table(&mut self, table: &Arc<Table>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_readers_of(&table.name)?;
        if let Some(position) = self.pending.iter().position(|pending| pending.table == table.name)
            && self.pending.remove(position).source.is_none()
        {
            self.note(cause, "the table of this revision is not created in the first place");
            return Ok(());
        }
        let refers_to_itself = table.foreign_keys().any(|(_, key)| key.referred_table == table.name);
        if refers_to_itself && self.request.delivery == Delivery::Wrapped {
            return Err(needs_own_transaction(&format!("dropping `{}`, which refers to itself,", table.name)));
        }
        self.output.foreign_keys_off = true;
        self.output.forget_table(&table.name);
        self.change(cause, DropTable { name: quote::name(&table.name) }.into());
        Ok(())
    }

    fn rename_table(&mut self, index: usize, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        self.flush_readers_of(from)?;
        self.flush(from)?;
        let mut statements: Vec<Statement> = Vec::new();
        let mut step_comment = None;
        if from.eq_ignore_ascii_case(to) {
            let between = self.output.free_name(to);
            statements.push(RenameTable { from: quote::name(from), to: quote::name(&between) }.into());
            statements.push(RenameTable { from: quote::name(&between), to: quote::name(to) }.into());
            step_comment = Some("SQLite takes the new name for the old one, so it goes by way of another");
        } else {
            statements.push(RenameTable { from: quote::name(from), to: quote::name(to) }.into());
        }
        for pending in &mut self.pending {
            pending.follow_renamed_table(from, to);
        }
        self.output.rename_table(from, to);
        let mut step = Output::step(&transition.cause, &statements);
        step.comments.extend(step_comment.map(str::to_owned));
        self.output.push(step);
        self.schema = transition.after.clone();
        self.start_rebuilds(index, to)
    }

    fn rename_column(&mut self, index: usize, table: &EcoString, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        self.flush_readers_of(table)?;
        let awaits = |pending: &Pending| {
            let taken = pending.source.as_ref().is_some_and(|source| {
                source
                    .columns
                    .iter()
                    .any(|column| column.name.eq_ignore_ascii_case(to) && !from.eq_ignore_ascii_case(to))
            });
            taken || pending.mentions(from)
        };
        if self.pending.iter().any(|pending| pending.table == *table && awaits(pending)) {
            self.flush(table)?;
        }
        let mut in_database = true;
        for pending in &mut self.pending {
            if pending.table == *table {
                let known = pending.source.as_ref().and_then(|source| source.column(from)).is_some();
                in_database = known && pending.values(from).reads(from);
                if let (true, Some(source)) = (in_database, &mut pending.source) {
                    *source = with_column_renamed(source, from, to);
                }
                pending.rename_column(from, to);
            } else {
                pending.follow_renamed_column(table, from, to);
            }
        }
        if in_database {
            self.output.touch(table);
            let (old, new) = (quote::name(from), quote::name(to));
            self.change(&transition.cause, RenameColumn { table: quote::name(table), from: old, to: new }.into());
        }
        self.schema = transition.after.clone();
        self.start_rebuilds(index, table)
    }

    fn alter_column(&mut self, index: usize, table: &EcoString, column: &EcoString, facet: &Facet) -> Result<()> {
        let transition = &self.request.transitions[index];
        let cause = &transition.cause;
        if let Facet::Comment { .. } = facet {
            self.note(cause, "SQLite keeps no comments; nothing to do");
            return Ok(());
        }
        if let Facet::Nullability { to: Nullability::Nullable, .. } = facet
            && required(transition.after.table(table)).primary_key().contains(column)
        {
            let message = format!("`{table}.{column}` is part of the primary key, which must not be NULL");
            return Err(Box::new(
                Diagnostic::new(Code::InUse, message).help("drop the primary key first: `op.drop_constraint(…)`"),
            ));
        }
        if self.folds(index, table) {
            return self.fold_altered_column(index, table, column, facet);
        }
        let (table_name, column_name) = (quote::name(table), quote::name(column));
        match facet {
            Facet::Nullability { to: Nullability::NotNull, .. } if self.rules_in_place() => {
                self.output.guard(row_guards::set_not_null(required(transition.before.table(table)), column), cause);
                self.change(cause, SetNotNull { table: table_name, column: column_name }.into());
            }
            Facet::Nullability { to: Nullability::Nullable, .. } if self.rules_in_place() => {
                self.change(cause, DropNotNull { table: table_name, column: column_name }.into());
            }
            Facet::Type { .. } => self.check_same_storage(index, table, column, facet)?,
            Facet::Nullability { .. }
            | Facet::Default { .. }
            | Facet::Identity { .. }
            | Facet::Generated { .. }
            | Facet::Collation { .. }
            | Facet::Comment { .. } => self.note(cause, "the same on SQLite; nothing to do"),
        }
        Ok(())
    }

    fn add_constraint(&mut self, index: usize, table: &EcoString, constraint: &Constraint) -> Result<()> {
        let transition = &self.request.transitions[index];
        if self.folds(index, table) {
            self.pending(index, table)?;
            return Ok(());
        }
        let (before, after) = (required(transition.before.table(table)), required(transition.after.table(table)));
        if let Rule::Check { expression } = &constraint.rule {
            let rows = Rows::unchanged(before, after);
            if let Some(guard) = row_guards::check(&rows, constraint.name.as_deref(), expression) {
                self.output.guard(guard, &transition.cause);
            }
        }
        let definition = constraint_definition(constraint, after);
        self.change(&transition.cause, AddCheck { table: quote::name(table), definition }.into());
        Ok(())
    }

    fn create_index(&mut self, index: usize, table: &EcoString, created: &Arc<Index>) -> Result<()> {
        let transition = &self.request.transitions[index];
        let cause = &transition.cause;
        let statement = create_index(created, table)?;
        let comments = index_comments(created);
        if self.folds(index, table) {
            self.pending(index, table)?;
            for comment in &comments {
                self.note(cause, comment);
            }
            return Ok(());
        }
        if created.uniqueness == Uniqueness::Unique {
            let (before, after) = (required(transition.before.table(table)), required(transition.after.table(table)));
            if let Some(guard) = row_guards::unique_index(&Rows::unchanged(before, after), created) {
                self.output.guard(guard, cause);
            }
        }
        let mut step = Output::step(cause, &[statement]);
        step.comments.extend(comments);
        self.output.push(step);
        Ok(())
    }

    /// Drops an index, and says whether it was in the database.
    fn drop_index(&mut self, table: &EcoString, name: &EcoString, cause: &Arc<Cause>) -> bool {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.table == *table) {
            if !pending.has_index(name) {
                self.note(cause, "the index of this revision is not created in the first place");
                return false;
            }
            pending.forget_index(name);
        }
        self.change(cause, DropIndex { name: quote::name(name) }.into());
        true
    }

    fn create_view(&mut self, view: &Arc<View>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_mentioned(&view.query, None)?;
        let query = quote::unterminated(&view.query).to_owned();
        self.change(cause, CreateView { name: quote::name(&view.name), query }.into());
        Ok(())
    }

    fn create_trigger(&mut self, trigger: &Arc<Trigger>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_mentioned(&trigger.definition, Some(&trigger.table))?;
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.table == trigger.table) {
            pending.new_triggers.insert(trigger.name.clone());
            pending.add_cause(cause);
            return Ok(());
        }
        self.change(cause, create_trigger(&trigger.name, &trigger.definition));
        Ok(())
    }

    fn drop_trigger(&mut self, trigger: &Arc<Trigger>, cause: &Arc<Cause>) {
        let pending = self.pending.iter_mut().find(|pending| pending.table == trigger.table);
        if pending.is_some_and(|pending| pending.new_triggers.remove(&trigger.name)) {
            self.note(cause, "the trigger of this revision is not created in the first place");
        } else {
            self.change(cause, DropTrigger { name: quote::name(&trigger.name) }.into());
        }
    }

    /// Rows must not change before the tables are what the author thinks they are.
    fn before_rows_change(&mut self) -> Result<()> {
        self.flush_all()?;
        self.output.rows_change();
        Ok(())
    }

    pub fn rules_in_place(&self) -> bool {
        method::alters_rules_in_place(self.request.settings)
    }

    fn change(&mut self, cause: &Arc<Cause>, statement: Statement) {
        self.changes(cause, vec![statement]);
    }

    fn changes(&mut self, cause: &Arc<Cause>, statements: Vec<Statement>) {
        self.output.push(Output::step(cause, &statements));
    }

    /// A comment in place of a statement.
    pub fn note(&mut self, cause: &Arc<Cause>, comment: &str) {
        self.output.push(Step::new(Output::purpose(cause), "").comment(comment));
    }

    pub fn is_pending(&self, table: &str) -> bool {
        self.pending.iter().any(|pending| pending.table == table)
    }

    /// Whether a change of the table becomes part of a rebuild: one that is pending, or that follows anyway.
    pub fn folds(&self, index: usize, table: &str) -> bool {
        self.is_pending(table) || self.forces(index, table) || self.will_rebuild(index, table)
    }

    fn forces(&self, index: usize, table: &str) -> bool {
        self.rebuilds[index].iter().any(|rebuild| rebuild.table == table)
    }

    /// Why this transition forces the table to be rebuilt.
    pub fn reason(&self, index: usize, table: &str) -> Option<String> {
        self.rebuilds[index].iter().find(|rebuild| rebuild.table == table).map(|rebuild| rebuild.reason.clone())
    }

    /// Whether a later change forces the table to be rebuilt before anything else looks at it.
    fn will_rebuild(&self, index: usize, table: &str) -> bool {
        for (later, transition) in self.request.transitions.iter().enumerate().skip(index + 1) {
            if transition.cause.emission == Emission::Declared {
                continue;
            }
            match &transition.change {
                Change::Insert(_) | Change::Update(_) | Change::Delete(_) | Change::Execute(_) => return false,
                Change::RenameTable { from, .. } if from == table => return false,
                Change::DropTable(dropped) if dropped.name == table => return false,
                Change::CreateView(view) if tokens::mentions(&view.query, table) => return false,
                Change::CreateTrigger(trigger)
                    if trigger.table != table && tokens::mentions(&trigger.definition, table) =>
                {
                    return false;
                }
                _ if self.forces(later, table) => return true,
                _ => {}
            }
        }
        false
    }
}

/// The refusal of what cannot be done in the applier's transaction.
pub fn needs_own_transaction(what: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            Code::NotYet,
            format!("{what} needs its own transaction on SQLite, and the applier of the target opens it already"),
        )
        .note("foreign keys can only be switched off outside of a transaction, and rows that refer to the table would be lost with them on")
        .help("use the `sqlite3` applier for this target"),
    )
}

/// A table that the replay has found.
pub fn required(table: Option<&Arc<Table>>) -> &Table {
    match table {
        Some(table) => table,
        None => unreachable!("the editor records changes of tables that exist"),
    }
}

/// The tables whose definition a change is about.
fn tables_of(change: &Change) -> Vec<&EcoString> {
    match change {
        Change::CreateTable(table) | Change::DropTable(table) => vec![&table.name],
        Change::RenameTable { from, to } => vec![from, to],
        Change::SetTableComment { table, .. }
        | Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. } => vec![table],
        Change::CreateTrigger(trigger) | Change::DropTrigger(trigger) => vec![&trigger.table],
        Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::RenameEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::RenameEnumValue { .. }
        | Change::ReplaceEnumValues { .. }
        | Change::CreateView(_)
        | Change::DropView(_)
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Execute(_) => Vec::new(),
    }
}
