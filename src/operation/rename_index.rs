//! Rename an index.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives an index another name.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameIndex {
    from: Name,
    to: Name,
}

operation! {
    /// Gives an index another name.
    ///
    /// `op.rename_index("job_status", "ix_job_status");`
    fn rename_index(from: Name, to: Name) -> RenameIndex {
        RenameIndex { from, to }
    }
}

impl RenameIndex {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_index(&self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_index ", &self.from, " to ", &self.to])
    }
}
