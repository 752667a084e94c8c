//! Create a check constraint.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Sql, Validity};
use crate::source::{Name, joined};

/// Adds a check to a table, with the name that the naming convention puts after the table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCheckConstraint {
    table: Name,
    constraint: ConstraintDefinition,
}

operation! {
    /// Adds a check to a table, with the name that the naming convention puts after the table.
    ///
    /// `op.create_check_constraint("job", "positive_attempts", "attempts >= 0");`
    fn create_check_constraint(table: Name, label: Name, expression: Sql) -> CreateCheckConstraint {
        CreateCheckConstraint { constraint: ConstraintDefinition::new(RuleDefinition::Check { label, expression }, table.origin), table }
    }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }

    /// Leaves the rows that are there unchecked, so that nobody waits on Postgres, until `validate_constraint`. SQLite
    /// checks them at once and says so in a comment.
    fn not_valid(this @ _) { this.constraint.validity = Validity::NotValid }
}

impl CreateCheckConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let constraint = self.constraint.resolve(&table, editor)?;
        editor.add_constraint(&self.table, constraint)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_check_constraint ", &self.table])
    }
}
