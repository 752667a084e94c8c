//! Drop a sequence.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct DropSequence {
    name: Name,
}

operation! {
    /// Drops a sequence.
    ///
    /// `op.postgres().drop_sequence("ticket_number");`
    fn drop_sequence(name: Name) -> DropSequence {
        DropSequence { name }
    }
}

impl DropSequence {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_sequence(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_sequence ", &self.name])
    }
}
