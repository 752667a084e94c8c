//! Ancestors and descendants, computed on demand: a table for all pairs would be quadratic.

use std::collections::{BTreeMap, HashSet};

use super::adjacency::Adjacency;
use super::{History, RevisionIndex, RevisionSet};

impl History {
    /// The revisions that must be applied before this one, itself excluded.
    pub fn ancestors(&self, revision: RevisionIndex) -> RevisionSet {
        self.reached(self.predecessors(revision), &self.predecessors)
    }

    /// The revisions before which this one must be applied, itself excluded.
    pub fn descendants(&self, revision: RevisionIndex) -> RevisionSet {
        self.reached(self.successors(revision), &self.successors)
    }

    /// These revisions and all their ancestors.
    pub(super) fn with_ancestors(&self, revisions: &[RevisionIndex]) -> RevisionSet {
        self.reached(revisions, &self.predecessors)
    }

    fn reached(&self, starts: &[RevisionIndex], neighbours: &Adjacency) -> RevisionSet {
        let mut set = RevisionSet::empty(self.len());
        let mut open = starts.to_vec();
        while let Some(revision) = open.pop() {
            if set.insert(revision) {
                open.extend(neighbours.of(revision));
            }
        }
        set
    }

    /// Whether the one must be applied before the other. A revision is no ancestor of itself.
    pub fn is_ancestor(&self, ancestor: RevisionIndex, revision: RevisionIndex) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![revision];
        while let Some(current) = open.pop() {
            for &before in self.predecessors(current) {
                if before == ancestor {
                    return true;
                }
                if self.level[before.index()] > self.level[ancestor.index()] && seen.insert(before) {
                    open.push(before);
                }
            }
        }
        false
    }

    /// The last revisions that are common to both, each revision counted as its own ancestor; sorted by id.
    pub fn merge_bases(&self, one: RevisionIndex, other: RevisionIndex) -> Vec<RevisionIndex> {
        let (left, right) = (self.with_ancestors(&[one]), self.with_ancestors(&[other]));
        let common = |revision: &RevisionIndex| left.contains(*revision) && right.contains(*revision);
        let last = |revision: &RevisionIndex| !self.successors(*revision).iter().any(common);
        self.by_id.iter().copied().filter(common).filter(last).collect()
    }

    /// The two sides that a merge of two revisions brings together: what must be applied for the one but not for the
    /// other, and the reverse, both in order. No revision of a side comes before or after one of the other side.
    ///
    /// Looks no further back than the last common ancestors.
    pub fn merge_sides(&self, one: RevisionIndex, other: RevisionIndex) -> (Vec<RevisionIndex>, Vec<RevisionIndex>) {
        #[derive(Clone, Copy, Default)]
        struct Of {
            one: bool,
            other: bool,
        }
        let key = |revision: RevisionIndex| (self.level[revision.index()], revision);
        let mut open: BTreeMap<(u32, RevisionIndex), Of> = BTreeMap::new();
        open.entry(key(one)).or_default().one = true;
        open.entry(key(other)).or_default().other = true;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut one_sided = open.values().filter(|of| of.one != of.other).count();
        while one_sided > 0 {
            // The highest level comes first, so all that follows from a revision was seen before it.
            let Some(((_, revision), of)) = open.pop_last() else { break };
            if of.one != of.other {
                one_sided -= 1;
                if of.one { left.push(revision) } else { right.push(revision) }
            }
            for &before in self.predecessors(revision) {
                let known = open.entry(key(before)).or_default();
                one_sided -= usize::from(known.one != known.other);
                known.one |= of.one;
                known.other |= of.other;
                one_sided += usize::from(known.one != known.other);
            }
        }
        for side in [&mut left, &mut right] {
            side.sort_unstable_by_key(|revision| self.rank[revision.index()]);
        }
        (left, right)
    }

    /// The descendants of `ancestor`, or all revisions, that are neither `aside` nor its descendants; sorted by id.
    ///
    /// Goes through the levels and stops where everything follows from `aside`, so that a branch which is merged soon
    /// costs its own length only.
    pub(super) fn beside(&self, ancestor: Option<RevisionIndex>, aside: RevisionIndex) -> Vec<RevisionIndex> {
        let key = |revision: RevisionIndex| (self.level[revision.index()], revision);
        let is_root = |revision: &RevisionIndex| self.predecessors(*revision).is_empty();
        let starts: Vec<RevisionIndex> = match ancestor {
            Some(ancestor) => self.successors(ancestor).to_vec(),
            None => self.by_id.iter().copied().filter(is_root).collect(),
        };
        // The value says whether the revision is `aside` or follows from it.
        let mut open: BTreeMap<(u32, RevisionIndex), bool> = starts.iter().map(|&one| (key(one), false)).collect();
        open.insert(key(aside), true);
        let mut free = open.values().filter(|&&follows| !follows).count();
        let mut found = Vec::new();
        while free > 0 {
            let Some(((_, revision), follows)) = open.pop_first() else { break };
            if !follows {
                free -= 1;
                found.push(revision);
            }
            for &after in self.successors(revision) {
                match open.get_mut(&key(after)) {
                    None => {
                        open.insert(key(after), follows);
                        free += usize::from(!follows);
                    }
                    Some(known) if follows && !*known => {
                        *known = true;
                        free -= 1;
                    }
                    Some(_) => {}
                }
            }
        }
        self.sort_by_id(&mut found);
        found
    }
}
