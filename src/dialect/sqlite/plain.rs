//! Texts of a schema without what can be written in several ways and means the same: spaces and quotes.
//!
//! The text that SQLite keeps of a table is the one of whoever made it, with the names that renamings have given, in quotes
//! of SQLite's choice. Guards compare it with the text of the revisions, both made plain in the same way. What is plain is no
//! SQL any more, and is only compared.

use super::quote;

/// What is left out, as characters and in SQL.
const LEFT_OUT: [(char, &str); 9] = [
    (' ', "' '"),
    ('\t', "char(9)"),
    ('\n', "char(10)"),
    ('\r', "char(13)"),
    ('"', "'\"'"),
    ('\'', "''''"),
    ('`', "'`'"),
    ('[', "'['"),
    (']', "']'"),
];

/// Two ways to write an operator, and the one that is kept.
const OPERATORS: [(&str, &str); 2] = [("!=", "<>"), ("==", "=")];

/// The text made plain.
pub fn plain(text: &str) -> String {
    let kept = text.chars().filter(|character| LEFT_OUT.iter().all(|(left_out, _)| left_out != character));
    OPERATORS.iter().fold(kept.collect(), |text: String, (from, to)| text.replace(from, to))
}

/// The expression of SQL that makes the text plain which another one gives.
pub fn plain_sql(expression: &str) -> String {
    let stripped = LEFT_OUT
        .iter()
        .fold(expression.to_owned(), |inner, (_, character)| format!("replace({inner}, {character}, '')"));
    OPERATORS
        .iter()
        .fold(stripped, |inner, (from, to)| format!("replace({inner}, {}, {})", quote::text(from), quote::text(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_makes_texts_plain_in_the_same_way() {
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        for text in ["CHECK (\"a\" != 'it''s'\n\tAND [b] == `c` )", "lower(a)\r\n>= 'x'", "", "ä[]\"Ü"] {
            let sql = format!("SELECT {}", plain_sql("?1"));
            let found: String = connection.query_row(&sql, [text], |row| row.get(0)).expect("a text");
            assert_eq!(found, plain(text));
        }
    }
}
