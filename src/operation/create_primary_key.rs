//! Create a primary key.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Deferrability, Editor, Online};
use crate::source::{Name, joined};

/// Adds the primary key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePrimaryKey {
    table: Name,
    constraint: ConstraintDefinition,
    pub(super) online: Online,
}

operation! {
    /// Adds the primary key of a table.
    ///
    /// `op.create_primary_key("episode_availability", ["episode_id", "site"]);`
    fn create_primary_key(table: Name, columns: Vec<Name>) -> CreatePrimaryKey {
        CreatePrimaryKey { constraint: ConstraintDefinition::new(RuleDefinition::PrimaryKey(columns), table.origin), table, online: Online::No }
    }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }

    /// Lets a transaction defer the constraint, on Postgres. SQLite defers nothing but foreign keys.
    fn deferrable(this @ _) { this.constraint.deferrability = Deferrability::InitiallyImmediate }

    /// Looks at the constraint at the end of the transaction, on Postgres. SQLite defers nothing but foreign keys.
    fn initially_deferred(this @ _) { this.constraint.deferrability = Deferrability::InitiallyDeferred }

    /// Builds the index of the constraint while others read and write the table, before the transaction of the revision.
    /// Postgres only: SQLite locks the database anyway and says so in a comment.
    fn concurrently(this @ _) { this.online = Online::Demanded }
}

impl CreatePrimaryKey {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let constraint = self.constraint.resolve(&table, editor)?;
        editor.add_constraint(&self.table, constraint)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_primary_key ", &self.table])
    }
}
