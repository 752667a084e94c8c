//! Properties of the history over random graphs, with a model of the history table that only knows sets.

#[path = "support/random.rs"]
mod random;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use ecow::EcoString;
use offprint::history::{Direction, History, Node, Position, RevisionIndex, UpgradeGuard};
use offprint::source::{Located, Name, Origin};
use random::Random;

fn name(text: &str) -> Name {
    Located::new(EcoString::from(text), Origin::Unknown)
}

/// Nodes in an order in which each one comes after its predecessors. Ids are random, so they say nothing of it.
fn random_nodes(random: &mut Random) -> Vec<Node> {
    let count = 1 + random.below(14);
    let (roots, merges, dependencies) = (random.below(20), random.below(50), random.below(30));
    let mut nodes: Vec<Node> = Vec::new();
    // The strict ancestors over both kinds of edges.
    let mut ancestors: Vec<BTreeSet<usize>> = Vec::new();
    for index in 0..count {
        let mut parents = BTreeSet::new();
        if index > 0 && !random.chance(roots) {
            // A recent parent makes chains, any parent makes forks.
            parents.insert(if random.chance(60) { index - 1 } else { random.below(index) });
            while random.chance(merges) {
                parents.insert(random.below(index));
            }
        }
        let implied: BTreeSet<usize> = parents.iter().flat_map(|&parent| ancestors[parent].iter().copied()).collect();
        let parents: Vec<usize> = parents.difference(&implied).copied().collect();
        let mut depends_on = BTreeSet::new();
        if index > 0 && random.chance(dependencies) {
            depends_on.insert(random.below(index));
        }
        let before = parents.iter().chain(&depends_on);
        ancestors.push(before.flat_map(|&one| ancestors[one].iter().copied().chain([one])).collect());
        let named = |&other: &usize| nodes[other].id.clone();
        let node = Node {
            id: name(&format!("{:x}_{index}", random.below(256))),
            parents: parents.iter().map(named).collect(),
            labels: Vec::new(),
            depends_on: depends_on.iter().map(named).collect(),
        };
        nodes.push(node);
    }
    nodes
}

fn build(nodes: &[Node]) -> History {
    History::build(nodes).unwrap_or_else(|mistakes| panic!("{mistakes:#?}\n{nodes:#?}"))
}

/// Runs a property over many random histories.
fn for_random_histories(property: impl Fn(&mut Random, &[Node], &History)) {
    for seed in 1..=600 {
        let mut random = Random::new(seed);
        let nodes = random_nodes(&mut random);
        property(&mut random, &nodes, &build(&nodes));
    }
}

type Applied = BTreeSet<RevisionIndex>;

/// What the history table must hold: the applied revisions that no applied one follows.
fn heads_of(history: &History, applied: &Applied) -> Applied {
    let superseded = |one: RevisionIndex| applied.iter().any(|&other| history.predecessors(other).contains(&one));
    applied.iter().copied().filter(|&one| !superseded(one)).collect()
}

/// What the guard of the way up must say.
fn may_go_up(history: &History, applied: &Applied, revision: RevisionIndex) -> bool {
    !applied.contains(&revision) && history.predecessors(revision).iter().all(|one| applied.contains(one))
}

/// What the guard of the way down must say.
fn may_go_down(history: &History, applied: &Applied, revision: RevisionIndex) -> bool {
    let needs = |other: &RevisionIndex| history.predecessors(*other).contains(&revision);
    applied.contains(&revision) && !applied.iter().any(needs)
}

/// What a section asks of the table on the way up.
fn guard_up(history: &History, rows: &Applied, revision: RevisionIndex) -> bool {
    let any = |list: &Vec<RevisionIndex>| list.iter().any(|one| rows.contains(one));
    match history.upgrade_guard(revision) {
        UpgradeGuard::Root { only } => rows.iter().all(|row| only.contains(row)),
        UpgradeGuard::Successor { one_of_each, none_of } => one_of_each.iter().all(any) && !any(&none_of),
    }
}

/// What a section does to the table on the way up.
fn rows_up(history: &History, rows: &mut Applied, revision: RevisionIndex) {
    for before in history.predecessors(revision) {
        rows.remove(before);
    }
    rows.insert(revision);
}

/// What a section does to the table on the way down: the statements, one after the other.
fn rows_down(history: &History, rows: &mut Applied, revision: RevisionIndex) {
    rows.remove(&revision);
    for restored in history.restored_rows(revision) {
        if !restored.implied_by.iter().any(|one| rows.contains(one)) {
            rows.insert(restored.revision);
        }
    }
}

/// A random set of revisions that holds the predecessors of each of its members.
fn random_state(random: &mut Random, history: &History) -> Applied {
    let mut applied = Applied::new();
    let percent = 30 + random.below(70);
    for &revision in history.order() {
        if may_go_up(history, &applied, revision) && random.chance(percent) {
            applied.insert(revision);
        }
    }
    applied
}

#[test]
fn the_order_is_topological() {
    for_random_histories(|_, _, history| {
        let mut seen = Applied::new();
        for &revision in history.order() {
            assert!(may_go_up(history, &seen, revision));
            seen.insert(revision);
        }
        assert_eq!(seen.len(), history.len());
    });
}

#[test]
fn the_order_does_not_depend_on_the_order_of_the_files() {
    for_random_histories(|_, nodes, history| {
        let mut sorted = nodes.to_vec();
        sorted.sort_by(|one, other| one.id.cmp(&other.id));
        let other = build(&sorted);
        let ids = |history: &History| history.order().iter().map(|&one| history.id(one).clone()).collect::<Vec<_>>();
        assert_eq!(ids(history), ids(&other));
    });
}

#[test]
fn later_revisions_do_not_change_the_order() {
    for_random_histories(|random, nodes, history| {
        let kept = random_state(random, history);
        let fewer: Vec<Node> = kept.iter().map(|one| nodes[one.index()].clone()).collect();
        let shorter = build(&fewer);
        let before: Vec<&EcoString> =
            history.order().iter().filter(|one| kept.contains(one)).map(|&one| history.id(one)).collect();
        let after: Vec<&EcoString> = shorter.order().iter().map(|&one| shorter.id(one)).collect();
        assert_eq!(before, after);
    });
}

#[test]
fn slices_compose() {
    for_random_histories(|_, _, history| {
        let positions: Vec<Position> = [Position::Base, Position::Heads]
            .into_iter()
            .chain(history.order().iter().map(|&one| Position::At(one)))
            .collect();
        let list =
            |from: Position, to: Position| history.range(from, to).map(|range| (range.direction, range.revisions));
        for &from in &positions {
            for &to in &positions {
                let Ok((direction, whole)) = list(from, to) else { continue };
                for (place, &middle) in whole.iter().enumerate() {
                    let comparable = |&other: &RevisionIndex| {
                        other == middle || history.is_ancestor(other, middle) || history.is_ancestor(middle, other)
                    };
                    let ends = [from, to].into_iter().filter_map(|end| match end {
                        Position::At(revision) => Some(revision),
                        Position::Base | Position::Heads => None,
                    });
                    if !ends.chain(whole.iter().copied()).all(|one| comparable(&one)) {
                        continue;
                    }
                    // The same position seen from both sides: after `middle` going up, before it going down.
                    let (first, second) = (list(from, Position::At(middle)), list(Position::At(middle), to));
                    let (first, second) = (first.expect("comparable").1, second.expect("comparable").1);
                    assert_eq!([first, second].concat(), whole, "{direction:?} at {place}");
                }
            }
        }
    });
}

#[test]
fn the_way_down_is_the_way_up_reversed() {
    for_random_histories(|_, _, history| {
        for &one in history.order() {
            for &other in history.order() {
                let up = history.range(Position::At(one), Position::At(other));
                let down = history.range(Position::At(other), Position::At(one));
                let comparable = one == other || history.is_ancestor(one, other) || history.is_ancestor(other, one);
                assert_eq!(up.is_ok(), comparable);
                assert_eq!(down.is_ok(), comparable);
                if let (Ok(up), Ok(mut down)) = (up, down)
                    && up.direction == Direction::Up
                {
                    down.revisions.reverse();
                    assert_eq!(up.revisions, down.revisions);
                }
            }
        }
    });
}

#[test]
fn the_rows_are_the_heads_on_the_whole_way() {
    for_random_histories(|_, _, history| {
        let (mut rows, mut applied) = (Applied::new(), Applied::new());
        let mut states = Vec::new();
        for &revision in history.order() {
            states.push(rows.clone());
            assert!(guard_up(history, &rows, revision));
            rows_up(history, &mut rows, revision);
            applied.insert(revision);
            assert_eq!(rows, heads_of(history, &applied));
            let at = history.rows(Position::At(revision));
            let alone: Applied = history
                .order()
                .iter()
                .copied()
                .filter(|&one| history.applied(Position::At(revision)).contains(one))
                .collect();
            assert_eq!(at.into_iter().collect::<Applied>(), heads_of(history, &alone));
        }
        for &revision in history.order().iter().rev() {
            assert!(rows.contains(&revision));
            rows_down(history, &mut rows, revision);
            assert_eq!(Some(rows.clone()), states.pop());
        }
    });
}

#[test]
fn guards_accept_exactly_the_right_states() {
    for_random_histories(|random, _, history| {
        for _ in 0..20 {
            let applied = random_state(random, history);
            let rows = heads_of(history, &applied);
            for &revision in history.order() {
                let up = may_go_up(history, &applied, revision);
                assert_eq!(guard_up(history, &rows, revision), up, "{} up on {rows:?}", history.id(revision));
                let down = may_go_down(history, &applied, revision);
                assert_eq!(rows.contains(&revision), down, "{} down on {rows:?}", history.id(revision));
                if up {
                    let mut after = rows.clone();
                    rows_up(history, &mut after, revision);
                    let mut more = applied.clone();
                    more.insert(revision);
                    assert_eq!(after, heads_of(history, &more));
                    rows_down(history, &mut after, revision);
                    assert_eq!(after, rows, "{} up and down", history.id(revision));
                }
            }
        }
    });
}

#[test]
fn a_chain_knows_nothing_of_siblings() {
    let nodes: Vec<Node> = (0..50).map(|index| chain_node(index, index.checked_sub(1))).collect();
    let history = build(&nodes);
    for &revision in &history.order()[1..] {
        let one_of_each = vec![history.parents(revision).to_vec()];
        assert_eq!(history.upgrade_guard(revision), UpgradeGuard::Successor { one_of_each, none_of: vec![revision] });
        assert!(history.restored_rows(revision).iter().all(|row| row.implied_by.is_empty()));
    }
}

#[test]
fn merge_sides_are_the_differences_of_the_ancestors() {
    for_random_histories(|_, _, history| {
        for &one in history.order() {
            for &other in history.order() {
                let side = |of: RevisionIndex, without: RevisionIndex| -> Vec<RevisionIndex> {
                    let (of, without) = (history.applied(Position::At(of)), history.applied(Position::At(without)));
                    history.order().iter().copied().filter(|&one| of.contains(one) && !without.contains(one)).collect()
                };
                assert_eq!(history.merge_sides(one, other), (side(one, other), side(other, one)));
                assert_eq!(history.is_ancestor(one, other), history.ancestors(other).contains(one));
                assert_eq!(history.is_ancestor(one, other), history.descendants(one).contains(other));
            }
        }
    });
}

fn chain_node(index: usize, parent: Option<usize>) -> Node {
    let id = |index: usize| name(&format!("r{:08x}", index.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF));
    Node { id: id(index), parents: parent.map(id).into_iter().collect(), labels: Vec::new(), depends_on: Vec::new() }
}

/// The limits are wide, for unoptimized builds on busy machines; a quadratic step would exceed them all the same.
#[test]
fn ten_thousand_revisions_are_no_burden() {
    const COUNT: usize = 10_000;
    let chain: Vec<Node> = (0..COUNT).map(|index| chain_node(index, index.checked_sub(1))).collect();
    // A branch of two beside every fifth revision, merged by the next but two.
    let mut merges: Vec<Node> = chain[..COUNT - COUNT / 3].to_vec();
    for (extra, place) in (1..merges.len() - 4).step_by(5).enumerate() {
        let branch = chain_node(COUNT + extra, Some(place));
        merges[place + 3].parents.push(branch.id.clone());
        merges.push(branch);
    }
    // A head beside every second revision.
    let comb: Vec<Node> = (0..COUNT).map(|index| chain_node(index, index.checked_sub(1 + index % 2))).collect();
    for (shape, nodes) in [("chain", chain), ("merges", merges), ("comb", comb)] {
        let start = Instant::now();
        let history = build(&nodes);
        let built = start.elapsed();
        let range = history.range(Position::Base, Position::Heads).expect("all");
        assert_eq!(range.revisions.len(), history.len());
        if shape != "comb" {
            for &revision in &range.revisions[1..] {
                history.upgrade_guard(revision);
                history.restored_rows(revision);
            }
        }
        let all = start.elapsed();
        println!("{shape}: {} revisions, built in {built:?}, guarded in {:?}", history.len(), all - built);
        assert!(all < Duration::from_secs(20), "{shape} took {all:?}");
    }
}

/// Mistakes by the thousand end in a list of diagnostics, soon.
#[test]
fn a_broken_history_is_refused_quickly() {
    const COUNT: usize = 10_000;
    let node = |id: String, parents: Vec<String>| Node {
        id: name(&id),
        parents: parents.iter().map(|parent| name(parent)).collect(),
        labels: Vec::new(),
        depends_on: Vec::new(),
    };
    let circle = (0..COUNT).map(|one| node(format!("r{one}"), vec![format!("r{}", (one + 1) % COUNT)]));
    let pairs = (0..COUNT).map(|one| node(format!("r{one}"), vec![format!("r{}", one ^ 1)]));
    let unknown = (0..COUNT).map(|one| node(format!("r{one}"), vec![format!("x{one}")]));
    let same = (0..COUNT).map(|one| node("same".into(), vec![format!("x{one}")]));
    let twice = (0..COUNT).map(|one| node(format!("r{one}"), vec!["r0".into(); 2]));
    let octopus = (0..COUNT).map(|one| match one {
        0 => node("merge".into(), (1..COUNT).map(|one| format!("r{one}")).collect()),
        1 => node("r1".into(), Vec::new()),
        _ => node(format!("r{one}"), vec![format!("r{}", one - 1)]),
    });
    let shapes: [(&str, Vec<Node>); 6] = [
        ("circle", circle.collect()),
        ("pairs", pairs.collect()),
        ("unknown", unknown.collect()),
        ("same", same.collect()),
        ("twice", twice.collect()),
        ("octopus", octopus.collect()),
    ];
    for (shape, nodes) in shapes {
        let start = Instant::now();
        let mistakes = History::build(&nodes).expect_err(shape);
        println!("{shape}: {} mistakes in {:?}", mistakes.len(), start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(20), "{shape} took {:?}", start.elapsed());
    }
}
