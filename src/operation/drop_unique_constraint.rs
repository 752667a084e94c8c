//! Drop a unique constraint, named or not.

use ecow::EcoString;

use super::definition::names;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Rule};
use crate::source::{Name, joined};

/// Drops the unique constraint on these columns, whatever its name.
#[derive(Debug, Clone, PartialEq)]
pub struct DropUniqueConstraint {
    table: Name,
    columns: Vec<Name>,
}

operation! {
    /// Drops the unique constraint on these columns, whatever its name.
    ///
    /// `op.drop_unique_constraint("job", ["idempotency_key"]);`
    fn drop_unique_constraint(table: Name, columns: Vec<Name>) -> DropUniqueConstraint {
        DropUniqueConstraint { table, columns }
    }
}

impl DropUniqueConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let wanted = names(&self.columns, &table, self.table.origin, editor)?;
        editor.drop_constraint_where(
            &self.table,
            self.table.origin,
            "unique constraint on these columns",
            |rule| matches!(rule, Rule::Unique { columns, .. } if *columns == wanted),
        )
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_unique_constraint ", &self.table])
    }
}
