//! The stable topological order.
//!
//! Kahn's algorithm with a queue sorted by id would be topological, but a revision that is added later could push
//! older ones about. So each revision gets a place in a tree instead: it hangs below that one of its predecessors
//! which comes last, and the order is the tree's preorder with siblings sorted by id. Where a revision hangs is
//! decided by its ancestors alone, so which of two revisions comes first is, too. As a gift, branches stay together.

use std::cmp::Ordering;

use super::RevisionIndex;
use super::adjacency::Adjacency;

/// Any topological order, or, when there are circles, the revisions that are in one or follow from one.
pub(super) fn any_order(
    predecessors: &Adjacency,
    successors: &Adjacency,
) -> Result<Vec<RevisionIndex>, Vec<RevisionIndex>> {
    let len = predecessors.len();
    let mut waiting: Vec<usize> = (0..len).map(|index| predecessors.of(RevisionIndex::new(index)).len()).collect();
    let mut order: Vec<RevisionIndex> = (0..len).filter(|&index| waiting[index] == 0).map(RevisionIndex::new).collect();
    let mut next = 0;
    while let Some(&revision) = order.get(next) {
        next += 1;
        for &successor in successors.of(revision) {
            waiting[successor.index()] -= 1;
            if waiting[successor.index()] == 0 {
                order.push(successor);
            }
        }
    }
    if order.len() == len {
        Ok(order)
    } else {
        Err((0..len).filter(|&index| waiting[index] > 0).map(RevisionIndex::new).collect())
    }
}

/// The length of the longest path that leads to each revision.
pub(super) fn levels(any_order: &[RevisionIndex], predecessors: &Adjacency) -> Vec<u32> {
    let mut levels = vec![0; any_order.len()];
    for &revision in any_order {
        levels[revision.index()] =
            predecessors.of(revision).iter().map(|before| levels[before.index()] + 1).max().unwrap_or(0);
    }
    levels
}

/// The stable order, from any topological one. `by_id` lists all revisions sorted by id, `id_rank` is its inverse.
pub(super) fn stable_order(
    any_order: &[RevisionIndex],
    predecessors: &Adjacency,
    by_id: &[RevisionIndex],
    id_rank: &[u32],
) -> Vec<RevisionIndex> {
    let mut tree = Tree::new(any_order.len(), id_rank);
    for &revision in any_order {
        let last = predecessors.of(revision).iter().copied().max_by(|&one, &other| tree.compare(one, other));
        tree.hang(revision, last.unwrap_or(tree.root));
    }
    let below = Adjacency::new(any_order.len() + 1, by_id.iter().map(|&revision| (tree.parent(revision), revision)));
    let mut order = Vec::with_capacity(any_order.len());
    let mut open: Vec<RevisionIndex> = below.of(tree.root).iter().rev().copied().collect();
    while let Some(revision) = open.pop() {
        order.push(revision);
        open.extend(below.of(revision).iter().rev());
    }
    order
}

/// A tree that grows at its leaves and tells in logarithmic time which of two members comes first in preorder.
struct Tree<'a> {
    id_rank: &'a [u32],
    root: RevisionIndex,
    parent: Vec<RevisionIndex>,
    depth: Vec<u32>,
    /// An ancestor further up, chosen so that any ancestor can be reached in a logarithmic number of steps.
    jump: Vec<RevisionIndex>,
}

impl<'a> Tree<'a> {
    /// A tree of a root only, which is none of the revisions.
    fn new(revisions: usize, id_rank: &'a [u32]) -> Self {
        let root = RevisionIndex::new(revisions);
        Tree {
            id_rank,
            root,
            parent: vec![root; revisions + 1],
            depth: vec![0; revisions + 1],
            jump: vec![root; revisions + 1],
        }
    }

    fn parent(&self, revision: RevisionIndex) -> RevisionIndex {
        self.parent[revision.index()]
    }

    fn depth(&self, revision: RevisionIndex) -> u32 {
        self.depth[revision.index()]
    }

    fn jump(&self, revision: RevisionIndex) -> RevisionIndex {
        self.jump[revision.index()]
    }

    /// Adds a leaf below a member.
    fn hang(&mut self, leaf: RevisionIndex, parent: RevisionIndex) {
        let jump = self.jump(parent);
        let as_long = self.depth(parent) - self.depth(jump) == self.depth(jump) - self.depth(self.jump(jump));
        self.parent[leaf.index()] = parent;
        self.depth[leaf.index()] = self.depth(parent) + 1;
        self.jump[leaf.index()] = if as_long { self.jump(jump) } else { parent };
    }

    /// The ancestor at a depth that is at most the member's own.
    fn ancestor_at(&self, mut member: RevisionIndex, depth: u32) -> RevisionIndex {
        while self.depth(member) > depth {
            let jump = self.jump(member);
            member = if self.depth(jump) >= depth { jump } else { self.parent(member) };
        }
        member
    }

    /// The preorder of two members.
    fn compare(&self, one: RevisionIndex, other: RevisionIndex) -> Ordering {
        let depth = self.depth(one).min(self.depth(other));
        let (mut left, mut right) = (self.ancestor_at(one, depth), self.ancestor_at(other, depth));
        if left == right {
            return self.depth(one).cmp(&self.depth(other));
        }
        while self.parent(left) != self.parent(right) {
            // At equal depth jumps are equally long.
            (left, right) = if self.jump(left) == self.jump(right) {
                (self.parent(left), self.parent(right))
            } else {
                (self.jump(left), self.jump(right))
            };
        }
        self.id_rank[left.index()].cmp(&self.id_rank[right.index()])
    }
}
