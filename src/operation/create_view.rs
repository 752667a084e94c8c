//! Create a view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Sql};
use crate::source::{Name, joined};

/// Creates a view.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    name: Name,
    query: Sql,
}

operation! {
    /// Creates a view from a query.
    ///
    /// `op.create_view("open_job", "SELECT id FROM job WHERE status = 'queued'");`
    fn create_view(name: Name, query: Sql) -> CreateView {
        CreateView { name, query }
    }
}

impl CreateView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let query = editor.expression(&self.query)?;
        editor.create_view(&self.name, &query)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_view ", &self.name])
    }
}
