//! Drop an index.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops an index.
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    name: Name,
}

operation! {
    /// Drops an index.
    ///
    /// `op.drop_index("ix_job_status");`
    fn drop_index(name: Name) -> DropIndex {
        DropIndex { name }
    }
}

impl DropIndex {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_index(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_index ", &self.name])
    }
}
