//! The shortcut for plain tokens against the compiler's lexer.

use super::super::plain::{Plain, plain};
use super::{SourceId, Token, TokenKind, tokenize_with};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Pieces that mean something else next to each other.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "a", "op", "let", "r", "b", "c", "br", "cr", "k", "_", "é", "ﬁ", "🦀", "9", "\"", "'", "#", "\\", "\\\"", "//", "/*", "*/",
    " ", "\n", "\r\n", "\t", "\u{b}", "\u{85}", "\u{2028}", "(", ")", "{", "}", "[", "]", ";", ",", ".", ":", "=", "&", "!",
    "-", "--", "<", "|", "@", "~", "\"text\"", "0x", "1.5", "1e", "\u{1}", "\u{7f}", "//!", "///", "#!", "\u{feff}",
];

fn tokens(
    shortcut: impl Fn(&str, usize) -> Option<Plain>,
    source: SourceId,
    text: &str,
) -> (Option<Vec<Token>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let tokens = tokenize_with(shortcut, source, text, &mut diagnostics);
    (tokens.map(|tokens| tokens.list), diagnostics)
}

#[test]
fn the_shortcut_finds_what_the_compilers_lexer_finds() {
    let source = Sources::default().add("revisions/a.rs", "");
    let mut compared = 0;
    let mut compare = |text: &str| {
        let (found, diagnostics) = tokens(plain, source, text);
        assert_eq!(
            (&found, &diagnostics),
            (&tokens(|_, _| None, source, text).0, &tokens(|_, _| None, source, text).1),
            "{text:?}"
        );
        compared += found.map_or(0, |found| found.len());
    };
    for one in PIECES {
        for two in PIECES {
            for three in PIECES {
                compare(&format!("{one}{two}{three}"));
            }
        }
    }
    let long = "x".repeat(300);
    compare(&format!("{long} {}", "(".repeat(40)));
    assert!(compared > 100_000, "only {compared} tokens were compared");
}

#[test]
fn the_shortcut_finds_all_of_an_operation() {
    let text = "    op.create_table(\"job\").column(\"id\", uuid().not_null());\n";
    let mut place = 0;
    let mut names = 0;
    while place < text.len() {
        let found = plain(text, place).expect("no token of it needs the compiler's lexer");
        names += usize::from(found.kind == Some(TokenKind::Name));
        place = found.end;
    }
    assert_eq!(names, 5);
}
