//! Comment on a table.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Sets the comment of a table. SQLite keeps none and says so in a comment of the SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct SetTableComment {
    table: Name,
    comment: Name,
}

operation! {
    /// Sets the comment of a table. SQLite keeps none and says so in a comment of the SQL.
    ///
    /// `op.set_table_comment("job", "One row for each job");`
    fn set_table_comment(table: Name, comment: Name) -> SetTableComment {
        SetTableComment { table, comment }
    }
}

impl SetTableComment {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let comment = editor.comment(&self.comment)?;
        editor.set_table_comment(&self.table, Some(comment))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["set_table_comment ", &self.table])
    }
}
