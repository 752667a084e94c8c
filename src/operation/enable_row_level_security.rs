//! Let policies decide who sees and changes which rows of a table.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, RowSecurity, SchemaObject, Subjects};
use crate::source::{Located, Name};

/// Lets policies decide who sees and changes which rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct EnableRowLevelSecurity {
    table: Name,
    subjects: Subjects,
}

operation! {
    /// Lets policies decide who sees and changes which rows of a table. Without a policy nobody does, but the owner.
    ///
    /// `op.postgres().enable_row_level_security("job");`
    fn enable_row_level_security(table: Name) -> EnableRowLevelSecurity {
        EnableRowLevelSecurity { table, subjects: Subjects::AllButOwner }
    }

    /// The owner of the table is subject to its policies, too.
    fn force(security @ _) { security.subjects = Subjects::OwnerToo }
}

impl EnableRowLevelSecurity {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?.name.clone();
        let security = SchemaObject::RowSecurity(RowSecurity { table, subjects: self.subjects });
        editor.create_object(Located::new(security, self.table.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("enable_row_level_security {}", self.table)
    }
}
