//! Turns changes into steps: one method for each kind of change, and no kind left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::data;
use super::definition::{column_definition, has_stored_column};
use super::method::{self, Rebuild};
use super::output::Output;
use super::pending::Pending;
use super::quote;
use super::referable::LostKeys;
use super::statement::{AddColumn, DropColumn, DropView, Execute, Statement};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{Request, author_sql};
use crate::plan::Step;
use crate::schema::{
    Cause, Change, Dialect, Emission, Online, Schema, SchemaObject, Table, Transition, Validity, tokens,
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
    /// The tables that wait for those that they will refer to.
    pub flushing: Vec<EcoString>,
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
        flushing: Vec::new(),
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
        refuse_materialized_views(transition)?;
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
            Change::SetStorageParameter { .. } => self.note(cause, "SQLite has no storage parameters; nothing to do"),
            Change::AddColumn { table, column } => {
                if self.folds(index, table) {
                    self.fold_added_column(index, table, column)?;
                } else {
                    let known = required(transition.after.table(table));
                    let definition = column_definition(column, known, &transition.after)?;
                    let statement = AddColumn { table: quote::name(table), definition };
                    self.output.change_columns(table);
                    self.change_in_place(index, statement.into());
                }
                if column.comment.is_some() {
                    self.note(cause, "SQLite keeps no comments");
                }
            }
            Change::DropColumn { table, column } => {
                if self.folds(index, table) {
                    self.pending(index, table)?.forget_column(&column.name);
                } else {
                    has_stored_column(required(transition.after.table(table)))?;
                    // The check may stand behind the columns, where SQLite would miss the column.
                    let mut statements = self.exchange_enum_check(index, table, &column.name);
                    statements.push(DropColumn { table: quote::name(table), column: quote::name(&column.name) }.into());
                    self.output.change_columns(table);
                    self.changes_in_place(index, &statements);
                }
            }
            Change::RenameColumn { table, from, to } => self.rename_column(index, table, from, to)?,
            Change::AlterColumn { table, column, facet } => self.alter_column(index, table, column, facet)?,
            Change::AddConstraint { table, constraint } => self.add_constraint(index, table, constraint)?,
            Change::DropConstraint { table, constraint } => {
                if self.folds(index, table) {
                    self.pending(index, table)?;
                } else {
                    self.drop_constraint(index, table, constraint);
                }
            }
            Change::RenameConstraint { table, from, to } => {
                if self.folds(index, table) {
                    self.pending(index, table)?;
                } else {
                    self.rename_check(index, table, [from, to]);
                }
            }
            Change::SetDeferrability { table, .. } => {
                self.pending(index, table)?;
            }
            Change::SetValidity { .. } => self.note(cause, "SQLite has checked all rows when the constraint was added"),
            Change::CreateIndex { table, index: created } => self.create_index(index, table, created)?,
            Change::DropIndex { table, index } => {
                if let Some(lost) = LostKeys::of_index(index) {
                    self.guard_keys(table, &lost, Output::guarded(cause));
                }
                self.drop_index(table, &index.name, cause);
            }
            Change::RenameIndex { table, from, to } => self.rename_index(index, table, from, to)?,
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
            Change::RefreshView { view, .. } => return Err(no_materialized_views(view)),
            Change::ReplaceView { to, .. } => self.replace_view(to, now, cause)?,
            Change::CreateTrigger(trigger) => self.create_trigger(trigger, cause)?,
            Change::DropTrigger(trigger) => self.drop_trigger(trigger, cause),
            Change::CreateObject(object)
            | Change::DropObject(object)
            | Change::ReplaceObject { to: object, .. }
            | Change::AttachPartition { partition: object, .. }
            | Change::DetachPartition { partition: object, .. } => {
                return Err(unknown_to_sqlite(object));
            }
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
                self.change(cause, Execute { sql: author_sql::statement(&execute.sql, Dialect::Sqlite) }.into());
            }
        }
        self.note_what_is_not_online(index);
        for table in tables_of(&transition.change) {
            self.changed_since_execute.insert(table.clone());
        }
        Ok(())
    }

    /// Says that others have to wait, once for each operation that is not to let them wait.
    fn note_what_is_not_online(&mut self, index: usize) {
        let transitions = self.request.transitions;
        let cause = &transitions[index].cause;
        let last = transitions.get(index + 1).is_none_or(|next| !Arc::ptr_eq(&next.cause, cause));
        if cause.online == Online::Demanded && last {
            self.note(cause, "SQLite has no CONCURRENTLY: a script locks the whole database against writes");
        }
        if let Change::AddConstraint { constraint, .. } = &transitions[index].change
            && constraint.validity == Validity::NotValid
        {
            self.note(cause, "SQLite has no NOT VALID: it checks all rows at once");
        }
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

    /// Rows must not change before the tables are what the author thinks they are.
    fn before_rows_change(&mut self) -> Result<()> {
        self.flush_all()?;
        self.output.rows_change();
        Ok(())
    }

    pub fn rules_in_place(&self) -> bool {
        method::alters_rules_in_place(self.request.settings)
    }

    pub fn change(&mut self, cause: &Arc<Cause>, statement: Statement) {
        self.changes(cause, vec![statement]);
    }

    /// The statement of a change that SQLite makes in place, with the reason why that is exact.
    pub fn change_in_place(&mut self, index: usize, statement: Statement) {
        self.changes_in_place(index, &[statement]);
    }

    pub fn changes_in_place(&mut self, index: usize, statements: &[Statement]) {
        let transition = &self.request.transitions[index];
        let mut step = self.output.step(&transition.cause, statements);
        step.comments.extend(method::in_place_comment(&transition.change).map(str::to_owned));
        self.output.push(step);
    }

    pub fn changes(&mut self, cause: &Arc<Cause>, statements: Vec<Statement>) {
        let step = self.output.step(cause, &statements);
        self.output.push(step);
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

    /// The tables that this transition forces to be rebuilt.
    pub fn forced(&self, index: usize) -> impl Iterator<Item = EcoString> {
        self.rebuilds[index].iter().map(|rebuild| rebuild.table.clone())
    }

    /// Why this transition forces the table to be rebuilt.
    pub fn reason(&self, index: usize, table: &str) -> Option<String> {
        self.rebuilds[index].iter().find(|rebuild| rebuild.table == table).map(|rebuild| rebuild.reason.clone())
    }

    /// Whether a later change forces the table to be rebuilt before anything else looks at it.
    pub fn will_rebuild(&self, index: usize, table: &str) -> bool {
        for (later, transition) in self.request.transitions.iter().enumerate().skip(index + 1) {
            if transition.cause.emission == Emission::Declared {
                continue;
            }
            match &transition.change {
                Change::Insert(_) | Change::Update(_) | Change::Delete(_) | Change::Execute(_) => return false,
                Change::RenameTable { from, .. } if from == table => return false,
                Change::DropTable(dropped) if dropped.name == table => return false,
                Change::CreateView(view) | Change::ReplaceView { to: view, .. }
                    if tokens::mentions(&view.query, table) =>
                {
                    return false;
                }
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

/// The refusal of an object of which SQLite has nothing that means the same.
fn unknown_to_sqlite(object: &SchemaObject) -> Box<Diagnostic> {
    let kind = object.kind().plural();
    Box::new(
        Diagnostic::new(Code::NotInDialect, format!("SQLite has no {kind}: {}", object.title()))
            .help("limit the operation to Postgres: `op.postgres()…`"),
    )
}

/// SQLite has no views that keep their rows, and so no indexes of them.
fn refuse_materialized_views(transition: &Transition) -> Result<()> {
    let name = match &transition.change {
        Change::CreateView(view) | Change::DropView(view) => &view.name,
        Change::CreateIndex { table, .. } | Change::DropIndex { table, .. } | Change::RenameIndex { table, .. } => {
            table
        }
        _ => return Ok(()),
    };
    let view = transition.after.view(name).or_else(|| transition.before.view(name));
    match view.is_some_and(|view| view.materialized().is_some()) {
        true => Err(no_materialized_views(name)),
        false => Ok(()),
    }
}

fn no_materialized_views(name: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NotInDialect, format!("SQLite has no materialized views: materialized view `{name}`"))
            .help("limit the operation to Postgres: `op.postgres()…`, or create an ordinary view"),
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
        | Change::SetDeferrability { table, .. }
        | Change::SetValidity { table, .. }
        | Change::CreateIndex { table, .. }
        | Change::DropIndex { table, .. }
        | Change::RenameIndex { table, .. } => vec![table],
        Change::CreateTrigger(trigger) | Change::DropTrigger(trigger) => vec![&trigger.table],
        Change::AttachPartition { table, .. } | Change::DetachPartition { table, .. } => vec![&table.name],
        Change::SetStorageParameter { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::RenameEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::RenameEnumValue { .. }
        | Change::ReplaceEnumValues { .. }
        | Change::CreateView(_)
        | Change::DropView(_)
        | Change::RefreshView { .. }
        | Change::ReplaceView { .. }
        | Change::CreateObject(_)
        | Change::DropObject(_)
        | Change::ReplaceObject { .. }
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Execute(_) => Vec::new(),
    }
}
