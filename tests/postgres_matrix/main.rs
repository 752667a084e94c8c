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

mod changes;
mod dependants;
mod kept;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use changes::{CHANGES, Change, Row};
use dependants::{DEPENDANTS, Dependant, Rows};
use harness::{Replayed, replay};
use names::quoted;
use offprint::dialect::Settings;
use offprint::prelude::*;
use offprint::schema::Schema;
use support::case_log;
use support::expected::{ColumnOrder, drift_on_postgres};
use support::postgres::PostgresDatabase;

/// The pairs that are refused, with the code. One that is missing here, or no longer refused, fails the test.
const REFUSED: &[(&str, &str, &str)] = &[
    // The check compares another column with a string that reads like the value.
    ("value renamed", "check over two columns", "E0402"),
];

/// How many pairs are run at a time.
const WORKERS: usize = 3;

/// How many pairs are run.
const RUN: usize = CHANGES.len() * DEPENDANTS.len() - REFUSED.len();

#[test]
fn every_change_with_every_dependant() {
    let cases: Vec<(&Change, &Dependant)> =
        CHANGES.iter().flat_map(|change| DEPENDANTS.iter().map(move |dependant| (change, dependant))).collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        // A case leaves nothing behind, and a database for each would take longer than the cases.
        let database = PostgresDatabase::create("a worker of the matrix")?;
        let mut outcomes = Vec::new();
        while let Some((change, dependant)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            outcomes.push(((change.name, dependant.name), Case { change, dependant }.outcome(&database)));
        }
        Some(outcomes)
    };
    let outcomes: BTreeMap<_, Result<Outcome, String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().filter_map(|worker| worker.join().expect("a worker ends")).flatten().collect()
    });
    if outcomes.is_empty() {
        return;
    }
    let wrong: Vec<String> = outcomes
        .iter()
        .filter_map(|((change, dependant), outcome)| {
            Some(format!("{change}, with {dependant}: {}", outcome.as_ref().err()?))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), outcomes.len(), wrong.join("\n\n"));
    let refused: BTreeSet<(&str, &str, &str)> = outcomes
        .iter()
        .filter_map(|((change, dependant), outcome)| match outcome {
            Ok(Outcome::Refused(code)) => Some((*change, *dependant, *code)),
            Ok(Outcome::Run) | Err(_) => None,
        })
        .collect();
    assert_eq!(refused, REFUSED.iter().copied().collect());
    assert_eq!(outcomes.len() - refused.len(), RUN);
}

/// How a case that is not wrong ended.
enum Outcome {
    Run,
    Refused(&'static str),
}

/// A change with something that depends on the column.
struct Case<'a> {
    change: &'a Change,
    dependant: &'a Dependant,
}

impl Case<'_> {
    fn outcome(&self, database: &PostgresDatabase) -> Result<Outcome, String> {
        let Case { change, dependant } = self;
        let names = &dependant.names;
        let empty = replay(&Schema::default(), |op| {
            op.create_enum(names.enumeration, ["gone", "sad", "ok", "happy"]);
            op.create_table(names.table)
                .column("id", integer())
                .column("note", text().default("ok"))
                .column(names.column, (change.from)(names).default((change.default)()))
                .primary_key(["id"]);
            op.create_enum("bystander", ["mood"]);
        });
        let base = replay(&empty.after, |op| (dependant.make)(op, names, change));
        let partners = dependant.partners.iter().copied();
        let columns: Vec<(&str, &str)> = [(names.table, names.column)].into_iter().chain(partners).collect();
        let up = replay(&base.after, |op| (change.up)(op, names, &columns));
        let down = match change.down {
            Some(down) => replay(&up.after, |op| down(op, names, &columns)),
            None => up.inverse(),
        };
        let (up_script, down_script) = match (script(&up), script(&down)) {
            (Ok(up), Ok(down)) => (up, down),
            (Err(code), _) | (_, Err(code)) => return Ok(Outcome::Refused(code)),
        };

        case_log::record("postgres", &format!("{}, with {}", change.name, dependant.name));
        let run = |what: &str, script: &str| {
            database.try_execute(script).map_err(|error| format!("{what}: {error}\n{script}"))
        };
        run("the tables", &empty.script())?;
        let rows = self.rows();
        for (id, row) in (1..).zip(&rows) {
            let value = row.map_or("NULL", |row| row.0);
            database.execute(&names.fill(&format!("INSERT INTO {{t}} (id, {{c}}) VALUES ({id}, {value})")));
        }
        run("the dependant", &base.script())?;

        let reached = |what: &str, side: fn(&Row) -> &'static str| {
            let query = format!("SELECT {}::text FROM {{t}} ORDER BY id", quoted(names.column));
            let found: Vec<Option<String>> = database.rows(&names.fill(&query)).into_iter().flatten().collect();
            let expected: Vec<Option<String>> = rows.iter().map(|row| row.map(|row| side(row).to_owned())).collect();
            if found != expected {
                return Err(format!("{what}: the rows are {found:?}, not {expected:?}"));
            }
            Ok(())
        };
        let as_replayed = |what: &str, replayed: &Replayed| {
            let drift = drift_on_postgres(&replayed.after, database, ColumnOrder::Exact);
            if drift.is_empty() { Ok(()) } else { Err(format!("{what}: {}", drift.join("\n"))) }
        };
        let before = catalogue(database);
        run("the change", &up_script)?;
        reached("the change", |row| row.1)?;
        as_replayed("the change", &up)?;
        let changed = catalogue(database);
        run("the way back", &down_script)?;
        reached("the way back", |row| row.2)?;
        as_replayed("the way back", &down)?;
        same("before the change and after the way back", &before, &catalogue(database))?;
        run("the second time up", &up_script)?;
        reached("the second time up", |row| row.1)?;
        same("after the first and the second time up", &changed, &catalogue(database))?;
        Ok(Outcome::Run)
    }

    /// The rows of the table; none is NULL.
    fn rows(&self) -> Vec<Option<&'static Row>> {
        let mut values: Vec<Option<&Row>> = self.change.values.iter().map(Some).collect();
        if matches!(self.dependant.rows, Rows::Distinct | Rows::Keys) {
            let mut seen = BTreeSet::new();
            values.retain(|row| row.is_some_and(|row| seen.insert(row.1)));
        }
        if matches!(self.dependant.rows, Rows::All | Rows::Distinct) {
            values.push(None);
        }
        values
    }
}

/// The script, or the code of the refusal.
fn script(replayed: &Replayed) -> Result<String, &'static str> {
    match replayed.plan(None, &Settings::default()) {
        Ok(plan) => Ok(harness::sql(&plan)),
        Err(found) => Err(found.first().map_or("no diagnostic", |diagnostic| diagnostic.code.number())),
    }
}

/// What the server prints of every object that can depend on a column, with its comment and its state.
fn catalogue(database: &PostgresDatabase) -> BTreeSet<String> {
    let lines = database.rows(
        "SELECT concat_ws(' ', 'view', relname, pg_get_viewdef(oid), relowner::regrole,
             (SELECT string_agg(item::text, ' ' ORDER BY item::text)
              FROM unnest(coalesce(relacl, acldefault('r', relowner))) AS item), reloptions, obj_description(oid, 'pg_class'))
         FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'index', pg_get_indexdef(oid), indisvalid, indisclustered, indisreplident,
             obj_description(oid, 'pg_class'))
         FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated,
             obj_description(oid, 'pg_constraint'))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL
         SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
         FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL
         SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
             pg_get_expr(adbin, adrelid), attgenerated, attacl, col_description(attrelid, attnum))
         FROM pg_attribute
         JOIN pg_class ON pg_class.oid = attrelid
         LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
         UNION ALL
         SELECT concat_ws(' ', 'type', typname, typacl, obj_description(oid, 'pg_type'),
             (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid))
         FROM pg_type WHERE typnamespace = 'public'::regnamespace",
    );
    lines.into_iter().flatten().flatten().collect()
}

fn same(what: &str, left: &BTreeSet<String>, right: &BTreeSet<String>) -> Result<(), String> {
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
    if left == right {
        return Ok(());
    }
    Err(format!("{what} differ:\n{}\nand\n{}", only(left, right).join("\n"), only(right, left).join("\n")))
}
