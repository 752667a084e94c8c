//! Execute SQL of the author.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Sql};

/// Executes SQL as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Execute {
    sql: Sql,
}

operation! {
    /// Executes SQL as it is written. A change of the schema in it must be declared after it with `op.declare()`.
    ///
    /// `op.execute(sql("UPDATE job SET attempts = 0").postgres("UPDATE job SET attempts = DEFAULT"));`
    fn execute(sql: Sql) -> Execute {
        Execute { sql }
    }
}

impl Execute {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let text = editor.text(&self.sql)?;
        editor.execute(text.value);
        Ok(())
    }

    pub(crate) fn title(&self) -> EcoString {
        "execute".into()
    }
}
