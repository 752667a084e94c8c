//! Insert rows.

use ecow::EcoString;

use super::definition::names;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::{Row, operation};
use crate::schema::{self, Editor, Table};
use crate::source::{Located, Name, joined};

/// Inserts rows that are written out.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    table: Name,
    columns: Vec<Name>,
    rows: Vec<Row>,
}

operation! {
    /// Inserts rows. The way back deletes them by their keys.
    ///
    /// `op.insert("user", ["id", "email"]).row((1, "demo@example.com")).row((2, null()));`
    fn insert(table: Name, columns: Vec<Name>) -> Insert {
        Insert { table, columns, rows: Vec::new() }
    }

    /// Adds a row, with a value for each column in their order.
    fn row(insert @ _, values: Row) { insert.rows.push(values) }

    /// Adds rows: `.rows([(1, "a"), (2, "b")])`. All have values of the same kinds in the same places.
    fn rows(insert @ _, rows: Vec<Row>) { insert.rows.extend(rows) }
}

impl Insert {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let columns = names(&self.columns, &table, self.table.origin, editor)?;
        self.check_generated(&table, &columns)?;
        if self.rows.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, "no row is inserted")
                    .at(self.table.origin, "needs a row")
                    .help("add one: `.row((1, \"x\"))`"),
            ));
        }
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            rows.push(self.resolve_row(row, &table, &columns, editor)?);
        }
        editor.insert(schema::Insert { table: table.name.clone(), columns, rows });
        Ok(())
    }

    fn check_generated(&self, table: &Table, columns: &[EcoString]) -> Result<()> {
        for (name, given) in columns.iter().zip(&self.columns) {
            if table.column(name).is_some_and(|column| column.generated.is_some()) {
                return Err(Box::new(
                    Diagnostic::new(Code::InvalidValue, format!("column `{name}` is generated"))
                        .at(given.origin, "the database computes it")
                        .help("leave the column out"),
                ));
            }
        }
        Ok(())
    }

    fn resolve_row(
        &self,
        row: &Row,
        table: &Table,
        columns: &[EcoString],
        editor: &Editor<'_>,
    ) -> Result<Vec<Located<schema::Literal>>> {
        if row.0.len() != columns.len() {
            let origin = row.0.first().map_or(self.table.origin, |value| value.origin);
            let message = format!("the row has {} values for {} columns", row.0.len(), columns.len());
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, message)
                    .at(origin, "this row")
                    .help("give each column a value; `null()` is one"),
            ));
        }
        let mut values = Vec::with_capacity(row.0.len());
        for (name, value) in columns.iter().zip(&row.0) {
            let literal = editor.value(value)?;
            if let Some(column) = table.column(name) {
                editor.check_enum_value(&column.column_type, &literal, value.origin)?;
                if column.is_not_null() && literal == schema::Literal::Null {
                    return Err(Box::new(
                        Diagnostic::new(Code::InvalidValue, format!("column `{name}` must not be NULL"))
                            .at(value.origin, "NULL is refused by the column")
                            .help("give it a value"),
                    ));
                }
            }
            values.push(Located::new(literal, value.origin));
        }
        Ok(values)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["insert ", &self.table])
    }
}
