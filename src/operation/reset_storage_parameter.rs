//! Reset a storage parameter of a table or an index.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::Name;

/// Resets a storage parameter of a table or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct ResetStorageParameter {
    owner: Name,
    parameter: Name,
}

operation! {
    /// Leaves a storage parameter of a table or an index to the server. SQLite has none and says so in a comment.
    ///
    /// `op.reset_storage_parameter("job", "fillfactor");`
    fn reset_storage_parameter(owner: Name, parameter: Name) -> ResetStorageParameter {
        ResetStorageParameter { owner, parameter }
    }
}

impl ResetStorageParameter {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.set_storage_parameter(&self.owner, &self.parameter, None)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("reset_storage_parameter {} of {}", self.parameter, self.owner)
    }
}
