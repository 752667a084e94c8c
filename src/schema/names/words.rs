//! The words of a text as one dialect takes them, and which of them can be names.

use ecow::EcoString;

use super::Obstacle;
use crate::schema::Dialect;
use crate::schema::naming::LONGEST_NAME;
use crate::schema::tokens::{Token, TokenKind, tokens};

/// SQLite closes comments that stand in one another once, and Postgres closes each of them.
pub(super) const NESTED_COMMENTS: Obstacle = Obstacle("comments stand in one another");

/// The tokens of a text.
///
/// # Errors
///
/// The dialect takes a part of the text otherwise than the tokenizer, which serves both dialects.
pub(super) fn words(text: &str, dialect: Dialect) -> Result<Vec<Token<'_>>, Obstacle> {
    let mut all = Vec::new();
    let mut end = 0;
    for token in tokens(text) {
        if dialect == Dialect::Sqlite && has_nested_comment(&text[end..token.start]) {
            return Err(NESTED_COMMENTS);
        }
        end = token.range().end;
        match (token.kind, dialect) {
            (TokenKind::Unclosed, _) => return Err(Obstacle("a quote or comment is never closed")),
            (TokenKind::Text, Dialect::Sqlite) if !token.text.starts_with(['\'', 'x', 'X']) => {
                return Err(Obstacle("a string is written in the way of Postgres"));
            }
            (TokenKind::Word, Dialect::Postgres) if token.text.len() > LONGEST_NAME => {
                return Err(Obstacle("a name is longer than 63 bytes"));
            }
            (TokenKind::QuotedName, Dialect::Postgres) => match token.text.as_bytes()[0] {
                b'"' if !is_unicode_escaped(&all, token) => all.push(token),
                b'[' => all.extend(subscript(token)),
                _ => return Err(Obstacle("a name is quoted in a way of its own")),
            },
            _ => all.push(token),
        }
    }
    if dialect == Dialect::Sqlite && has_nested_comment(&text[end..]) {
        return Err(NESTED_COMMENTS);
    }
    Ok(all)
}

/// Whether the name is the `"…"` of Postgres' `U&"…"`.
fn is_unicode_escaped(before: &[Token<'_>], name: Token<'_>) -> bool {
    before.last().is_some_and(|mark| mark.is_mark("&") && mark.range().end == name.start)
}

/// Postgres' `[word]`, which the tokenizer takes for a name in SQLite's brackets.
fn subscript(token: Token<'_>) -> Vec<Token<'_>> {
    let last = token.text.len() - 1;
    let mark =
        |index: usize| Token { kind: TokenKind::Mark, text: &token.text[index..=index], start: token.start + index };
    let inner = tokens(&token.text[1..last]).map(|inner| Token { start: inner.start + token.start + 1, ..inner });
    std::iter::once(mark(0)).chain(inner).chain(std::iter::once(mark(last))).collect()
}

/// Whether a comment opens another one, which Postgres closes twice and SQLite once.
fn has_nested_comment(between: &str) -> bool {
    let mut rest = between;
    loop {
        let line = rest.find("--").unwrap_or(rest.len());
        let block = rest.find("/*").unwrap_or(rest.len());
        if line == rest.len() && block == rest.len() {
            return false;
        }
        if line < block {
            let Some(end) = rest[line..].find('\n') else { return false };
            rest = &rest[line + end..];
        } else {
            let inside = &rest[block + 2..];
            let end = inside.find("*/").unwrap_or(inside.len());
            if inside[..end].contains("/*") {
                return true;
            }
            rest = inside.get(end + 2..).unwrap_or_default();
        }
    }
}

/// The name that a token is where a name may stand: folded as the dialect folds it, without quotes.
pub(super) fn name_of(token: &Token<'_>, dialect: Dialect) -> Option<EcoString> {
    match (token.kind, dialect) {
        (TokenKind::Word, Dialect::Postgres) => Some(EcoString::from(token.text).to_ascii_lowercase()),
        _ => token.name(),
    }
}

/// The same where SQLite takes a string for a name too.
pub(super) fn name_or_string(token: &Token<'_>, dialect: Dialect) -> Option<EcoString> {
    match (token.kind, dialect) {
        (TokenKind::Text, Dialect::Sqlite) => string_of(token),
        _ => name_of(token, dialect),
    }
}

/// What a plain string says.
pub(super) fn string_of(token: &Token<'_>) -> Option<EcoString> {
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
    (token.kind == TokenKind::Text).then(|| inner.replace("''", "'").into())
}

/// Whether two names are one to the dialect.
pub(super) fn same(one: &str, other: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => one == other,
        Dialect::Sqlite => one.eq_ignore_ascii_case(other),
    }
}

/// Whether a bare word is never a name of the author's: it is reserved.
pub(super) fn is_reserved(token: &Token<'_>, dialect: Dialect) -> bool {
    is_among(
        token,
        match dialect {
            Dialect::Postgres => RESERVED_BY_POSTGRES,
            Dialect::Sqlite => RESERVED_BY_SQLITE,
        },
    )
}

/// Whether a word may follow a source or an item of a query without being another name for it.
pub(super) fn is_following(token: &Token<'_>) -> bool {
    is_among(token, FOLLOWING)
}

/// Whether a name means the same without quotes, wherever a name may stand.
pub(super) fn stays_bare(name: &str) -> bool {
    let part = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    let Some(token) = tokens(name).next() else { return false };
    let plain = name.chars().all(part) && token.text == name && token.kind == TokenKind::Word;
    let special = [RESERVED_BY_POSTGRES, RESERVED_BY_SQLITE, FOLLOWING, BEGINNING];
    plain && !is_constant(&token) && !special.iter().any(|list| is_among(&token, list))
}

/// Whether a reserved word is a value by itself, such as `NULL`.
pub(super) fn is_constant(token: &Token<'_>) -> bool {
    const CONSTANTS: &str = "\
    NULL TRUE FALSE DEFAULT CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER \
    LOCALTIME LOCALTIMESTAMP SESSION_USER SYSTEM_USER USER";
    is_among(token, CONSTANTS)
}

/// What Postgres reserves, and what can be a function or a type there, but not a column.
const RESERVED_BY_POSTGRES: &str = "\
    ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE \
    CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC \
    DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GRANT GROUP HAVING IN INITIALLY INTERSECT INTO \
    LATERAL LEADING LIMIT LOCALTIME LOCALTIMESTAMP NOT NULL OFFSET ON ONLY OR ORDER PLACING PRIMARY REFERENCES \
    RETURNING SELECT SESSION_USER SOME SYMMETRIC SYSTEM_USER TABLE THEN TO TRAILING TRUE UNION UNIQUE USER USING \
    VARIADIC WHEN WHERE WINDOW WITH AUTHORIZATION BINARY COLLATION CONCURRENTLY CROSS CURRENT_SCHEMA FREEZE FULL \
    ILIKE INNER IS ISNULL JOIN LEFT LIKE NATURAL NOTNULL OUTER OVERLAPS RIGHT SIMILAR TABLESAMPLE VERBOSE";

const RESERVED_BY_SQLITE: &str = "\
    ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE CURRENT_DATE \
    CURRENT_TIME CURRENT_TIMESTAMP DEFAULT DEFERRABLE DELETE DISTINCT DROP ELSE ESCAPE EXISTS FOREIGN FROM GROUP \
    HAVING IN INDEX INSERT INTO IS ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES \
    RETURNING SELECT SET TABLE THEN TO TRANSACTION UNIQUE UPDATE USING VALUES WHEN WHERE";

/// The words that may follow a source, a column or an expression of a query, and are no alias there.
const FOLLOWING: &str = "\
    AS CROSS EXCEPT FETCH FOR FROM FULL GROUP HAVING INDEXED INNER INTERSECT INTO JOIN LATERAL LEFT LIMIT NATURAL \
    NOT OFFSET ON ORDER OUTER RETURNING RIGHT SET TABLESAMPLE UNION USING VALUES WHERE WINDOW WITH";

/// The words that begin an expression of their own kind, and those that Postgres takes for a column, but for no type.
const BEGINNING: &str = "\
    COALESCE END EXISTS EXTRACT GROUPING INTERVAL NEW OLD OVERLAY POSITION RAISE ROW SUBSTRING TRIM \
    BETWEEN GREATEST INOUT LEAST NONE NORMALIZE NULLIF OUT PRECISION SETOF TREAT";

fn is_among(token: &Token<'_>, words: &str) -> bool {
    token.kind == TokenKind::Word && words.split(' ').any(|word| token.is_word(word))
}
