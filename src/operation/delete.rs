//! Delete rows.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{self, Editor, RowFilter, Sql};
use crate::source::{Name, joined};

/// Deletes rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    table: Name,
    filter: Option<Sql>,
}

operation! {
    /// Deletes rows: all, unless `.filter("…")` follows. The way back has to be written.
    ///
    /// `op.delete("job").filter("status = 'stale'");`
    fn delete(table: Name) -> Delete {
        Delete { table, filter: None }
    }

    /// Only the rows for which this SQL condition is true.
    fn filter(delete @ _, condition: Sql) { delete.filter = Some(condition) }
}

impl Delete {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let filter = match &self.filter {
            Some(sql) => RowFilter::Condition(editor.row_expression(sql, &table)?.value),
            None => RowFilter::All,
        };
        editor.delete(schema::Delete { table: table.name.clone(), filter });
        Ok(())
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["delete ", &self.table])
    }
}
