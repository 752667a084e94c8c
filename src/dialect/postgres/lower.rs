//! From changes of the schema to statements, each kind of change decided here.

mod aside;
mod columns;
mod conversion;
mod data;
mod dependants;
mod enumerations;
mod evolution;
mod fit;
mod generated;
mod guards;
mod kept;
mod objects;
mod online;
mod partitions;
mod references;
mod tables;
mod views;
mod wording;

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::author_sql;
use super::locks::{self, Kind};
use super::quote::{Names, identifier, text};
use super::statement::{
    AlterTable, CommentOn, CreateTrigger, DropEnum, DropTrigger, Execute, RenameColumn, RenameConstraint, RenameEnum,
    RenameIndex, RenameTable, Statement,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Request;
use crate::dialect::author_sql::statement;
use crate::plan::{Purpose, Step};
use crate::schema::{Cause, Change, Deferrability, Dialect, Emission, Schema, StorageOwner, Table, Transition};
use aside::Aside;
use evolution::Evolution;
pub use online::Run;

/// What the changes of a revision become.
#[derive(Debug, Default)]
pub struct Lowered {
    /// Data guards that can run before anything else.
    pub early_guards: Vec<Step>,
    /// What must be committed before the others, and can run twice.
    pub ahead: Vec<Run>,
    /// All other steps, in order.
    pub body: Vec<Step>,
}

/// Turns the changes of a request into steps.
///
/// # Errors
///
/// Postgres cannot make a change exactly.
pub fn lower(request: &Request<'_>) -> Result<Lowered, Vec<Diagnostic>> {
    let evolution = Evolution::of(request.transitions)?;
    let mut lowering = Lowering {
        transitions: request.transitions,
        names: Names { schema: &request.settings.postgres_schema },
        version: request.settings.postgres_version,
        evolution,
        out: Lowered::default(),
        aside: Aside::default(),
        remembered: None,
        remade: Vec::new(),
        born: BTreeSet::new(),
        touched: Touched::default(),
    };
    let mut diagnostics = Vec::new();
    let mut rest = 0;
    while let Some(first) = request.transitions.get(rest) {
        let length = group_length(&request.transitions[rest..]);
        let group = &request.transitions[rest..rest + length];
        diagnostics.extend(lowering.put_back_before(first).err().map(|diagnostic| *diagnostic));
        let done = match first.cause.emission {
            Emission::Declared => {
                lowering.declared(rest);
                Ok(())
            }
            Emission::Emitted if matches!(first.change, Change::AlterColumn { .. }) => lowering.alter_columns(group),
            Emission::Emitted => lowering.change(rest, first),
        };
        diagnostics.extend(done.err().map(|diagnostic| *diagnostic));
        group.iter().for_each(|transition| lowering.note(&transition.change));
        rest += length;
    }
    diagnostics.extend(lowering.put_back(request.after).err().map(|diagnostic| *diagnostic));
    if diagnostics.is_empty() { Ok(lowering.out) } else { Err(diagnostics) }
}

/// How many transitions at the start belong into one `ALTER TABLE`: facets of one table, due to one operation.
fn group_length(transitions: &[Transition]) -> usize {
    let altered = |transition: &Transition| match &transition.change {
        Change::AlterColumn { table, .. } => Some(table.clone()),
        _ => None,
    };
    let Some(first) = transitions.first() else { return 0 };
    let Some(table) = altered(first) else { return 1 };
    transitions
        .iter()
        .take_while(|other| Arc::ptr_eq(&other.cause, &first.cause) && altered(other).as_ref() == Some(&table))
        .count()
}

type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// The lowering of one revision.
struct Lowering<'a> {
    transitions: &'a [Transition],
    names: Names<'a>,
    /// The oldest version of the server that the SQL must run on.
    version: u32,
    evolution: Evolution,
    out: Lowered,
    aside: Aside,
    /// The operation because of which the database remembers what objects have, until they are made again.
    remembered: Option<Arc<Cause>>,
    /// The views that are new since then, with their schema.
    remade: Vec<String>,
    /// The tables and views that this revision creates, so that nothing waits for locks on them.
    born: BTreeSet<EcoString>,
    touched: Touched,
}

/// What earlier changes of the revision have touched, so that a guard before them would see something else.
#[derive(Debug, Default)]
struct Touched {
    tables: BTreeSet<EcoString>,
    /// Raw SQL may have touched any table.
    everything: bool,
}

impl Touched {
    fn contains(&self, table: &str) -> bool {
        self.everything || self.tables.contains(table)
    }
}

impl Lowering<'_> {
    /// Decides on one change. Every kind of change stands here, so that a new one does not compile until it is decided.
    fn change(&mut self, index: usize, transition: &Transition) -> Result<()> {
        let Transition { before, change, after, cause } = transition;
        let names = self.names;
        self.check_keys(change, cause)?;
        references::check(change, after, cause)?;
        match change {
            Change::CreateTable(table) => self.create_table(table, cause)?,
            Change::DropTable(table) => self.drop_table(table, cause),
            Change::RenameTable { from, to } => {
                self.push_on(from, Kind::Rename, cause, RenameTable { table: names.of(from), to: identifier(to) });
            }
            Change::SetTableComment { table, to, .. } => self.comment_on_table(table, to.as_deref(), cause),
            Change::SetStorageParameter { owner, parameter, to, .. } => {
                self.set_storage_parameter(owner, parameter, to.as_deref(), cause);
            }
            Change::AddColumn { table, column } => self.add_column(table, column, after, cause)?,
            Change::DropColumn { table, column } => self.drop_column(table_of(before, table, cause)?, column, cause),
            Change::RenameColumn { table, from, to } => {
                let statement = RenameColumn { table: names.of(table), from: identifier(from), to: identifier(to) };
                self.push_on(table, Kind::Rename, cause, statement);
            }
            Change::AlterColumn { .. } => self.alter_columns(std::slice::from_ref(transition))?,
            Change::AddConstraint { table, constraint } => {
                self.add_constraint_to(index, table_of(before, table, cause)?, constraint, cause)?;
            }
            Change::DropConstraint { table, constraint } => self.drop_constraint(table, constraint, cause)?,
            Change::RenameConstraint { table, from, to } => {
                let statement = RenameConstraint { table: names.of(table), from: identifier(from), to: identifier(to) };
                self.push_on(table, Kind::Rename, cause, statement);
            }
            Change::SetDeferrability { table, name, to, .. } => {
                let timing = match to {
                    Deferrability::NotDeferrable => " NOT DEFERRABLE",
                    Deferrability::InitiallyImmediate | Deferrability::InitiallyDeferred => to.sql(),
                };
                let actions = vec![format!("ALTER CONSTRAINT {}{timing}", identifier(name))];
                self.push_on(table, Kind::AlterConstraint, cause, AlterTable { table: names.of(table), actions });
            }
            Change::SetValidity { table, name, to } => {
                self.set_validity(index, (table, name), *to, after, cause)?;
            }
            Change::CreateIndex { table, index: built } => self.build_index(index, table, built, after, cause)?,
            Change::DropIndex { table, index } => self.drop_index(table, index, cause)?,
            Change::RenameIndex { from, to, .. } => {
                self.push(cause, RenameIndex { index: names.of(from), to: identifier(to) });
            }
            Change::CreateEnum(enumeration) => self.create_enum(index, enumeration, cause),
            Change::DropEnum(enumeration) => self.push(cause, DropEnum { name: names.of(&enumeration.name) }),
            Change::RenameEnum { from, to } => {
                self.push(cause, RenameEnum { name: names.of(from), to: identifier(to) });
            }
            Change::AddEnumValue { name, from, to, .. } => self.add_enum_values(index, name, from, to, cause),
            Change::RenameEnumValue { name, from, to } => {
                self.rename_enum_value(name, from, to, before, cause)?;
            }
            Change::ReplaceEnumValues { name, from, to, conversion } => {
                self.replace_enum_values(index, name, from, to, conversion, transition)?;
            }
            Change::CreateView(view) => self.create_view(view, cause)?,
            Change::DropView(view) => self.drop_view(view, cause),
            Change::ReplaceView { from, to } => self.replace_view(from, to, transition)?,
            Change::RefreshView { view, from, to } => self.refresh_view(view, *from, *to, before, cause),
            Change::CreateTrigger(trigger) => {
                let definition = author_sql::clause(&trigger.definition);
                let statement = CreateTrigger { trigger: identifier(&trigger.name), definition };
                self.push_on(&trigger.table, Kind::CreateTrigger, cause, statement);
            }
            Change::DropTrigger(trigger) => {
                let statement = DropTrigger { trigger: identifier(&trigger.name), table: names.of(&trigger.table) };
                self.push_on(&trigger.table, Kind::DropTrigger, cause, statement);
            }
            Change::CreateObject(object) => self.create_object(object, after, cause)?,
            Change::ReplaceObject { from, to } => self.replace_object(from, to, after, cause)?,
            Change::DropObject(object) => self.drop_object(index, object, cause),
            Change::AttachPartition { partition, .. } => self.attach_partition(partition, after, cause)?,
            Change::DetachPartition { table, partition } => self.detach_partition(table, partition, before, cause)?,
            Change::Insert(insert) => self.insert(insert, before, cause)?,
            Change::Update(update) => self.update(update, before, cause)?,
            Change::Delete(delete) => self.delete(delete, before, cause)?,
            Change::Execute(execute) => self.push(cause, Execute { sql: statement(&execute.sql, Dialect::Postgres) }),
        }
        self.remark_on_bodies(transition);
        Ok(())
    }

    /// A change that raw SQL has made already: one comment for each operation.
    fn declared(&mut self, index: usize) {
        let transitions = self.transitions;
        let cause = &transitions[index].cause;
        let said = index.checked_sub(1).is_some_and(|previous| Arc::ptr_eq(&transitions[previous].cause, cause));
        if !said {
            let step =
                Step::new(Purpose::Change(cause.clone()), "").comment("declared: the raw SQL before it does this");
            self.out.body.push(step);
        }
    }

    /// Remembers what a change has touched.
    fn note(&mut self, change: &Change) {
        let touched: Vec<&EcoString> = match change {
            Change::CreateTable(table) => {
                self.born.insert(table.name.clone());
                vec![&table.name]
            }
            Change::RenameTable { from, to } => {
                if self.born.remove(from) {
                    self.born.insert(to.clone());
                }
                vec![from, to]
            }
            Change::DropTable(table) => vec![&table.name],
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
            Change::Insert(insert) => vec![&insert.table],
            // Triggers and foreign keys carry these two to other tables.
            Change::Update(_) | Change::Delete(_) | Change::Execute(_) => {
                self.touched.everything = true;
                Vec::new()
            }
            Change::RenameEnumValue { .. } | Change::ReplaceEnumValues { .. } => {
                self.touched.everything = true;
                Vec::new()
            }
            Change::AttachPartition { table, partition } | Change::DetachPartition { table, partition } => {
                [&table.name].into_iter().chain(partition.table()).collect()
            }
            Change::SetStorageParameter { owner: StorageOwner::Table(table), .. } => vec![table],
            Change::SetStorageParameter { owner: StorageOwner::Index(_), .. } => Vec::new(),
            Change::CreateObject(object) if object.occupies().is_some() => {
                self.born.insert(object.name().clone());
                Vec::new()
            }
            Change::CreateEnum(_)
            | Change::DropEnum(_)
            | Change::RenameEnum { .. }
            | Change::AddEnumValue { .. }
            | Change::CreateView(_)
            | Change::DropView(_)
            | Change::RefreshView { .. }
            | Change::ReplaceView { .. }
            | Change::CreateTrigger(_)
            | Change::DropTrigger(_)
            | Change::CreateObject(_)
            | Change::DropObject(_)
            | Change::ReplaceObject { .. } => Vec::new(),
        };
        self.touched.tables.extend(touched.into_iter().cloned());
    }

    fn push(&mut self, cause: &Arc<Cause>, statement: impl Into<Statement>) {
        self.push_with(cause, statement, None::<String>);
    }

    fn push_with<S: Into<String>>(
        &mut self,
        cause: &Arc<Cause>,
        statement: impl Into<Statement>,
        comments: impl IntoIterator<Item = S>,
    ) {
        let step = Step::new(Purpose::Change(cause.clone()), statement.into().sql());
        self.out.body.push(comments.into_iter().fold(step, Step::comment));
    }

    /// A step that only says something.
    fn remark(&mut self, cause: &Arc<Cause>, comment: impl Into<String>) {
        self.out.body.push(Step::new(Purpose::Change(cause.clone()), "").comment(comment));
    }

    /// The lines about locks, which matter only on tables that others may be using.
    fn locks<'t>(&self, effects: impl IntoIterator<Item = (&'t str, Kind)>) -> Vec<String> {
        locks::lines(effects.into_iter().filter(|(table, _)| !self.born.contains(*table)))
    }

    /// A statement that does one thing to one table.
    fn push_on(&mut self, table: &str, kind: Kind, cause: &Arc<Cause>, statement: impl Into<Statement>) {
        let locks = self.locks([(table, kind)]);
        self.push_with(cause, statement, locks);
    }

    fn comment_on(&mut self, object: String, comment: Option<&str>, cause: &Arc<Cause>) {
        let comment = comment.map_or_else(|| "NULL".to_owned(), text);
        self.push(cause, CommentOn { object, comment });
    }

    /// The result, with a problem turned into a diagnostic at the operation.
    fn in_words<T>(&self, result: Result<T, String>, cause: &Cause) -> Result<T> {
        result.map_err(|problem| {
            Box::new(
                Diagnostic::new(Code::InvalidValue, problem)
                    .at(cause.origin, "in this operation")
                    .help("write a value that the type can hold, or one complete SQL expression"),
            )
        })
    }

    /// Refuses what needs a newer server than the project declares.
    fn require_version(&self, version: u32, what: &str, cause: &Cause) -> Result<()> {
        if self.version >= version {
            return Ok(());
        }
        let message = format!("{what} needs Postgres {version}, and the project declares {}", self.version);
        Err(Box::new(
            Diagnostic::new(Code::VersionFloor, message)
                .at(cause.origin, "in this operation")
                .help("raise the version of Postgres in `offprint.toml` if every server is new enough"),
        ))
    }
}

/// The table of this name, which the editor found.
///
/// # Errors
///
/// There is none.
fn table_of<'s>(schema: &'s Schema, name: &str, cause: &Cause) -> Result<&'s Arc<Table>> {
    schema.table(name).ok_or_else(|| {
        Box::new(
            Diagnostic::new(Code::UnknownTable, format!("no table `{name}` exists here"))
                .at(cause.origin, "in this operation")
                .help("create the table first"),
        )
    })
}
