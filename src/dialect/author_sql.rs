//! SQL that an author wrote, on its way into a script: laid out where that is provably harmless, and ended.

use sqlformat::{Dialect as FormatDialect, FormatOptions, Indent, QueryParams};

use crate::schema::Dialect;
use crate::schema::tokens::{Token, TokenKind, tokens};

/// The SQL as it goes into a script, with its last semicolon.
///
/// Text of one line is laid out over several by sqlformat, but only if it has the same tokens afterwards. (sqlformat
/// does not know every kind of literal.) Text of several lines has its author's layout and keeps it.
pub fn statement(text: &str, dialect: Dialect) -> String {
    let text = text.trim();
    let one_line = !text.contains('\n');
    let laid_out = if one_line { lay_out(text, dialect) } else { None };
    ended(laid_out.unwrap_or_else(|| text.to_string()))
}

/// The same text with a semicolon behind its last token, whatever comment follows there.
pub fn ended(mut text: String) -> String {
    let Some(last) = tokens(&text).last() else { return text };
    if !last.is_mark(";") {
        let end = last.range().end;
        text.insert(end, ';');
    }
    text
}

fn lay_out(text: &str, dialect: Dialect) -> Option<String> {
    let options = FormatOptions {
        indent: Indent::Spaces(4),
        dialect: match dialect {
            Dialect::Postgres => FormatDialect::PostgreSql,
            Dialect::Sqlite => FormatDialect::Generic,
        },
        ..FormatOptions::default()
    };
    // Comments are no tokens, so text with one could lose it unseen; bodies in dollar quotes stay as they are.
    let has_comment = text.contains("--") || text.contains("/*");
    let has_body = tokens(text).any(|token| token.kind == TokenKind::Text && token.text.starts_with('$'));
    if has_comment || has_body || text.len() < 60 {
        return None;
    }
    let laid_out = sqlformat::format(text, &QueryParams::None, &options);
    same_tokens(text, &laid_out).then_some(laid_out)
}

/// Whether two texts have the same tokens, and the tokens that touched still touch, as in `->>` or `<=`.
fn same_tokens(before: &str, after: &str) -> bool {
    let marks = |token: &Token<'_>| token.kind == TokenKind::Mark;
    let list = |text: &str| {
        let all: Vec<Token<'_>> = tokens(text).collect();
        let glued = |index: usize| {
            let (token, next) = (all[index], all.get(index + 1));
            let operator = |token: &Token<'_>| marks(token) && !matches!(token.text, "(" | ")" | "," | ";");
            next.is_some_and(|next| operator(&token) && operator(next) && token.range().end == next.start)
        };
        (0..all.len()).map(|index| (all[index].kind, all[index].text.to_string(), glued(index))).collect::<Vec<_>>()
    };
    list(before) == list(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_laid_out_and_others_stay() {
        let long = "UPDATE job SET status = 'queued', attempts = 0 WHERE status IS NULL AND payload->>'kind' = 'x'";
        let laid_out = statement(long, Dialect::Postgres);
        assert!(laid_out.lines().count() > 1, "{laid_out}");
        assert!(laid_out.contains("->>") && laid_out.ends_with(';'));
        assert_eq!(statement("UPDATE job\n  SET a = 1 -- why", Dialect::Sqlite), "UPDATE job\n  SET a = 1; -- why");
        assert_eq!(statement("SELECT 1;", Dialect::Sqlite), "SELECT 1;");
    }

    #[test]
    fn a_layout_that_changes_a_token_is_not_used() {
        let text = "INSERT INTO job (name) VALUES (U&'d\\0061t\\+000061'), ('a    b'), (e'it\\'s'), ('x -- y')";
        let out = statement(text, Dialect::Postgres);
        assert!(same_tokens(text, out.trim_end_matches(';')), "{out}");
    }
}
