//! One script for a range of the history.

use super::Compiler;
use crate::applier::Target;
use crate::diagnostic::Diagnostic;
use crate::history::{Direction, Range};
use crate::revision::Operations;

/// The SQL of a range: the sections of its revisions, in the order in which they run. An empty range has none.
#[derive(Debug, Default)]
pub struct Script {
    /// A text for each section and not one for all, which would be copied again and again while it grows.
    sections: Vec<Box<str>>,
}

impl Script {
    /// The texts of the sections, which make the script when they stand one behind the other.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(AsRef::as_ref)
    }
}

impl Compiler<'_> {
    /// The script of a range, made of operations that were taken from the revisions and are needed no longer.
    ///
    /// The whole history is replayed, so that a mistake anywhere is found, but nothing outside of the range is turned
    /// into SQL.
    ///
    /// # Errors
    ///
    /// The mistakes of the revisions, and ways back that do not exist.
    pub fn script(
        &self,
        target: &Target,
        range: &Range,
        operations: Vec<Operations<'_>>,
    ) -> Result<Script, Vec<Diagnostic>> {
        let in_range = self.mask(&range.revisions);
        let mut script = Script::default();
        let mut text = String::new();
        self.replay_of(target.applier.dialect()).run_last(operations, |replayed| {
            if !in_range[replayed.revision.index()] {
                return Ok(());
            }
            match self.section(target, &replayed, range.direction)? {
                Some(section) => {
                    text.clear();
                    section.push_script(&mut text);
                    script.sections.push(text.as_str().into());
                    Ok(())
                }
                None => Err(self.irreversible(&replayed).into_iter().collect()),
            }
        })?;
        match range.direction {
            Direction::Up => {}
            Direction::Down => script.sections.reverse(),
        }
        Ok(script)
    }

    /// For each revision, whether it is one of these.
    pub(super) fn mask(&self, revisions: &[crate::history::RevisionIndex]) -> Vec<bool> {
        let mut mask = vec![false; self.history.len()];
        for revision in revisions {
            mask[revision.index()] = true;
        }
        mask
    }
}
