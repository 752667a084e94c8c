//! Add a column.

use ecow::EcoString;

use super::definition::ColumnDefinition;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Adds a column to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddColumn {
    table: Name,
    column: Name,
    definition: ColumnDefinition,
}

operation! {
    /// Adds a column to a table, behind the others.
    ///
    /// `op.add_column("job", "attempts", integer().not_null().default(0));`
    fn add_column(table: Name, column: Name, definition: ColumnDefinition) -> AddColumn {
        AddColumn { table, column, definition }
    }
}

impl AddColumn {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let column = self.definition.resolve(&self.column, editor)?;
        self.definition.check_generated(&table, editor)?;
        editor.add_column(&self.table, column)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["add_column ", &self.table, ".", &self.column])
    }
}
