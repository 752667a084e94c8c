//! Tables, their columns and their constraints.

use std::sync::Arc;

use super::super::locks::{Filling, Kind};
use super::super::quote::identifier;
use super::super::statement::{AlterIndex, AlterTable, CreateTable, DropTable};
use super::super::{clauses, partitions};
use super::{Lowering, Result};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{
    Cause, Change, Column, ColumnType, Constraint, Index, Rule, Schema, StorageOwner, Table, UniqueNulls, Uniqueness,
    Validity, Value,
};

impl Lowering<'_> {
    pub(super) fn create_table(&mut self, table: &Table, cause: &Arc<Cause>) -> Result<()> {
        for column in &table.columns {
            self.check_column(column, cause)?;
        }
        let columns = table.columns.iter().map(|column| clauses::column(column, self.names));
        let (valid, others): (Vec<&Constraint>, Vec<&Constraint>) =
            table.constraints.iter().partition(|constraint| constraint.validity == Validity::Valid);
        let constraints = valid.into_iter().map(|constraint| clauses::constraint(constraint, self.names));
        let parts = self.in_words(columns.chain(constraints).collect(), cause)?;
        let mut comments = Vec::new();
        if table.strict {
            comments.push("STRICT is of SQLite: Postgres is strict by itself".to_owned());
        }
        if table.without_rowid {
            comments.push("WITHOUT ROWID is of SQLite: Postgres has no such storage".to_owned());
        }
        let referred = table.foreign_keys().map(|(_, key)| key.referred_table.as_str());
        let referred = referred.filter(|other| *other != table.name);
        comments.extend(self.locks(referred.map(|other| (other, Kind::GetReferredByNew))));
        let partitioning = table.partitioning.as_ref().map(|how| partitions::partitioning(how)).transpose();
        let partitioning = self.in_words(partitioning, cause)?;
        let storage = clauses::storage(&table.storage);
        self.push_with(
            cause,
            CreateTable { table: self.names.of(&table.name), parts, partitioning, storage },
            comments,
        );
        for constraint in others {
            self.add_constraint(&table.name, constraint, None, cause)?;
        }
        for index in &table.indexes {
            let statement = self.in_words(clauses::create_index(&table.name, index, self.names), cause)?;
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

    pub(super) fn drop_table(&mut self, table: &Table, cause: &Arc<Cause>) {
        let referred = table.foreign_keys().map(|(_, key)| (key.referred_table.as_str(), Kind::LoseReference));
        let locks = self.locks([(table.name.as_str(), Kind::DropTable)].into_iter().chain(referred));
        self.push_with(cause, DropTable { table: self.names.of(&table.name) }, locks);
    }

    /// Gives a storage parameter a value, or leaves it to the server.
    pub(super) fn set_storage_parameter(
        &mut self,
        owner: &StorageOwner,
        parameter: &str,
        value: Option<&str>,
        cause: &Arc<Cause>,
    ) {
        let action = match value {
            Some(value) => format!("SET ({})", clauses::storage_parameter(parameter, value)),
            None => format!("RESET ({parameter})"),
        };
        match owner {
            StorageOwner::Table(table) => {
                // The only one that transactions which are running would have to know.
                let kind = if parameter == "user_catalog_table" { Kind::AlterColumn } else { Kind::SetStorage };
                let statement = AlterTable { table: self.names.of(table), actions: vec![action] };
                self.push_on(table, kind, cause, statement);
            }
            StorageOwner::Index(index) => self.push(cause, AlterIndex { index: self.names.of(index), action }),
        }
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

    pub(super) fn add_column(
        &mut self,
        table: &str,
        column: &Column,
        schema: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        self.check_column(column, cause)?;
        let clause = self.in_words(clauses::column(column, self.names), cause)?;
        let default = column.default.as_ref().or_else(|| schema.default_of_domain(&column.column_type));
        let filled = default.is_some() || column.identity.is_some() || column.generated.is_some();
        if column.is_not_null() && !filled {
            self.guard_no_rows(table, &column.name);
        }
        let filling = match (default, &column.column_type) {
            _ if column.identity.is_some() || column.generated.is_some() => Filling::ByRow,
            (Some(Value::RandomUuid), _) => Filling::ByRow,
            // The rules are looked at in each row.
            (_, domain @ ColumnType::Domain { .. }) if schema.has_rules(domain) => Filling::ByRow,
            (Some(Value::Sql(_)), _) | (_, ColumnType::Native(_)) => Filling::Unknown,
            _ => Filling::Alike,
        };
        let actions = vec![["ADD COLUMN ", &clause].concat()];
        let statement = AlterTable { table: self.names.of(table), actions };
        self.push_on(table, Kind::AddColumn(filling), cause, statement);
        self.comment_on_new_column(table, column, cause);
        Ok(())
    }

    pub(super) fn drop_column(&mut self, table: &Table, column: &Column, cause: &Arc<Cause>) {
        let actions = vec![["DROP COLUMN ", &identifier(&column.name)].concat()];
        // A foreign key of the column goes with it.
        let keys = table.foreign_keys().filter(|(_, key)| key.columns.contains(&column.name));
        let referred = keys.map(|(_, key)| (key.referred_table.as_str(), Kind::LoseReference));
        let locks = self.locks([(table.name.as_str(), Kind::DropColumn)].into_iter().chain(referred));
        self.push_with(cause, AlterTable { table: self.names.of(&table.name), actions }, locks);
    }

    /// Refuses a key or an index that the declared version of the server does not know.
    pub(super) fn check_keys(&self, change: &Change, cause: &Cause) -> Result<()> {
        let of = |constraint: &Constraint| match constraint.rule {
            Rule::Unique { nulls, .. } => nulls == UniqueNulls::NotDistinct,
            Rule::PrimaryKey { .. } | Rule::Check { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => false,
        };
        let not_distinct = match change {
            Change::CreateTable(table) => table.constraints.iter().any(of),
            Change::AddConstraint { constraint, .. } => of(constraint),
            Change::CreateIndex { index, .. } => index.uniqueness == Uniqueness::Unique(UniqueNulls::NotDistinct),
            _ => false,
        };
        if not_distinct { self.require_version(15, "`NULLS NOT DISTINCT`", cause) } else { Ok(()) }
    }

    /// Adds a constraint in the transaction of the revision.
    pub(super) fn add_constraint(
        &mut self,
        table: &str,
        constraint: &Constraint,
        comment: Option<&'static str>,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let clause = self.in_words(clauses::constraint(constraint, self.names), cause)?;
        let comments: Vec<String> = comment.map(str::to_owned).into_iter().collect();
        let locks = self.locks_of_constraint(table, constraint);
        let actions = vec![["ADD ", &clause].concat()];
        let statement = AlterTable { table: self.names.of(table), actions };
        self.push_with(cause, statement, comments.into_iter().chain(locks));
        Ok(())
    }

    /// What adding a constraint locks.
    pub(super) fn locks_of_constraint(&self, table: &str, constraint: &Constraint) -> Vec<String> {
        match (&constraint.rule, constraint.validity) {
            (Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Exclusion(_), _) => {
                self.locks([(table, Kind::AddKey)])
            }
            (Rule::Check { .. }, Validity::Valid) => self.locks([(table, Kind::AddCheck)]),
            (Rule::Check { .. }, Validity::NotValid) => self.locks([(table, Kind::AddCheckNotValid)]),
            (Rule::ForeignKey(key), Validity::Valid) => {
                self.locks([(table, Kind::AddForeignKey), (&key.referred_table, Kind::GetReferred)])
            }
            (Rule::ForeignKey(key), Validity::NotValid) => {
                let kind = Kind::AddForeignKeyNotValid;
                self.locks([(table, kind), (&key.referred_table, kind)])
            }
        }
    }

    /// Creates an index of a table or materialized view in the transaction of the revision.
    pub(super) fn create_index(
        &mut self,
        table: &str,
        index: &Index,
        comment: Option<&'static str>,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let statement = self.in_words(clauses::create_index(table, index, self.names), cause)?;
        let comments: Vec<String> = comment.map(str::to_owned).into_iter().collect();
        let locks = self.locks([(table, Kind::CreateIndex)]);
        self.push_with(cause, statement, comments.into_iter().chain(locks));
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
        self.drop_named_constraint(table, name, &constraint.rule, cause);
        Ok(())
    }
}

impl Lowering<'_> {
    pub(super) fn drop_named_constraint(&mut self, table: &str, name: &str, rule: &Rule, cause: &Arc<Cause>) {
        let referred = match rule {
            Rule::ForeignKey(key) => Some((key.referred_table.as_str(), Kind::LoseReference)),
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } | Rule::Exclusion(_) => None,
        };
        let locks = self.locks([(table, Kind::DropConstraint)].into_iter().chain(referred));
        let actions = vec![format!("DROP CONSTRAINT {}", identifier(name))];
        self.push_with(cause, AlterTable { table: self.names.of(table), actions }, locks);
    }

    /// Whether the same operation drops a column, with which its constraints go.
    fn drops_column(&self, cause: &Arc<Cause>) -> bool {
        self.transitions.iter().any(|transition| {
            Arc::ptr_eq(&transition.cause, cause) && matches!(transition.change, Change::DropColumn { .. })
        })
    }
}

fn unnamed(table: &str, constraint: &Constraint, cause: &Cause) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NotYet, format!("the {constraint} of `{table}` cannot be dropped by name"))
            .at(cause.origin, "Postgres drops constraints by name")
            .help("drop it with `op.execute(…)` by the name that the database gave it, and declare that"),
    )
}
