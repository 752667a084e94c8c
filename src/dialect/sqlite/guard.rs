//! Statements that stop a script with words when the database is not as it must be.
//!
//! SQLite raises errors of one's own in triggers only. But `json_extract` refuses a path that is none and names it,
//! so a query whose path is the message stops the script when, and only when, it finds a row.

use super::statement::{Refuse, Statement};

/// What a message ends with. It holds since a script runs in one transaction and stops at the first error.
const NOTHING_CHANGED: &str = "; nothing was changed";

/// A message: fixed words and expressions by turns, as an expression of SQL that is written as they come.
#[derive(Debug, Clone)]
pub struct Message {
    sql: String,
    /// What stands last, which decides how to go on.
    last: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Words whose string is not closed yet.
    Words,
    Value,
}

impl Message {
    /// A message that begins with these words.
    pub fn new(words: impl AsRef<str>) -> Self {
        let mut sql = String::with_capacity(USUAL_LENGTH);
        sql.push_str("'offprint: ");
        Message { sql, last: Part::Words }.words(words)
    }

    /// The value of an expression over the source of the guard.
    #[must_use]
    pub fn value(mut self, expression: impl AsRef<str>) -> Self {
        self.sql.push_str(match self.last {
            Part::Words => "' || ",
            Part::Value => " || ",
        });
        self.sql.push_str(expression.as_ref());
        self.last = Part::Value;
        self
    }

    /// More words.
    #[must_use]
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        if self.last == Part::Value {
            self.sql.push_str(" || '");
            self.last = Part::Words;
        }
        // The engine doubles quotes in its messages, so there are none in ours.
        for (index, part) in words.as_ref().split('\'').enumerate() {
            if index > 0 {
                self.sql.push('`');
            }
            self.sql.push_str(part);
        }
        self
    }

    fn sql(mut self) -> String {
        if self.last == Part::Words {
            self.sql.push('\'');
        }
        self.sql
    }
}

/// Most messages are shorter, so that their text is never moved while it grows.
const USUAL_LENGTH: usize = 240;

/// Refuses when the source has a row for which the condition holds. The message must use a value of the row.
pub fn refuse(message: Message, source: impl Into<String>, condition: impl Into<String>) -> Statement {
    let message = message.words(NOTHING_CHANGED).sql();
    Refuse { message, source: source.into(), condition: condition.into() }.into()
}

/// Refuses when rows are found, and tells their number. `words` come before the number.
pub fn refuse_rows(words: &str, source: &str, condition: &str) -> Statement {
    let found =
        format!("(\n    SELECT count(*) AS \"count\"\n    FROM {source}\n    WHERE {condition}\n) AS \"found\"");
    let message = Message::new(format!("{words}: ")).value("\"found\".\"count\"");
    refuse(message, found, "\"found\".\"count\" > 0")
}

/// Refuses when rows are found, and tells their number and one value of theirs.
pub fn refuse_values(words: &str, source: &str, condition: &str, example: &str) -> Statement {
    let found = format!(
        "(\n    SELECT count(*) AS \"count\", min({example}) AS \"example\"\n    FROM {source}\n    WHERE {condition}\n) AS \"found\""
    );
    let message = Message::new(format!("{words}: "))
        .value("\"found\".\"count\"")
        .words(", for example `")
        .value("substr(replace(iif(typeof(\"found\".\"example\") = 'blob', quote(\"found\".\"example\"), \"found\".\"example\"), '''', '`'), 1, 60)")
        .words("`");
    refuse(message, found, "\"found\".\"count\" > 0")
}
