//! Update rows.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{self, Editor, Sql, Value};
use crate::source::{Located, Name, joined};

/// Gives rows new values.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    table: Name,
    assignments: Vec<(Name, Located<Value>)>,
    filter: Option<Sql>,
}

operation! {
    /// Gives rows new values. The way back has to be written.
    ///
    /// `op.update("job").set("attempts", 0).filter("attempts IS NULL");`
    fn update(table: Name) -> Update {
        Update { table, assignments: Vec::new(), filter: None }
    }

    /// The new value of a column; `sql("…")` may use the old ones.
    fn set(update @ _, column: Name, value: Located<Value>) { update.assignments.push((column, value)) }

    /// Only the rows for which this SQL condition is true.
    fn filter(update @ _, condition: Sql) { update.filter = Some(condition) }
}

impl Update {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?;
        if self.assignments.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, "no column is updated")
                    .at(self.table.origin, "needs a column")
                    .help("add one: `.set(\"attempts\", 0)`"),
            ));
        }
        let mut assignments = Vec::with_capacity(self.assignments.len());
        for (name, value) in &self.assignments {
            let column = editor.column(&table, name)?;
            let literal = editor.row_value(value, &table)?;
            editor.check_enum_value(&column.column_type, &literal, value.origin)?;
            assignments.push((column.name.clone(), Located::new(literal, value.origin)));
        }
        let filter =
            self.filter.as_ref().map(|sql| editor.row_expression(sql, &table)).transpose()?.map(|text| text.value);
        editor.update(schema::Update { table: table.name.clone(), assignments, filter });
        Ok(())
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["update ", &self.table])
    }
}
