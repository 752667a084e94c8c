//! From what revisions say to a history: every name is resolved, and every mistake is reported.

use std::collections::{HashMap, HashSet};

use ecow::EcoString;

use super::adjacency::Adjacency;
use super::reference::RESERVED;
use super::{History, Node, RevisionIndex, cycle, order};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::source::{Name, Origin};

/// To look for a word that is alike takes long, so only the first mistakes get a suggestion.
const SUGGESTIONS: usize = 10;

/// An edge to a predecessor, and the word that says so.
pub(super) struct Edge {
    pub(super) before: RevisionIndex,
    pub(super) after: RevisionIndex,
    pub(super) origin: Origin,
}

pub(super) fn build(nodes: &[Node]) -> Result<History, Vec<Diagnostic>> {
    let mut builder = Builder {
        nodes,
        index_of_id: HashMap::with_capacity(nodes.len()),
        index_of_label: HashMap::new(),
        suggestions: SUGGESTIONS,
        diagnostics: Vec::new(),
    };
    builder.take_ids();
    builder.take_labels();
    let mut parents = Vec::with_capacity(nodes.len());
    let mut dependencies = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let revision = RevisionIndex::new(index);
        builder.take_parents(revision, node, &mut parents);
        builder.take_dependencies(revision, node, &mut dependencies);
    }
    builder.finish(&parents, &dependencies)
}

struct Builder<'a> {
    nodes: &'a [Node],
    index_of_id: HashMap<EcoString, RevisionIndex>,
    index_of_label: HashMap<EcoString, RevisionIndex>,
    suggestions: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn id(&self, revision: RevisionIndex) -> &Name {
        &self.nodes[revision.index()].id
    }

    fn take_ids(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            self.check_word(&node.id, "id");
            if let Some(&first) = self.index_of_id.get(&node.id.value) {
                let diagnostic = Diagnostic::new(
                    Code::DuplicateRevision,
                    format!("two revisions have the id `{}`", shown(&node.id)),
                )
                .at(node.id.origin, "the second one")
                .at(self.id(first).origin, "the first one")
                .help("give one of them another id, here and where its children name it");
                self.diagnostics.push(diagnostic);
            } else {
                self.index_of_id.insert(node.id.value.clone(), RevisionIndex::new(index));
            }
        }
    }

    fn take_labels(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            let revision = RevisionIndex::new(index);
            for label in &node.labels {
                self.check_word(label, "branch label");
                let diagnostic = if let Some(&same) = self.index_of_id.get(&label.value) {
                    Diagnostic::new(Code::DuplicateLabel, format!("the branch label `{label}` is the id of a revision"))
                        .at(label.origin, "a label")
                        .at(self.id(same).origin, "an id")
                } else if let Some(&bearer) = self.index_of_label.get(&label.value) {
                    let other = self.nodes[bearer.index()].labels.iter().find(|other| *other == label);
                    Diagnostic::new(Code::DuplicateLabel, format!("the branch label `{label}` is used twice"))
                        .at(label.origin, "the second time")
                        .at(other.map_or(Origin::Unknown, |other| other.origin), "the first time")
                } else {
                    self.index_of_label.insert(label.value.clone(), revision);
                    continue;
                };
                self.diagnostics.push(diagnostic.help("choose another label"));
            }
        }
    }

    /// Checks the characters of an id or a label. `-`, `+` and `@` would be read as steps and branches.
    fn check_word(&mut self, word: &Name, what: &str) {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        let diagnostic = if RESERVED.contains(&word.as_str()) {
            Diagnostic::new(Code::InvalidRevisionId, format!("`{word}` cannot be the {what} of a revision"))
                .at(word.origin, "a word of the command line")
                .help(format!("choose another {what}: `{word}` names a position in the history"))
        } else if word.is_empty() {
            Diagnostic::new(Code::InvalidRevisionId, format!("the {what} is empty"))
                .at(word.origin, "needs 1 to 32 characters")
                .help("write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`")
        } else if let Some(wrong) = word.chars().find(|&c| !u8::try_from(c).is_ok_and(valid)) {
            Diagnostic::new(Code::InvalidRevisionId, format!("`{}` is not a valid {what}", shown(word)))
                .at(word.origin, format!("has the character `{}`", wrong.escape_debug()))
                .help("write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`")
        } else if word.len() > 32 {
            Diagnostic::new(Code::InvalidRevisionId, format!("the {what} `{}` is too long", shown(word)))
                .at(word.origin, format!("has {} characters", word.len()))
                .help("write at most 32 characters: the column of the history table takes no more")
        } else {
            return;
        };
        self.diagnostics.push(diagnostic);
    }

    fn take_parents(&mut self, revision: RevisionIndex, node: &Node, edges: &mut Vec<Edge>) {
        let mut seen: HashMap<RevisionIndex, Origin> = HashMap::new();
        for parent in &node.parents {
            let Some(&before) = self.index_of_id.get(&parent.value) else {
                let diagnostic = self.unknown(parent, "parent");
                self.diagnostics.push(diagnostic);
                continue;
            };
            if before == revision || parent.value == node.id.value {
                self.diagnostics.push(
                    Diagnostic::new(Code::Cycle, format!("`{parent}` revises itself"))
                        .at(parent.origin, "the id of this revision")
                        .help("name the revision before this one, or nothing if this is the first"),
                );
            } else if let Some(first) = seen.insert(before, parent.origin) {
                self.diagnostics.push(
                    Diagnostic::new(Code::RepeatedParent, format!("the parent `{parent}` is named twice"))
                        .at(parent.origin, "the second time")
                        .at(first, "the first time")
                        .help("delete one of them"),
                );
            } else {
                edges.push(Edge { before, after: revision, origin: parent.origin });
            }
        }
    }

    fn take_dependencies(&mut self, revision: RevisionIndex, node: &Node, edges: &mut Vec<Edge>) {
        let mut seen: HashMap<RevisionIndex, Origin> = HashMap::new();
        for dependency in &node.depends_on {
            let found = self.index_of_id.get(&dependency.value).or_else(|| self.index_of_label.get(&dependency.value));
            let Some(&before) = found else {
                let diagnostic = self.unknown(dependency, "dependency");
                self.diagnostics.push(diagnostic);
                continue;
            };
            if before == revision {
                self.diagnostics.push(
                    Diagnostic::new(Code::Cycle, format!("`{}` depends on itself", node.id))
                        .at(dependency.origin, "means this revision")
                        .help("name another revision, or delete the dependency"),
                );
            } else if let Some(first) = seen.insert(before, dependency.origin) {
                self.diagnostics.push(
                    Diagnostic::new(Code::RepeatedParent, format!("the dependency `{dependency}` is named twice"))
                        .at(dependency.origin, "the second time")
                        .at(first, "the first time")
                        .help("delete one of them"),
                );
            } else if !node.parents.iter().any(|parent| parent.value == self.id(before).value) {
                edges.push(Edge { before, after: revision, origin: dependency.origin });
            }
        }
    }

    fn unknown(&mut self, name: &Name, what: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::UnknownRevision, format!("no revision has the id `{}`", shown(name)))
            .at(name.origin, format!("unknown {what}"));
        if let Some(&bearer) = self.index_of_label.get(&name.value) {
            let id = self.id(bearer);
            return diagnostic
                .help(format!("`{name}` is a branch label, and a parent is named by its id: write `{id}`"));
        }
        if self.suggestions == 0 {
            return diagnostic.help("`offprint history` lists all revisions");
        }
        self.suggestions -= 1;
        let ids = || self.nodes.iter().map(|node| node.id.as_str());
        let mut longer = ids().filter(|id| !name.is_empty() && id.starts_with(name.as_str()));
        if let (Some(id), None) = (longer.next(), longer.next()) {
            return diagnostic.help(format!("a revision is named by its whole id: write `{id}`"));
        }
        match closest(name, ids()) {
            Some(id) => diagnostic.help(format!("did you mean `{id}`?")),
            None => diagnostic.help("add the file of that revision, or name one that is there"),
        }
    }

    fn finish(mut self, parent_edges: &[Edge], dependency_edges: &[Edge]) -> Result<History, Vec<Diagnostic>> {
        let len = self.nodes.len();
        let forward = |edge: &Edge| (edge.before, edge.after);
        let backward = |edge: &Edge| (edge.after, edge.before);
        let all = || parent_edges.iter().chain(dependency_edges);
        let predecessors = Adjacency::new(len, all().map(backward));
        let successors = Adjacency::new(len, all().map(forward));
        let any_order = match order::any_order(&predecessors, &successors) {
            Ok(any_order) if self.diagnostics.is_empty() => any_order,
            Ok(_) => return Err(self.diagnostics),
            Err(circular) => {
                let edges: Vec<&Edge> = all().collect();
                self.diagnostics.extend(cycle::diagnose(self.nodes, &edges, circular));
                return Err(self.diagnostics);
            }
        };

        let ids: Vec<EcoString> = self.nodes.iter().map(|node| node.id.value.clone()).collect();
        let mut by_id: Vec<RevisionIndex> = (0..len).map(RevisionIndex::new).collect();
        by_id.sort_unstable_by(|one, other| ids[one.index()].cmp(&ids[other.index()]));
        let id_rank = inverse(&by_id);
        let order = order::stable_order(&any_order, &predecessors, &by_id, &id_rank);
        let parents = Adjacency::new(len, parent_edges.iter().map(backward));
        let level = order::levels(&any_order, &predecessors);
        let (predecessors, mistakes) = self.without_implied(&parents, parent_edges, &predecessors, &level);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(History {
            children: sorted_reverse(&parents, &by_id),
            successors: sorted_reverse(&predecessors, &by_id),
            rank: inverse(&order),
            ids,
            index_of_id: self.index_of_id,
            index_of_label: self.index_of_label,
            by_id,
            id_rank,
            parents,
            predecessors,
            order,
            level,
        })
    }

    /// The predecessors without those that come before another of them anyway, and the mistakes: a parent that another
    /// parent implies. (A parent that a dependency implies is fine: the dependency is the nearer predecessor.)
    fn without_implied(
        &self,
        parents: &Adjacency,
        parent_edges: &[Edge],
        predecessors: &Adjacency,
        level: &[u32],
    ) -> (Adjacency, Vec<Diagnostic>) {
        let mut implied: HashSet<(RevisionIndex, RevisionIndex)> = HashSet::new();
        let mut wrong: HashSet<(RevisionIndex, RevisionIndex)> = HashSet::new();
        let all = || (0..self.nodes.len()).map(RevisionIndex::new);
        for revision in all() {
            let find = |list: &[RevisionIndex]| {
                ancestors_among(list, predecessors, level).into_iter().map(move |one| (revision, one))
            };
            if predecessors.of(revision).len() > 1 {
                implied.extend(find(predecessors.of(revision)));
            }
            if parents.of(revision).len() > 1 {
                wrong.extend(find(parents.of(revision)));
            }
        }
        let mistake = |edge: &Edge| {
            let (parent, revision) = (self.id(edge.before), self.id(edge.after));
            Diagnostic::new(
                Code::RepeatedParent,
                format!("the parent `{parent}` is implied by another parent of `{revision}`"),
            )
            .at(edge.origin, "comes before another parent")
            .help(format!("delete `{parent}` from the list"))
        };
        let mistakes =
            parent_edges.iter().filter(|edge| wrong.contains(&(edge.after, edge.before))).map(mistake).collect();
        let pairs = all()
            .flat_map(|revision| predecessors.of(revision).iter().map(move |&before| (revision, before)))
            .filter(|pair| !implied.contains(pair));
        (Adjacency::new(self.nodes.len(), pairs), mistakes)
    }
}

/// The place of each revision in a list of all.
fn inverse(list: &[RevisionIndex]) -> Vec<u32> {
    let mut places = vec![0; list.len()];
    for (place, revision) in (0u32..).zip(list) {
        places[revision.index()] = place;
    }
    places
}

/// The edges the other way round, with neighbours sorted by id.
fn sorted_reverse(adjacency: &Adjacency, by_id: &[RevisionIndex]) -> Adjacency {
    let pairs = by_id.iter().flat_map(|&revision| adjacency.of(revision).iter().map(move |&other| (other, revision)));
    Adjacency::new(by_id.len(), pairs)
}

/// Those of the revisions that come before another one of them. Looks no further back than the first of them.
fn ancestors_among(list: &[RevisionIndex], predecessors: &Adjacency, level: &[u32]) -> Vec<RevisionIndex> {
    let level = |revision: RevisionIndex| level[revision.index()];
    let lowest = list.iter().map(|&revision| level(revision)).min().unwrap_or(0);
    let mut seen = HashSet::new();
    let mut open = list.to_vec();
    while let Some(revision) = open.pop() {
        let before = predecessors.of(revision).iter().copied();
        open.extend(before.filter(|&one| level(one) >= lowest && seen.insert(one)));
    }
    list.iter().copied().filter(|revision| seen.contains(revision)).collect()
}

/// A word as a message can show it: escaped and cut.
fn shown(word: &str) -> String {
    let mut text: String = word.chars().take(48).flat_map(char::escape_debug).collect();
    if word.chars().nth(48).is_some() {
        text.push('…');
    }
    text
}
