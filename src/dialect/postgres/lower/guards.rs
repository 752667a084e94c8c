//! Data guards: they stop the script before rows would lose their values.

use super::super::locks::Kind;
use super::super::quote::{dollar_tag, identifier, text};
use super::super::statement::{CountGuard, RowsGuard, Statement};
use super::Lowering;
use crate::plan::{Purpose, Step};

/// Rows that a change has no place for.
pub(super) struct Misfit {
    /// The value of a row that is shown.
    pub value: String,
    /// Which rows these are.
    pub condition: String,
    /// What is wrong, in words in front of the values.
    pub problem: String,
}

impl Lowering<'_> {
    /// Stops where rows have a value that does not fit, and shows which.
    pub(super) fn guard_rows(&mut self, table: &str, misfit: Misfit) {
        let full = self.names.of(table);
        let comment = format!("stops if {}", misfit.problem);
        let problem = text(&format!("offprint: {}: ", misfit.problem));
        let Misfit { value, condition, .. } = misfit;
        let table_text = text(&full);
        let tag = dollar_tag(&[&full, &value, &condition, &problem]);
        let early = !self.touched.contains(table);
        self.guard(table, early, comment, RowsGuard { tag, table: full, table_text, value, condition, problem });
    }

    /// Stops where rows would have no value in a column that needs one.
    pub(super) fn guard_nulls(&mut self, table: &str, column: &str, condition: String, early: bool) {
        let before = format!("offprint: {table}.{column} is NULL in ");
        let early = early && !self.touched.contains(table);
        let comment = format!("stops if {table}.{column} has NULL");
        self.guard_count(
            table,
            Some(condition),
            (&before, " rows, and it is to be NOT NULL; nothing was changed"),
            comment,
            early,
        );
    }

    /// Stops where a table has rows, which would have no value in a new column that needs one.
    pub(super) fn guard_no_rows(&mut self, table: &str, column: &str) {
        let before = format!("offprint: {table} has ");
        let after = format!(" rows, and the new column {column} is NOT NULL without a default; nothing was changed");
        let early = !self.touched.contains(table);
        let comment = format!("stops if {table} has rows");
        self.guard_count(table, None, (&before, &after), comment, early);
    }

    fn guard_count(
        &mut self,
        table: &str,
        condition: Option<String>,
        (before, after): (&str, &str),
        comment: String,
        early: bool,
    ) {
        let (full, before, after) = (self.names.of(table), text(before), text(after));
        let tag = dollar_tag(&[&full, condition.as_deref().unwrap_or_default(), &before, &after]);
        let table_text = text(&full);
        self.guard(table, early, comment, CountGuard { tag, table: full, table_text, condition, before, after });
    }

    fn guard(&mut self, table: &str, early: bool, comment: String, statement: impl Into<Statement>) {
        let step = Step::new(Purpose::Guard, statement.into().sql()).comment(comment);
        let step = self.locks([(table, Kind::Guard)]).into_iter().fold(step, Step::comment);
        if early {
            self.out.early_guards.push(step.clone());
        }
        self.out.body.push(step);
    }
}

/// The condition under which a column is NULL.
pub(super) fn is_null(column: &str) -> String {
    identifier(column) + " IS NULL"
}
