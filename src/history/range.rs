//! A range of the history: the sections of a script.

use super::{History, RevisionIndex, RevisionSet};
use crate::diagnostic::{Code, Diagnostic, Result};

/// A state of the database, as far as the history goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Before all revisions.
    Base,
    /// This revision and its ancestors are applied.
    At(RevisionIndex),
    /// All revisions are applied, and they have more than one head.
    Heads,
}

/// Which way a range leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// What runs between two positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    pub direction: Direction,
    pub from: Position,
    pub to: Position,
    /// The revisions in the order in which their sections run; on the way down, the last one comes first.
    pub revisions: Vec<RevisionIndex>,
}

impl History {
    /// The range between two references of the command line; the first is exclusive, the second inclusive.
    ///
    /// Fails when a reference means nothing or too much, or when neither is an ancestor of the other.
    pub fn resolve_range(&self, from: &str, to: &str) -> Result<Range> {
        self.range(self.resolve(from)?, self.resolve(to)?)
    }

    /// The range between two positions: what `to` has applied and `from` has not, in order, or the reverse. Equal
    /// positions give an empty range.
    ///
    /// Fails when neither is an ancestor of the other.
    pub fn range(&self, from: Position, to: Position) -> Result<Range> {
        let (before, after) = (self.applied(from), self.applied(to));
        let difference = |more: &RevisionSet, less: &RevisionSet| -> Vec<RevisionIndex> {
            self.order.iter().copied().filter(|&one| more.contains(one) && !less.contains(one)).collect()
        };
        if before.is_subset(&after) {
            let revisions = difference(&after, &before);
            Ok(Range { direction: Direction::Up, from, to, revisions })
        } else if after.is_subset(&before) {
            let mut revisions = difference(&before, &after);
            revisions.reverse();
            Ok(Range { direction: Direction::Down, from, to, revisions })
        } else {
            Err(self.no_path(from, to))
        }
    }

    /// What is applied at a position.
    pub fn applied(&self, position: Position) -> RevisionSet {
        match position {
            Position::Base => self.with_ancestors(&[]),
            Position::At(revision) => self.with_ancestors(&[revision]),
            Position::Heads => self.with_ancestors(&self.by_id),
        }
    }

    /// The position as an id or as the word of the command line.
    pub fn describe(&self, position: Position) -> &str {
        match position {
            Position::Base => "base",
            Position::At(revision) => self.id(revision),
            Position::Heads => "heads",
        }
    }

    fn no_path(&self, from: Position, to: Position) -> Box<Diagnostic> {
        let (start, end) = (self.describe(from), self.describe(to));
        let diagnostic = Diagnostic::new(Code::NoPath, format!("no path of revisions leads from `{start}` to `{end}`"))
            .note("neither is an ancestor of the other: they are on different branches");
        let bases = match (from, to) {
            (Position::At(one), Position::At(other)) => self.merge_bases(one, other),
            _ => Vec::new(),
        };
        Box::new(match bases.as_slice() {
            [] => diagnostic.help(format!("compile from `base` to `{end}`")),
            [base] => {
                let base = self.id(*base);
                diagnostic.help(format!(
                    "they part at `{base}`: compile from `{start}` down to `{base}`, then from `{base}` to `{end}`"
                ))
            }
            several => diagnostic.note(format!("their last common ancestors are {}", self.listed(several))),
        })
    }
}
