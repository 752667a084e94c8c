//! Create a trigger.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::statements::statements;
use crate::schema::{Editor, Sql};
use crate::source::{Name, joined};

/// Creates a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTrigger {
    name: Name,
    table: Name,
    definition: Sql,
}

operation! {
    /// Creates a trigger. The definition is all that follows its name, in the words of the dialect.
    ///
    /// `op.sqlite().create_trigger("touch_job", "job", "AFTER UPDATE ON job BEGIN UPDATE job SET touched = 1; END");`
    fn create_trigger(name: Name, table: Name, definition: Sql) -> CreateTrigger {
        CreateTrigger { name, table, definition }
    }
}

impl CreateTrigger {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let definition = editor.text(&self.definition)?;
        // What follows the name decides where the statement ends: `BEGIN … END` may hold statements of its own.
        if statements(&format!("CREATE TRIGGER x {definition}")).len() != 1 {
            return Err(Box::new(
                Diagnostic::new(Code::RefusedSql, "a trigger is one statement")
                    .at(definition.origin, "goes on after its end")
                    .help("write what follows in an operation of its own"),
            ));
        }
        editor.create_trigger(&self.name, &self.table, &definition)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_trigger ", &self.name])
    }
}
