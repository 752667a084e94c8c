//! Drop a materialized view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a materialized view.
#[derive(Debug, Clone, PartialEq)]
pub struct DropMaterializedView {
    name: Name,
}

operation! {
    /// Drops a materialized view with its indexes.
    ///
    /// `op.postgres().drop_materialized_view("job_count");`
    fn drop_materialized_view(name: Name) -> DropMaterializedView {
        DropMaterializedView { name }
    }
}

impl DropMaterializedView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_materialized_view(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_materialized_view ", &self.name])
    }
}
