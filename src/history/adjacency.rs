//! Neighbours of revisions, without an allocation per revision.

use super::RevisionIndex;

/// For each revision a list of others.
#[derive(Debug)]
pub(super) struct Adjacency {
    /// Where the list of each revision begins in `neighbours`, and one more for the end.
    starts: Vec<u32>,
    neighbours: Vec<RevisionIndex>,
}

impl Adjacency {
    /// Collects pairs of a revision and a neighbour. The neighbours of a revision keep the order of the pairs.
    pub(super) fn new(revisions: usize, pairs: impl Iterator<Item = (RevisionIndex, RevisionIndex)> + Clone) -> Self {
        let mut starts = vec![0u32; revisions + 1];
        for (revision, _) in pairs.clone() {
            starts[revision.index() + 1] += 1;
        }
        for index in 0..revisions {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut neighbours = vec![RevisionIndex(0); starts[revisions] as usize];
        for (revision, neighbour) in pairs {
            let place = &mut next[revision.index()];
            neighbours[*place as usize] = neighbour;
            *place += 1;
        }
        Adjacency { starts, neighbours }
    }

    /// How many revisions there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The neighbours of a revision.
    pub(super) fn of(&self, revision: RevisionIndex) -> &[RevisionIndex] {
        let index = revision.index();
        &self.neighbours[self.starts[index] as usize..self.starts[index + 1] as usize]
    }
}
