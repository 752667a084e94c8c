//! A case that went well, as scripts and queries with their answers, so that any engine can be asked to do the same.

use std::fmt::Write as _;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::case::column;
use crate::names::quoted;
use crate::rows::Rows;
use crate::support::modes::Mode;

/// What happened in a case, step by step.
pub struct Story {
    pub title: String,
    pub mode: Mode,
    pub steps: Vec<Step>,
}

/// A step of a story.
pub enum Step {
    /// A script that Offprint compiled, run as the mode runs it.
    Script(String),
    /// SQL of the test, run with foreign keys off.
    Fill(String),
    /// Queries with their answers.
    Checks(Vec<Check>),
}

/// A query and the rows that it has to give.
pub struct Check {
    pub query: String,
    pub rows: Vec<Vec<String>>,
}

impl Check {
    fn one(query: impl Into<String>, answer: &str) -> Check {
        Check { query: query.into(), rows: vec![vec![answer.to_owned()]] }
    }
}

impl Step {
    /// The checks of a state of the database, as it was found right by this engine.
    ///
    /// # Errors
    ///
    /// A view cannot be counted.
    pub fn checks(connection: &Connection, rows: &Rows, unknown: &[&str]) -> Result<Step, String> {
        let mut checks = rows.checks();
        for view in column(connection, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")? {
            if !unknown.contains(&view.as_str()) {
                let query = format!("SELECT count(*) FROM {}", quoted(&view));
                let count = column(connection, &query)?.concat();
                checks.push(Check::one(query, &count));
            }
        }
        checks.push(Check::one("PRAGMA quick_check", "ok"));
        checks.push(Check::one("SELECT count(*) FROM pragma_foreign_key_check", "0"));
        checks.push(Check::one("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%offprint%'", "0"));
        for kind in ["table", "index", "trigger", "view"] {
            let query = format!(
                "SELECT count(*) FROM sqlite_schema WHERE type = '{kind}' AND name NOT LIKE '\\_%' ESCAPE '\\'"
            );
            let count = column(connection, &query)?.concat();
            checks.push(Check::one(query, &count));
        }
        Ok(Step::Checks(checks))
    }
}

impl Story {
    /// For programs in other languages.
    pub fn json(&self) -> Value {
        let step = |step: &Step| match step {
            Step::Script(sql) => json!({ "script": sql }),
            Step::Fill(sql) => json!({ "fill": sql }),
            Step::Checks(checks) => {
                let check = |check: &Check| json!({ "query": check.query, "rows": check.rows });
                json!({ "checks": checks.iter().map(check).collect::<Vec<Value>>() })
            }
        };
        json!({
            "title": self.title,
            "mode": self.mode.name(),
            "steps": self.steps.iter().map(step).collect::<Vec<Value>>(),
        })
    }

    /// The story for the `sqlite3` shell, from an empty database in memory, and what the shell then prints.
    pub fn for_shell(&self) -> (String, String) {
        let (mut script, mut expected) = (String::new(), String::new());
        let enforced = i32::from(self.mode.enforces_foreign_keys());
        write(&mut script, format_args!(".open :memory:\nPRAGMA foreign_keys = {enforced};\n.print {}\n", self.title));
        write(&mut expected, format_args!("{}\n", self.title));
        for (number, step) in self.steps.iter().enumerate() {
            match step {
                Step::Script(sql) if self.mode.opens_its_transaction() => write(&mut script, format_args!("{sql}\n")),
                Step::Script(sql) => write(&mut script, format_args!("BEGIN;\n{sql}\nCOMMIT;\n")),
                Step::Fill(sql) => write(
                    &mut script,
                    format_args!("PRAGMA foreign_keys = OFF;\n{sql};\nPRAGMA foreign_keys = {enforced};\n"),
                ),
                Step::Checks(checks) => {
                    write(&mut script, format_args!(".print step {number}\n"));
                    write(&mut expected, format_args!("step {number}\n"));
                    for Check { query, rows } in checks {
                        write(&mut script, format_args!("{query};\n"));
                        for row in rows {
                            write(&mut expected, format_args!("{}\n", row.join("|")));
                        }
                    }
                }
            }
        }
        (script, expected)
    }
}

fn write(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a String can be written to");
}
