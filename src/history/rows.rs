//! The rows of the history table: the applied revisions that no applied revision follows.
//!
//! Going up, a revision deletes its predecessors' rows and inserts its own; going down, it deletes its own and inserts
//! those of the predecessors that no remaining row implies. Dependencies count like parents, as in Alembic, which
//! reads and writes the same table.
//!
//! A script may go up only on a database where all predecessors are applied and the revision itself is not; it may go
//! down where the revision's own row is there. A predecessor's row proves it applied, and the revision not. But where
//! other revisions follow the predecessor too, one of their rows may stand for it, and such a row proves nothing about
//! the revision itself; then its descendants must be absent as well.

use super::{History, Position, RevisionIndex};

/// What the history table must say before a revision goes up. All lists are sorted by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpgradeGuard {
    /// Of a revision that nothing must precede: no other rows than these may be there, the revisions that do not
    /// follow from it. An empty list, in a history with one root, asks for an empty table.
    Root { only: Vec<RevisionIndex> },
    /// Of any other revision.
    Successor {
        /// For each predecessor: one of these rows must be there, its own or that of a known descendant that has
        /// nothing to do with this revision.
        one_of_each: Vec<Vec<RevisionIndex>>,
        /// None of these rows may be there: the revision itself, and, where other rows may stand for all of the
        /// predecessors, those of its descendants that can be there at the same time.
        none_of: Vec<RevisionIndex>,
    },
}

/// A predecessor of a revision that goes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredRow {
    /// The predecessor, whose row is inserted unless one of `implied_by` is there.
    pub revision: RevisionIndex,
    /// The known descendants that do not follow from the revision that goes down, sorted by id. Empty in a chain.
    pub implied_by: Vec<RevisionIndex>,
}

impl History {
    /// The rows of the history table at a position, sorted by id.
    pub fn rows(&self, position: Position) -> Vec<RevisionIndex> {
        let applied = self.applied(position);
        let is_row = |&revision: &RevisionIndex| {
            applied.contains(revision) && !self.successors(revision).iter().any(|&after| applied.contains(after))
        };
        self.by_id.iter().copied().filter(is_row).collect()
    }

    /// What the history table must say before the revision goes up.
    pub fn upgrade_guard(&self, revision: RevisionIndex) -> UpgradeGuard {
        if self.predecessors(revision).is_empty() {
            return UpgradeGuard::Root { only: self.beside(None, revision) };
        }
        let mut one_of_each = Vec::new();
        let mut none_of: Option<Vec<RevisionIndex>> = None;
        for &before in self.predecessors(revision) {
            let others = self.beside(Some(before), revision);
            let undecided = self.undecided(before, &others);
            none_of = Some(match none_of {
                None => undecided,
                Some(known) => known.into_iter().filter(|&one| self.is_among(one, &undecided)).collect(),
            });
            one_of_each.push(self.with(before, others));
        }
        UpgradeGuard::Successor { one_of_each, none_of: self.with(revision, none_of.unwrap_or_default()) }
    }

    /// The rows that come back when the revision goes down, in the order of [`History::predecessors`].
    pub fn restored_rows(&self, revision: RevisionIndex) -> Vec<RestoredRow> {
        let restored =
            |&before: &RevisionIndex| RestoredRow { revision: before, implied_by: self.beside(Some(before), revision) };
        self.predecessors(revision).iter().map(restored).collect()
    }

    /// The descendants of `before` whose rows can stand beside a row of `others`, which are descendants of `before`
    /// too, without being one of them. What follows from all of `others` cannot: its row has replaced theirs.
    fn undecided(&self, before: RevisionIndex, others: &[RevisionIndex]) -> Vec<RevisionIndex> {
        let is_other = |&one: &RevisionIndex| self.is_among(one, others);
        let last = others.iter().filter(|other| !self.successors(**other).iter().any(is_other));
        let mut found: Vec<RevisionIndex> =
            last.flat_map(|&other| self.beside(Some(before), other)).filter(|one| !is_other(one)).collect();
        self.sort_by_id(&mut found);
        found.dedup();
        found
    }

    /// Whether the revision is in a list that is sorted by id.
    fn is_among(&self, revision: RevisionIndex, sorted: &[RevisionIndex]) -> bool {
        let rank = |one: RevisionIndex| self.id_rank[one.index()];
        sorted.binary_search_by_key(&rank(revision), |&one| rank(one)).is_ok()
    }

    fn with(&self, revision: RevisionIndex, mut others: Vec<RevisionIndex>) -> Vec<RevisionIndex> {
        others.push(revision);
        self.sort_by_id(&mut others);
        others.dedup();
        others
    }
}
