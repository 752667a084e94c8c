//! Who runs a script, and how.

use offprint::applier::{Applier, Target};
use offprint::dialect::{Delivery, ForeignKeys};
use rusqlite::Connection;

use super::sqlite::{run_hosted, run_wrapped};

/// An applier's way with a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The script opens its transaction, in a client whose foreign keys are off.
    OwnOff,
    /// The same in a client whose foreign keys are on.
    OwnOn,
    /// The applier opens the transaction, in a client whose foreign keys are off.
    WrappedOff,
    /// The same in a client whose foreign keys are on.
    WrappedOn,
    /// A service opens the transaction, with foreign keys on, and allows little.
    Hosted,
}

impl Mode {
    pub const ALL: [Mode; 5] = [Mode::OwnOff, Mode::OwnOn, Mode::WrappedOff, Mode::WrappedOn, Mode::Hosted];

    pub fn name(self) -> &'static str {
        match self {
            Mode::OwnOff => "own, foreign keys off",
            Mode::OwnOn => "own, foreign keys on",
            Mode::WrappedOff => "wrapped, foreign keys off",
            Mode::WrappedOn => "wrapped, foreign keys on",
            Mode::Hosted => "hosted",
        }
    }

    /// What the scripts are written for.
    pub fn target(self) -> Target {
        let delivery = match self {
            Mode::OwnOff => Delivery::Own { foreign_keys: ForeignKeys::Off },
            Mode::OwnOn => Delivery::Own { foreign_keys: ForeignKeys::On },
            Mode::WrappedOff | Mode::WrappedOn => Delivery::Wrapped,
            Mode::Hosted => Delivery::Hosted,
        };
        Target {
            name: "sqlite".into(),
            applier: Applier::Sqlite3,
            folder: "out".into(),
            delivery,
            timeouts: Default::default(),
        }
    }

    /// An empty database in memory, open in a client of this kind.
    pub fn open(self) -> Connection {
        let connection = Connection::open_in_memory().expect("a database in memory opens");
        self.set_foreign_keys(&connection);
        connection
    }

    /// Gives a connection the foreign keys of this client.
    pub fn set_foreign_keys(self, connection: &Connection) {
        connection.pragma_update(None, "foreign_keys", self.enforces_foreign_keys()).expect("the pragma is known");
    }

    /// Whether the client enforces foreign keys.
    pub fn enforces_foreign_keys(self) -> bool {
        match self {
            Mode::OwnOff | Mode::WrappedOff => false,
            Mode::OwnOn | Mode::WrappedOn | Mode::Hosted => true,
        }
    }

    /// Whether the script opens its transaction itself.
    pub fn opens_its_transaction(self) -> bool {
        matches!(self, Mode::OwnOff | Mode::OwnOn)
    }

    /// Runs a script as this applier does.
    pub fn run(self, connection: &mut Connection, script: &str) -> Result<(), String> {
        match self {
            Mode::OwnOff | Mode::OwnOn => connection.execute_batch(script).map_err(|error| error.to_string()),
            Mode::WrappedOff | Mode::WrappedOn => run_wrapped(connection, script),
            Mode::Hosted => run_hosted(connection, script),
        }
    }
}
