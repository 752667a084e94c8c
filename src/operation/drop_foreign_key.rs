//! Drop a foreign key, named or not.

use ecow::EcoString;

use super::definition::names;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Rule};
use crate::source::{Name, joined};

/// Drops the foreign key of these columns, whatever its name.
#[derive(Debug, Clone, PartialEq)]
pub struct DropForeignKey {
    table: Name,
    columns: Vec<Name>,
}

operation! {
    /// Drops the foreign key of these columns, whatever its name.
    ///
    /// `op.drop_foreign_key("job_event", ["job_id"]);`
    fn drop_foreign_key(table: Name, columns: Vec<Name>) -> DropForeignKey {
        DropForeignKey { table, columns }
    }
}

impl DropForeignKey {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        let wanted = names(&self.columns, &table, self.table.origin, editor)?;
        editor.drop_constraint_where(
            &self.table,
            self.table.origin,
            "foreign key of these columns",
            |rule| matches!(rule, Rule::ForeignKey(key) if key.columns == wanted),
        )
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_foreign_key ", &self.table])
    }
}
