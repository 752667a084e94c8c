//! A table with rows and with something that depends on its column, before the column changes.

use std::collections::BTreeSet;

use offprint::dialect::Settings;
use offprint::prelude::*;
use offprint::schema::Schema;

use crate::changes::{Change, Row};
use crate::dependants::{Dependant, Rows};
use crate::harness::{self, Replayed, replay};
use crate::names::quoted;
use crate::support::postgres::PostgresDatabase;

/// A change with something that depends on the column.
#[derive(Clone, Copy)]
pub struct Case {
    pub change: &'static Change,
    pub dependant: &'static Dependant,
}

/// The schema of a case before the change.
pub struct Fixture {
    case: Case,
    /// The table and its enums.
    tables: Replayed,
    /// What depends on the column.
    dependant: Replayed,
}

impl Case {
    /// All changes of one list with all dependants.
    pub fn all(changes: &'static [Change], dependants: &'static [Dependant]) -> Vec<Case> {
        changes.iter().flat_map(|change| dependants.iter().map(move |dependant| Case { change, dependant })).collect()
    }

    pub fn name(&self) -> String {
        format!("{}, with {}", self.change.name, self.dependant.name)
    }

    /// The columns that change together, each with its table.
    pub fn columns(&self) -> Vec<(&'static str, &'static str)> {
        let names = &self.dependant.names;
        [(names.table, names.column)].into_iter().chain(self.dependant.partners.iter().copied()).collect()
    }

    pub fn fixture(self) -> Fixture {
        let Case { change, dependant } = self;
        let names = &dependant.names;
        let tables = replay(&Schema::default(), |op| {
            op.create_enum(names.enumeration, ["gone", "sad", "ok", "happy"]);
            op.create_table(names.table)
                .column("id", integer())
                .column("note", text().default("ok"))
                .column(names.column, (change.from)(names).default((change.default)()))
                .primary_key(["id"]);
            op.create_enum("bystander", ["mood"]);
        });
        let dependant = replay(&tables.after, |op| (dependant.make)(op, names, change));
        Fixture { case: self, tables, dependant }
    }

    /// The rows of the table; `None` is NULL.
    pub fn rows(&self) -> Vec<Option<&'static Row>> {
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

    /// The values of the rows, on one side of the change.
    pub fn values(&self, side: fn(&Row) -> &'static str) -> Vec<Option<String>> {
        self.rows().iter().map(|row| row.map(|row| side(row).to_owned())).collect()
    }
}

impl Fixture {
    /// What the change starts from.
    pub fn schema(&self) -> &Schema {
        &self.dependant.after
    }

    /// Makes it all on an empty database, with rows.
    pub fn build(&self, database: &PostgresDatabase) -> Result<(), String> {
        let run = |what: &str, script: &str| {
            database.try_execute(script).map_err(|error| format!("{what}: {error}\n{script}"))
        };
        run("the tables", &self.tables.script())?;
        let names = &self.case.dependant.names;
        for (id, row) in (1..).zip(self.case.rows()) {
            let value = row.map_or("NULL", |row| row.0);
            run("a row", &names.fill(&format!("INSERT INTO {{t}} (id, {{c}}) VALUES ({id}, {value})")))?;
        }
        run("the dependant", &self.dependant.script())
    }
}

/// The values of a column, in the order of the rows.
pub fn values_of(database: &PostgresDatabase, table: &str, column: &str) -> Vec<Option<String>> {
    let query = format!("SELECT {}::text FROM {} ORDER BY id", quoted(column), quoted(table));
    database.rows(&query).into_iter().flatten().collect()
}

/// The script, or the code of the refusal.
pub fn script(replayed: &Replayed) -> Result<String, &'static str> {
    match replayed.plan(None, &Settings::default()) {
        Ok(plan) => Ok(harness::sql(&plan)),
        Err(found) => Err(found.first().map_or("no diagnostic", |diagnostic| diagnostic.code.number())),
    }
}
