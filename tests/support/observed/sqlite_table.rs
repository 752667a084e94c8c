//! What the text of a `CREATE TABLE` says beyond what SQLite's pragmas report.

use std::collections::{BTreeMap, BTreeSet};

use super::sqlite_text::{Token, closing_bracket, join, split_at_commas};
use super::{ConstraintTiming, GeneratedStorage, ObservedConstraint, ObservedGenerated, ObservedRule, UniqueNulls};

/// The parts of a `CREATE TABLE` text.
#[derive(Debug, Default)]
pub struct TableText {
    pub columns: BTreeMap<String, ColumnText>,
    pub constraints: BTreeSet<ObservedConstraint>,
    /// The words after the last bracket, one option each.
    pub options: BTreeSet<String>,
}

/// What the text says of one column.
#[derive(Debug, Default)]
pub struct ColumnText {
    pub on_null: Option<String>,
    pub collation: Option<String>,
    pub generated: Option<ObservedGenerated>,
    pub autoincrement: bool,
}

/// Reads the tokens of a whole `CREATE TABLE` statement.
pub fn parse(tokens: &[Token]) -> TableText {
    let open = tokens.iter().position(|token| token.is_symbol("(")).expect("a table has columns");
    let close = closing_bracket(tokens, open);
    let mut table = TableText::default();
    for definition in split_at_commas(&tokens[open + 1..close]) {
        let mut cursor = Cursor { tokens: definition, at: 0 };
        if cursor.next_is_one_of(&["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]) {
            table.constraints_of_table(&mut cursor);
        } else {
            table.column(&mut cursor);
        }
    }
    let options = split_at_commas(&tokens[close + 1..]);
    table.options =
        options.into_iter().filter(|words| !words.is_empty()).map(|words| join(words).to_uppercase()).collect();
    table
}

/// The words that end the type of a column and begin a constraint of it.
const COLUMN_CONSTRAINT: [&str; 11] =
    ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];

impl TableText {
    fn column(&mut self, cursor: &mut Cursor<'_>) {
        let name = cursor.name();
        while !cursor.is_at_end() && !cursor.next_is_one_of(&COLUMN_CONSTRAINT) {
            cursor.skip_one_or_bracket();
        }
        let mut column = ColumnText::default();
        let mut constraint_name = None;
        while !cursor.is_at_end() {
            if cursor.accept("CONSTRAINT") {
                constraint_name = Some(cursor.name());
                continue;
            }
            if cursor.accept("PRIMARY") {
                cursor.expect("KEY");
                let order = if cursor.accept("DESC") { " DESC" } else { "" };
                cursor.accept("ASC");
                let on_conflict = cursor.on_conflict();
                column.autoincrement |= cursor.accept("AUTOINCREMENT");
                let rule = ObservedRule::PrimaryKey { columns: vec![format!("{name}{order}")], include: Vec::new() };
                self.add(constraint_name.take(), rule, on_conflict);
            } else if cursor.accept("NOT") {
                cursor.expect("NULL");
                column.on_null = cursor.on_conflict();
            } else if cursor.accept("NULL") {
                cursor.on_conflict();
            } else if cursor.accept("UNIQUE") {
                let rule = unique(vec![name.clone()]);
                let on_conflict = cursor.on_conflict();
                self.add(constraint_name.take(), rule, on_conflict);
            } else if cursor.accept("CHECK") {
                let rule = ObservedRule::Check { expression: join(cursor.bracket()) };
                self.add(constraint_name.take(), rule, None);
            } else if cursor.accept("DEFAULT") {
                if !cursor.accept_symbol("-") {
                    cursor.accept_symbol("+");
                }
                cursor.skip_one_or_bracket();
            } else if cursor.accept("COLLATE") {
                column.collation = Some(cursor.name());
            } else if cursor.next_is_one_of(&["REFERENCES"]) {
                self.foreign_key(cursor, constraint_name.take(), vec![name.clone()]);
            } else if cursor.next_is_one_of(&["GENERATED", "AS"]) {
                if cursor.accept("GENERATED") {
                    cursor.expect("ALWAYS");
                }
                cursor.expect("AS");
                let expression = join(cursor.bracket());
                cursor.accept("VIRTUAL");
                let stored = cursor.accept("STORED");
                let storage = if stored { GeneratedStorage::Stored } else { GeneratedStorage::Virtual };
                column.generated = Some(ObservedGenerated { expression, storage });
            } else {
                panic!("unknown column constraint in {:?}", cursor.tokens);
            }
            constraint_name = None;
        }
        self.columns.insert(name, column);
    }

    fn constraints_of_table(&mut self, cursor: &mut Cursor<'_>) {
        let mut name = None;
        while !cursor.is_at_end() {
            if cursor.accept("CONSTRAINT") {
                name = Some(cursor.name());
            } else if cursor.accept("PRIMARY") {
                cursor.expect("KEY");
                let mut terms: Vec<&[Token]> = split_at_commas(cursor.bracket());
                if let Some(term) = terms.last_mut()
                    && let [rest @ .., last] = *term
                    && last.is("AUTOINCREMENT")
                {
                    *term = rest;
                    self.columns.get_mut(&rest[0].name()).expect("the key is a column").autoincrement = true;
                }
                let rule = ObservedRule::PrimaryKey {
                    columns: terms.into_iter().map(key_term).collect(),
                    include: Vec::new(),
                };
                let on_conflict = cursor.on_conflict();
                self.add(name.take(), rule, on_conflict);
            } else if cursor.accept("UNIQUE") {
                let rule = unique(split_at_commas(cursor.bracket()).into_iter().map(key_term).collect());
                let on_conflict = cursor.on_conflict();
                self.add(name.take(), rule, on_conflict);
            } else if cursor.accept("CHECK") {
                let rule = ObservedRule::Check { expression: join(cursor.bracket()) };
                let on_conflict = cursor.on_conflict();
                self.add(name.take(), rule, on_conflict);
            } else if cursor.accept("FOREIGN") {
                cursor.expect("KEY");
                let columns = names(cursor.bracket());
                self.foreign_key(cursor, name.take(), columns);
            } else {
                panic!("unknown table constraint in {:?}", cursor.tokens);
            }
        }
    }

    fn foreign_key(&mut self, cursor: &mut Cursor<'_>, name: Option<String>, columns: Vec<String>) {
        cursor.expect("REFERENCES");
        let referred_table = cursor.name();
        let referred_columns = if cursor.next_is_symbol("(") { names(cursor.bracket()) } else { Vec::new() };
        let [mut on_update, mut on_delete] = ["NO ACTION".to_owned(), "NO ACTION".to_owned()];
        let mut matching = "SIMPLE".to_owned();
        let mut checked = ConstraintTiming::NotDeferrable;
        loop {
            if cursor.accept("ON") {
                let action = if cursor.accept("UPDATE") {
                    &mut on_update
                } else {
                    cursor.expect("DELETE");
                    &mut on_delete
                };
                *action = cursor.words(if cursor.next_is_one_of(&["SET", "NO"]) { 2 } else { 1 });
            } else if cursor.accept("MATCH") {
                matching = cursor.words(1);
            } else if cursor.accept("DEFERRABLE") {
                checked = cursor.initially(ConstraintTiming::InitiallyImmediate);
            } else if cursor.next_is_one_of(&["NOT"]) && cursor.second_is("DEFERRABLE") {
                cursor.at += 2;
                cursor.initially(ConstraintTiming::NotDeferrable);
            } else {
                break;
            }
        }
        let rule =
            ObservedRule::ForeignKey { columns, referred_table, referred_columns, on_update, on_delete, matching };
        self.constraints.insert(ObservedConstraint { checked, ..constraint(name, rule, None) });
    }

    fn add(&mut self, name: Option<String>, rule: ObservedRule, on_conflict: Option<String>) {
        self.constraints.insert(constraint(name, rule, on_conflict));
    }
}

fn constraint(name: Option<String>, rule: ObservedRule, on_conflict: Option<String>) -> ObservedConstraint {
    let checked = ConstraintTiming::NotDeferrable;
    ObservedConstraint { name, rule, checked, validated: true, on_conflict, comment: None }
}

fn unique(columns: Vec<String>) -> ObservedRule {
    ObservedRule::Unique { columns, include: Vec::new(), nulls: UniqueNulls::Distinct }
}

/// A column of a key with its collation and order, without the word that says what holds anyway.
fn key_term(tokens: &[Token]) -> String {
    match tokens {
        [column] => column.name(),
        [column, order] if order.is("ASC") => column.name(),
        [term @ .., order] if order.is("ASC") => join(term),
        term => join(term),
    }
}

fn names(tokens: &[Token]) -> Vec<String> {
    split_at_commas(tokens).into_iter().map(|name| name[0].name()).collect()
}

struct Cursor<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn next_is_one_of(&self, keywords: &[&str]) -> bool {
        self.tokens.get(self.at).is_some_and(|token| keywords.iter().any(|keyword| token.is(keyword)))
    }

    fn second_is(&self, keyword: &str) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| token.is(keyword))
    }

    fn next_is_symbol(&self, symbol: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is_symbol(symbol))
    }

    fn accept(&mut self, keyword: &str) -> bool {
        let accepted = self.next_is_one_of(&[keyword]);
        self.at += usize::from(accepted);
        accepted
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        let accepted = self.next_is_symbol(symbol);
        self.at += usize::from(accepted);
        accepted
    }

    fn expect(&mut self, keyword: &str) {
        assert!(self.accept(keyword), "{keyword} is missing at {} in {:?}", self.at, self.tokens);
    }

    fn name(&mut self) -> String {
        self.at += 1;
        self.tokens[self.at - 1].name()
    }

    /// The tokens inside the bracket that opens here.
    fn bracket(&mut self) -> &'a [Token] {
        assert!(self.next_is_symbol("("), "a bracket is missing at {} in {:?}", self.at, self.tokens);
        let close = closing_bracket(self.tokens, self.at);
        let inner = &self.tokens[self.at + 1..close];
        self.at = close + 1;
        inner
    }

    fn skip_one_or_bracket(&mut self) {
        if self.next_is_symbol("(") {
            self.bracket();
        } else {
            self.at += 1;
        }
    }

    fn words(&mut self, count: usize) -> String {
        self.at += count;
        join(&self.tokens[self.at - count..self.at]).to_uppercase()
    }

    /// `ON CONFLICT action`, unless the action is what happens anyway.
    fn on_conflict(&mut self) -> Option<String> {
        if !(self.next_is_one_of(&["ON"]) && self.second_is("CONFLICT")) {
            return None;
        }
        self.at += 2;
        Some(self.words(1)).filter(|action| action != "ABORT")
    }

    fn initially(&mut self, unless_said: ConstraintTiming) -> ConstraintTiming {
        if !self.accept("INITIALLY") {
            return unless_said;
        }
        if self.accept("DEFERRED") && unless_said != ConstraintTiming::NotDeferrable {
            return ConstraintTiming::InitiallyDeferred;
        }
        self.accept("IMMEDIATE");
        unless_said
    }
}
