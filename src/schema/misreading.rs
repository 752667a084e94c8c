//! SQL text that a database or its client would read as other tokens than [`tokens`] does.
//!
//! What such a text does could not be seen: a statement might hide in what looks like a comment or a string.

use super::Dialect;
use super::tokens::{TokenKind, tokens};

/// Why a text is read in more than one way, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misreading {
    pub problem: &'static str,
    pub help: &'static str,
}

/// The first reason why this dialect would read the text in another way; `None` when it reads it as we do.
pub fn misreading(text: &str, dialect: Dialect) -> Option<Misreading> {
    let found = |problem, help| Some(Misreading { problem, help });
    if text.contains('\0') {
        return found("the SQL has a NUL character, where clients stop reading", "leave it out");
    }
    let mut between = 0;
    for token in tokens(text) {
        if let Some(misreading) = misreading_between(&text[between..token.start], dialect) {
            return Some(misreading);
        }
        between = token.range().end;
        if token.is_mark("\u{feff}") {
            return found("the SQL has a byte order mark", "save the file, or write the text, without it");
        }
        if dialect == Dialect::Sqlite && is_parameter(&text[token.start..]) && token.kind == TokenKind::Mark {
            return found(
                "the SQL has a parameter, which SQLite takes for NULL when nobody gives it a value",
                "write the value itself",
            );
        }
        if dialect == Dialect::Sqlite && token.kind == TokenKind::Text {
            if token.text.starts_with('$') {
                return found("SQLite knows no strings in dollar quotes", "write the string in single quotes");
            }
            if token.text.starts_with(['e', 'E']) {
                return found("SQLite knows no strings with backslash escapes", "write the string without the `E`");
            }
        }
    }
    misreading_between(&text[between..], dialect)
}

/// Whether a parameter of SQLite begins here, outside of strings and comments.
fn is_parameter(text: &str) -> bool {
    let named = text.strip_prefix([':', '@', '$']).and_then(|name| name.chars().next());
    text.starts_with('?') || named.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The same for what stands between two tokens: white space and comments.
fn misreading_between(gap: &str, dialect: Dialect) -> Option<Misreading> {
    // Postgres ends a line at it and SQLite does not, so that they disagree about where a comment ends.
    let mut returns = gap.match_indices('\r');
    if returns.any(|(index, _)| !gap[index + 1..].starts_with('\n')) {
        return Some(Misreading {
            problem: "the SQL has a carriage return that does not end a line",
            help: "end lines with a line feed",
        });
    }
    if dialect == Dialect::Sqlite && nests(gap) {
        return Some(Misreading {
            problem: "SQLite ends a comment at its first `*/`, also where another one began in it",
            help: "leave the inner comment out",
        });
    }
    None
}

/// Whether a comment in a gap holds the beginning of another one.
fn nests(gap: &str) -> bool {
    let mut rest = gap;
    while let Some(start) = rest.find("--").into_iter().chain(rest.find("/*")).min() {
        let comment = &rest[start..];
        let (inner, end) = match comment.strip_prefix("/*") {
            None => ("", comment.find('\n').unwrap_or(comment.len())),
            Some(inner) => {
                let length = inner.find("*/").unwrap_or(inner.len());
                (&inner[..length], (length + 4).min(comment.len()))
            }
        };
        if inner.contains("/*") {
            return true;
        }
        rest = &comment[end..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_misread(text: &str, dialects: &[Dialect]) {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            assert_eq!(misreading(text, dialect).is_some(), dialects.contains(&dialect), "{text:?}, {dialect:?}");
        }
    }

    #[test]
    fn statements_cannot_hide_in_what_others_read_differently() {
        let both = [Dialect::Postgres, Dialect::Sqlite];
        assert_misread("SELECT 1\0; DROP TABLE job", &both);
        assert_misread("\u{feff}DROP TABLE job", &both);
        assert_misread("SELECT 1; -- one\rDROP TABLE job", &both);
        assert_misread("SELECT 1; -- one\r", &both);
        assert_misread("SELECT 1; /* /* */ DROP TABLE job; /* */ */", &[Dialect::Sqlite]);
        assert_misread("SELECT $a$; DROP TABLE job; SELECT $a$", &[Dialect::Sqlite]);
        assert_misread("SELECT e'\\'; DROP TABLE job; --'", &[Dialect::Sqlite]);
    }

    #[test]
    fn nobody_gives_values_to_parameters() {
        for parameter in ["?", "?1", ":name", "@name", "$name", "$1"] {
            assert_misread(&format!("UPDATE job SET size = {parameter}"), &[Dialect::Sqlite]);
        }
        assert_misread("CALL shift(days := 1)", &[]);
        assert_misread("SELECT '?:@$', \"?:@$\", 1 /* ?:@$ */ -- ?:@$", &[]);
    }

    #[test]
    fn ordinary_text_is_read_in_one_way() {
        for text in [
            "SELECT 1; -- one /* two /* three\r\n/* four */ SELECT 'a\r\u{feff}', x'00', \"e\"\r\n",
            "/* one -- */ SELECT 2 /**/ - 1 -- three",
            "SELECT e FROM job WHERE a /* b */ -- /*\n = '/* /*'",
        ] {
            assert_misread(text, &[]);
        }
    }
}
