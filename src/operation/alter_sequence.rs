//! Change a sequence.

use ecow::EcoString;

use super::definition::{SequenceDefinition, Type};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{AtEnd, Editor};
use crate::source::{Located, Name, joined};

/// Changes how a sequence counts.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterSequence {
    name: Name,
    definition: SequenceDefinition,
}

operation! {
    /// Changes how a sequence counts. What is not said stays as it is, and so does the number that it has reached.
    ///
    /// `op.postgres().alter_sequence("ticket_number").increment(1);`
    fn alter_sequence(name: Name) -> AlterSequence {
        AlterSequence { name, definition: SequenceDefinition::default() }
    }

    /// The type of its numbers: `small_integer()`, `integer()` or `big_integer()`.
    fn as_type(sequence @ _, number_type: Type) { sequence.definition.number_type = Some(number_type) }

    /// The first number.
    fn start(sequence @ _, number: Located<i64>) { sequence.definition.start = Some(number) }

    /// How much is added for the next number. It counts down by a negative one.
    fn increment(sequence @ _, number: Located<i64>) { sequence.definition.increment = Some(number) }

    /// The smallest number.
    fn minimum(sequence @ _, number: Located<i64>) { sequence.definition.minimum = Some(number) }

    /// The largest number.
    fn maximum(sequence @ _, number: Located<i64>) { sequence.definition.maximum = Some(number) }

    /// How many numbers a session takes at a time. Those that it does not use are lost.
    fn cache(sequence @ _, count: Located<i64>) { sequence.definition.cache = Some(count) }

    /// Begins again behind the last number.
    fn cycle(sequence @ _) { sequence.definition.at_end = Some(AtEnd::Cycle) }

    /// Fails behind the last number.
    fn no_cycle(sequence @ _) { sequence.definition.at_end = Some(AtEnd::Fail) }

    /// The sequence goes away with this column.
    fn owned_by(sequence @ _, table: Name, column: Name) { sequence.definition.owner = Some((table, column)) }
}

impl AlterSequence {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let before = editor.sequence(&self.name)?;
        let after = self.definition.apply(&before, &self.name, editor)?;
        editor.alter_sequence(before, Located::new(after, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["alter_sequence ", &self.name])
    }
}
