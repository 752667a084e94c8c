//! Builds a table anew where SQLite cannot change it in place, and keeps every row, row number and sequence.

use ecow::EcoString;

use super::definition::{create_index, create_table, is_rowid_alias, rowid_name};
use super::guard::{Message, refuse};
use super::quote;
use super::rows::{Rows, Values};
use super::statement::{CarrySequence, CopyRows, CreateTrigger, ReplaceTable, Statement};
use crate::diagnostic::Diagnostic;
use crate::schema::{Schema, Table};

/// The statements that put a table with the new definition in the place of the old one.
///
/// Foreign keys must be off outside of the transaction: else dropping the old table would delete or change the rows of
/// others that refer to it.
///
/// # Errors
///
/// SQLite cannot hold the new table.
pub fn rebuild(rows: &Rows<'_>, temporary: &str, schema: &Schema) -> Result<Vec<Statement>, Box<Diagnostic>> {
    let (old, new) = (rows.old, rows.new);
    let mut statements = vec![create_table(new, temporary, schema)?];
    statements.push(copy_rows(rows, temporary, schema));
    statements.push(same_count(old, temporary));
    let numbers = |table: &Table| table.columns.iter().any(|column| column.identity.is_some());
    if numbers(old) && numbers(new) {
        statements.push(CarrySequence { from: quote::text(&old.name), to: quote::text(temporary) }.into());
    }
    statements.push(ReplaceTable { from: quote::name(temporary), to: quote::name(&new.name) }.into());
    statements.extend(parts(new, schema)?);
    Ok(statements)
}

/// The indexes and triggers of a table that was just built.
///
/// # Errors
///
/// SQLite does not have a collation of an index.
pub fn parts(table: &Table, schema: &Schema) -> Result<Vec<Statement>, Box<Diagnostic>> {
    let mut statements = Vec::new();
    for index in &table.indexes {
        statements.push(create_index(index, &table.name)?);
    }
    for trigger in schema.triggers().filter(|trigger| trigger.table == table.name) {
        statements.push(create_trigger(&trigger.name, &trigger.definition));
    }
    Ok(statements)
}

/// The statement that creates a trigger.
pub fn create_trigger(name: &str, definition: &str) -> Statement {
    CreateTrigger { name: quote::name(name), definition: quote::unterminated(definition).into() }.into()
}

fn copy_rows(rows: &Rows<'_>, temporary: &str, schema: &Schema) -> Statement {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    if let Some(rowid) = carried_rowid(rows, schema) {
        columns.push(rowid.to_owned());
        values.push(format!("{}.{rowid}", quote::name(&rows.old.name)));
    }
    for column in rows.columns() {
        if column.values != Values::Generated && !is_generated(rows.new, &column.name) {
            columns.push(quote::name(&column.name));
            values.push(column.laid_out.clone());
        }
    }
    CopyRows { to: quote::name(temporary), columns, values, from: quote::name(&rows.old.name) }.into()
}

fn is_generated(table: &Table, column: &EcoString) -> bool {
    table.column(column).is_some_and(|column| column.generated.is_some())
}

/// The name of the row number, where the new table numbers its rows by itself and would number them anew.
fn carried_rowid(rows: &Rows<'_>, schema: &Schema) -> Option<&'static str> {
    let has_alias = rows.new.columns.iter().any(|column| is_rowid_alias(rows.new, column, schema));
    if rows.old.without_rowid || rows.new.without_rowid || has_alias {
        return None;
    }
    rowid_name([rows.old, rows.new])
}

fn same_count(old: &Table, temporary: &str) -> Statement {
    let count = |name: &str| format!("(SELECT count(*) FROM {})", quote::name(name));
    let source = format!(
        "(\n    SELECT\n        {} AS \"old\",\n        {} AS \"new\"\n) AS \"rows\"",
        count(&old.name),
        count(temporary)
    );
    let message = Message::new(format!("of the rows of `{}`, which are ", old.name))
        .value("\"rows\".\"old\"")
        .words(", this many were copied: ")
        .value("\"rows\".\"new\"");
    refuse(message, source, "\"rows\".\"old\" <> \"rows\".\"new\"")
}
