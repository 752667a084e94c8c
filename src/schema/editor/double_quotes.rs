//! Names in double quotes that no column has: SQLite takes them for strings, without a word.

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::Reading;
use crate::schema::{Dialect, Literal, Sql, Table, Value};
use crate::source::{Located, Name};

impl Editor<'_> {
    /// The text of an expression over the rows of a table, which may still be in the making.
    ///
    /// # Errors
    ///
    /// It cannot stand in a statement, or SQLite would take a name in it for a string.
    pub fn row_expression(&self, sql: &Sql, table: &Table) -> Result<Name> {
        let text = self.expression(sql)?;
        let read = || Reading::of_expression(&text, table, &self.schema, self.dialect);
        self.check_double_quotes(&text, Some(table), read)?;
        Ok(text)
    }

    /// A value that may be computed from the row of a table.
    ///
    /// # Errors
    ///
    /// As of [`Editor::value`] and [`Editor::row_expression`].
    pub fn row_value(&self, value: &Located<Value>, table: &Table) -> Result<Literal> {
        self.resolved(value, |sql| self.row_expression(sql, table))
    }

    /// Refuses a name in double quotes that surely is no column. `own` is the table whose row the text sees.
    ///
    /// Where the columns of a source are not known, or the text is not understood, nothing is sure, and it passes.
    pub(super) fn check_double_quotes(
        &self,
        text: &Name,
        own: Option<&Table>,
        read: impl FnOnce() -> Reading,
    ) -> Result<()> {
        if self.dialect != Dialect::Sqlite || !text.contains('"') {
            return Ok(());
        }
        let reading = read();
        let Some(found) = reading.double_quoted_texts().next() else { return Ok(()) };
        let quoted = &text[found.range.clone()];
        let searched = found.searched.iter().filter_map(|name| self.schema.table(name)).map(AsRef::as_ref);
        let columns = own.into_iter().chain(searched).flat_map(|table| &table.columns);
        let message = format!("`{quoted}` stands in double quotes, and no column has this name");
        let string = found.string.replace("'", "''");
        Err(Box::new(
            Diagnostic::new(Code::DoubleQuotedText, message)
                .at(text.origin, "SQLite would take it for a string")
                .did_you_mean(found.string, columns.map(|column| column.name.as_str()))
                .help(format!("write '{string}' in single quotes for a string, or the name of a column")),
        ))
    }
}
