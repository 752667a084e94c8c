//! Let privileges alone decide who sees and changes the rows of a table.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, SchemaObjectKind};
use crate::source::Name;

/// Lets privileges alone decide who sees and changes the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DisableRowLevelSecurity {
    table: Name,
}

operation! {
    /// Lets privileges alone decide who sees and changes the rows of a table. Its policies stay, without effect.
    ///
    /// `op.postgres().disable_row_level_security("job");`
    fn disable_row_level_security(table: Name) -> DisableRowLevelSecurity {
        DisableRowLevelSecurity { table }
    }
}

impl DisableRowLevelSecurity {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.table(&self.table)?;
        let title = format!("row-level security of `{}`", self.table);
        editor.drop_object(SchemaObjectKind::RowSecurity, &self.table, &title, self.table.origin)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("disable_row_level_security {}", self.table)
    }
}
