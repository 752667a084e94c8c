//! Refresh a materialized view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Online};
use crate::source::{Name, joined};

/// Refreshes a materialized view.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshMaterializedView {
    name: Name,
    pub(super) online: Online,
}

operation! {
    /// Fills a materialized view with the rows that its query gives now. The way back empties it again if it was empty, and else refreshes it too.
    ///
    /// `op.postgres().refresh_materialized_view("job_count");`
    fn refresh_materialized_view(name: Name) -> RefreshMaterializedView {
        RefreshMaterializedView { name, online: Online::No }
    }

    /// Others can read the view meanwhile. It needs rows, and a unique index of columns.
    fn concurrently(refresh @ _) { refresh.online = Online::Demanded }
}

impl RefreshMaterializedView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.refresh_materialized_view(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["refresh_materialized_view ", &self.name])
    }
}
