//! Drop a table.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a table with its rows, indexes and triggers.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTable {
    table: Name,
}

operation! {
    /// Drops a table with its rows, indexes and triggers.
    ///
    /// `op.drop_table("job");`
    fn drop_table(table: Name) -> DropTable {
        DropTable { table }
    }
}

impl DropTable {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_table(&self.table)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_table ", &self.table])
    }
}
