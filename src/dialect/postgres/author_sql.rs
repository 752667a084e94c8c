//! SQL of the author inside of our statements: kept as it is, and kept from reaching beyond its place.

use crate::schema::statements::escape;
use crate::schema::tokens::{Token, TokenKind, tokens};

/// The text without surrounding whitespace and without semicolons at its end, to stand last in a statement.
///
/// A line comment at the end is closed by a line break.
pub fn clause(text: &str) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    let kept = all.iter().rposition(|token| !token.is_mark(";"));
    let end = kept.map_or(0, |last| all[last].range().end);
    let rest = &text[end..];
    let mut clause = text[..end].trim_start().to_owned();
    // What follows the last token is whitespace, comments and the semicolons that go.
    let comment = rest.replace(';', "");
    if !comment.trim().is_empty() && all.len() == kept.map_or(0, |last| last + 1) {
        clause.push_str(comment.trim_end());
        if ends_in_line_comment(&clause) {
            clause.push('\n');
        }
    }
    clause
}

/// The text in parentheses.
pub fn enclosed(text: &str) -> String {
    format!("({})", clause(text))
}

/// The text as an operand: in parentheses, unless it is one word, string or call.
pub fn operand(text: &str) -> String {
    let all: Vec<Token<'_>> = tokens(text).collect();
    let plain = match all.as_slice() {
        [_] => true,
        [first, open, .., _] => {
            matches!(first.kind, TokenKind::Word | TokenKind::QuotedName) && open.is_mark("(") && closes_last(&all[1..])
        }
        _ => false,
    };
    if plain { text.trim().to_owned() } else { enclosed(text) }
}

/// Whether the parenthesis that the tokens begin with is closed by the last of them.
fn closes_last(all: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for (index, token) in all.iter().enumerate() {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index + 1 == all.len();
            }
        }
    }
    false
}

fn ends_in_line_comment(text: &str) -> bool {
    // A mark on the same line is swallowed exactly when the line ends in a comment.
    let marked = format!("{text};");
    !tokens(&marked).last().is_some_and(|token| token.is_mark(";"))
}

/// Whether the text is one expression: its parentheses are balanced, and no semicolon stands in it but at its end.
pub fn is_expression(text: &str) -> bool {
    escape(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_cannot_reach_beyond_its_place() {
        assert_eq!(enclosed("a > 0;"), "(a > 0)");
        assert_eq!(enclosed("a > 0 -- positive"), "(a > 0 -- positive\n)");
        assert_eq!(enclosed("a > 0 /* positive */"), "(a > 0 /* positive */)");
        assert_eq!(enclosed("a > 0; -- positive"), "(a > 0)");
        assert!(is_expression("f(a) > 0"));
        assert!(!is_expression("1); DROP TABLE job; SELECT (1"));
        assert!(!is_expression("1) + (1"));
        assert!(is_expression("(1) + (1) ;"));
    }

    #[test]
    fn a_call_needs_no_parentheses() {
        assert_eq!(operand("nextval('x')"), "nextval('x')");
        assert_eq!(operand("CURRENT_USER"), "CURRENT_USER");
        assert_eq!(operand("f(1) + g(2)"), "(f(1) + g(2))");
        assert_eq!(operand("'{}'::jsonb"), "('{}'::jsonb)");
    }
}
