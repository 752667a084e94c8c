//! Rename a table.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives a table another name.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameTable {
    from: Name,
    to: Name,
}

operation! {
    /// Gives a table another name.
    ///
    /// `op.rename_table("job", "task");`
    fn rename_table(from: Name, to: Name) -> RenameTable {
        RenameTable { from, to }
    }
}

impl RenameTable {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_table(&self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_table ", &self.from, " to ", &self.to])
    }
}
