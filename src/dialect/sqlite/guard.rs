//! Statements that stop a script with words when the database is not as it must be.
//!
//! SQLite raises errors of one's own in triggers only. But `json_extract` refuses a path that is none and names it,
//! so a query whose path is the message stops the script when, and only when, it finds a row.

use super::layout;
use super::statement::{Refuse, Statement};

/// What a message ends with. It holds since a script runs in one transaction and stops at the first error.
const NOTHING_CHANGED: &str = "; nothing was changed";

/// A message: fixed words and expressions by turns.
#[derive(Debug, Clone)]
pub struct Message {
    /// The texts of which it is made, as expressions of SQL.
    parts: Vec<String>,
    /// Whether the last one is a string that goes on.
    is_open: bool,
}

impl Message {
    /// A message that begins with these words.
    pub fn new(words: impl AsRef<str>) -> Self {
        Message { parts: vec!["'offprint: ".into()], is_open: true }.words(words)
    }

    /// The value of an expression over the source of the guard.
    #[must_use]
    pub fn value(mut self, expression: impl AsRef<str>) -> Self {
        self.close();
        self.parts.push(expression.as_ref().into());
        self
    }

    /// More words.
    #[must_use]
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        // The engine doubles quotes in its messages, so there are none in ours.
        let words = words.as_ref().replace('\'', "`");
        match self.parts.last_mut().filter(|_| self.is_open) {
            Some(last) => last.push_str(&words),
            None => self.parts.push(["'", &words].concat()),
        }
        self.is_open = true;
        self
    }

    fn close(&mut self) {
        if let Some(last) = self.parts.last_mut().filter(|_| self.is_open) {
            last.push('\'');
        }
        self.is_open = false;
    }

    /// The arguments of the function that raises the message.
    fn arguments(mut self) -> String {
        self.close();
        layout::arguments("'{}'", &self.parts)
    }
}

/// Refuses when the source has a row for which the condition holds. The message must use a value of the row.
pub fn refuse(message: Message, source: impl Into<String>, condition: impl Into<String>) -> Statement {
    let arguments = message.words(NOTHING_CHANGED).arguments();
    Refuse { arguments, source: source.into(), condition: condition.into() }.into()
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
