//! Create a materialized view.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Materialized, Population, Sql, ViewKind};
use crate::source::{Name, joined};

/// Creates a materialized view.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateMaterializedView {
    name: Name,
    query: Sql,
    population: Population,
}

operation! {
    /// Creates a view that keeps its rows until it is refreshed. It can have indexes, and roles that may read it. Postgres only: SQLite has none.
    ///
    /// `op.postgres().create_materialized_view("job_count", "SELECT kind, count(*) AS jobs FROM job GROUP BY kind");`
    fn create_materialized_view(name: Name, query: Sql) -> CreateMaterializedView {
        CreateMaterializedView { name, query, population: Population::Filled }
    }

    /// The view is empty, and cannot be read before it is refreshed.
    fn with_no_data(view @ _) { view.population = Population::Empty }
}

impl CreateMaterializedView {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let query = editor.expression(&self.query)?;
        let kind = ViewKind::Materialized(Materialized::new(self.population, Vec::new()));
        editor.create_view(&self.name, &query, kind)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_materialized_view ", &self.name])
    }
}
