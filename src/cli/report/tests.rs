use super::{Outcome, Style, render_json, render_text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Origin, SourceId, Sources, Span};

const REVISION: &str = "//! add the key\n\npub fn upgrade(op: &mut Op) {\n    op.add_column(\"jobs\", \"key\", text());\n    op.add_column(\"größe\", \"key\", txt());\n}\n";

fn sources() -> (Sources, SourceId) {
    let mut sources = Sources::default();
    let id = sources.add("revisions/20260101_000000_add_the_key.rs", REVISION);
    (sources, id)
}

fn at(source: SourceId, word: &str) -> Origin {
    let start = REVISION.find(word).map_or(0, |start| start as u32);
    Origin::Span(Span { source, start, end: start + word.len() as u32 })
}

fn unknown_table(source: SourceId) -> Diagnostic {
    Diagnostic::new(Code::UnknownTable, "no table `jobs` exists here")
        .at(at(source, "\"jobs\""), "not a table")
        .at(at(source, "//! add the key"), "in this revision")
        .note("it went away in `c3`")
        .help("did you mean `job`?")
}

fn unknown_word(source: SourceId) -> Diagnostic {
    Diagnostic::new(Code::UnknownWord, "the vocabulary has no word `txt`")
        .at(at(source, "txt"), "unknown")
        .help("did you mean `text`?")
}

#[test]
fn text_looks_like_rustc() {
    let (sources, id) = sources();
    let found = [unknown_word(id), unknown_table(id), unknown_table(id)];
    insta::assert_snapshot!(render_text(&found, &sources, Style::Plain));
}

#[test]
fn colours_only_where_asked_for() {
    let (sources, id) = sources();
    let found = [unknown_word(id)];
    assert!(!render_text(&found, &sources, Style::Plain).contains('\u{1b}'));
    assert!(render_text(&found, &sources, Style::Colored).contains('\u{1b}'));
}

#[test]
fn places_outside_of_sources_fall_back_to_text() {
    let (sources, id) = sources();
    let found = [
        Diagnostic::new(Code::Io, "`out` cannot be written").at(Origin::Unknown, "permission denied"),
        Diagnostic::new(Code::AlreadyExists, "a table `job` exists already")
            .at(Origin::caller(), "created here again")
            .at(at(id, "\"jobs\""), "created here"),
    ];
    insta::with_settings!({filters => vec![(r"src.cli.report.tests.rs:\d+:\d+", "tests.rs:LINE:COLUMN")]}, {
        insta::assert_snapshot!(render_text(&found, &sources, Style::Plain));
    });
}

#[test]
fn json_has_every_field() {
    let (sources, id) = sources();
    let umlaut = Diagnostic::new(Code::UnknownTable, "no table `größe` exists here").at(at(id, "\"größe\""), "");
    insta::assert_snapshot!(render_json(&[umlaut, unknown_table(id)], &sources));
    assert_eq!(render_json(&[], &sources), "[]\n");
}

#[test]
fn long_lists_are_cut() {
    let (sources, _) = sources();
    let found: Vec<Diagnostic> =
        (0..60).map(|number| Diagnostic::new(Code::UnknownTable, format!("no table `t{number:02}`"))).collect();
    let text = render_text(&found, &sources, Style::Plain);
    assert!(text.contains("`t49`") && !text.contains("`t50`"), "{text}");
    assert!(text.contains("… and 10 more"), "{text}");
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let mut sources = Sources::default();
    let long = "(".repeat(1_000_000);
    let id = sources.add("a.rs", format!("\t\u{1b}[31m{long}\r\nü"));
    let origin = |start, end| Origin::Span(Span { source: id, start, end });
    let found = [
        Diagnostic::new(Code::SyntaxError, "a \u{1b}[2J message\nin two lines \u{202e}").at(origin(500, 501), "here"),
        Diagnostic::new(Code::SyntaxError, "beyond the end").at(origin(2_000_000, 3_000_000), "nowhere"),
        Diagnostic::new(Code::SyntaxError, "inside a character").at(origin(1_000_009, 1_000_009), ""),
        Diagnostic::new(Code::SyntaxError, "everything").at(origin(0, 1_000_010), "all of it"),
    ];
    let text = render_text(&found, &sources, Style::Plain);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    assert!(text.len() < 20_000, "{} bytes", text.len());
    render_json(&found, &sources);
}

#[test]
fn the_outcome_tells_mistakes_from_trouble() {
    let of = |codes: &[Code]| Outcome::of(&codes.iter().map(|&code| Diagnostic::new(code, "")).collect::<Vec<_>>());
    assert_eq!(of(&[]), Outcome::Fine);
    assert_eq!(of(&[Code::Drift]), Outcome::Findings);
    assert_eq!(of(&[Code::SyntaxError, Code::Config]), Outcome::Trouble);
}
