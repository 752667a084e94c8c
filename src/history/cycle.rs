//! Circles of revisions, for the message that names their members.

use std::collections::HashMap;

use super::build::Edge;
use super::{Node, RevisionIndex};
use crate::diagnostic::{Code, Diagnostic};

/// How many members a message names.
const SHOWN: usize = 8;

/// One diagnostic for each circle, as many as can be told apart. `circular` are the revisions that are in a circle or
/// follow from one.
pub(super) fn diagnose(nodes: &[Node], edges: &[&Edge], circular: Vec<RevisionIndex>) -> Vec<Diagnostic> {
    let mut before: HashMap<RevisionIndex, Vec<&Edge>> =
        circular.iter().map(|&revision| (revision, Vec::new())).collect();
    for edge in edges {
        if before.contains_key(&edge.before)
            && let Some(list) = before.get_mut(&edge.after)
        {
            list.push(edge);
        }
    }
    let mut starts = circular;
    starts.sort_unstable_by(|one, other| nodes[one.index()].id.cmp(&nodes[other.index()].id));
    let mut diagnostics = Vec::new();
    // In which walk a revision was met. Each walk goes back along one edge per revision, so it ends in a circle, in
    // an older walk, or where all circles further back are known already.
    let mut met: HashMap<RevisionIndex, usize> = HashMap::new();
    for (walk, &start) in starts.iter().enumerate() {
        let mut path: Vec<&Edge> = Vec::new();
        let mut current = start;
        while !met.contains_key(&current) {
            met.insert(current, walk);
            let edges = before.get(&current).map_or(&[][..], Vec::as_slice);
            let Some(edge) = edges
                .iter()
                .find(|edge| !met.contains_key(&edge.before))
                .or_else(|| edges.iter().find(|edge| met.get(&edge.before) == Some(&walk)))
            else {
                break;
            };
            path.push(edge);
            current = edge.before;
        }
        if met.get(&current) == Some(&walk)
            && let Some(first) = path.iter().position(|edge| edge.after == current)
        {
            diagnostics.push(circle(nodes, &path[first..]));
        }
    }
    diagnostics
}

/// The circle that these edges form, each going back from a revision to the one before it.
fn circle(nodes: &[Node], path: &[&Edge]) -> Diagnostic {
    let id = |revision: RevisionIndex| &nodes[revision.index()].id;
    // It begins with the smallest id and is told in the direction of time.
    let mut path: Vec<&Edge> = path.iter().rev().copied().collect();
    let smallest = (0..path.len()).min_by_key(|&place| id(path[place].after)).unwrap_or(0);
    path.rotate_left(smallest);
    let names: Vec<String> = path.iter().take(SHOWN).map(|edge| format!("`{}`", id(edge.after))).collect();
    let rest = if path.len() > SHOWN { format!(", {} more", path.len() - SHOWN) } else { String::new() };
    let mut diagnostic =
        Diagnostic::new(Code::Cycle, format!("{}{rest} follow each other in a circle", names.join(", ")));
    for edge in path.iter().take(SHOWN) {
        diagnostic = diagnostic.at(edge.origin, format!("`{}` follows `{}`", id(edge.after), id(edge.before)));
    }
    diagnostic.help("one of them has to follow a revision outside of the circle, or none")
}
