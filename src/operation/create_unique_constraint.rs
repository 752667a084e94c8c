//! Create a unique constraint.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Deferrability, Editor, Online};
use crate::source::{Name, joined};

/// Adds a unique constraint to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateUniqueConstraint {
    table: Name,
    constraint: ConstraintDefinition,
    pub(super) online: Online,
}

operation! {
    /// Adds a unique constraint to a table.
    ///
    /// `op.create_unique_constraint("job", ["idempotency_key"]);`
    fn create_unique_constraint(table: Name, columns: Vec<Name>) -> CreateUniqueConstraint {
        CreateUniqueConstraint { constraint: ConstraintDefinition::new(RuleDefinition::unique(columns), table.origin), table, online: Online::No }
    }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }

    /// Takes NULL for a value like others, so that only one row may have it; on Postgres 15 and later.
    fn nulls_not_distinct(this @ _) { this.constraint.rule.nulls_not_distinct() }

    /// Lets a transaction defer the constraint, on Postgres. SQLite defers nothing but foreign keys.
    fn deferrable(this @ _) { this.constraint.deferrability = Deferrability::InitiallyImmediate }

    /// Looks at the constraint at the end of the transaction, on Postgres. SQLite defers nothing but foreign keys.
    fn initially_deferred(this @ _) { this.constraint.deferrability = Deferrability::InitiallyDeferred }

    /// Builds the index of the constraint while others read and write the table, before the transaction of the revision.
    /// Postgres only: SQLite locks the database anyway and says so in a comment.
    fn concurrently(this @ _) { this.online = Online::Demanded }
}

impl CreateUniqueConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let constraint = self.constraint.resolve(&table, editor)?;
        editor.add_constraint(&self.table, constraint)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_unique_constraint ", &self.table])
    }
}
