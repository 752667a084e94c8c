//! A client that renames tables as SQLite did before 3.26.
//!
//! Its views, triggers and references of other tables go on naming what is no longer there, and nothing says so.

use super::guard::{Message, refuse};
use super::statement::Statement;

/// Whether SQLite looks after views and triggers at this statement, but for such a client.
pub fn changes(statement: &Statement) -> bool {
    matches!(statement, Statement::RenameTable(_) | Statement::RenameColumn(_) | Statement::DropColumn(_))
}

/// Refuses when the client has switched on `legacy_alter_table`. SQL cannot restore a setting that it finds.
pub fn is_off() -> Statement {
    let message = Message::new(
        "the client renames tables in the old way, which leaves behind what names them; switch that off (legacy_alter_table = ",
    )
    .value("\"client\".\"legacy_alter_table\"")
    .words(")");
    refuse(message, "pragma_legacy_alter_table AS \"client\"", "\"client\".\"legacy_alter_table\" <> 0")
}
