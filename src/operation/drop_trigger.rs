//! Drop a trigger.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTrigger {
    name: Name,
}

operation! {
    /// Drops a trigger.
    ///
    /// `op.drop_trigger("touch_job");`
    fn drop_trigger(name: Name) -> DropTrigger {
        DropTrigger { name }
    }
}

impl DropTrigger {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_trigger(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_trigger ", &self.name])
    }
}
