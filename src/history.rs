//! The graph of revisions: which one follows which, in what order they run, and what the history table says.
//!
//! Two kinds of edges lead from a revision to what must come before it. A *parent* (`REVISES`) is what the revision
//! continues: it decides heads, bases and steps such as `head-1`. A *dependency* (`DEPENDS_ON`) only has to be applied
//! before, as in Alembic. Both are *predecessors*, and ancestors are reached over both.

mod adjacency;
mod ancestry;
mod build;
mod cycle;
mod order;
mod range;
mod reference;
mod rows;
mod set;

use std::collections::HashMap;

use ecow::EcoString;

use crate::diagnostic::Diagnostic;
use crate::source::Name;
use adjacency::Adjacency;

pub use range::{Direction, Position, Range};
pub use rows::{RestoredRow, UpgradeGuard};
pub use set::RevisionSet;

/// What a revision says about its place in the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// `REVISION`.
    pub id: Name,
    /// `REVISES`: none for the first revision, several for a merge.
    pub parents: Vec<Name>,
    /// `BRANCH_LABELS`.
    pub labels: Vec<Name>,
    /// `DEPENDS_ON`: ids or branch labels; a label stands for the revision that bears it.
    pub depends_on: Vec<Name>,
}

/// The place of a revision in the slice from which the history was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionIndex(u32);

impl RevisionIndex {
    fn new(index: usize) -> Self {
        RevisionIndex(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place as an index into the slice.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A valid history: every name is known, and nothing comes before itself.
#[derive(Debug)]
pub struct History {
    ids: Vec<EcoString>,
    index_of_id: HashMap<EcoString, RevisionIndex>,
    index_of_label: HashMap<EcoString, RevisionIndex>,
    /// All revisions, sorted by id.
    by_id: Vec<RevisionIndex>,
    /// The place of each revision in `by_id`.
    id_rank: Vec<u32>,
    parents: Adjacency,
    children: Adjacency,
    predecessors: Adjacency,
    successors: Adjacency,
    order: Vec<RevisionIndex>,
    /// The place of each revision in `order`.
    rank: Vec<u32>,
    /// The length of the longest path that leads to each revision.
    level: Vec<u32>,
}

impl History {
    /// Checks the names and edges and computes the order.
    ///
    /// Fails with all mistakes at once: ids that are invalid or used twice, unknown parents and dependencies, parents
    /// named twice or implied by another parent, labels used twice, and circles.
    pub fn build(nodes: &[Node]) -> Result<Self, Vec<Diagnostic>> {
        build::build(nodes)
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no revision at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a revision.
    pub fn id(&self, revision: RevisionIndex) -> &EcoString {
        &self.ids[revision.index()]
    }

    /// The revision with exactly this id.
    pub fn find(&self, id: &str) -> Option<RevisionIndex> {
        self.index_of_id.get(id).copied()
    }

    /// All revisions in the order in which their sections run.
    ///
    /// The order is topological. Branches stay together: siblings and all that follows from them are sorted by id, and
    /// a merge follows that parent which comes last. Which of two revisions comes first is decided by their ancestors
    /// alone, so revisions that are added or deleted later never change it.
    pub fn order(&self) -> &[RevisionIndex] {
        &self.order
    }

    /// The parents of a revision, as its author ordered them.
    pub fn parents(&self, revision: RevisionIndex) -> &[RevisionIndex] {
        self.parents.of(revision)
    }

    /// The revisions that name this one as a parent, sorted by id.
    pub fn children(&self, revision: RevisionIndex) -> &[RevisionIndex] {
        self.children.of(revision)
    }

    /// Parents, then dependencies, without those that come before another of them anyway.
    pub fn predecessors(&self, revision: RevisionIndex) -> &[RevisionIndex] {
        self.predecessors.of(revision)
    }

    /// The revisions that have this one as a predecessor, sorted by id.
    pub fn successors(&self, revision: RevisionIndex) -> &[RevisionIndex] {
        self.successors.of(revision)
    }

    /// The revisions without a child, sorted by id.
    pub fn heads(&self) -> Vec<RevisionIndex> {
        self.by_id.iter().copied().filter(|&revision| self.children(revision).is_empty()).collect()
    }

    /// The revisions without a parent, sorted by id.
    pub fn bases(&self) -> Vec<RevisionIndex> {
        self.by_id.iter().copied().filter(|&revision| self.parents(revision).is_empty()).collect()
    }

    fn sort_by_id(&self, revisions: &mut [RevisionIndex]) {
        revisions.sort_unstable_by_key(|revision| self.id_rank[revision.index()]);
    }

    /// Ids in backticks, for a message; a long list is cut.
    fn listed(&self, revisions: &[RevisionIndex]) -> String {
        const SHOWN: usize = 10;
        let mut text =
            revisions.iter().take(SHOWN).map(|&one| format!("`{}`", self.id(one))).collect::<Vec<_>>().join(", ");
        if revisions.len() > SHOWN {
            text.push_str(&format!(" and {} more", revisions.len() - SHOWN));
        }
        text
    }
}

#[cfg(test)]
mod tests;
