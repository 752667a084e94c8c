//! Puts the steps of a revision into the segment that carries them.

use super::definition::create_table;
use super::dependants::{create_view, views_in_order};
use super::guard::{Message, refuse};
use super::history;
use super::lower::lower;
use super::output::Output;
use super::rebuild::parts;
use super::statement::{Begin, Commit, SetForeignKeys, Statement};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{Delivery, ForeignKeys, Request, Settings};
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
    let output = lower(request)?;
    let mut segment = Segment::default();
    let mut guards = Vec::new();
    if let Delivery::Own { foreign_keys } = request.delivery {
        segment = transaction(foreign_keys, &output);
        // Inside the transaction nothing is changed by a refusal; before it the state could not be seen any more.
        if !switches(foreign_keys, &output) {
            guards.push(Step::new(Purpose::Guard, foreign_keys_are(foreign_keys).to_string()));
        }
    }
    if let Some(step) = request.history {
        guards.extend(history::guards(step, request));
    }
    segment.steps = guards;
    segment.steps.extend(output.guards);
    segment.steps.extend(output.steps);
    segment.steps.extend(request.history.map(|step| history::record(step, request.settings)));
    Ok(Plan { segments: vec![segment] })
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
    if diagnostics.is_empty() { Ok(statements.iter().map(ToString::to_string).collect()) } else { Err(diagnostics) }
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

/// Whether the section has to switch foreign keys off.
fn switches(foreign_keys: ForeignKeys, output: &Output) -> bool {
    foreign_keys == ForeignKeys::On && output.foreign_keys_off
}

/// The frame of a script that opens its own transaction.
fn transaction(foreign_keys: ForeignKeys, output: &Output) -> Segment {
    let mut opening: Vec<String> = Vec::new();
    let mut closing = vec![Statement::from(Commit {}).to_string()];
    if switches(foreign_keys, output) {
        opening.push(foreign_keys_are(foreign_keys).to_string());
        opening.push(Statement::from(SetForeignKeys { state: "OFF" }).to_string());
        closing.push(Statement::from(SetForeignKeys { state: "ON" }).to_string());
    }
    opening.push(Statement::from(Begin {}).to_string());
    Segment { opening, steps: Vec::new(), closing }
}

/// Refuses when the client does not treat foreign keys as the target says. SQL cannot restore a setting that it finds.
fn foreign_keys_are(declared: ForeignKeys) -> Statement {
    let (wanted, state, other) = match declared {
        ForeignKeys::On => (1, "on", "off"),
        ForeignKeys::Off => (0, "off", "on"),
    };
    let words =
        format!("the target says that foreign keys are {state} in its client, and they are {other} (foreign_keys = ");
    let message = Message::new(words).value("\"client\".\"foreign_keys\"").words(")");
    refuse(message, "pragma_foreign_keys AS \"client\"", format!("\"client\".\"foreign_keys\" <> {wanted}"))
}
