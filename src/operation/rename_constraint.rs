//! Rename a constraint.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives a constraint another name.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameConstraint {
    table: Name,
    from: Name,
    to: Name,
}

operation! {
    /// Gives a constraint another name.
    ///
    /// `op.rename_constraint("job", "job_key", "uq_job_key");`
    fn rename_constraint(table: Name, from: Name, to: Name) -> RenameConstraint {
        RenameConstraint { table, from, to }
    }
}

impl RenameConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_constraint(&self.table, &self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_constraint ", &self.table, ".", &self.from, " to ", &self.to])
    }
}
