//! Say that a revision has no way back.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::Editor;
use crate::source::Name;

/// Says that the revision has no way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Irreversible {
    reason: Name,
}

operation! {
    /// Says that the revision has no way back, and why. Compiling the way down over it is an error.
    ///
    /// `op.irreversible("the old values were thrown away");`
    fn irreversible(reason: Name) -> Irreversible {
        Irreversible { reason }
    }
}

impl Irreversible {
    /// Why there is no way back.
    pub fn reason(&self) -> &Name {
        &self.reason
    }

    /// Changes nothing: the replay looks for it when it needs the way back.
    pub(crate) fn apply(&self, _: &mut Editor<'_>) -> Result<()> {
        Ok(())
    }

    pub(crate) fn title(&self) -> EcoString {
        "irreversible".into()
    }
}
