//! The files of targets.

use super::Compiler;
use crate::applier::{Directions, FileOrder, Target};
use crate::artifact::{Artifact, Section};
use crate::diagnostic::Diagnostic;
use crate::history::{Direction, RevisionIndex};
use crate::plan::Segment;
use crate::replay::Replayed;
use crate::schema::Dialect;

/// The revisions whose files are made.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    Every,
    Only(&'a [RevisionIndex]),
}

/// A file with what it was made from.
#[derive(Debug)]
pub struct File<'a> {
    pub target: &'a Target,
    pub revision: RevisionIndex,
    pub section: &'a Section<'a>,
    /// The segments of the section that the file holds.
    pub segments: &'a [Segment],
    pub artifact: Artifact,
}

impl Compiler<'_> {
    /// Makes the files of the targets, both ways where the applier has a way back, and hands each to `visit`. They are
    /// not kept: memory does not grow with the history unless `visit` keeps them.
    ///
    /// # Errors
    ///
    /// The mistakes of the revisions, of all dialects together, and those that `visit` finds.
    pub fn files(
        &self,
        targets: &[&Target],
        selection: Selection<'_>,
        mut visit: impl FnMut(File<'_>) -> Result<(), Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        let selected = match selection {
            Selection::Every => vec![true; self.history.len()],
            Selection::Only(revisions) => self.mask(revisions),
        };
        let mut diagnostics = Vec::new();
        for dialect in Dialect::ALL {
            let mut jobs: Vec<(&Target, FileOrder)> = targets
                .iter()
                .filter(|target| target.applier.dialect() == dialect)
                .map(|&target| (target, target.file_order()))
                .collect();
            if jobs.is_empty() {
                continue;
            }
            let found = self.replay(dialect, |replayed| {
                let mut found = Vec::new();
                for (target, order) in &mut jobs {
                    let is_selected = selected[replayed.revision.index()];
                    if is_selected || order.matters() {
                        let made = self.files_of_revision(target, order, &replayed, |file| {
                            if is_selected { visit(file) } else { Ok(()) }
                        });
                        found.extend(made.err().into_iter().flatten());
                    }
                }
                if found.is_empty() { Ok(()) } else { Err(found) }
            });
            diagnostics.extend(found.err().into_iter().flatten());
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
    }

    fn files_of_revision(
        &self,
        target: &Target,
        order: &mut FileOrder,
        replayed: &Replayed,
        mut visit: impl FnMut(File<'_>) -> Result<(), Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        let directions: &[Direction] = match target.applier.directions() {
            Directions::UpAndDown => &[Direction::Up, Direction::Down],
            Directions::ForwardOnly => &[Direction::Up],
        };
        let mut diagnostics = Vec::new();
        for &direction in directions {
            let Some(section) = self.section(target, replayed, direction)? else { continue };
            order.add(&section)?;
            let artifacts = target.artifacts(&section)?;
            for (artifact, segments) in artifacts.into_iter().zip(target.units(&section)) {
                let visited =
                    visit(File { target, revision: replayed.revision, section: &section, segments, artifact });
                diagnostics.extend(visited.err().into_iter().flatten());
            }
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
    }
}
