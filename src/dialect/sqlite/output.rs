//! The steps of one revision as they come, with the guards that have to stand before them.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::{EcoString, eco_format};

use super::legacy;
use super::marks::Marks;
use super::presence;
use super::quote;
use super::references::Bracket;
use super::row_guards::{Guard, Reads};
use super::statement::Statement;
use crate::dialect::{Delivery, ForeignKeys, Request};
use crate::plan::{Purpose, Step};
use crate::schema::{Cause, Change, Schema, Table};

/// The steps of a section between its guards and its row of the history.
#[derive(Debug)]
pub struct Output {
    /// The guards that look at the database as it is before the section.
    pub guards: Vec<Step>,
    pub steps: Vec<Step>,
    /// Whether a table is rebuilt or dropped, which foreign keys must not see.
    pub foreign_keys_off: bool,
    /// The marks that the statements leave.
    pub marks: Marks,
    /// The tables that are no longer what they were before the section.
    touched: BTreeSet<EcoString>,
    /// Those that were changed in place, column by column.
    in_place: BTreeSet<EcoString>,
    helpers: BTreeSet<EcoString>,
    rows_changed: bool,
    /// The schema at the start, whose names are taken.
    before: Schema,
    /// The names that the changes give, in lower case, which are taken too.
    given: BTreeSet<EcoString>,
    /// What is known of how the client renames tables.
    client: ClientRenames,
    /// The references that are watched since the first rebuild after rows last changed.
    bracket: Option<Bracket>,
    /// Foreign keys are off while rows change that other rows may refer to, so all references are watched throughout.
    whole: Option<Bracket>,
}

/// How the client renames tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClientRenames {
    /// A guard has to look.
    Unknown,
    /// A guard looks already, or there is no client that could have set it: the database is hosted.
    AsItShould,
}

impl Output {
    pub fn new(request: &Request<'_>, rebuilds: bool) -> Output {
        let names = request.transitions.iter().filter_map(|transition| new_name(&transition.change));
        let given = names.map(|name| name.to_ascii_lowercase()).collect();
        let changes = || request.transitions.iter().map(|transition| &transition.change);
        let on = matches!(request.delivery, Delivery::Own { foreign_keys: ForeignKeys::On });
        let off = rebuilds || changes().any(|change| matches!(change, Change::DropTable(_)));
        let rows_change = changes().any(|change| {
            matches!(change, Change::Insert(_) | Change::Update(_) | Change::Delete(_) | Change::Execute(_))
        });
        Output {
            guards: Vec::new(),
            steps: Vec::new(),
            foreign_keys_off: false,
            marks: Marks::of(request.delivery),
            touched: BTreeSet::new(),
            in_place: BTreeSet::new(),
            helpers: BTreeSet::new(),
            rows_changed: false,
            before: request.before.clone(),
            given,
            client: match request.delivery {
                Delivery::Hosted => ClientRenames::AsItShould,
                Delivery::Own { .. } | Delivery::Wrapped => ClientRenames::Unknown,
            },
            bracket: None,
            whole: (on && off && rows_change).then(|| Bracket::new(0)),
        }
    }

    pub fn purpose(cause: &Arc<Cause>) -> Purpose {
        Purpose::Change(cause.clone())
    }

    /// A step of these statements.
    pub fn step(&mut self, cause: &Arc<Cause>, statements: &[Statement]) -> Step {
        if statements.iter().any(legacy::changes) {
            self.guard_renaming();
        }
        Step::new(Output::purpose(cause), self.marks.write(statements))
    }

    pub fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Puts a guard before all changes, if what it looks at is still as it was then; else right here.
    pub fn guard(&mut self, guard: Guard, comment: Option<String>) {
        let unchanged = match &guard.reads {
            Reads::Tables(tables) => tables.iter().all(|table| !self.touched.contains(table)),
            Reads::Anything => self.touched.is_empty(),
        };
        let mut step = Step::new(Purpose::Guard, self.marks.write(&[guard.statement]));
        step.comments.extend(comment);
        if unchanged && !self.rows_changed { self.guards.push(step) } else { self.steps.push(step) }
    }

    /// Puts the guard of the client's renames before all changes, once.
    fn guard_renaming(&mut self) {
        if self.client == ClientRenames::Unknown {
            self.client = ClientRenames::AsItShould;
            let guard = Step::new(Purpose::Guard, self.marks.write(&[legacy::is_off()]));
            self.guards.push(guard.comment("refuses a client whose renames nothing follows"));
        }
    }

    /// What stands before the guards of an operation.
    pub fn guarded(cause: &Cause) -> Option<String> {
        Some(format!("guards #{} {}", cause.number, cause.title))
    }

    /// Notes that the table is no longer what it was before the section.
    pub fn touch(&mut self, table: &EcoString) {
        self.touched.insert(table.clone());
    }

    /// Whether the table is no longer what it was before the section, so that its guards stand right before its change.
    pub fn is_touched(&self, table: &str) -> bool {
        self.touched.contains(table)
    }

    pub fn create_table(&mut self, table: &EcoString) {
        self.touch(table);
        for bracket in self.brackets() {
            bracket.create_table(table);
        }
    }

    pub fn rename_table(&mut self, from: &EcoString, to: &EcoString) {
        self.touch(from);
        self.touch(to);
        if self.in_place.remove(from) {
            self.in_place.insert(to.clone());
        }
        for bracket in self.brackets() {
            bracket.rename_table(from, to);
        }
    }

    pub fn forget_table(&mut self, table: &EcoString) {
        self.touch(table);
        for bracket in self.brackets() {
            bracket.forget_table(table);
        }
    }

    fn brackets(&mut self) -> impl Iterator<Item = &mut Bracket> {
        self.bracket.iter_mut().chain(&mut self.whole)
    }

    /// Watches the references of a table that is about to be rebuilt, and those to it.
    pub fn before_rebuild(&mut self, table: &Table, schema: &Schema) {
        self.foreign_keys_off = true;
        self.guard_renaming();
        if self.whole.is_some() {
            return;
        }
        let position = self.steps.len();
        let bracket = self.bracket.get_or_insert_with(|| Bracket::new(position));
        if table.foreign_keys().next().is_some() {
            bracket.watch(&table.name);
        }
        for (referring, ..) in schema.inbound_foreign_keys(&table.name) {
            bracket.watch(&referring.name);
        }
    }

    /// Notes that rows change from here on.
    pub fn rows_change(&mut self) {
        self.close_bracket();
        self.rows_changed = true;
    }

    /// Compares the references with what they were, where they are watched.
    pub fn finish(&mut self, request: &Request<'_>) {
        self.close_bracket();
        if let Some(mut bracket) = self.whole.take().filter(|_| self.foreign_keys_off) {
            for table in request.after.tables().filter(|table| table.foreign_keys().next().is_some()) {
                bracket.watch(&table.name);
            }
            self.close(bracket, " (foreign keys are off while a table is rebuilt or dropped, so ON DELETE and ON UPDATE do nothing; change the rows in a revision of its own)");
        }
    }

    fn close_bracket(&mut self) {
        if let Some(bracket) = self.bracket.take() {
            self.close(bracket, "");
        }
    }

    fn close(&mut self, bracket: Bracket, explanation: &str) {
        let name = self.free("offprint_violations".into());
        if let Some([first, last]) = bracket.statements(&quote::name(&name), explanation) {
            self.helpers.insert(name);
            let step = |sql| Step::new(Purpose::Guard, sql);
            let first = step(self.marks.write(&first));
            let first = first.comment("counts the rows that refer to nothing, to compare afterwards");
            self.steps.insert(bracket.position(), first);
            self.steps.push(step(self.marks.write(&last)));
        }
    }

    /// A name for the table that is to take the place of another one.
    pub fn free_name(&mut self, table: &str) -> EcoString {
        let name = self.free(eco_format!("offprint_rebuild_{table}"));
        self.helpers.insert(name.clone());
        name
    }

    /// The names of the tables that are there for a while only.
    pub fn helpers(&self) -> &BTreeSet<EcoString> {
        &self.helpers
    }

    /// Notes that the table gets, loses or renames a column in place.
    pub fn change_columns(&mut self, table: &EcoString) {
        self.touch(table);
        self.in_place.insert(table.clone());
    }

    /// The guards that look at what has become of the schema.
    pub fn there_after(&self, request: &Request<'_>) -> Vec<Statement> {
        presence::there_after(request, &self.touched, &self.in_place)
    }

    fn free(&self, name: EcoString) -> EcoString {
        if !self.is_taken(&name) {
            return name;
        }
        let mut free = (2..).map(|number: u32| eco_format!("{name}_{number}")).filter(|name| !self.is_taken(name));
        match free.next() {
            Some(name) => name,
            None => unreachable!("there are more numbers than names"),
        }
    }

    /// Whether something has this name, on the way or before. SQLite ignores case; triggers count for good measure.
    fn is_taken(&self, name: &str) -> bool {
        self.before.occupant(name).is_some()
            || self.given.contains(&EcoString::from(name).to_ascii_lowercase())
            || self.before.triggers().any(|trigger| trigger.name.eq_ignore_ascii_case(name))
    }
}

/// The name that a change gives to something.
fn new_name(change: &Change) -> Option<&EcoString> {
    match change {
        Change::CreateTable(table) => Some(&table.name),
        Change::RenameTable { to, .. } | Change::RenameIndex { to, .. } => Some(to),
        Change::CreateIndex { index, .. } => Some(&index.name),
        Change::CreateView(view) => Some(&view.name),
        Change::CreateTrigger(trigger) => Some(&trigger.name),
        Change::DropTable(_)
        | Change::SetTableComment { .. }
        | Change::SetStorageParameter { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::SetDeferrability { .. }
        | Change::SetValidity { .. }
        | Change::DropIndex { .. }
        | Change::CreateEnum(_)
        | Change::DropEnum(_)
        | Change::RenameEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::RenameEnumValue { .. }
        | Change::ReplaceEnumValues { .. }
        | Change::DropView(_)
        | Change::RefreshView { .. }
        | Change::ReplaceView { .. }
        | Change::DropTrigger(_)
        | Change::CreateObject(_)
        | Change::DropObject(_)
        | Change::ReplaceObject { .. }
        | Change::AttachPartition { .. }
        | Change::DetachPartition { .. }
        | Change::Insert(_)
        | Change::Update(_)
        | Change::Delete(_)
        | Change::Execute(_) => None,
    }
}
