//! Validate a constraint.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Checks the rows that were there before a constraint was added with `.not_valid()`.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidateConstraint {
    table: Name,
    name: Name,
}

operation! {
    /// Checks the rows that were there before a check or a foreign key was added with `.not_valid()`. On Postgres others
    /// go on reading and writing meanwhile. SQLite has checked them when it was added, and says so in a comment.
    ///
    /// `op.validate_constraint("job", "ck_job_positive_attempts");`
    fn validate_constraint(table: Name, name: Name) -> ValidateConstraint {
        ValidateConstraint { table, name }
    }
}

impl ValidateConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.validate_constraint(&self.table, &self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["validate_constraint ", &self.table, ".", &self.name])
    }
}
