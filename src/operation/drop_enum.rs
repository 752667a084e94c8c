//! Drop an enum.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops an enum that no column uses.
#[derive(Debug, Clone, PartialEq)]
pub struct DropEnum {
    name: Name,
}

operation! {
    /// Drops an enum that no column uses.
    ///
    /// `op.drop_enum("job_status");`
    fn drop_enum(name: Name) -> DropEnum {
        DropEnum { name }
    }
}

impl DropEnum {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_enum(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_enum ", &self.name])
    }
}
