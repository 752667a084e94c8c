//! Create a view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Sql, ViewKind, ViewSecurity};
use crate::source::{Name, joined};

/// Creates a view.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    name: Name,
    query: Sql,
    security: ViewSecurity,
}

operation! {
    /// Creates a view from a query.
    ///
    /// `op.create_view("open_job", "SELECT id FROM job WHERE status = 'queued'");`
    fn create_view(name: Name, query: Sql) -> CreateView {
        CreateView { name, query, security: ViewSecurity::Owner }
    }

    /// The view shows a role what the role itself may see in its tables, by its privileges and by row-level security. SQLite has no roles and says so in a comment.
    ///
    /// `op.create_view("open_job", "SELECT id FROM job WHERE status = 'queued'").security_invoker();`
    fn security_invoker(view @ _) { view.security = ViewSecurity::Invoker }
}

impl CreateView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let query = editor.expression(&self.query)?;
        editor.create_view(&self.name, &query, ViewKind::Plain { security: self.security })
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_view ", &self.name])
    }
}
