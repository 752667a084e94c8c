//! A set of revisions.

use super::RevisionIndex;

/// A set of revisions of one history, one bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionSet {
    words: Vec<u64>,
}

impl RevisionSet {
    pub(super) fn empty(revisions: usize) -> Self {
        RevisionSet { words: vec![0; revisions.div_ceil(64)] }
    }

    /// Whether the revision is in the set.
    pub fn contains(&self, revision: RevisionIndex) -> bool {
        self.words[revision.index() / 64] & (1 << (revision.index() % 64)) != 0
    }

    /// How many revisions are in the set.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no revision is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Whether every revision of this set is in the other one.
    pub fn is_subset(&self, other: &RevisionSet) -> bool {
        self.words.iter().zip(&other.words).all(|(own, others)| own & !others == 0)
    }

    /// Puts a revision in. Answers whether it was missing.
    pub(super) fn insert(&mut self, revision: RevisionIndex) -> bool {
        let missing = !self.contains(revision);
        self.words[revision.index() / 64] |= 1 << (revision.index() % 64);
        missing
    }
}
