//! Create a foreign key.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Action, Deferrability, Editor, Validity};
use crate::source::{Located, Name, joined};

/// Adds a foreign key to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateForeignKey {
    table: Name,
    constraint: ConstraintDefinition,
}

operation! {
    /// Adds a foreign key to a table.
    ///
    /// `op.create_foreign_key("job_event", ["job_id"], "job", ["id"]).on_delete(Cascade);`
    fn create_foreign_key(table: Name, columns: Vec<Name>, referred_table: Name, referred_columns: Vec<Name>) -> CreateForeignKey {
        CreateForeignKey { constraint: ConstraintDefinition::new(RuleDefinition::foreign_key(columns, referred_table, referred_columns), table.origin), table }
    }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }

    /// Leaves the rows that are there unchecked, so that nobody waits on Postgres, until `validate_constraint`. SQLite
    /// checks them at once and says so in a comment.
    fn not_valid(this @ _) { this.constraint.validity = Validity::NotValid }

    /// What deleting a row does to the rows that refer to it.
    fn on_delete(this @ _, action: Located<Action>) { this.constraint.rule.on_delete(action) }

    /// What changing a key does to the rows that refer to it.
    fn on_update(this @ _, action: Located<Action>) { this.constraint.rule.on_update(action) }

    /// Lets a transaction defer the check.
    fn deferrable(this @ _) { this.constraint.deferrability = Deferrability::InitiallyImmediate }

    /// Checks at the end of the transaction.
    fn initially_deferred(this @ _) { this.constraint.deferrability = Deferrability::InitiallyDeferred }
}

impl CreateForeignKey {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let constraint = self.constraint.resolve(&table, editor)?;
        editor.add_constraint(&self.table, constraint)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_foreign_key ", &self.table])
    }
}
