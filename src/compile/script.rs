//! One script for a range of the history.

use std::ops::Range;

use super::Compiler;
use crate::applier::Target;
use crate::diagnostic::Diagnostic;
use crate::history::{self, Direction};
use crate::revision::Operations;

/// The SQL of a range: the sections of its revisions, in the order in which they run. An empty range has none.
#[derive(Debug, Default)]
pub struct Script {
    /// The texts of many sections each, and none is ever moved. One text for all would be copied again and again while it
    /// grows, and with one for each, memory would be lost between them.
    chunks: Vec<String>,
    /// Where the sections stand: the number of the chunk, and the place in it.
    sections: Vec<(usize, Range<usize>)>,
}

/// The room in a chunk. Memory that is not written to yet costs nothing.
const CHUNK: usize = 1 << 20;

impl Script {
    /// The texts of the sections, which make the script when they stand one behind the other.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|(chunk, place)| &self.chunks[*chunk][place.clone()])
    }

    fn push(&mut self, section: &str) {
        let has_room = |chunk: &String| chunk.capacity() - chunk.len() >= section.len();
        if !self.chunks.last().is_some_and(has_room) {
            self.chunks.push(String::with_capacity(CHUNK.max(section.len())));
        }
        let number = self.chunks.len() - 1;
        let chunk = &mut self.chunks[number];
        let start = chunk.len();
        chunk.push_str(section);
        self.sections.push((number, start..chunk.len()));
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
        range: &history::Range,
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
                    script.push(&text);
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
