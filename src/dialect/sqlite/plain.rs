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

/// The expression of SQL that makes the text plain which another one gives, in lines at this depth.
pub fn plain_sql(expression: &str, depth: usize) -> String {
    let line = ["\n", &" ".repeat(4 * depth)].concat();
    let mut sql = ["replace(".repeat(LEFT_OUT.len() + OPERATORS.len()).as_str(), expression].concat();
    for (number, (_, character)) in LEFT_OUT.iter().enumerate() {
        // The white space in one line, and the quotes in the next.
        let start = if number == 0 || number == 4 { line.as_str() } else { " " };
        sql.extend([",", start, character, ", '')"]);
    }
    for (number, (from, to)) in OPERATORS.iter().enumerate() {
        let start = if number == 0 { line.as_str() } else { " " };
        sql.extend([",", start, &quote::text(from), ", ", &quote::text(to), ")"]);
    }
    sql
}

/// Something to select the names and texts of stored objects from, with the texts made plain in lower case, in lines at this
/// depth.
pub fn stored_texts(condition: &str, depth: usize) -> String {
    let line = |depth: usize| ["\n", &" ".repeat(4 * depth)].concat();
    [
        "(",
        &line(depth),
        "SELECT \"name\", \"sql\", lower(",
        &line(depth + 1),
        &plain_sql("\"sql\"", depth + 2),
        &line(depth),
        ") AS \"plain\"",
        &line(depth),
        "FROM sqlite_schema",
        &line(depth),
        "WHERE ",
        condition,
        &line(depth - 1),
        ")",
    ]
    .concat()
}

/// The condition for a stored object to be the table of this name, which is a text of SQL.
pub fn is_table(name: &str) -> String {
    format!("\"type\" = 'table' AND \"name\" = {name} COLLATE NOCASE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_makes_texts_plain_in_the_same_way() {
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        for text in ["CHECK (\"a\" != 'it''s'\n\tAND [b] == `c` )", "lower(a)\r\n>= 'x'", "", "ä[]\"Ü"] {
            let sql = format!("SELECT {}", plain_sql("?1", 1));
            let found: String = connection.query_row(&sql, [text], |row| row.get(0)).expect("a text");
            assert_eq!(found, plain(text));
        }
    }
}
