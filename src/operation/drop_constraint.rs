//! Drop a constraint.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a constraint by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct DropConstraint {
    table: Name,
    name: Name,
}

operation! {
    /// Drops a constraint by its name.
    ///
    /// `op.drop_constraint("job", "uq_job_key");`
    fn drop_constraint(table: Name, name: Name) -> DropConstraint {
        DropConstraint { table, name }
    }
}

impl DropConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_constraint(&self.table, &self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_constraint ", &self.table, ".", &self.name])
    }
}
