//! Who runs a script, and how.

use offprint::applier::{Applier, Target};
use offprint::dialect::{Delivery, ForeignKeys};
use rusqlite::Connection;

/// An applier's way with a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The script opens its transaction, in a client whose foreign keys are off.
    OwnOff,
    /// The same in a client whose foreign keys are on.
    OwnOn,
}

impl Mode {
    pub const ALL: [Mode; 2] = [Mode::OwnOff, Mode::OwnOn];

    pub fn name(self) -> &'static str {
        match self {
            Mode::OwnOff => "own, foreign keys off",
            Mode::OwnOn => "own, foreign keys on",
        }
    }

    /// What the scripts are written for.
    pub fn target(self) -> Target {
        let delivery = Delivery::Own { foreign_keys: self.declared() };
        Target { name: "matrix".into(), applier: Applier::Sqlite3, folder: "out".into(), delivery }
    }

    fn declared(self) -> ForeignKeys {
        match self {
            Mode::OwnOff => ForeignKeys::Off,
            Mode::OwnOn => ForeignKeys::On,
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
        let on = self.declared() == ForeignKeys::On;
        connection.pragma_update(None, "foreign_keys", on).expect("the pragma is known");
    }

    /// Runs a script as this applier does.
    pub fn run(self, connection: &Connection, script: &str) -> Result<(), String> {
        match self {
            Mode::OwnOff | Mode::OwnOn => connection.execute_batch(script).map_err(|error| error.to_string()),
        }
    }
}
