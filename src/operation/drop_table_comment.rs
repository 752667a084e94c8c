//! Drop the comment of a table.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops the comment of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTableComment {
    table: Name,
}

operation! {
    /// Drops the comment of a table.
    ///
    /// `op.drop_table_comment("job");`
    fn drop_table_comment(table: Name) -> DropTableComment {
        DropTableComment { table }
    }
}

impl DropTableComment {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.set_table_comment(&self.table, None)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_table_comment ", &self.table])
    }
}
