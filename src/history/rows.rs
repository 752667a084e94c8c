//! The rows of the history table, which must be the heads of what is applied.
//!
//! Going up, a revision deletes its parents' rows and inserts its own; going down, it deletes its own and inserts those
//! of the parents that no remaining row implies. Only parents count: a dependency keeps its row.
//!
//! A script may run only on a database where all that comes before is applied and the revision itself is not. A
//! parent's own row proves both at once. But where a parent has other children, one of their rows may stand for the
//! parent, and such a row proves nothing about the revision itself; then its descendants must be absent, too.

use super::{History, Position, RevisionIndex};

/// What the history table must say before a revision with predecessors goes up. All lists are sorted by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeGuard {
    /// For each parent, then for each dependency that the parents do not imply: one of these rows must be there.
    pub one_of_each: Vec<Vec<RevisionIndex>>,
    /// None of these rows may be there: the revision itself, and where one of its siblings may stand for the parent,
    /// its descendants.
    pub none_of: Vec<RevisionIndex>,
}

/// What the history table must say before a revision without a parent goes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootGuard {
    /// No other rows than these may be there, sorted by id: the revisions that do not follow from this one. Empty, if
    /// this is the only root: then the table must be empty.
    pub only: Vec<RevisionIndex>,
    /// For each dependency: one of these rows must be there.
    pub one_of_each: Vec<Vec<RevisionIndex>>,
}

/// What the history table must say before a revision goes down, and what becomes of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DowngradeRows {
    /// None of these rows may be there, sorted by id: revisions that depend on this one without being its children,
    /// and what follows from them. The row of the revision itself must be there.
    pub none_of: Vec<RevisionIndex>,
    /// Each parent with the rows, sorted by id, of which one suffices to imply it: the parent's row is inserted
    /// unless one of them is there.
    pub parents: Vec<(RevisionIndex, Vec<RevisionIndex>)>,
}

impl History {
    /// The rows of the history table at a position, sorted by id: what is applied and has no child that is.
    pub fn rows(&self, position: Position) -> Vec<RevisionIndex> {
        let applied = self.applied(position);
        let is_row = |&revision: &RevisionIndex| {
            applied.contains(revision) && !self.children(revision).iter().any(|&child| applied.contains(child))
        };
        self.by_id.iter().copied().filter(is_row).collect()
    }

    /// The guard of a revision that has parents.
    pub fn upgrade_guard(&self, revision: RevisionIndex) -> UpgradeGuard {
        let mut one_of_each = Vec::new();
        let mut none_of: Option<Vec<RevisionIndex>> = None;
        for &parent in self.parents(revision) {
            let others = self.beside(Some(parent), revision);
            let undecided = self.undecided(parent, &others);
            none_of = Some(match none_of {
                None => undecided,
                Some(known) => known.into_iter().filter(|&one| self.is_among(one, &undecided)).collect(),
            });
            one_of_each.push(self.with(parent, others));
        }
        one_of_each.extend(self.required_dependencies(revision));
        UpgradeGuard { one_of_each, none_of: self.with(revision, none_of.unwrap_or_default()) }
    }

    /// The guard of a revision without a parent.
    pub fn root_guard(&self, revision: RevisionIndex) -> RootGuard {
        RootGuard { only: self.beside(None, revision), one_of_each: self.required_dependencies(revision) }
    }

    /// The guard and the rows of a revision that goes down.
    pub fn downgrade_rows(&self, revision: RevisionIndex) -> DowngradeRows {
        let mut none_of = Vec::new();
        if !self.dependants.of(revision).is_empty() {
            let mut set = self.with_ancestors(&[]);
            let mut open = self.dependants.of(revision).to_vec();
            while let Some(one) = open.pop() {
                if set.insert(one) {
                    none_of.push(one);
                    open.extend(self.successors.of(one));
                }
            }
            self.sort_by_id(&mut none_of);
        }
        let implied_by = |&parent: &RevisionIndex| (parent, self.beside(Some(parent), revision));
        DowngradeRows { none_of, parents: self.parents(revision).iter().map(implied_by).collect() }
    }

    /// The revisions whose rows can stand beside a row of `others`, which are descendants of `parent`, without being
    /// one of them. What follows from all of `others` cannot: its row has replaced theirs.
    fn undecided(&self, parent: RevisionIndex, others: &[RevisionIndex]) -> Vec<RevisionIndex> {
        let is_other = |&one: &RevisionIndex| self.is_among(one, others);
        let last = others.iter().filter(|other| !self.children(**other).iter().any(is_other));
        let mut found: Vec<RevisionIndex> =
            last.flat_map(|&other| self.beside(Some(parent), other)).filter(|one| !is_other(one)).collect();
        self.sort_by_id(&mut found);
        found.dedup();
        found
    }

    /// For each dependency that the parents do not imply, the rows that prove it applied while the revision is not.
    fn required_dependencies(&self, revision: RevisionIndex) -> Vec<Vec<RevisionIndex>> {
        let implied = |dependency: RevisionIndex| {
            self.parents(revision).iter().any(|&parent| parent == dependency || self.is_ancestor(dependency, parent))
        };
        self.dependencies(revision)
            .iter()
            .filter(|&&dependency| !implied(dependency))
            .map(|&dependency| self.with(dependency, self.beside(Some(dependency), revision)))
            .collect()
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
