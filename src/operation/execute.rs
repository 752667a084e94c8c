//! Execute SQL of the author.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::statements::{Statement, statements};
use crate::schema::tokens::{Token, tokens};
use crate::schema::{Editor, Sql};
use crate::source::Name;

/// Executes SQL as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Execute {
    sql: Sql,
}

operation! {
    /// Executes SQL as it is written. A change of the schema in it must be declared after it with `op.declare()`. DO and CALL bodies cannot be seen into.
    ///
    /// `op.execute(sql("UPDATE job SET attempts = 0").postgres("UPDATE job SET attempts = DEFAULT"));`
    fn execute(sql: Sql) -> Execute {
        Execute { sql }
    }
}

impl Execute {
    /// The SQL that is executed.
    pub fn sql(&self) -> &Sql {
        &self.sql
    }

    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let text = editor.text(&self.sql)?;
        check(&text)?;
        editor.execute(text.value);
        Ok(())
    }

    pub(crate) fn title(&self) -> EcoString {
        "execute".into()
    }
}

/// Statements that would break the transaction, the session or the history, and what to do instead.
const REFUSED: &[(&[&str], &str)] = &[
    (&["BEGIN"], "Offprint writes the transaction; leave it out"),
    (&["START", "TRANSACTION"], "Offprint writes the transaction; leave it out"),
    (&["COMMIT"], "Offprint writes the transaction; leave it out"),
    (&["END"], "Offprint writes the transaction; leave it out"),
    (&["ROLLBACK"], "Offprint writes the transaction; leave it out"),
    (&["ABORT"], "Offprint writes the transaction; leave it out"),
    (&["SAVEPOINT"], "write the statements without it: a script is applied whole or not at all"),
    (&["RELEASE"], "write the statements without it: a script is applied whole or not at all"),
    (&["PREPARE", "TRANSACTION"], "Offprint writes the transaction; leave it out"),
    (&["SET", "TRANSACTION"], "Offprint writes the transaction; leave it out"),
    (&["SET", "ROLE"], "give the object to the role instead: `ALTER … OWNER TO`"),
    (&["SET", "LOCAL", "ROLE"], "give the object to the role instead: `ALTER … OWNER TO`"),
    (&["SET", "SESSION", "ROLE"], "give the object to the role instead: `ALTER … OWNER TO`"),
    (&["SET", "SESSION", "AUTHORIZATION"], "give the object to the role instead: `ALTER … OWNER TO`"),
    (&["SET", "LOCAL", "SESSION", "AUTHORIZATION"], "give the object to the role instead: `ALTER … OWNER TO`"),
    (&["RESET", "ROLE"], "leave it out"),
    (&["RESET", "SESSION", "AUTHORIZATION"], "leave it out"),
    (&["RESET", "SEARCH_PATH"], "leave it out"),
    (&["RESET", "ALL"], "leave it out"),
    (&["SET", "SEARCH_PATH"], "write names with their schema: appliers' own statements would fail"),
    (&["SET", "SESSION", "SEARCH_PATH"], "write names with their schema: appliers' own statements would fail"),
    (&["SET", "LOCAL", "SEARCH_PATH"], "write names with their schema: appliers' own statements would fail"),
    (&["DISCARD"], "leave it out"),
    (&["LOAD"], "a library belongs to the server; set `shared_preload_libraries` there"),
    (&["PRAGMA"], "a pragma belongs to the connection; set it in the application"),
    (&["ATTACH"], "a script works on one database"),
    (&["DETACH"], "a script works on one database"),
    (&["VACUUM"], "it cannot run in a transaction; run it by hand"),
];

/// Refuses what must not stand in a script.
fn check(text: &Name) -> Result<()> {
    let refuse = |what: String, help: &str| {
        let message = format!("{what} must not stand in raw SQL");
        Err(Box::new(Diagnostic::new(Code::RefusedSql, message).at(text.origin, "in this SQL").help(help)))
    };
    let all = statements(text);
    if all.is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, "the SQL is empty")
                .at(text.origin, "no statement")
                .help("write a statement, or leave the operation out"),
        ));
    }
    for statement in &all {
        if let Some((words, help)) = REFUSED.iter().find(|(words, _)| statement.begins_with(words)) {
            return refuse(format!("`{}`", words.join(" ")), help);
        }
        if copies_from_client(statement) {
            return refuse("`COPY … FROM STDIN`".into(), "write the rows with `op.insert(…)`");
        }
        if let Some(setting) = configures_session(statement) {
            let help =
                "write names with their schema, and give objects to roles: a setting would outlive the statement";
            return refuse(format!("`set_config({setting}, …)`"), help);
        }
        if calls(statement, "load_extension").next().is_some() {
            return refuse(
                "`load_extension`".into(),
                "an extension belongs to the connection; load it in the application",
            );
        }
    }
    if tokens(text).any(|token| token.is_mark("\\")) {
        return refuse("a backslash command of psql".into(), "write SQL that every client understands");
    }
    let between_statements = |line: &str| {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        !tokens(text).any(|token| token.range().contains(&start) && token.start < start)
    };
    let command = text.lines().find(|line| {
        let alone = matches!(line.trim_end(), "/" | "go" | "GO");
        (line.starts_with('.') || line.starts_with('#') || alone) && between_statements(line)
    });
    match command {
        Some(line) => {
            let word: String = line.chars().take(16).collect();
            refuse(format!("the line `{word}`, a command of sqlite3,"), "write SQL that every client understands")
        }
        None => Ok(()),
    }
}

fn copies_from_client(statement: &Statement<'_>) -> bool {
    statement.begins_with(&["COPY"]) && (statement.has_word("STDIN") || statement.has_word("STDOUT"))
}

/// The setting that a call of `set_config` changes, where a `SET` of it is refused.
fn configures_session<'a>(statement: &Statement<'a>) -> Option<&'a str> {
    const SETTINGS: [&str; 3] = ["search_path", "role", "session_authorization"];
    let setting = |argument: &&str| SETTINGS.iter().any(|name| argument.trim_matches('\'').eq_ignore_ascii_case(name));
    calls(statement, "set_config").find(setting)
}

/// The first words behind the parentheses of the calls of a function.
fn calls<'a>(statement: &Statement<'a>, function: &'static str) -> impl Iterator<Item = &'a str> {
    let calls = |three: &&[Token<'a>]| {
        three[0].name().is_some_and(|name| name.eq_ignore_ascii_case(function)) && three[1].is_mark("(")
    };
    statement.tokens.windows(3).filter(calls).map(|three| three[2].text).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    fn refused(text: &str) -> bool {
        check(&Name::new(text.into(), Origin::Unknown)).is_err()
    }

    #[test]
    fn what_breaks_the_script_is_refused() {
        for text in [
            "BEGIN; UPDATE a SET b = 1; COMMIT",
            "update a set b = 1; savepoint x",
            "SET ROLE admin",
            "SET LOCAL search_path = ''",
            "RESET ALL",
            "LOAD 'auto_explain'",
            "SELECT pg_catalog.set_config('Search_Path', '', false)",
            "SELECT \"set_config\" ('role', 'admin', true)",
            "SELECT load_extension('x')",
            "RESET search_path",
            "RESET SESSION AUTHORIZATION",
            "PRAGMA foreign_keys = OFF",
            "\\i file.sql",
            ".tables\nSELECT 1",
            "COPY a FROM STDIN",
            "-- nothing",
        ] {
            assert!(refused(text), "{text}");
        }
        for text in [
            "UPDATE a SET b = 'BEGIN; COMMIT'",
            "UPDATE a SET b = '\n.tables\n/\n'",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END",
            "SELECT 'a\\b'",
        ] {
            assert!(!refused(text), "{text}");
        }
    }
}
