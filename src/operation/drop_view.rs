//! Drop a view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::{Name, joined};

/// Drops a view.
#[derive(Debug, Clone, PartialEq)]
pub struct DropView {
    name: Name,
}

operation! {
    /// Drops a view.
    ///
    /// `op.drop_view("open_jobs");`
    fn drop_view(name: Name) -> DropView {
        DropView { name }
    }
}

impl DropView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.drop_view(&self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_view ", &self.name])
    }
}
