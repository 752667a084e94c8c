//! What other tools' scripts do in the same cases, so that the matrix is known to bite.
//!
//! `Alembic` is what `alembic upgrade --sql` (1.20.1) prints for `op.alter_column(…, type_=…)` with and without
//! `postgresql_using`; the others are the steps by which the tool removes or reorders the values of an enum. Each runs on
//! a database of its own case, and what it leaves is compared with what the replay says.

use std::collections::BTreeMap;
use std::fmt;

use crate::case::{Case, values_of};
use crate::changes::CHANGES;
use crate::dependants::DEPENDANTS;
use crate::harness::replay;
use crate::names::PLAIN;
use crate::support::case_log;
use crate::support::expected::{ColumnOrder, drift_on_postgres};
use crate::support::postgres::PostgresDatabase;
use crate::workers;

/// How another tool changes the type of a column, or the enum that it is of.
struct Tool {
    name: &'static str,
    /// Its script for a change of the columns, each with its table and its default; `None` when it has none.
    script: fn(&Case) -> Option<String>,
}

const TOOLS: &[Tool] = &[
    Tool { name: "Alembic", script: |case| alembic(case, |_| String::new()) },
    Tool {
        name: "Alembic with postgresql_using",
        script: |case| alembic(case, |(column, to)| format!(" USING {column}::{to}")),
    },
    Tool { name: "Prisma", script: |case| Some(prisma(case, new_values(case)?)) },
    Tool { name: "drizzle-kit", script: |case| Some(drizzle(case, new_values(case)?)) },
    Tool { name: "alembic-postgresql-enum 1.8", script: |case| Some(postgresql_enum(case, new_values(case)?)) },
];

/// The type that a column gets, as SQLAlchemy writes it.
fn new_type(case: &Case) -> Option<&'static str> {
    Some(match case.change.name {
        "text to enum" | "text to enum, mapped" => "mood",
        "enum to text" => "TEXT",
        "varchar widened" => "VARCHAR(9)",
        "varchar narrowed" => "VARCHAR(4)",
        "integer to bigint" => "BIGINT",
        "text to integer" => "INTEGER",
        _ => return None,
    })
}

/// The values that the enum gets, where some go or change places.
fn new_values(case: &Case) -> Option<&'static [&'static str]> {
    Some(match case.change.name {
        "value removed" => &["sad", "ok", "happy"],
        "values reordered" => &["happy", "gone", "ok", "sad"],
        _ => return None,
    })
}

fn alembic(case: &Case, using: fn((&str, &str)) -> String) -> Option<String> {
    let to = new_type(case)?;
    let normalised = match case.change.name {
        "text to enum, mapped" => "UPDATE entry SET value = 'sad' WHERE value = 'SAD';\n",
        _ => "",
    };
    let alter = |(table, column): (&str, &str)| {
        format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {to}{};\n", using((column, to)))
    };
    let alters: String = case.columns().into_iter().map(alter).collect();
    Some(format!("BEGIN;\n{normalised}{alters}COMMIT;"))
}

fn labels(values: &[&str]) -> String {
    values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ")
}

/// The columns of the case, with the default of the one that has one.
fn each_column(case: &Case, step: impl Fn(&str, &str, Option<&str>) -> String) -> String {
    let default = |column: &str| (column == PLAIN.column).then_some("'ok'");
    case.columns().into_iter().map(|(table, column)| step(table, column, default(column))).collect()
}

fn drop_default(table: &str, column: &str, default: Option<&str>) -> String {
    default.map_or(String::new(), |_| format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT;\n"))
}

fn set_default(table: &str, column: &str, default: Option<&str>) -> String {
    default.map_or(String::new(), |value| format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {value};\n"))
}

/// A new type beside the old one, whose name it then takes.
fn prisma(case: &Case, values: &[&str]) -> String {
    let retype = |table: &str, column: &str, _: Option<&str>| {
        format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE mood_new USING ({column}::text::mood_new);\n")
    };
    format!(
        "BEGIN;\nCREATE TYPE mood_new AS ENUM ({});\n{}{}ALTER TYPE mood RENAME TO mood_old;\nALTER TYPE mood_new RENAME \
         TO mood;\nDROP TYPE mood_old;\n{}COMMIT;",
        labels(values),
        each_column(case, drop_default),
        each_column(case, retype),
        each_column(case, set_default),
    )
}

/// Through text, with the type gone in between.
fn drizzle(case: &Case, values: &[&str]) -> String {
    let to_text = |table: &str, column: &str, default: Option<&str>| {
        let value = default.map(|value| format!("{value}::text"));
        format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE text;\n{}",
            set_default(table, column, value.as_deref())
        )
    };
    let back = |table: &str, column: &str, default: Option<&str>| {
        let value = default.map(|value| format!("{value}::mood"));
        format!(
            "{}ALTER TABLE {table} ALTER COLUMN {column} SET DATA TYPE mood USING {column}::mood;\n",
            set_default(table, column, value.as_deref())
        )
    };
    format!(
        "BEGIN;\n{}DROP TYPE mood;\nCREATE TYPE mood AS ENUM ({});\n{}COMMIT;",
        each_column(case, to_text),
        labels(values),
        each_column(case, back),
    )
}

/// The old type aside, and operators between both types while columns change.
fn postgresql_enum(case: &Case, values: &[&str]) -> String {
    let operator = |name: &str, function: &str| {
        format!(
            "CREATE FUNCTION {function}(new_enum_val mood, old_enum_val mood_old) RETURNS boolean AS $$ SELECT \
             new_enum_val::text {name} old_enum_val::text $$ LANGUAGE SQL IMMUTABLE;\n\
             CREATE OPERATOR {name} (leftarg = mood, rightarg = mood_old, procedure = {function});\n"
        )
    };
    let retype = |table: &str, column: &str, default: Option<&str>| {
        format!(
            "{}ALTER TABLE {table} ALTER COLUMN {column} TYPE mood USING {column}::text::mood;\n{}",
            drop_default(table, column, default),
            set_default(table, column, default)
        )
    };
    format!(
        "BEGIN;\nALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ({});\n{}{}{}DROP FUNCTION \
         new_old_not_equals(mood, mood_old) CASCADE;\nDROP FUNCTION new_old_equals(mood, mood_old) CASCADE;\nDROP TYPE \
         mood_old;\nCOMMIT;",
        labels(values),
        operator("!=", "new_old_not_equals"),
        operator("=", "new_old_equals"),
        each_column(case, retype),
    )
}

/// How another tool's script ended.
enum Outcome {
    /// The server refused it, with this SQLSTATE; messages change from version to version.
    Fails(String),
    /// It ran, and left the database otherwise than the author of the revision means it.
    Loses(Vec<String>),
    Fine,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Fails(error) => write!(f, "fails: {error}"),
            Outcome::Loses(losses) => write!(f, "LOSES: {}", losses.join("; ")),
            Outcome::Fine => write!(f, "fine"),
        }
    }
}

fn outcome(case: &Case, script: &str, database: &PostgresDatabase) -> Result<Outcome, String> {
    let names = &case.dependant.names;
    let fixture = case.fixture();
    fixture.build(database)?;
    if let Err(error) = database.try_execute(script) {
        return Ok(Outcome::Fails(error.split(':').next().unwrap_or(&error).to_owned()));
    }
    let up = replay(fixture.schema(), |op| (case.change.up)(op, names, &case.columns()));
    let mut losses = drift_on_postgres(&up.after, database, ColumnOrder::Exact);
    let (found, meant) = (values_of(database, names.table, names.column), case.values(|row| row.1));
    if found != meant {
        losses.push(format!("the rows are {found:?}, not {meant:?}"));
    }
    Ok(if losses.is_empty() { Outcome::Fine } else { Outcome::Loses(losses) })
}

#[test]
fn other_tools_fail_or_lose_something() {
    let cases: Vec<(&Tool, Case, String)> = TOOLS
        .iter()
        .flat_map(|tool| {
            let plain =
                Case::all(CHANGES, DEPENDANTS).into_iter().filter(|case| case.dependant.names.table == PLAIN.table);
            plain.filter_map(move |case| Some((tool, case, (tool.script)(&case)?)))
        })
        .collect();
    let name = |(tool, case, _): &(&Tool, Case, String)| format!("{}: {}", tool.name, case.name());
    let Some(outcomes) = workers::run_all(&cases, name, |(_, case, script), database| outcome(case, script, database))
    else {
        return;
    };
    let outcomes = workers::none_is_wrong(outcomes);
    outcomes.keys().for_each(|case| case_log::record("postgres", case));
    let mut bites: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (case, outcome) in &outcomes {
        let tool = case.split_once(':').map_or(case.as_str(), |(tool, _)| tool);
        let column = match outcome {
            Outcome::Fails(_) => 0,
            Outcome::Loses(_) => 1,
            Outcome::Fine => 2,
        };
        bites.entry(tool).or_default()[column] += 1;
    }
    let totals: String = bites
        .iter()
        .map(|(tool, [fails, loses, fine])| format!("{tool}: {fails} fail, {loses} lose something, {fine} are fine\n"))
        .collect();
    let lines: String = outcomes.iter().map(|(case, outcome)| format!("{case}: {outcome}\n")).collect();
    insta::assert_snapshot!(format!("{totals}\n{lines}"));
    let alembic = bites.get("Alembic").expect("Alembic has scripts");
    assert!(alembic[0] + alembic[1] >= 20, "the cases do not bite: {totals}");
}
