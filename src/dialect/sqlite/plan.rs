//! Puts the steps of a revision into the segment that carries them.

use super::definition::create_table;
use super::dependants::{create_view, views_in_order};
use super::frame::{self, Frame};
use super::history;
use super::lower::lower;
use super::presence;
use super::rebuild::parts;
use super::statement::Statement;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{Delivery, Request, Settings};
use crate::plan::{Plan, Purpose, Segment, Step};
use crate::schema::Schema;

/// The oldest version whose every build knows the functions that the guards use.
const OLDEST: (u32, u32) = (3, 38);

/// Plans one revision in one direction, as one segment.
///
/// # Errors
///
/// SQLite cannot make a change exactly; the diagnostics point at the author's words.
pub fn plan(request: &Request<'_>) -> Result<Plan, Vec<Diagnostic>> {
    check_version(request.settings)?;
    let mut output = lower(request)?;
    let frame = Frame::new(request.delivery, output.foreign_keys_off, &mut output.marks);
    let free = presence::free_before(request, output.helpers());
    let mut steps = Vec::new();
    if !frame.guards.is_empty() {
        let step = Step::new(Purpose::Guard, frame.guards.as_str());
        steps.push(step.comment("refuses to run in another way than the target says"));
    }
    if let Some(step) = request.history {
        let guards = Step::new(Purpose::Guard, output.marks.write(&history::guards(step, request)));
        steps.push(guards.comment("refuses a database at another revision"));
    }
    steps.extend(free.map(|guard| {
        let step = Step::new(Purpose::Guard, output.marks.write(&[guard]));
        step.comment("the names that are given here must be free")
    }));
    steps.append(&mut output.guards);
    steps.append(&mut output.steps);
    if let Some(step) = request.history {
        steps.push(Step::new(Purpose::History, output.marks.write(&history::record(step, request.settings))));
    }
    if let Delivery::Own { .. } = request.delivery {
        let mut there = output.there_after(request);
        there.extend(request.history.map(|step| history::recorded(step, request.settings)));
        let step = Step::new(Purpose::Guard, output.marks.write(&there));
        steps.push(step.comment("looks at what was done, and takes everything back unless all of it was"));
    }
    steps.retain(|step| !step.sql.is_empty() || !step.comments.is_empty());
    let Frame { opening, closing, .. } = frame;
    let closing = frame::closing(closing, &output.marks);
    Ok(Plan { segments: vec![Segment { opening, steps, closing }] })
}

/// The whole schema, in an order in which every object finds what it needs.
///
/// # Errors
///
/// SQLite cannot hold a part of the schema.
pub fn schema_sql(schema: &Schema, settings: &Settings) -> Result<Vec<String>, Vec<Diagnostic>> {
    check_version(settings)?;
    let mut statements: Vec<Statement> = Vec::new();
    let mut diagnostics = Vec::new();
    for table in schema.tables() {
        match create_table(table, &table.name, schema) {
            Ok(statement) => statements.push(statement),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    statements.extend(views_in_order(schema).into_iter().map(create_view));
    for table in schema.tables() {
        match parts(table, schema) {
            Ok(parts) => statements.extend(parts),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    for trigger in schema.triggers().filter(|trigger| schema.table(&trigger.table).is_none()) {
        statements.push(super::rebuild::create_trigger(&trigger.name, &trigger.definition));
    }
    if diagnostics.is_empty() { Ok(statements.iter().map(Statement::sql).collect()) } else { Err(diagnostics) }
}

fn check_version(settings: &Settings) -> Result<(), Vec<Diagnostic>> {
    let (major, minor) = settings.sqlite_version;
    if (major, minor) >= OLDEST {
        return Ok(());
    }
    let (oldest_major, oldest_minor) = OLDEST;
    Err(Diagnostic::new(
        Code::VersionFloor,
        format!("the SQL for SQLite needs {oldest_major}.{oldest_minor} or later, and the floor is {major}.{minor}"),
    )
    .help(format!("declare {oldest_major}.{oldest_minor} or later as the oldest version of SQLite"))
    .into())
}
