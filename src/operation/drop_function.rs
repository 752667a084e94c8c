//! Drop a function.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::Name;

/// Drops a function.
#[derive(Debug, Clone, PartialEq)]
pub struct DropFunction {
    name: Name,
}

operation! {
    /// Drops a function.
    ///
    /// `op.postgres().drop_function("touch");`
    fn drop_function(name: Name) -> DropFunction {
        DropFunction { name }
    }
}

impl DropFunction {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_routine(&self.name, "function")
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("drop_function {}", self.name)
    }
}
