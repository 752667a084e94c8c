//! Create an enum.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Creates an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateEnum {
    name: Name,
    values: Vec<Name>,
}

operation! {
    /// Creates an enum: a type on Postgres; on SQLite each column that uses it is text with a check.
    ///
    /// `op.create_enum("job_status", ["queued", "running", "succeeded", "failed"]);`
    fn create_enum(name: Name, values: Vec<Name>) -> CreateEnum {
        CreateEnum { name, values }
    }
}

impl CreateEnum {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.create_enum(&self.name, &self.values)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_enum ", &self.name])
    }
}
