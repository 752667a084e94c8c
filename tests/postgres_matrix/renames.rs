//! Columns, tables and types that get another name, and columns that go, with everything that can depend on them.
//!
//! Postgres follows a name in what it has stored by number, and not in what it has stored as text. The replayed schema,
//! which is text, has to come out the same.

use std::collections::BTreeSet;

use offprint::operation::Op;

use crate::case::{Case, script, values_of};
use crate::catalogue::{catalogue, same};
use crate::changes::CHANGES;
use crate::dependants::DEPENDANTS;
use crate::harness::try_replay;
use crate::names::Names;
use crate::support::case_log;
use crate::support::expected::ColumnOrder;
use crate::support::postgres::PostgresDatabase;
use crate::{as_replayed, workers};

/// Something else than its type that happens to the column, or to what it stands in.
struct Rename {
    name: &'static str,
    up: fn(&mut Op, &Names),
    /// What the objects are called afterwards; `None` when the column is gone.
    after: fn(&Names) -> Option<Names>,
}

const RENAMES: &[Rename] = &[
    Rename {
        name: "column renamed",
        up: |op, names| {
            op.rename_column(names.table, names.column, "the other");
        },
        after: |names| Some(Names { column: "the other", ..*names }),
    },
    Rename {
        name: "table renamed",
        up: |op, names| {
            op.rename_table(names.table, "The Other");
        },
        after: |names| Some(Names { table: "The Other", ..*names }),
    },
    Rename {
        name: "type renamed",
        up: |op, names| {
            op.rename_enum(names.enumeration, "The Other");
        },
        after: |names| Some(Names { enumeration: "The Other", ..*names }),
    },
    Rename {
        name: "column dropped",
        up: |op, names| {
            op.drop_column(names.table, names.column);
        },
        after: |_| None,
    },
];

/// A column comes back with its default in every row, so rows are no longer told apart by it: the only reason to stop.
const DUPLICATE_KEY: &str = "23505";
/// The same, said by an exclusion constraint.
const EXCLUDED_ROW: &str = "23P01";

/// The columns that the names are given to: one of an enum, and one of text.
const COLUMNS: &[&str] = &["value removed", "text to enum"];

/// The cases that do not go there and back, with the code of the refusal, or with the server's of a way back that stops
/// and changes nothing. One that is missing here, or that now runs, fails the test.
const NOT_RUN: &[(&str, &str)] = &[
    ("column dropped of an enum, with foreign key to it", "E0307"),
    ("column dropped of an enum, with foreign key to itself", "E0307"),
    ("column dropped of an enum, with function with a body that is read", "E0307"),
    ("column dropped of an enum, with generated column", "E0307"),
    ("column dropped of an enum, with long names", "E0307"),
    ("column dropped of an enum, with materialized view with indexes", "E0307"),
    ("column dropped of an enum, with policy", "E0307"),
    ("column dropped of an enum, with policy of another table", "E0307"),
    ("column dropped of an enum, with quoted names", "E0307"),
    ("column dropped of an enum, with several tables", "E0307"),
    ("column dropped of an enum, with trigger with UPDATE OF", "E0307"),
    ("column dropped of an enum, with trigger with WHEN", "E0307"),
    ("column dropped of an enum, with view", "E0307"),
    ("column dropped of an enum, with view on view", "E0307"),
    ("column dropped of an enum, with view with the rights of who asks", "E0307"),
    ("column dropped of an enum, with primary key", DUPLICATE_KEY),
    ("column dropped of an enum, with unique", DUPLICATE_KEY),
    ("column dropped of an enum, with index with an order of NULL", DUPLICATE_KEY),
    ("column dropped of an enum, with exclusion constraint", EXCLUDED_ROW),
    ("column dropped of text, with foreign key to it", "E0307"),
    ("column dropped of text, with foreign key to itself", "E0307"),
    ("column dropped of text, with function with a body that is read", "E0307"),
    ("column dropped of text, with generated column", "E0307"),
    ("column dropped of text, with long names", "E0307"),
    ("column dropped of text, with materialized view with indexes", "E0307"),
    ("column dropped of text, with policy", "E0307"),
    ("column dropped of text, with policy of another table", "E0307"),
    ("column dropped of text, with quoted names", "E0307"),
    ("column dropped of text, with several tables", "E0307"),
    ("column dropped of text, with trigger with UPDATE OF", "E0307"),
    ("column dropped of text, with trigger with WHEN", "E0307"),
    ("column dropped of text, with view", "E0307"),
    ("column dropped of text, with view on view", "E0307"),
    ("column dropped of text, with view with the rights of who asks", "E0307"),
    ("column dropped of text, with primary key", DUPLICATE_KEY),
    ("column dropped of text, with unique", DUPLICATE_KEY),
    ("column dropped of text, with index with an order of NULL", DUPLICATE_KEY),
    ("column dropped of text, with exclusion constraint", EXCLUDED_ROW),
];

#[test]
fn every_rename_with_every_dependant() {
    let of_columns = CHANGES.iter().filter(|change| COLUMNS.contains(&change.name));
    let of_dependants =
        of_columns.flat_map(|change| DEPENDANTS.iter().map(move |dependant| Case { change, dependant }));
    let cases: Vec<(&Rename, Case)> =
        of_dependants.flat_map(|case| RENAMES.iter().map(move |rename| (rename, case))).collect();
    let name = |(rename, case): &(&Rename, Case)| {
        format!("{} of {}, with {}", rename.name, column_kind(case), case.dependant.name)
    };
    let run = |(rename, case): &(&Rename, Case), database: &PostgresDatabase| {
        let outcome = outcome(rename, case, database)?;
        if outcome.is_none() {
            case_log::record("postgres", &name(&(rename, *case)));
        }
        Ok(outcome)
    };
    let Some(outcomes) = workers::run_all(&cases, name, run) else { return };
    let outcomes = workers::none_is_wrong(outcomes);
    assert_eq!(outcomes.len(), cases.len());
    let not_run: BTreeSet<(&str, &str)> =
        outcomes.iter().filter_map(|(case, code)| Some((case.as_str(), code.as_deref()?))).collect();
    assert_eq!(not_run, NOT_RUN.iter().copied().collect());
}

fn column_kind(case: &Case) -> &'static str {
    if case.change.name == COLUMNS[0] { "an enum" } else { "text" }
}

/// The code of what is in the way, if something is.
fn outcome(rename: &Rename, case: &Case, database: &PostgresDatabase) -> Result<Option<String>, String> {
    let names = &case.dependant.names;
    let fixture = case.fixture();
    let up = match try_replay(fixture.schema(), |op| (rename.up)(op, names)) {
        Ok(up) => up,
        Err(found) => return Ok(Some(found.code.number().to_owned())),
    };
    let down = up.inverse();
    let (up_script, down_script) = match (script(&up), script(&down)) {
        (Ok(up), Ok(down)) => (up, down),
        (Err(code), _) | (_, Err(code)) => return Ok(Some(code.to_owned())),
    };

    fixture.build(database)?;
    let run =
        |what: &str, script: &str| database.try_execute(script).map_err(|error| format!("{what}: {error}\n{script}"));
    let reached = |what: &str, names: &Names, expected: Vec<Option<String>>| {
        let found = values_of(database, names.table, names.column);
        if found == expected { Ok(()) } else { Err(format!("{what}: the rows are {found:?}, not {expected:?}")) }
    };
    let before = catalogue(database);
    run("the change", &up_script)?;
    let after = (rename.after)(names);
    if let Some(after) = &after {
        reached("the change", after, case.values(|row| row.2))?;
    }
    as_replayed("the change", &up, ColumnOrder::Exact, database)?;
    let changed = catalogue(database);
    if let Err(stop) = database.try_execute(&down_script) {
        same("after the change and after a way back that stopped", &changed, &catalogue(database))?;
        let code = stop.split(':').next().unwrap_or(&stop);
        let expected = [DUPLICATE_KEY, EXCLUDED_ROW].contains(&code);
        return if expected { Ok(Some(code.to_owned())) } else { Err(format!("{stop}\n{down_script}")) };
    }
    if after.is_some() {
        reached("the way back", names, case.values(|row| row.2))?;
    }
    // A column that comes back stands last.
    let order = if after.is_some() { ColumnOrder::Exact } else { ColumnOrder::Any };
    as_replayed("the way back", &down, order, database)?;
    same("before the change and after the way back", &before, &catalogue(database))?;
    run("the second time up", &up_script)?;
    same("after the first and the second time up", &changed, &catalogue(database))?;
    Ok(None)
}
