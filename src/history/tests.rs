use super::*;
use crate::diagnostic::Code;
use crate::source::{Located, Origin, Sources, Span};

/// A history from lines such as `c: a b | label | dependency`, with a span for every word.
fn nodes(text: &str) -> (Vec<Node>, Sources) {
    let mut sources = Sources::default();
    let source = sources.add("history", text);
    let name = |word: &str| {
        let start = (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
        let span = Span { source, start, end: start + word.len() as u32 };
        Located::new(EcoString::from(word), Origin::Span(span))
    };
    let words = |part: Option<&str>| part.unwrap_or("").split_whitespace().map(name).collect();
    let parse = |line: &str| -> Node {
        // The slices must be those of the text, so that `name` finds their place.
        let at = text.find(line).expect("a line of the text");
        let line = &text[at..at + line.len()];
        let (id, rest) = line.split_once(':').expect("a colon");
        let mut parts = rest.split('|');
        Node {
            id: name(id.trim()),
            parents: words(parts.next()),
            labels: words(parts.next()),
            depends_on: words(parts.next()),
        }
    };
    (text.lines().map(parse).collect(), sources)
}

fn history(text: &str) -> History {
    History::build(&nodes(text).0).expect("a valid history")
}

fn ids(history: &History, revisions: &[RevisionIndex]) -> String {
    revisions.iter().map(|&one| history.id(one).as_str()).collect::<Vec<_>>().join(" ")
}

fn set(history: &History, set: &RevisionSet) -> String {
    let all: Vec<RevisionIndex> = history.order().iter().copied().filter(|&one| set.contains(one)).collect();
    ids(history, &all)
}

/// Each mistake as its number, its message and its underlined words.
fn mistakes(text: &str) -> Vec<String> {
    let (nodes, sources) = nodes(text);
    let diagnostics = History::build(&nodes).expect_err("an invalid history");
    diagnostics
        .iter()
        .map(|diagnostic| {
            assert!(!diagnostic.helps.is_empty(), "{} has no remedy", diagnostic.message);
            let words: Vec<&str> = diagnostic
                .labels
                .iter()
                .map(|label| {
                    let span = label.origin.span().expect("a span");
                    &sources.get(span.source).text[span.range()]
                })
                .collect();
            format!("{} {} [{}] {}", diagnostic.code, diagnostic.message, words.join(" "), diagnostic.helps[0])
        })
        .collect()
}

fn position(history: &History, reference: &str) -> String {
    match history.resolve(reference) {
        Ok(position) => history.describe(position).to_string(),
        Err(mistake) => {
            assert!(!mistake.helps.is_empty());
            format!("{} {} {}", mistake.code, mistake.message, mistake.notes.join("; "))
        }
    }
}

fn range(history: &History, from: &str, to: &str) -> String {
    match history.resolve_range(from, to) {
        Ok(range) => format!("{:?}: {}", range.direction, ids(history, &range.revisions)),
        Err(mistake) => format!("{} {}", mistake.code, mistake.message),
    }
}

const DIAMOND: &str = "a1:\nb1: a1 | left\nb2: b1\nc1: a1 | right\nm1: b2 c1\nz1: m1";
const FORK: &str = "a1:\nb1: a1 | left\nb2: b1\nc1: a1 | right\nc2: c1";

#[test]
fn a_chain_is_ordered_by_parents_not_by_names() {
    let history = history("b:c\na: b\nc:");
    assert_eq!(ids(&history, history.order()), "c b a");
    assert_eq!(ids(&history, &history.heads()), "a");
    assert_eq!(ids(&history, &history.bases()), "c");
}

#[test]
fn branches_stay_together_and_ties_are_broken_by_id() {
    let history = history("root:\nz: root\nz2: z\na: root\na2: a\nmerge: z2 a2\nlast: merge\nother:\n");
    assert_eq!(ids(&history, history.order()), "other root a a2 z z2 merge last");
}

#[test]
fn a_dependency_orders_but_makes_no_head() {
    let history = history("a:\nb: | | d\nc:\nd: c");
    assert_eq!(ids(&history, history.order()), "a c d b");
    assert_eq!(ids(&history, &history.heads()), "a b d");
    let b = history.find("b").expect("there");
    assert_eq!(set(&history, &history.ancestors(b)), "c d");
    assert_eq!(ids(&history, &history.rows(Position::At(b))), "b");
}

#[test]
fn a_dependency_may_name_a_label() {
    let history = history("a: | storage\na2: a\nb: | | storage");
    let b = history.find("b").expect("there");
    assert_eq!(set(&history, &history.ancestors(b)), "a");
}

#[test]
fn ancestry_is_computed_over_merges() {
    let history = history(DIAMOND);
    let at = |id: &str| history.find(id).expect("there");
    assert_eq!(set(&history, &history.ancestors(at("m1"))), "a1 b1 b2 c1");
    assert_eq!(set(&history, &history.descendants(at("c1"))), "m1 z1");
    assert!(history.is_ancestor(at("a1"), at("z1")));
    assert!(!history.is_ancestor(at("z1"), at("a1")));
    assert!(!history.is_ancestor(at("b1"), at("c1")));
    assert!(!history.is_ancestor(at("b1"), at("b1")));
    assert_eq!(ids(&history, &history.merge_bases(at("b2"), at("c1"))), "a1");
    let (left, right) = history.merge_sides(at("b2"), at("c1"));
    assert_eq!((ids(&history, &left).as_str(), ids(&history, &right).as_str()), ("b1 b2", "c1"));
    let (left, right) = history.merge_sides(at("b1"), at("z1"));
    assert_eq!((ids(&history, &left).as_str(), ids(&history, &right).as_str()), ("", "b2 c1 m1 z1"));
}

#[test]
fn references_of_the_command_line() {
    let one = history(DIAMOND);
    let cases = [
        ("base", "base"),
        ("head", "z1"),
        ("heads", "z1"),
        ("b2", "b2"),
        ("z", "z1"),
        ("head-1", "m1"),
        ("z1-1", "m1"),
        ("a1-1", "base"),
        ("b1-0", "b1"),
        ("base+1", "a1"),
        ("b1+3", "z1"),
        ("left", "z1"),
        ("left@head", "z1"),
        ("left@base", "base"),
        ("left@head-1", "m1"),
    ];
    for (reference, expected) in cases {
        assert_eq!(position(&one, reference), expected, "{reference}");
    }
    let wrong = [
        ("b", "E0204 more than one revision begins with `b` these do: `b1`, `b2`"),
        ("m1-1", "E0204 `m1-1` leads more than one way `m1` merges `b2`, `c1`"),
        ("a1+1", "E0204 `a1+1` leads more than one way `a1` is followed by `b1`, `c1`"),
        ("a1-2", "E0202 `a1-2` leads out of the history there is nothing before `base`"),
        ("z1+1", "E0202 `z1+1` leads out of the history nothing follows `z1`"),
        ("base-1", "E0202 `base-1` leads out of the history there is nothing before `base`"),
        ("z1+99999999999999999999", "E0202 `z1+99999999999999999999` leads out of the history nothing follows `z1`"),
        ("nope", "E0202 no revision has the id, the label or the prefix `nope` "),
        ("", "E0202 no revision has the id, the label or the prefix `` "),
        ("head-x", "E0202 no revision has the id, the label or the prefix `head-x` "),
        ("head-", "E0202 no revision has the id, the label or the prefix `head-` "),
        ("left@b2", "E0202 `left@b2` means nothing "),
        ("nope@head", "E0202 no revision has the id, the label or the prefix `nope` "),
    ];
    for (reference, expected) in wrong {
        assert_eq!(position(&one, reference), expected, "{reference}");
    }
    let mistake = one.resolve("-1").expect_err("relative to a database");
    assert_eq!(mistake.helps, ["write `head-1`, or the id of a revision before the steps"]);
    let mistake = one.resolve("lefd").expect_err("misspelt");
    assert_eq!(mistake.helps, ["did you mean `left`?"]);
}

#[test]
fn several_heads_are_listed_with_the_remedy() {
    let fork = history(FORK);
    let mistake = fork.resolve("head").expect_err("two heads");
    assert_eq!(mistake.code, Code::SeveralHeads);
    assert_eq!(mistake.notes, ["the heads are `b2`, `c2`"]);
    assert_eq!(mistake.helps[0], "merge them: `offprint new \"merge\" --parent b2 --parent c2`");
    assert_eq!(position(&fork, "heads"), "heads");
    assert_eq!(position(&fork, "left"), "b2");
    assert_eq!(position(&fork, "right@head-1"), "c1");
    assert_eq!(fork.resolve("heads-1").expect_err("two ways").code, Code::SeveralHeads);
    assert_eq!(fork.resolve("heads+1").expect_err("nothing there").code, Code::UnknownRevision);
    assert_eq!(fork.resolve_revision("base").expect_err("no revision").code, Code::UnknownRevision);
    assert_eq!(history("a: | top\nb: a\nc: a").resolve("top").expect_err("two").code, Code::SeveralHeads);
}

#[test]
fn an_exact_id_or_label_is_no_prefix() {
    let history = history("00:\n001: 00 | 0\n0010: 001");
    assert_eq!(position(&history, "00"), "00");
    assert_eq!(position(&history, "001"), "001");
    assert_eq!(position(&history, "0"), "0010");
}

#[test]
fn an_empty_history_has_only_the_base() {
    let history = history("");
    assert_eq!(position(&history, "head"), "base");
    assert_eq!(range(&history, "base", "heads"), "Up: ");
}

#[test]
fn ranges_up_and_down() {
    let one = history(DIAMOND);
    assert_eq!(range(&one, "base", "head"), "Up: a1 b1 b2 c1 m1 z1");
    assert_eq!(range(&one, "b1", "m1"), "Up: b2 c1 m1");
    assert_eq!(range(&one, "head", "base"), "Down: z1 m1 c1 b2 b1 a1");
    assert_eq!(range(&one, "m1", "c1"), "Down: m1 b2 b1");
    assert_eq!(range(&one, "m1", "m1"), "Up: ");
    assert_eq!(range(&one, "b2", "c1"), "E0205 no path of revisions leads from `b2` to `c1`");
    let fork = history(FORK);
    assert_eq!(range(&fork, "base", "heads"), "Up: a1 b1 b2 c1 c2");
    assert_eq!(range(&fork, "b1", "heads"), "Up: b2 c1 c2");
    assert_eq!(range(&fork, "heads", "c2"), "Down: b2 b1");
    let mistake = fork.resolve_range("b2", "c2").expect_err("no path");
    assert_eq!(mistake.helps, ["they part at `a1`: compile from `b2` down to `a1`, then from `a1` to `c2`"]);
}

#[test]
fn a_chain_has_small_guards() {
    let history = history("a:\nb: a\nc: b");
    assert_eq!(guard(&history, "a"), "only []");
    assert_eq!(guard(&history, "b"), "each [a] none [b]");
    assert_eq!(restored(&history, "b"), "a");
    assert_eq!(restored(&history, "a"), "");
}

#[test]
fn a_sibling_may_stand_for_the_parent() {
    let diamond = history(DIAMOND);
    assert_eq!(guard(&diamond, "a1"), "only []");
    assert_eq!(guard(&diamond, "b1"), "each [a1 c1] none [b1 b2]", "the merge replaces both sides");
    assert_eq!(guard(&diamond, "b2"), "each [b1] none [b2]");
    assert_eq!(guard(&diamond, "m1"), "each [b2] [c1] none [m1]");
    assert_eq!(restored(&diamond, "c1"), "a1 unless b1 b2");
    assert_eq!(restored(&diamond, "m1"), "b2, c1");
    let fork = history(FORK);
    assert_eq!(guard(&fork, "b1"), "each [a1 c1 c2] none [b1 b2]");
}

#[test]
fn roots_know_each_other() {
    let history = history("a:\na2: a\nb:\nb2: b\nm: a2 b2\nz: m");
    assert_eq!(guard(&history, "a"), "only [b b2]");
    assert_eq!(guard(&history, "b"), "only [a a2]");
}

/// The rows that Alembic 1.20 writes for the same histories.
#[test]
fn a_dependency_loses_its_row_like_a_parent() {
    let history = history("a1: | lab\na2: a1\nb0:\nb1: b0 | | a1");
    let at = |id: &str| Position::At(history.find(id).expect("there"));
    assert_eq!(ids(&history, &history.rows(at("b1"))), "b1");
    assert_eq!(ids(&history, &history.rows(Position::Heads)), "a2 b1");
    assert_eq!(guard(&history, "a2"), "each [a1 b1] none [a2]");
    assert_eq!(guard(&history, "b1"), "each [b0] [a1 a2] none [b1]");
    assert_eq!(restored(&history, "a2"), "a1 unless b1");
    assert_eq!(restored(&history, "b1"), "b0, a1 unless a2");
}

#[test]
fn an_implied_dependency_is_no_predecessor() {
    let history = history("a:\nb: a\nc: b | | a\nd: a | | c\n");
    let before = |id: &str| ids(&history, history.predecessors(history.find(id).expect("there")));
    assert_eq!(before("c"), "b");
    assert_eq!(before("d"), "c", "the parent is implied by the dependency");
    assert_eq!(ids(&history, &history.heads()), "c d");
    assert_eq!(ids(&history, &history.rows(Position::Heads)), "d");
}

fn guard(history: &History, id: &str) -> String {
    let list = |revisions: &Vec<RevisionIndex>| format!("[{}]", ids(history, revisions));
    match history.upgrade_guard(history.find(id).expect("there")) {
        UpgradeGuard::Root { only } => format!("only {}", list(&only)),
        UpgradeGuard::Successor { one_of_each, none_of } => {
            let each: Vec<String> = one_of_each.iter().map(list).collect();
            format!("each {} none {}", each.join(" "), list(&none_of))
        }
    }
}

fn restored(history: &History, id: &str) -> String {
    let row = |row: &RestoredRow| match row.implied_by.as_slice() {
        [] => history.id(row.revision).to_string(),
        others => format!("{} unless {}", history.id(row.revision), ids(history, others)),
    };
    let rows = history.restored_rows(history.find(id).expect("there"));
    rows.iter().map(row).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_mistake_is_found_in_one_run() {
    insta::assert_snapshot!(mistakes("one:\ntwo: onne\ntwo: one\nthree: one one\nfour: four | head | nobody").join("\n"), @r"
    E0201 two revisions have the id `two` [two two] give one of them another id, here and where its children name it
    E0208 `head` cannot be the branch label of a revision [head] choose another branch label: `head` names a position in the history
    E0202 no revision has the id `onne` [onne] did you mean `one`?
    E0210 the parent `one` is named twice [one one] delete one of them
    E0203 `four` revises itself [four] name the revision before this one, or nothing if this is the first
    E0202 no revision has the id `nobody` [nobody] add the file of that revision, or name one that is there
    ");
}

#[test]
fn invalid_ids() {
    insta::assert_snapshot!(mistakes("a-b:\nbase: \nc@:\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:\n:\nhöhe:").join("\n"), @r"
    E0208 `a-b` is not a valid id [a-b] write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`
    E0208 `base` cannot be the id of a revision [base] choose another id: `base` names a position in the history
    E0208 `c@` is not a valid id [c@] write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`
    E0208 the id `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is too long [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa] write at most 32 characters: the column of the history table takes no more
    E0208 the id is empty [] write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`
    E0208 `höhe` is not a valid id [höhe] write 1 to 32 letters of `A` to `Z`, digits, `_` and `.`
    ");
}

#[test]
fn labels_and_parents_that_clash() {
    insta::assert_snapshot!(mistakes("a1: | x\na2: a1 | x\na3: a2 | a1\na4: x\na5: a | | a5").join("\n"), @r"
    E0209 the branch label `x` is used twice [x x] choose another label
    E0209 the branch label `a1` is the id of a revision [a1 a1] choose another label
    E0202 no revision has the id `x` [x] `x` is a branch label, and a parent is named by its id: write `a1`
    E0202 no revision has the id `a` [a] did you mean `a1`?
    E0203 `a5` depends on itself [a5] name another revision, or delete the dependency
    ");
    insta::assert_snapshot!(mistakes("1st_job:\nlast: 1st").join("\n"), @"E0202 no revision has the id `1st` [1st] a revision is named by its whole id: write `1st_job`");
    insta::assert_snapshot!(mistakes("a:\nb: a\nc: b\nd: a c").join("\n"), @"E0210 the parent `a` is implied by another parent of `d` [a] delete `a` from the list");
}

#[test]
fn circles_are_told_apart() {
    insta::assert_snapshot!(mistakes("r:\nb: a r\na: c\nc: b\nx: y\ny: | | x\nd: c").join("\n"), @r"
    E0203 `a`, `b`, `c` follow each other in a circle [c a b] one of them has to follow a revision outside of the circle, or none
    E0203 `x`, `y` follow each other in a circle [y x] one of them has to follow a revision outside of the circle, or none
    ");
    let long: Vec<String> = (0..500).map(|one| format!("r{one:03}: r{:03}", (one + 499) % 500)).collect();
    let found = mistakes(&long.join("\n"));
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("`r007`, 492 more follow each other"), "{}", found[0]);
}
