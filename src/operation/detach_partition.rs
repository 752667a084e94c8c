//! Make a partition a table of its own.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Makes a partition a table of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct DetachPartition {
    name: Name,
}

operation! {
    /// Makes a partition a table of its own, with its rows. Its keys and indexes get the names that Postgres gives to those
    /// of partitions, such as `event_2024_pkey`.
    ///
    /// `op.postgres().detach_partition("event_2024");`
    fn detach_partition(name: Name) -> DetachPartition {
        DetachPartition { name }
    }
}

impl DetachPartition {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.detach_partition(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["detach_partition ", &self.name])
    }
}
