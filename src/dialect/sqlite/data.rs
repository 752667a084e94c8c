//! Statements that change rows.

use ecow::EcoString;

use super::literal::{check, literal};
use super::quote;
use super::statement::{self, Statement};
use super::types::{self, Held};
use crate::diagnostic::Diagnostic;
use crate::schema::{Delete, Insert, Literal, RowFilter, Schema, Table, Update};
use crate::source::Located;

/// The limits of one statement; every client takes so much.
const MOST_ROWS: usize = 500;
const MOST_BYTES: usize = 48_000;

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// New rows, one a line, in as many statements as they need.
///
/// # Errors
///
/// SQLite cannot hold a column.
pub fn insert(insert: &Insert, table: &Table, schema: &Schema) -> Result<Vec<Statement>> {
    let held = hold_all(&insert.columns, table, schema)?;
    let statement = |rows| {
        let (table, columns) = (quote::name(&insert.table), quote::names(&insert.columns));
        statement::Insert { table, columns, rows }.into()
    };
    for row in &insert.rows {
        row.iter().zip(&held).try_for_each(|(value, held)| check_at(value, held))?;
    }
    Ok(chunks(insert.rows.iter().map(|row| row_text(row, &held))).map(statement).collect())
}

/// New values for rows.
///
/// # Errors
///
/// SQLite cannot hold a column.
pub fn update(update: &Update, table: &Table, schema: &Schema) -> Result<Statement> {
    let mut assignments = Vec::with_capacity(update.assignments.len());
    for (column, value) in &update.assignments {
        let held = hold(column, table, schema)?;
        check_at(value, &held)?;
        assignments.push(format!("{} = {}", quote::name(column), literal(value, &held)));
    }
    let filter = update.filter.as_deref().map(quote::trailing);
    Ok(statement::Update { table: quote::name(&update.table), assignments, filter }.into())
}

/// Rows to delete.
///
/// # Errors
///
/// SQLite cannot hold a column.
pub fn delete(delete: &Delete, table: &Table, schema: &Schema) -> Result<Vec<Statement>> {
    let name = quote::name(&delete.table);
    Ok(match &delete.filter {
        RowFilter::All => vec![statement::Delete { table: name, filter: None }.into()],
        RowFilter::Condition(condition) => {
            vec![statement::Delete { table: name, filter: Some(quote::trailing(condition)) }.into()]
        }
        RowFilter::Keys { columns, rows } => {
            let held = hold_all(columns, table, schema)?;
            let statement = |keys| {
                let (table, several) = (name.clone(), columns.len() > 1);
                statement::DeleteKeys { table, columns: quote::names(columns), several, keys }.into()
            };
            chunks(rows.iter().map(|row| row_text(row, &held))).map(statement).collect()
        }
    })
}

fn hold(column: &EcoString, table: &Table, schema: &Schema) -> Result<Held> {
    match table.column(column) {
        Some(column) => types::hold(&column.column_type, table, schema),
        None => unreachable!("the editor has found the column"),
    }
}

fn hold_all(columns: &[EcoString], table: &Table, schema: &Schema) -> Result<Vec<Held>> {
    columns.iter().map(|column| hold(column, table, schema)).collect()
}

/// Checks a value, and shows it where the column cannot hold it.
fn check_at(value: &Located<Literal>, held: &Held) -> Result<()> {
    check(value, held).map_err(|mistake| Box::new(mistake.at(value.origin, "this value")))
}

fn row_text(row: &[Located<Literal>], held: &[Held]) -> String {
    row.iter().zip(held).map(|(value, held)| literal(value, held)).collect::<Vec<_>>().join(", ")
}

/// Rows in groups that are small enough for one statement.
fn chunks(rows: impl Iterator<Item = String>) -> impl Iterator<Item = Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        bytes += row.len() + 8;
        match all.last_mut() {
            Some(last) if last.len() < MOST_ROWS && bytes <= MOST_BYTES => last.push(row),
            _ => {
                bytes = row.len() + 8;
                all.push(vec![row]);
            }
        }
    }
    all.into_iter()
}
