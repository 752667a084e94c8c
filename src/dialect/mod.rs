//! What each dialect can say. A dialect turns transitions into a plan; it never sees an operation or a revision.

pub mod author_sql;
pub mod postgres;
pub mod sqlite;

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Plan;
use crate::schema::{Change, Dialect, Schema, Transition};

/// What a dialect needs to know to plan one revision in one direction.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The schema at which the database is.
    pub before: &'a Schema,
    /// The changes, in order. Where there are none, only the history moves on.
    pub transitions: &'a [Transition],
    /// The schema at which the database will be.
    pub after: &'a Schema,
    /// The place in the history, where Offprint keeps the history table; `None` where the applier keeps its own.
    pub history: Option<&'a HistoryStep>,
    pub settings: &'a Settings,
    pub delivery: Delivery,
}

/// How a revision moves the rows of the history table, and what they must be before.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryStep {
    /// The place where the script starts, for messages: an id, ids with commas, or `base`.
    pub from: EcoString,
    /// The place where the script ends, for messages.
    pub to: EcoString,
    pub revision: EcoString,
    pub direction: HistoryDirection,
}

/// What moves which way.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryDirection {
    /// A revision without predecessors: no row may be there but these, which belong to other roots. Then the revision
    /// is inserted. The history table is created if it is missing. Where `allowed` is empty, nothing that the revision
    /// creates may exist, and the message names `offprint stamp`.
    UpFromBase { allowed: Vec<EcoString> },
    /// Each predecessor must be present or implied, and none of `absent` (the revision itself among them) may be
    /// there. Then the rows of the predecessors are deleted and the revision is inserted.
    Up { predecessors: Vec<Relative>, absent: Vec<EcoString> },
    /// The revision must be present. Then it is deleted, and each predecessor is inserted that is not implied.
    Down { predecessors: Vec<Relative> },
}

/// A revision next to another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Relative {
    pub id: EcoString,
    /// Revisions whose presence in the history table means that this one is applied too. Empty outside of branches.
    pub implied_by: Vec<EcoString>,
}

/// What the project says about its databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The oldest major version of Postgres that the SQL must run on.
    pub postgres_version: u32,
    /// The schema of Postgres that the objects live in.
    pub postgres_schema: EcoString,
    /// How long a script of Postgres waits.
    pub timeouts: Timeouts,
    /// The oldest version of SQLite that the SQL must run on, as major and minor.
    pub sqlite_version: (u32, u32),
    pub history_table: EcoString,
    /// The schema of Postgres that the history table lives in.
    pub history_schema: EcoString,
}

/// How long a script of Postgres waits, in words such as `5s`. Without one, as long as the session says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// For one lock.
    pub lock: Option<EcoString>,
    /// For one statement of a transaction; what stands alone may take as long as it needs.
    pub statement: Option<EcoString>,
}

impl Timeouts {
    /// These, and the other ones where they say nothing.
    pub fn or(&self, other: &Timeouts) -> Timeouts {
        Timeouts {
            lock: self.lock.as_ref().or(other.lock.as_ref()).cloned(),
            statement: self.statement.as_ref().or(other.statement.as_ref()).cloned(),
        }
    }
}

impl Settings {
    /// Refuses a change that would take the name of the history table.
    fn check_history_table(&self, dialect: Dialect, transitions: &[Transition]) -> Result<(), Vec<Diagnostic>> {
        if dialect == Dialect::Postgres && self.history_schema != self.postgres_schema {
            return Ok(());
        }
        let takes_name = |transition: &&Transition| match &transition.change {
            Change::CreateTable(table) => table.name.eq_ignore_ascii_case(&self.history_table),
            Change::CreateView(view) => view.name.eq_ignore_ascii_case(&self.history_table),
            Change::RenameTable { to, .. } => to.eq_ignore_ascii_case(&self.history_table),
            _ => false,
        };
        match transitions.iter().find(takes_name) {
            None => Ok(()),
            Some(Transition { cause, .. }) => {
                let message = format!("`{}` is the table that records which revisions are applied", self.history_table);
                let mistake = Diagnostic::new(Code::AlreadyExists, message)
                    .at(cause.origin, "would take its name")
                    .help("leave it out: the scripts make it; or name another table in `[history]` of `offprint.toml`");
                Err(vec![mistake])
            }
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            postgres_version: 15,
            postgres_schema: "public".into(),
            timeouts: Timeouts::default(),
            sqlite_version: (3, 40),
            history_table: "alembic_version".into(),
            history_schema: "public".into(),
        }
    }
}

/// Who opens the transaction that the script runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The script itself.
    Own {
        /// Whether foreign keys are enforced in the client that runs it. Only SQLite has clients that differ.
        foreign_keys: ForeignKeys,
    },
    /// The applier, around each file; every segment is a file. Foreign keys may be on or off.
    Wrapped,
    /// A service that runs each file in a transaction which no SQL can see, with foreign keys on for good, and without
    /// temporary tables, as Cloudflare D1 does. Only SQLite has such services.
    Hosted,
}

impl Delivery {
    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Delivery::Own { .. } => "own",
            Delivery::Wrapped => "wrapped",
            Delivery::Hosted => "hosted",
        }
    }
}

/// Whether a client of SQLite enforces foreign keys when it opens a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForeignKeys {
    On,
    /// As in the `sqlite3` shell and in Python.
    #[default]
    Off,
}

/// Plans one revision in one direction.
///
/// # Errors
///
/// The dialect cannot make a change exactly; the diagnostics point at the author's words.
pub fn plan(dialect: Dialect, request: &Request<'_>) -> Result<Plan, Vec<Diagnostic>> {
    if request.history.is_some() {
        request.settings.check_history_table(dialect, request.transitions)?;
    }
    match dialect {
        Dialect::Postgres => postgres::plan(request),
        Dialect::Sqlite => sqlite::plan(request),
    }
}

/// The SQL that creates a whole schema, in an order in which every object finds what it needs.
///
/// # Errors
///
/// The dialect cannot hold a part of the schema.
pub fn schema_sql(dialect: Dialect, schema: &Schema, settings: &Settings) -> Result<Vec<String>, Vec<Diagnostic>> {
    match dialect {
        Dialect::Postgres => postgres::schema_sql(schema, settings),
        Dialect::Sqlite => sqlite::schema_sql(schema, settings),
    }
}

/// The SQL that records that a database is at these revisions, for a database that has its tables already.
pub fn stamp_sql(dialect: Dialect, heads: &[EcoString], settings: &Settings, delivery: Delivery) -> String {
    match dialect {
        Dialect::Postgres => postgres::stamp_sql(heads, settings, delivery),
        Dialect::Sqlite => sqlite::stamp_sql(heads, settings, delivery),
    }
}
