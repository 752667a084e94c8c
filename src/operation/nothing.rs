//! Declare that raw SQL changes nothing that the schema knows.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Emission};
use crate::source::Name;

/// Says that raw SQL before it changes nothing that the schema knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Nothing {
    reason: Name,
}

operation! {
    /// Says that raw SQL before it changes nothing that the schema knows. Stands after `op.declare()`.
    ///
    /// `op.declare().nothing("statistics only");`
    fn nothing(reason: Name) -> Nothing {
        Nothing { reason }
    }
}

impl Nothing {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        if editor.cause().emission == Emission::Declared {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(Code::NothingToDo, "`nothing` stands without `declare`")
                .at(self.reason.origin, "means nothing alone")
                .help("write `op.declare().nothing(\"…\")` after the `op.execute(…)` that it is about"),
        ))
    }

    pub(crate) fn title(&self) -> EcoString {
        "nothing".into()
    }
}
