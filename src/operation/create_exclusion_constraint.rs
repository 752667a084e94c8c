//! Create an exclusion constraint.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, IndexColumn, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Deferrability, Editor, Sql};
use crate::source::{Name, joined};

/// Adds an exclusion constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateExclusionConstraint {
    table: Name,
    constraint: ConstraintDefinition,
}

operation! {
    /// Adds an exclusion constraint to a table: no two rows for which all of the operators are true. Only Postgres has
    /// them, so SQLite refuses.
    ///
    /// `op.postgres().create_exclusion_constraint("booking", [("room", "="), ("during", "&&")]).method("gist");`
    fn create_exclusion_constraint(table: Name, elements: Vec<(IndexColumn, Name)>) -> CreateExclusionConstraint {
        CreateExclusionConstraint { constraint: ConstraintDefinition::new(RuleDefinition::exclusion(elements), table.origin), table }
    }

    /// The access method of the index behind it, such as `gist`.
    fn method(this @ _, name: Sql) { this.constraint.rule.method(name) }

    /// Only the rows for which this SQL condition is true exclude each other.
    fn filter(this @ _, condition: Sql) { this.constraint.rule.filter(condition) }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }

    /// Lets a transaction defer the constraint.
    fn deferrable(this @ _) { this.constraint.deferrability = Deferrability::InitiallyImmediate }

    /// Looks at the constraint at the end of the transaction.
    fn initially_deferred(this @ _) { this.constraint.deferrability = Deferrability::InitiallyDeferred }
}

impl CreateExclusionConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let constraint = self.constraint.resolve(&table, editor)?;
        editor.add_constraint(&self.table, constraint)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_exclusion_constraint ", &self.table])
    }
}
