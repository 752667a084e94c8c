//! Drop a schema.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct DropSchema {
    name: Name,
}

operation! {
    /// Drops a schema. It stops while there is something in it.
    ///
    /// `op.postgres().drop_schema("extensions");`
    fn drop_schema(name: Name) -> DropSchema {
        DropSchema { name }
    }
}

impl DropSchema {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_namespace(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_schema ", &self.name])
    }
}
