//! Add a value to an enum.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Position};
use crate::source::{Name, joined};

/// Adds a value to an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct AddEnumValue {
    name: Name,
    value: Name,
    position: Position,
}

operation! {
    /// Adds a value to an enum, behind the others unless `.before("…")` or `.after("…")` follows.
    ///
    /// `op.add_enum_value("job_status", "cancelled").after("failed");`
    fn add_enum_value(name: Name, value: Name) -> AddEnumValue {
        AddEnumValue { name, value, position: Position::Last }
    }

    /// Puts the value before this one.
    fn before(add @ _, value: Name) { add.position = Position::Before(value) }

    /// Puts the value after this one.
    fn after(add @ _, value: Name) { add.position = Position::After(value) }
}

impl AddEnumValue {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.add_enum_value(&self.name, &self.value, &self.position)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["add_enum_value ", &self.name, ": ", &self.value])
    }
}
