//! Rename a column.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives a column another name. Everything that names it follows, and views keep the names of their columns.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameColumn {
    table: Name,
    from: Name,
    to: Name,
}

operation! {
    /// Gives a column another name. Everything that names it follows, and views keep the names of their columns.
    ///
    /// `op.rename_column("job", "status", "state");`
    fn rename_column(table: Name, from: Name, to: Name) -> RenameColumn {
        RenameColumn { table, from, to }
    }
}

impl RenameColumn {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_column(&self.table, &self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_column ", &self.table, ".", &self.from, " to ", &self.to])
    }
}
