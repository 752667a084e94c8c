//! Drop a partition of a table.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a partition of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropPartition {
    name: Name,
}

operation! {
    /// Drops a partition of a table with its rows.
    ///
    /// `op.postgres().drop_partition("event_2024");`
    fn drop_partition(name: Name) -> DropPartition {
        DropPartition { name }
    }
}

impl DropPartition {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_partition(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_partition ", &self.name])
    }
}
