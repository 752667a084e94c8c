//! The statements of SQL text, told apart by tokens.

use super::tokens::{Token, TokenKind, tokens};

/// One statement of SQL text, without its semicolon.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    pub tokens: Vec<Token<'a>>,
}

/// The statements of a text. Empty ones are left out.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let mut current: Vec<Token<'_>> = Vec::new();
    let mut parentheses = 0_usize;
    let mut blocks = 0_usize;
    for token in tokens(text) {
        match token.text {
            "(" => parentheses += 1,
            ")" => parentheses = parentheses.saturating_sub(1),
            ";" if parentheses == 0 && blocks == 0 && token.kind == TokenKind::Mark => {
                if !current.is_empty() {
                    found.push(Statement { tokens: std::mem::take(&mut current) });
                }
                continue;
            }
            _ if has_body(&current) => {
                // `BEGIN … END` of a trigger of SQLite or `BEGIN ATOMIC … END` of Postgres; `CASE … END` ends alike.
                if token.is_word("BEGIN") || token.is_word("CASE") {
                    blocks += 1;
                } else if token.is_word("END") {
                    blocks = blocks.saturating_sub(1);
                }
            }
            _ => {}
        }
        current.push(token);
    }
    if !current.is_empty() {
        found.push(Statement { tokens: current });
    }
    found
}

/// Whether a statement that begins so may hold statements of its own.
fn has_body(tokens: &[Token<'_>]) -> bool {
    let word = |index: usize, word: &str| tokens.get(index).is_some_and(|token| token.is_word(word));
    let begins_with_create = word(0, "CREATE");
    begins_with_create
        && tokens
            .iter()
            .take(6)
            .any(|token| token.is_word("TRIGGER") || token.is_word("FUNCTION") || token.is_word("PROCEDURE"))
}

impl<'a> Statement<'a> {
    /// Whether the statement begins with these keywords.
    pub fn begins_with(&self, words: &[&str]) -> bool {
        self.tokens.len() >= words.len() && self.tokens.iter().zip(words).all(|(token, word)| token.is_word(word))
    }

    /// Whether a keyword stands in the statement, outside of strings and quoted names.
    pub fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.is_word(word))
    }

    /// The first words, for messages.
    pub fn beginning(&self) -> String {
        let words: Vec<&str> = self.tokens.iter().take(4).map(|token| token.text).collect();
        let short: String = words.join(" ").chars().take(48).collect();
        short
    }

    /// Whether the statement changes the schema.
    pub fn is_ddl(&self) -> bool {
        if let Some(explained) = self.explained() {
            return explained.is_ddl();
        }
        const VERBS: [&str; 8] = ["CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "IMPORT", "SECURITY"];
        VERBS.iter().any(|verb| self.begins_with(&[verb])) || self.selects_into()
    }

    /// The statement that `EXPLAIN ANALYZE` explains, and runs for it.
    fn explained(&self) -> Option<Statement<'a>> {
        const BEGINNINGS: [&str; 8] = ["CREATE", "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "EXECUTE"];
        let begins = |token: &Token<'_>| BEGINNINGS.iter().any(|word| token.is_word(word));
        let start = self.begins_with(&["EXPLAIN"]).then(|| self.tokens.iter().position(begins))??;
        Some(Statement { tokens: self.tokens[start..].to_vec() })
    }

    /// `SELECT … INTO table` of Postgres creates a table.
    fn selects_into(&self) -> bool {
        let selects = self.begins_with(&["SELECT"]) || self.begins_with(&["WITH"]);
        let writes = ["INSERT", "MERGE"].iter().any(|verb| self.has_word(verb));
        selects && !writes && self.has_word("INTO")
    }
}

/// How text that should stay inside of a statement reaches beyond its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// It is empty, or goes on after a semicolon.
    NotOneStatement,
    /// A parenthesis is closed that was not opened.
    Closed,
    /// A parenthesis is opened and not closed.
    Open,
}

/// How an expression, a query or a condition reaches beyond its place; `None` when it stays there.
pub fn escape(text: &str) -> Option<Escape> {
    if statements(text).len() != 1 {
        return Some(Escape::NotOneStatement);
    }
    let mut open = 0_usize;
    for token in tokens(text) {
        if token.is_mark("(") {
            open += 1;
        } else if token.is_mark(")") {
            match open.checked_sub(1) {
                Some(less) => open = less,
                None => return Some(Escape::Closed),
            }
        }
    }
    (open > 0).then_some(Escape::Open)
}

/// Whether statements stay between `BEGIN ATOMIC` and `END`: there are some, and whatever is opened in them is closed.
pub fn stays_in_block(text: &str) -> bool {
    let (mut parentheses, mut cases) = (0_i64, 0_i64);
    for token in tokens(text) {
        if token.kind == TokenKind::Mark {
            parentheses += i64::from(token.text == "(") - i64::from(token.text == ")");
        }
        cases += i64::from(token.is_word("CASE")) - i64::from(token.is_word("END"));
        let ends_within = token.is_mark(";") && (parentheses > 0 || cases > 0);
        if parentheses < 0 || cases < 0 || ends_within || token.is_word("BEGIN") {
            return false;
        }
    }
    parentheses == 0 && cases == 0 && !statements(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_stay_whole() {
        let text = "CREATE TRIGGER t AFTER UPDATE ON job BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; SELECT 1; END; \
                    UPDATE x SET y = ';'; ; SELECT $$ a; b $$";
        let found = statements(text);
        assert_eq!(found.len(), 3);
        assert!(found[0].is_ddl() && !found[1].is_ddl() && !found[2].is_ddl());
        assert!(statements("SELECT * INTO copy FROM job")[0].is_ddl());
        assert!(!statements("INSERT INTO job SELECT 1")[0].is_ddl());
    }

    #[test]
    fn what_is_explained_may_change_the_schema() {
        for text in
            ["EXPLAIN ANALYZE CREATE TABLE copy AS SELECT 1", "explain (analyze, verbose) select * into copy from job"]
        {
            assert!(statements(text)[0].is_ddl(), "{text}");
        }
        assert!(!statements("EXPLAIN ANALYZE INSERT INTO job SELECT 1")[0].is_ddl());
        assert!(!statements("EXPLAIN ANALYZE TABLE job")[0].is_ddl());
    }
}
