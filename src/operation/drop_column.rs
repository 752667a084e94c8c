//! Drop a column.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a column with its values, and the indexes and constraints of the table that name it.
#[derive(Debug, Clone, PartialEq)]
pub struct DropColumn {
    table: Name,
    column: Name,
}

operation! {
    /// Drops a column with its values, and the indexes and constraints of the table that name it.
    ///
    /// `op.drop_column("job", "attempts");`
    fn drop_column(table: Name, column: Name) -> DropColumn {
        DropColumn { table, column }
    }
}

impl DropColumn {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_column(&self.table, &self.column)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_column ", &self.table, ".", &self.column])
    }
}
