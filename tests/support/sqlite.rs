//! Real SQLite databases for tests: a file each, in a folder that goes away with it.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use tempfile::TempDir;

use super::case_log;
use super::client::{self, Outcome};
use super::postgres::Row;

/// The variable that forbids to skip the tests when there is no `sqlite3` shell.
pub const SHELL_REQUIRED: &str = "OFFPRINT_REQUIRE_SQLITE";

/// Whether the client enforces foreign keys. The `sqlite3` shell does not, and many drivers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignKeys {
    On,
    Off,
}

/// A database file of one test.
pub struct SqliteDatabase {
    folder: TempDir,
}

impl SqliteDatabase {
    /// A fresh, empty database for the case of this name, which thereby counts as executed.
    pub fn create(case: &str) -> SqliteDatabase {
        let folder = tempfile::Builder::new().prefix("offprint-sqlite-").tempdir().expect("a temporary folder");
        case_log::record("sqlite", case);
        SqliteDatabase { folder }
    }

    /// Where the database is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("database.sqlite")
    }

    /// A new connection to this database by the library that the tests bundle.
    pub fn connect(&self, foreign_keys: ForeignKeys) -> Connection {
        let connection = Connection::open(self.path()).expect("the database opens");
        connection.pragma_update(None, "foreign_keys", foreign_keys == ForeignKeys::On).expect("the pragma is known");
        // The file does not outlive the test, so nobody waits for the disk.
        connection.pragma_update(None, "synchronous", "OFF").expect("the pragma is known");
        connection
    }

    /// Runs a script with the real `sqlite3 -bail` shell, whose foreign keys are off.
    pub fn shell(&self, script: &str) -> Outcome {
        let mut command = Command::new("sqlite3");
        // The shell reads a settings file from the home folder.
        command.args(["-batch", "-bail"]).arg(self.path()).env("HOME", self.folder.path());
        client::run(&mut command, script)
    }

    /// Runs a script with the real `sqlite3` shell as it is without `-bail`: it goes on after an error.
    pub fn shell_that_goes_on(&self, script: &str) -> Outcome {
        let mut command = Command::new("sqlite3");
        command.arg("-batch").arg(self.path()).env("HOME", self.folder.path());
        client::run(&mut command, script)
    }

    /// Runs a script with the bundled library. The error is the engine's message.
    pub fn execute_batch(&self, foreign_keys: ForeignKeys, script: &str) -> Result<(), String> {
        self.connect(foreign_keys).execute_batch(script).map_err(|error| error.to_string())
    }

    /// Runs a script within a transaction that is open already, and commits it if there is no error.
    pub fn execute_wrapped(&self, foreign_keys: ForeignKeys, script: &str) -> Result<(), String> {
        run_wrapped(&mut self.connect(foreign_keys), script)
    }

    /// Runs a script as Cloudflare D1 does.
    pub fn execute_hosted(&self, script: &str) -> Result<(), String> {
        run_hosted(&mut self.connect(ForeignKeys::On), script)
    }

    /// Runs SQL that has to succeed, with foreign keys off.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        if let Err(error) = self.execute_batch(ForeignKeys::Off, sql) {
            panic!("{error}\nin: {sql}");
        }
    }

    /// The rows of a query, each value as text.
    #[track_caller]
    pub fn rows(&self, query: &str) -> Vec<Row> {
        rows(&self.connect(ForeignKeys::Off), query).unwrap_or_else(|error| panic!("{error}\nin: {query}"))
    }
}

/// Runs a script within a transaction, and commits it if there is no error. The error is the engine's message.
pub fn run_wrapped(connection: &mut Connection, script: &str) -> Result<(), String> {
    let wrapped = |connection: &mut Connection| {
        let transaction = connection.transaction()?;
        transaction.execute_batch(script)?;
        transaction.commit()
    };
    wrapped(connection).map_err(|error| error.to_string())
}

/// Runs a script as Cloudflare D1 does: in a transaction that SQL cannot touch, with foreign keys on, and with little more
/// allowed than tables.
pub fn run_hosted(connection: &mut Connection, script: &str) -> Result<(), String> {
    let hosted = |connection: &mut Connection| {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.execute_batch("BEGIN")?;
        connection.authorizer(Some(as_a_service))?;
        let result = connection.execute_batch(script);
        connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        let result = result.and_then(|()| connection.execute_batch("COMMIT"));
        if result.is_err() {
            connection.execute_batch("ROLLBACK")?;
        }
        result
    };
    hosted(connection).map_err(|error: rusqlite::Error| error.to_string())
}

/// What Cloudflare D1 lets a script do. (It ignores `PRAGMA foreign_keys` as SQLite does within a transaction.)
fn as_a_service(context: AuthContext<'_>) -> Authorization {
    let allowed_pragmas = [
        "defer_foreign_keys",
        "foreign_key_check",
        "foreign_key_list",
        "foreign_keys",
        "index_info",
        "index_list",
        "index_xinfo",
        "legacy_alter_table",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    ];
    let allowed = match context.action {
        AuthAction::Pragma { pragma_name, .. } => allowed_pragmas.contains(&pragma_name),
        AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. } => false,
        _ => true,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}

/// The rows of a query, each value as text; none is NULL, and a blob is written as its literal.
pub fn rows(connection: &Connection, query: &str) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare(query)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|index| Ok(text(row.get_ref(index)?))).collect())?;
    rows.collect()
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(format!("{number:?}")),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => {
            Some(format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
        }
    }
}

/// Whether the `sqlite3` shell is there. Without it the case is skipped, and standard error says so; with
/// `OFFPRINT_REQUIRE_SQLITE=1` that fails instead.
pub fn shell_is_installed(case: &str) -> bool {
    if client::is_installed("sqlite3") {
        return true;
    }
    let required = env::var_os(SHELL_REQUIRED).is_some_and(|value| !value.is_empty() && value != "0");
    assert!(!required, "{SHELL_REQUIRED} is set, but the sqlite3 shell is not installed");
    eprintln!("skipped in the sqlite3 shell, since it is not installed: {case}");
    false
}
