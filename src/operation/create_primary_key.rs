//! Create a primary key.

use ecow::EcoString;

use super::definition::{ConstraintDefinition, ConstraintName, RuleDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Adds the primary key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePrimaryKey {
    table: Name,
    constraint: ConstraintDefinition,
}

operation! {
    /// Adds the primary key of a table.
    ///
    /// `op.create_primary_key("episode_availability", ["episode_id", "site"]);`
    fn create_primary_key(table: Name, columns: Vec<Name>) -> CreatePrimaryKey {
        CreatePrimaryKey { constraint: ConstraintDefinition::new(RuleDefinition::PrimaryKey(columns), table.origin), table }
    }

    /// Names the constraint, in place of the naming convention.
    fn name(this @ _, name: Name) { this.constraint.name = ConstraintName::Given(name) }

    /// Leaves the constraint without a name, as in a database that is adopted.
    fn unnamed(this @ _) { this.constraint.name = ConstraintName::Unnamed }
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
