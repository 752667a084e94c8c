//! Set a storage parameter of a table or an index.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Value};
use crate::source::{Located, Name};

/// Sets a storage parameter of a table or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct SetStorageParameter {
    owner: Name,
    parameter: Name,
    value: Located<Value>,
}

operation! {
    /// Sets a storage parameter of a table or an index. SQLite has none and says so in a comment.
    ///
    /// `op.set_storage_parameter("job", "autovacuum_vacuum_scale_factor", 0.02);`
    fn set_storage_parameter(owner: Name, parameter: Name, value: Located<Value>) -> SetStorageParameter {
        SetStorageParameter { owner, parameter, value }
    }
}

impl SetStorageParameter {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let value = editor.storage_value(&self.value)?;
        editor.set_storage_parameter(&self.owner, &self.parameter, Some(value))
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("set_storage_parameter {} of {}", self.parameter, self.owner)
    }
}
