//! Tables, their columns and their constraints.

use std::sync::Arc;

use super::super::clauses;
use super::super::quote::identifier;
use super::super::statement::{AlterTable, CreateTable};
use super::{Lowering, Result};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Change, Column, Constraint, Index, Rule, Table, Value};

impl Lowering<'_> {
    pub(super) fn create_table(&mut self, table: &Table, cause: &Arc<Cause>) -> Result<()> {
        for column in &table.columns {
            self.check_column(column, cause)?;
        }
        let columns = table.columns.iter().map(|column| clauses::column(column, self.names));
        let constraints = table.constraints.iter().map(|constraint| clauses::constraint(constraint, self.names));
        let parts = self.in_words(columns.chain(constraints).collect(), cause)?;
        let mut comments = Vec::new();
        if table.strict {
            comments.push("STRICT is of SQLite: Postgres is strict by itself");
        }
        if table.without_rowid {
            comments.push("WITHOUT ROWID is of SQLite: Postgres has no such storage");
        }
        self.push_with(cause, CreateTable { table: self.names.of(&table.name), parts }, comments);
        for index in &table.indexes {
            let statement = self.in_words(clauses::create_index(table, index, self.names), cause)?;
            self.push(cause, statement);
        }
        if let Some(comment) = &table.comment {
            self.comment_on_table(&table.name, Some(comment), cause);
        }
        for column in &table.columns {
            self.comment_on_new_column(&table.name, column, cause);
        }
        Ok(())
    }

    pub(super) fn comment_on_table(&mut self, table: &str, comment: Option<&str>, cause: &Arc<Cause>) {
        self.comment_on(format!("TABLE {}", self.names.of(table)), comment, cause);
    }

    pub(super) fn comment_on_column(&mut self, table: &str, column: &str, comment: Option<&str>, cause: &Arc<Cause>) {
        self.comment_on(format!("COLUMN {}.{}", self.names.of(table), identifier(column)), comment, cause);
    }

    fn comment_on_new_column(&mut self, table: &str, column: &Column, cause: &Arc<Cause>) {
        if let Some(comment) = &column.comment {
            self.comment_on_column(table, &column.name, Some(comment), cause);
        }
    }

    /// Refuses what the declared version of the server does not know.
    fn check_column(&self, column: &Column, cause: &Cause) -> Result<()> {
        if column.generated.is_some() {
            self.require_version(12, "a generated column", cause)?;
        }
        match &column.default {
            Some(Value::RandomUuid) => self.require_version(13, "`gen_random_uuid()`", cause),
            _ => Ok(()),
        }
    }

    pub(super) fn add_column(&mut self, table: &str, column: &Column, cause: &Arc<Cause>) -> Result<()> {
        self.check_column(column, cause)?;
        let clause = self.in_words(clauses::column(column, self.names), cause)?;
        let filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        if column.is_not_null() && !filled {
            self.guard_no_rows(table, &column.name);
        }
        let rewrite = match &column.default {
            _ if column.identity.is_some() || column.generated.is_some() => Some(REWRITE),
            Some(Value::RandomUuid) => Some(REWRITE),
            Some(Value::Sql(_)) => Some("rewrites the table under ACCESS EXCLUSIVE if the default is volatile"),
            _ => None,
        };
        let comment = rewrite.and_then(|comment| self.unless_born(table, comment));
        let actions = vec![["ADD COLUMN ", &clause].concat()];
        self.push_with(cause, AlterTable { table: self.names.of(table), actions }, comment);
        self.comment_on_new_column(table, column, cause);
        Ok(())
    }

    pub(super) fn drop_column(&mut self, table: &str, column: &Column, cause: &Arc<Cause>) {
        let actions = vec![["DROP COLUMN ", &identifier(&column.name)].concat()];
        self.push(cause, AlterTable { table: self.names.of(table), actions });
    }

    pub(super) fn add_constraint(&mut self, table: &str, constraint: &Constraint, cause: &Arc<Cause>) -> Result<()> {
        let clause = self.in_words(clauses::constraint(constraint, self.names), cause)?;
        let comment = match &constraint.rule {
            Rule::PrimaryKey { .. } | Rule::Unique { .. } => "builds an index under ACCESS EXCLUSIVE",
            Rule::Check { .. } => "scans the table under ACCESS EXCLUSIVE",
            Rule::ForeignKey(_) => "scans the table and blocks writes to both tables meanwhile",
        };
        let comment = self.unless_born(table, comment);
        let actions = vec![["ADD ", &clause].concat()];
        self.push_with(cause, AlterTable { table: self.names.of(table), actions }, comment);
        Ok(())
    }

    pub(super) fn create_index(&mut self, table: &Table, index: &Index, cause: &Arc<Cause>) -> Result<()> {
        let statement = self.in_words(clauses::create_index(table, index, self.names), cause)?;
        let comment = self.unless_born(&table.name, "blocks writes to the table while it builds the index");
        self.push_with(cause, statement, comment);
        Ok(())
    }

    pub(super) fn drop_constraint(&mut self, table: &str, constraint: &Constraint, cause: &Arc<Cause>) -> Result<()> {
        let Some(name) = &constraint.name else {
            if self.drops_column(cause) {
                self.remark(cause, format!("the {constraint} goes with the column"));
                return Ok(());
            }
            return Err(unnamed(table, constraint, cause));
        };
        let actions = vec![format!("DROP CONSTRAINT {}", identifier(name))];
        self.push(cause, AlterTable { table: self.names.of(table), actions });
        Ok(())
    }
}

impl Lowering<'_> {
    /// Whether the same operation drops a column, with which its constraints go.
    fn drops_column(&self, cause: &Arc<Cause>) -> bool {
        self.transitions.iter().any(|transition| {
            Arc::ptr_eq(&transition.cause, cause) && matches!(transition.change, Change::DropColumn { .. })
        })
    }
}

const REWRITE: &str = "rewrites the table under ACCESS EXCLUSIVE";

fn unnamed(table: &str, constraint: &Constraint, cause: &Cause) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NotYet, format!("the {constraint} of `{table}` cannot be dropped by name"))
            .at(cause.origin, "Postgres drops constraints by name")
            .help("drop it with `op.execute(…)` by the name that the database gave it, and declare that"),
    )
}
