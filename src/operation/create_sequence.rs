//! Create a sequence.

use ecow::EcoString;

use super::definition::{SequenceDefinition, Type};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{AtEnd, Counting, Editor, NumberType, Sequence};
use crate::source::{Located, Name, joined};

/// Creates a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSequence {
    name: Name,
    definition: SequenceDefinition,
}

operation! {
    /// Creates a sequence. It counts in `big_integer()` from 1 unless it is told otherwise.
    ///
    /// `op.postgres().create_sequence("ticket_number").start(1000).increment(10);`
    fn create_sequence(name: Name) -> CreateSequence {
        CreateSequence { name, definition: SequenceDefinition::default() }
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

    /// The sequence goes away with this column.
    fn owned_by(sequence @ _, table: Name, column: Name) { sequence.definition.owner = Some((table, column)) }
}

impl CreateSequence {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let (number_type, counting) = (NumberType::default(), Counting::default());
        let plain = Sequence { name: self.name.value.clone(), number_type, counting, owner: None };
        let sequence = self.definition.apply(&plain, &self.name, editor)?;
        editor.create_sequence(Located::new(sequence, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_sequence ", &self.name])
    }
}
