//! Create a view.

use ecow::EcoString;

use super::definition::Existing;
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
    existing: Existing,
}

operation! {
    /// Creates a view from a query.
    ///
    /// `op.create_view("open_job", "SELECT id FROM job WHERE status = 'queued'");`
    fn create_view(name: Name, query: Sql) -> CreateView {
        CreateView { name, query, security: ViewSecurity::Owner, existing: Existing::Refused }
    }

    /// The view shows a role what the role itself may see in its tables, by its privileges and by row-level security. SQLite has no roles and says so in a comment.
    ///
    /// `op.create_view("open_job", "SELECT id FROM job WHERE status = 'queued'").security_invoker();`
    fn security_invoker(view @ _) { view.security = ViewSecurity::Invoker }

    /// Takes the place of the view of this name, if there is one, and keeps its privileges and its triggers.
    fn or_replace(view @ _) { view.existing = Existing::Replaced }
}

impl CreateView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let query = editor.expression(&self.query)?;
        let kind = ViewKind::Plain { security: self.security };
        match self.existing {
            Existing::Refused => editor.create_view(&self.name, &query, kind),
            Existing::Replaced => editor.create_or_replace_view(&self.name, &query, kind),
        }
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_view ", &self.name])
    }
}
