//! Rebuilding a table must leave no row that refers to nothing, other than those that did before.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::quote;
use super::statement::{ForgetViolations, RememberViolations, Statement, ViolationCount};

/// A stretch of steps, before and after which the rows that refer to nothing are counted.
#[derive(Debug)]
pub struct Bracket {
    position: usize,
    /// The tables whose references are watched, by their names now, with those at the beginning.
    watched: BTreeMap<EcoString, EcoString>,
    renames: Vec<(EcoString, EcoString)>,
    created: BTreeSet<EcoString>,
}

impl Bracket {
    /// A stretch that begins before the step at this position.
    pub fn new(position: usize) -> Bracket {
        Bracket { position, watched: BTreeMap::new(), renames: Vec::new(), created: BTreeSet::new() }
    }

    pub fn position(&self) -> usize {
        self.position
    }

    /// Watches the references of a table.
    pub fn watch(&mut self, table: &EcoString) {
        if !self.watched.contains_key(table) {
            let back =
                |name: EcoString, (from, to): &(EcoString, EcoString)| if name == *to { from.clone() } else { name };
            let first = self.renames.iter().rev().fold(table.clone(), back);
            self.watched.insert(table.clone(), first);
        }
    }

    pub fn create_table(&mut self, table: &EcoString) {
        self.created.insert(table.clone());
    }

    pub fn rename_table(&mut self, from: &EcoString, to: &EcoString) {
        self.renames.push((from.clone(), to.clone()));
        if let Some(first) = self.watched.remove(from) {
            self.watched.insert(to.clone(), first);
        }
    }

    pub fn forget_table(&mut self, table: &EcoString) {
        self.watched.remove(table);
    }

    /// The statements before and after the stretch, if any table is watched.
    pub fn statements(&self, helper: &str, explanation: &str) -> Option<[Vec<Statement>; 2]> {
        if self.watched.is_empty() {
            return None;
        }
        let counts = self.watched.iter().map(|(now, first)| ViolationCount {
            table: quote::text(now),
            existing: (!self.created.contains(first)).then(|| quote::text(first)),
        });
        let remember = RememberViolations { helper: helper.to_owned(), counts: counts.collect() };
        let table = format!("{helper}.\"table\"");
        let message = Message::new("rows of `")
            .value(&table)
            .words(format!("` would refer to nothing that did not before{explanation}"));
        let condition = format!("(SELECT count(*) FROM pragma_foreign_key_check({table})) > {helper}.\"count\"");
        let compare = refuse(message, helper, condition);
        let forget = ForgetViolations { helper: helper.to_owned() };
        Some([vec![remember.into()], vec![compare, forget.into()]])
    }
}
