//! How names, strings and expressions of authors stand in a statement.

use ecow::EcoString;

use crate::schema::tokens::{self, Token, TokenKind};

/// A name: always in double quotes, so that no word of SQLite is taken for a keyword.
pub fn name(name: &str) -> String {
    tokens::quote(name)
}

/// Names with commas between them.
pub fn names<'n>(all: impl IntoIterator<Item = &'n EcoString>) -> String {
    list(all, tokens::push_quoted)
}

/// The name that is quoted, as a string literal.
pub fn text_of_name(quoted: &str) -> String {
    let name = tokens::tokens(quoted).next().and_then(|token| token.name());
    text(name.as_deref().unwrap_or(quoted))
}

/// A string literal.
pub fn text(text: &str) -> String {
    tokens::quote_text(text)
}

/// String literals with commas between them.
pub fn texts<'t>(all: impl IntoIterator<Item = &'t EcoString>) -> String {
    list(all, tokens::push_text)
}

/// Most lists are shorter, so that their text is never moved while it grows.
const USUAL_LENGTH: usize = 64;

/// The items with commas between them, each as `push` writes it.
fn list<'i>(items: impl IntoIterator<Item = &'i EcoString>, push: fn(&mut String, &str)) -> String {
    let mut list = String::with_capacity(USUAL_LENGTH);
    for item in items {
        if !list.is_empty() {
            list.push_str(", ");
        }
        push(&mut list, item);
    }
    list
}

/// A column of a table.
///
/// SQLite takes a quoted name that it does not know for a string, but not when the table stands before it.
pub fn column(table: &str, column: &str) -> String {
    let mut full = String::with_capacity(table.len() + column.len() + 5);
    tokens::push_quoted(&mut full, table);
    full.push('.');
    tokens::push_quoted(&mut full, column);
    full
}

/// The author's expression in parentheses; a comment at its end swallows none of them.
pub fn parenthesized(expression: &str) -> String {
    let expression = expression.trim();
    ["(", expression, if ends_in_comment(expression) { "\n)" } else { ")" }].concat()
}

/// The author's condition at the end of a statement, ready for the semicolon.
pub fn trailing(expression: &str) -> String {
    let expression = expression.trim();
    if ends_in_comment(expression) { format!("{expression}\n") } else { expression.to_owned() }
}

/// The author's text without semicolons at its end.
pub fn unterminated(sql: &str) -> &str {
    let mut end = 0;
    for token in tokens::tokens(sql) {
        if !token.is_mark(";") {
            end = token.range().end;
        }
    }
    sql[..end].trim_start()
}

/// The expression of a table without the name of the table before its columns.
///
/// The table of a rebuild has another name until it takes the place of the old one, and the rename that does this
/// leaves expressions as they are.
pub fn unqualified(expression: &str, table: &str) -> String {
    let all: Vec<Token<'_>> = tokens::tokens(expression).collect();
    let mut result = String::with_capacity(expression.len());
    let mut copied = 0;
    for (index, token) in all.iter().enumerate() {
        let names_the_table = token.name().is_some_and(|name| name.eq_ignore_ascii_case(table));
        let qualified = index.checked_sub(1).is_some_and(|before| all[before].is_mark("."));
        if let Some(dot) = all.get(index + 1).filter(|next| next.is_mark("."))
            && names_the_table
            && !qualified
        {
            result.push_str(&expression[copied..token.start]);
            copied = all.get(index + 2).map_or(dot.range().end, |column| column.start);
        }
    }
    result.push_str(&expression[copied..]);
    result
}

/// Whether a line comment reaches to the end of the text, so that what is put behind it would belong to it.
fn ends_in_comment(sql: &str) -> bool {
    let end = tokens::tokens(sql).last().map_or(0, |token| match token.kind {
        TokenKind::Unclosed => sql.len(),
        _ => token.range().end,
    });
    sql[end..].contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(name("a\"b"), "\"a\"\"b\"");
        assert_eq!(text("it's"), "'it''s'");
    }

    #[test]
    fn a_comment_at_the_end_swallows_nothing() {
        assert_eq!(parenthesized("a > 0 -- positive"), "(a > 0 -- positive\n)");
        assert_eq!(parenthesized(" a > 0 "), "(a > 0)");
        assert_eq!(unterminated("BEGIN SELECT 1; END; ;"), "BEGIN SELECT 1; END");
    }

    #[test]
    fn the_table_goes_from_before_its_columns() {
        assert_eq!(unqualified("job.size > 0 AND \"job\".\"a\" <> 'job.x'", "job"), "size > 0 AND \"a\" <> 'job.x'");
        assert_eq!(unqualified("job > 0", "job"), "job > 0");
        assert_eq!(unqualified("other.size", "job"), "other.size");
    }
}
