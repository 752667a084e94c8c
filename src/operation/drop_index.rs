//! Drop an index.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Online};
use crate::source::{Name, joined};

/// Drops an index.
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    name: Name,
    pub(super) online: Online,
}

operation! {
    /// Drops an index.
    ///
    /// `op.drop_index("ix_job_status");`
    fn drop_index(name: Name) -> DropIndex {
        DropIndex { name, online: Online::No }
    }

    /// Drops the index while others read and write the table, outside of the transaction of the revision. Postgres only:
    /// SQLite locks the database anyway and says so in a comment.
    fn concurrently(index @ _) { index.online = Online::Demanded }
}

impl DropIndex {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_index(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_index ", &self.name])
    }
}
