//! Rename a table.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::Name;

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
        eco_format!("rename_table {} to {}", self.from, self.to)
    }
}
