//! Drop a composite type.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a composite type.
#[derive(Debug, Clone, PartialEq)]
pub struct DropCompositeType {
    name: Name,
}

operation! {
    /// Drops a composite type.
    ///
    /// `op.postgres().drop_composite_type("address");`
    fn drop_composite_type(name: Name) -> DropCompositeType {
        DropCompositeType { name }
    }
}

impl DropCompositeType {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_composite_type(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_composite_type ", &self.name])
    }
}
