//! Create an index.

use ecow::EcoString;

use super::definition::IndexColumn;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Index, Online, Sql, UniqueNulls, Uniqueness, Value};
use crate::source::{Located, Name, joined};

/// Creates an index.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    name: Name,
    table: Name,
    columns: Vec<IndexColumn>,
    uniqueness: Uniqueness,
    filter: Option<Sql>,
    method: Option<Sql>,
    include: Vec<Name>,
    storage: Vec<(Name, Located<Value>)>,
    pub(super) online: Online,
}

operation! {
    /// Creates an index of a table, or of a materialized view.
    ///
    /// `op.create_index("ix_job_status", "job", ["status"]);`
    /// `op.create_index("ix_job_recent", "job", [column("created_at").desc()]).filter("status = 'queued'");`
    fn create_index(name: Name, table: Name, columns: Vec<IndexColumn>) -> CreateIndex {
        CreateIndex {
            name,
            table,
            columns,
            uniqueness: Uniqueness::Plain,
            filter: None,
            method: None,
            include: Vec::new(),
            storage: Vec::new(),
            online: Online::No,
        }
    }

    /// No two rows may have the same key.
    fn unique(index @ _) { index.uniqueness = Uniqueness::Unique(UniqueNulls::Distinct) }

    /// No two rows may have the same key, and NULL is a value like others; on Postgres 15 and later.
    fn nulls_not_distinct(index @ _) { index.uniqueness = Uniqueness::Unique(UniqueNulls::NotDistinct) }

    /// Only the rows for which this SQL condition is true are in the index.
    fn filter(index @ _, condition: Sql) { index.filter = Some(condition) }

    /// The access method on Postgres, such as `gin`. SQLite has one method and says so in a comment.
    fn method(index @ _, name: Sql) { index.method = Some(name) }

    /// Columns that the index of Postgres carries without sorting by them. SQLite has none and says so in a comment.
    fn include(index @ _, columns: Vec<Name>) { index.include = columns }

    /// A storage parameter of Postgres, such as `.storage("fillfactor", 70)`. SQLite has none and says so in a comment.
    fn storage(index @ _, parameter: Name, value: Located<Value>) { index.storage.push((parameter, value)) }

    /// Builds the index while others read and write the table, outside of the transaction of the revision. Postgres only:
    /// SQLite locks the database anyway and says so in a comment.
    fn concurrently(index @ _) { index.online = Online::Demanded }
}

impl CreateIndex {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let rows = editor.indexed_rows(&self.table)?;
        if self.columns.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("index `{}` has no column", self.name))
                    .at(self.name.origin, "needs a column")
                    .help("name one: `[\"status\"]`"),
            ));
        }
        let text = |sql: &Option<Sql>| sql.as_ref().map(|sql| editor.expression(sql)).transpose();
        let in_row = |sql: &Option<Sql>| sql.as_ref().map(|sql| editor.indexed_expression(&rows, sql)).transpose();
        let index = Index {
            name: self.name.value.clone(),
            uniqueness: self.uniqueness,
            parts: self.columns.iter().map(|column| column.resolve(&rows, editor)).collect::<Result<_>>()?,
            filter: in_row(&self.filter)?.map(|text| text.value),
            method: text(&self.method)?.map(|text| text.value),
            include: self.include.iter().map(|name| editor.indexed_column(&rows, name)).collect::<Result<_>>()?,
            storage: editor.storage(&self.storage)?,
        };
        editor.create_index(&self.table, Located::new(index, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_index ", &self.name])
    }
}
