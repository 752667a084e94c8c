//! Rows: insert, update, delete.

use std::sync::Arc;

use ecow::EcoString;

use super::super::clauses;
use super::super::literal::literal;
use super::super::quote::{identifier, identifiers};
use super::super::statement;
use super::{Lowering, Result, table_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Column, Delete, Generation, Insert, Literal, RowFilter, Schema, Table, Update};
use crate::source::Located;

/// A statement has at most this many rows …
const MOST_ROWS: usize = 500;
/// … and at most about this many bytes of them.
const MOST_BYTES: usize = 50_000;

impl Lowering<'_> {
    pub(super) fn insert(&mut self, insert: &Insert, schema: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let table = table_of(schema, &insert.table, cause)?;
        let rows = self.rows(table, &insert.columns, &insert.rows, cause)?;
        let insists = insert.columns.iter().filter_map(|name| table.column(name)).any(is_always_numbered);
        let overriding = if insists { " OVERRIDING SYSTEM VALUE" } else { "" };
        for rows in chunks(rows) {
            let columns = identifiers(&insert.columns);
            self.push(cause, statement::Insert { table: self.names.of(&table.name), columns, overriding, rows });
        }
        for name in &insert.columns {
            if column_of(table, name, cause)?.identity.is_some() {
                self.move_sequence(&table.name, name, cause);
            }
        }
        Ok(())
    }

    pub(super) fn update(&mut self, update: &Update, schema: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let table = table_of(schema, &update.table, cause)?;
        let mut assignments = Vec::with_capacity(update.assignments.len());
        for (name, value) in &update.assignments {
            let column = column_of(table, name, cause)?;
            if is_always_numbered(column) {
                return Err(Box::new(
                    Diagnostic::new(
                        Code::NotInDialect,
                        format!("`{}.{name}` is always numbered by the database", table.name),
                    )
                    .at(value.origin, "sets another number")
                    .help("allow it first: `.add_identity()` in `op.alter_column(…)` takes numbers of rows"),
                ));
            }
            let value = self.value(value, column)?;
            assignments.push(format!("{} = {value}", identifier(name)));
        }
        let filter = update.filter.as_ref().map(|text| clauses::condition(text)).transpose();
        let filter = self.in_words(filter, cause)?;
        self.push(cause, statement::Update { table: self.names.of(&table.name), assignments, filter });
        Ok(())
    }

    pub(super) fn delete(&mut self, delete: &Delete, schema: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let table = table_of(schema, &delete.table, cause)?;
        let full = self.names.of(&table.name);
        match &delete.filter {
            RowFilter::All => self.push(cause, statement::Delete { table: full, filter: None }),
            RowFilter::Condition(text) => {
                let filter = Some(self.in_words(clauses::condition(text), cause)?);
                self.push(cause, statement::Delete { table: full, filter });
            }
            RowFilter::Keys { columns, rows } => {
                let (mut names, mut keys) = (identifiers(columns), self.rows(table, columns, rows, cause)?);
                if columns.len() > 1 {
                    names = format!("({names})");
                    keys.iter_mut().for_each(|key| *key = format!("({key})"));
                }
                for keys in chunks(keys) {
                    self.push(cause, statement::DeleteByKeys { table: full.clone(), columns: names.clone(), keys });
                }
            }
        }
        Ok(())
    }

    /// The values of rows, each as one of its column's type, with commas.
    fn rows(
        &self,
        table: &Table,
        columns: &[EcoString],
        rows: &[Vec<Located<Literal>>],
        cause: &Cause,
    ) -> Result<Vec<String>> {
        let columns: Vec<&Column> = columns.iter().map(|name| column_of(table, name, cause)).collect::<Result<_>>()?;
        let row = |values: &Vec<Located<Literal>>| {
            let values = values.iter().zip(&columns).map(|(value, column)| self.value(value, column));
            values.collect::<Result<Vec<String>>>().map(|values| values.join(", "))
        };
        rows.iter().map(row).collect()
    }

    /// A value as one of its column's type.
    fn value(&self, value: &Located<Literal>, column: &Column) -> Result<String> {
        literal(value, &column.column_type, self.names).map_err(|problem| {
            let message = format!("a value of `{}` does not fit: {problem}", column.name);
            Box::new(
                Diagnostic::new(Code::InvalidValue, message)
                    .at(value.origin, format!("for a column of type `{}`", column.column_type))
                    .help("write a value that the type can hold, or one complete SQL expression"),
            )
        })
    }
}

/// Whether the server refuses numbers that rows bring.
fn is_always_numbered(column: &Column) -> bool {
    column.identity.as_ref().is_some_and(|identity| identity.generation == Generation::Always)
}

/// Rows in runs that make statements of a bearable size.
fn chunks(rows: Vec<String>) -> Vec<Vec<String>> {
    let mut chunks: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < MOST_ROWS && bytes + row.len() <= MOST_BYTES => {
                bytes += row.len();
                chunk.push(row);
            }
            _ => {
                bytes = row.len();
                chunks.push(vec![row]);
            }
        }
    }
    chunks
}

fn column_of<'t>(table: &'t Table, name: &str, cause: &Cause) -> Result<&'t Column> {
    table.column(name).ok_or_else(|| {
        Box::new(
            Diagnostic::new(Code::UnknownColumn, format!("table `{}` has no column `{name}`", table.name))
                .at(cause.origin, "in this operation")
                .help("add the column first"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chunked_by_number_and_size() {
        assert_eq!(chunks(vec!["x".into(); 1001]).iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 1]);
        assert_eq!(chunks(vec!["x".repeat(30_000); 3]).len(), 3);
        assert!(chunks(Vec::new()).is_empty());
    }
}
