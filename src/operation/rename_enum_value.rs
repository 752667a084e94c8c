//! Rename a value of an enum.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Gives a value of an enum another name. Rows and defaults follow.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameEnumValue {
    name: Name,
    from: Name,
    to: Name,
}

operation! {
    /// Gives a value of an enum another name. Rows and defaults follow.
    ///
    /// `op.rename_enum_value("job_status", "done", "succeeded");`
    fn rename_enum_value(name: Name, from: Name, to: Name) -> RenameEnumValue {
        RenameEnumValue { name, from, to }
    }
}

impl RenameEnumValue {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.rename_enum_value(&self.name, &self.from, &self.to)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["rename_enum_value ", &self.name, ": ", &self.from, " to ", &self.to])
    }
}
