//! The places where a case is run.

use offprint::applier::{Applier, Target};
use offprint::dialect::{Delivery, ForeignKeys, Timeouts};
use offprint::schema::Schema;

use super::expected::{ColumnOrder, drift_on_postgres, drift_on_sqlite};
use super::postgres::{PostgresDatabase, Row};
use super::sqlite::{self, SqliteDatabase};

/// An engine with a client of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `psql`.
    Postgres,
    /// The installed `sqlite3` shell, in which foreign keys are off.
    SqliteShell,
    /// The newer library that the tests bundle, with foreign keys on, as many drivers have them.
    SqliteLibrary,
}

impl Place {
    /// What the scripts are written for.
    pub fn target(self) -> Target {
        let (applier, foreign_keys) = match self {
            Place::Postgres => (Applier::Psql, ForeignKeys::Off),
            Place::SqliteShell => (Applier::Sqlite3, ForeignKeys::Off),
            Place::SqliteLibrary => (Applier::Sqlite3, ForeignKeys::On),
        };
        let delivery = Delivery::Own { foreign_keys };
        Target { name: applier.name().into(), applier, folder: "out".into(), delivery, timeouts: Timeouts::default() }
    }
}

/// A database at one place.
pub enum Engine {
    Postgres(Box<PostgresDatabase>),
    SqliteShell(SqliteDatabase),
    SqliteLibrary(SqliteDatabase),
}

impl Engine {
    /// An empty database, unless the engine is not installed.
    pub fn create(case: &str, place: Place) -> Option<Engine> {
        match place {
            Place::Postgres => PostgresDatabase::create(case).map(Box::new).map(Engine::Postgres),
            Place::SqliteShell => {
                sqlite::shell_is_installed(case).then(|| Engine::SqliteShell(SqliteDatabase::create(case)))
            }
            Place::SqliteLibrary => Some(Engine::SqliteLibrary(SqliteDatabase::create(case))),
        }
    }

    /// Runs a script with the client of the place.
    pub fn run(&self, script: &str) -> Result<(), String> {
        let outcome = match self {
            Engine::Postgres(database) => database.psql(script),
            Engine::SqliteShell(database) => database.shell(script),
            Engine::SqliteLibrary(database) => return database.execute_batch(sqlite::ForeignKeys::On, script),
        };
        if outcome.succeeded() { Ok(()) } else { Err(outcome.stderr) }
    }

    /// Runs statements of a test.
    pub fn execute(&self, sql: &str) -> Result<(), String> {
        match self {
            Engine::Postgres(database) => database.try_execute(sql),
            Engine::SqliteShell(database) | Engine::SqliteLibrary(database) => {
                database.execute_batch(sqlite::ForeignKeys::On, sql)
            }
        }
    }

    /// Runs a statement and undoes it; a failure undoes it too.
    pub fn attempt(&self, sql: &str) -> Result<(), String> {
        self.execute(&format!("BEGIN; {sql}; ROLLBACK"))
    }

    /// The rows of a query, each with `|` between its values.
    pub fn rows(&self, query: &str) -> Vec<String> {
        let line = |row: Row| {
            let values: Vec<String> = row.into_iter().map(|value| value.unwrap_or_else(|| "NULL".to_owned())).collect();
            values.join("|")
        };
        self.values(query).into_iter().map(line).collect()
    }

    /// The rows of a query.
    pub fn values(&self, query: &str) -> Vec<Row> {
        match self {
            Engine::Postgres(database) => database.rows(query),
            Engine::SqliteShell(database) | Engine::SqliteLibrary(database) => database.rows(query),
        }
    }

    /// What the database has otherwise than the replay says.
    pub fn drift(&self, replayed: &Schema, order: ColumnOrder) -> Vec<String> {
        match self {
            Engine::Postgres(database) => drift_on_postgres(replayed, database, order),
            Engine::SqliteShell(database) | Engine::SqliteLibrary(database) => {
                drift_on_sqlite(replayed, database, order)
            }
        }
    }
}
