//! Drop a procedure.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::Name;

/// Drops a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct DropProcedure {
    name: Name,
}

operation! {
    /// Drops a procedure.
    ///
    /// `op.postgres().drop_procedure("touch");`
    fn drop_procedure(name: Name) -> DropProcedure {
        DropProcedure { name }
    }
}

impl DropProcedure {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_routine(&self.name, "procedure")
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("drop_procedure {}", self.name)
    }
}
