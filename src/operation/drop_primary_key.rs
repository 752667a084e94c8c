//! Drop a primary key, named or not.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Rule};
use crate::source::{Name, joined};

/// Drops the primary key of a table, whatever its name. Its columns stay NOT NULL.
#[derive(Debug, Clone, PartialEq)]
pub struct DropPrimaryKey {
    table: Name,
}

operation! {
    /// Drops the primary key of a table, whatever its name. Its columns stay NOT NULL.
    ///
    /// `op.drop_primary_key("episode_availability");`
    fn drop_primary_key(table: Name) -> DropPrimaryKey {
        DropPrimaryKey { table }
    }
}

impl DropPrimaryKey {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_constraint_where(&self.table, self.table.origin, "primary key", |rule| {
            matches!(rule, Rule::PrimaryKey { .. })
        })
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_primary_key ", &self.table])
    }
}
