//! Every change of a type or enum, with everything that can depend on the column, on a real server with rows.
//!
//! After the change and after the way back the rows are as predicted, and the catalogue is what the server makes of the
//! author's words on an empty database. What the server prints of every object is the same before the change and after
//! the way back, and the same after the first and the second time up. Nothing else is left behind.

#[path = "../postgres_dialect/harness.rs"]
#[allow(dead_code, reason = "the tests of the dialect use all of it")]
mod harness;
#[path = "../support/mod.rs"]
mod support;

mod case;
mod catalogue;
mod changes;
mod dependants;
mod kept;
mod names;
mod other_tools;
mod renames;
mod workers;

use std::collections::BTreeSet;

use case::{Case, script, values_of};
use catalogue::{catalogue, same};
use changes::{CHANGES, Row};
use dependants::DEPENDANTS;
use harness::{Replayed, replay};
use support::case_log;
use support::expected::{ColumnOrder, drift_on_postgres};
use support::postgres::PostgresDatabase;

/// The cases that are refused, with the code. One that is missing here, or no longer refused, fails the test.
const REFUSED: &[(&str, &str)] = &[
    // Values are mapped, which are attributes of values of the composite type.
    ("array of enum, with composite type", "E0402"),
    ("values merged, added and removed, with composite type", "E0402"),
    // The check compares another column with a string that reads like the value.
    ("value renamed, with check over two columns", "E0402"),
    // The default of the partition is a text, and none of the new type; nobody says another one.
    ("text to integer, with partition with a default of its own", "E0306"),
    ("timestamp to timestamptz, with partition with a default of its own", "E0306"),
];

#[test]
fn every_change_with_every_dependant() {
    let Some(outcomes) = workers::run_all(&Case::all(CHANGES, DEPENDANTS), Case::name, outcome) else { return };
    let outcomes = workers::none_is_wrong(outcomes);
    assert_eq!(outcomes.len(), CHANGES.len() * DEPENDANTS.len());
    let refused: BTreeSet<(&str, &str)> = outcomes
        .iter()
        .filter_map(|(case, outcome)| match outcome {
            Outcome::Refused(code) => Some((case.as_str(), *code)),
            Outcome::Run => None,
        })
        .collect();
    assert_eq!(refused, REFUSED.iter().copied().collect());
}

/// How a case that is not wrong ended.
enum Outcome {
    Run,
    Refused(&'static str),
}

fn outcome(case: &Case, database: &PostgresDatabase) -> Result<Outcome, String> {
    let names = &case.dependant.names;
    let fixture = case.fixture();
    let columns = case.columns();
    let up = replay(fixture.schema(), |op| (case.change.up)(op, names, &columns));
    let down = match case.change.down {
        Some(down) => replay(&up.after, |op| down(op, names, &columns)),
        None => up.inverse(),
    };
    let (up_script, down_script) = match (script(&up), script(&down)) {
        (Ok(up), Ok(down)) => (up, down),
        (Err(code), _) | (_, Err(code)) => return Ok(Outcome::Refused(code)),
    };

    case_log::record("postgres", &case.name());
    fixture.build(database)?;
    let run =
        |what: &str, script: &str| database.try_execute(script).map_err(|error| format!("{what}: {error}\n{script}"));
    let reached = |what: &str, side: fn(&Row) -> &'static str| {
        let (found, expected) = (values_of(database, names.table, names.column), case.values(side));
        if found == expected { Ok(()) } else { Err(format!("{what}: the rows are {found:?}, not {expected:?}")) }
    };
    let before = catalogue(database);
    run("the change", &up_script)?;
    reached("the change", |row| row.1)?;
    as_replayed("the change", &up, ColumnOrder::Exact, database)?;
    let changed = catalogue(database);
    run("the way back", &down_script)?;
    reached("the way back", |row| row.2)?;
    as_replayed("the way back", &down, ColumnOrder::Exact, database)?;
    same("before the change and after the way back", &before, &catalogue(database))?;
    run("the second time up", &up_script)?;
    reached("the second time up", |row| row.1)?;
    same("after the first and the second time up", &changed, &catalogue(database))?;
    Ok(Outcome::Run)
}

/// Whether the server has what was replayed.
fn as_replayed(what: &str, replayed: &Replayed, order: ColumnOrder, database: &PostgresDatabase) -> Result<(), String> {
    let drift = drift_on_postgres(&replayed.after, database, order);
    if drift.is_empty() { Ok(()) } else { Err(format!("{what}: {}", drift.join("\n"))) }
}
