//! One script for a range of the history.

use super::Compiler;
use crate::applier::Target;
use crate::diagnostic::Diagnostic;
use crate::history::{Direction, Range};

impl Compiler<'_> {
    /// The script of a range: the sections of its revisions, one after the other. An empty range gives no text.
    ///
    /// The whole history is replayed, so that a mistake anywhere is found, but nothing outside of the range is turned
    /// into SQL.
    ///
    /// # Errors
    ///
    /// The mistakes of the revisions, and ways back that do not exist.
    pub fn script(&self, target: &Target, range: &Range) -> Result<String, Vec<Diagnostic>> {
        let in_range = self.mask(&range.revisions);
        let mut script = String::new();
        // On the way down the sections are needed in reverse order: where each begins in `script`.
        let mut starts = Vec::new();
        self.replay(target.applier.dialect(), |replayed| {
            if !in_range[replayed.revision.index()] {
                return Ok(());
            }
            match self.section(target, &replayed, range.direction)? {
                Some(section) => {
                    starts.push(script.len());
                    section.push_script(&mut script);
                    Ok(())
                }
                None => Err(self.irreversible(&replayed).into_iter().collect()),
            }
        })?;
        Ok(match range.direction {
            Direction::Up => script,
            Direction::Down => reversed(&script, &starts),
        })
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

/// The parts of a text, the last one first.
fn reversed(text: &str, starts: &[usize]) -> String {
    let mut reversed = String::with_capacity(text.len());
    let mut end = text.len();
    for &start in starts.iter().rev() {
        reversed.push_str(&text[start..end]);
        end = start;
    }
    reversed
}
