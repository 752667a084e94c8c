//! A view that cannot be read, anywhere in the database, keeps SQLite from altering tables.

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::quote;
use super::statement::Statement;
use crate::schema::Schema;

/// Whether SQLite reads every view of the database for the statement, and refuses it where it cannot.
pub fn all_are_read_for(statement: &Statement) -> bool {
    matches!(statement, Statement::RenameTable(_) | Statement::RenameColumn(_) | Statement::DropColumn(_))
}

/// Refuses when a view cannot be read.
///
/// A view that SQLite cannot read has no columns in its list of tables. It gives up at the first one, and the views that
/// it has not come to have none either; so those that no revision knows are named, unless there are none among them. A
/// virtual table whose module the client lacks has no columns, and then nothing can be told of the views.
pub fn all_can_be_read(schema: &Schema) -> Statement {
    let known: Vec<&EcoString> = schema.views().map(|view| &view.name).collect();
    let found = format!(
        "(
    SELECT coalesce(
        group_concat('`' || \"name\" || '`', ', ') FILTER (WHERE \"name\" COLLATE NOCASE NOT IN ({})),
        group_concat('`' || \"name\" || '`', ', ')
    ) AS \"views\"
    FROM pragma_table_list
    WHERE \"schema\" IN ('main', 'temp')
        AND \"type\" = 'view'
        AND \"ncol\" = 0
        AND NOT EXISTS (SELECT 1 FROM pragma_table_list WHERE \"type\" <> 'view' AND \"ncol\" = 0)
) AS \"found\"",
        quote::texts(known)
    );
    let message = Message::new(
        "a view of the database cannot be read, and SQLite alters no table until it is dropped or mended: ",
    )
    .value("\"found\".\"views\"");
    refuse(message, found, "\"found\".\"views\" IS NOT NULL")
}
