//! Rename an enum.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives an enum another name. Columns follow.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameEnum {
    from: Name,
    to: Name,
}

operation! {
    /// Gives an enum another name. Columns follow.
    ///
    /// `op.rename_enum("status", "job_status");`
    fn rename_enum(from: Name, to: Name) -> RenameEnum {
        RenameEnum { from, to }
    }
}

impl RenameEnum {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_enum(&self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_enum ", &self.from, " to ", &self.to])
    }
}
