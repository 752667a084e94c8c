//! Partitions, and what a change of their table would do to them.

use std::sync::Arc;

use super::super::locks::Kind;
use super::super::partitions;
use super::super::quote::identifier;
use super::super::statement::{AlterTable, Statement};
use super::{Lowering, Result, table_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Column, Partition, PartitionBounds, Schema, SchemaObject, Table};

impl Lowering<'_> {
    /// What creating a partition does to tables.
    pub(super) fn locks_of_new_partition(&self, partition: &Partition, after: &Schema) -> Vec<String> {
        let parent = partition.parent.as_str();
        let kind = match default_partition(partition, after) {
            Some(_) => Kind::CreatePartitionBesideDefault,
            None => Kind::CreatePartition,
        };
        let referred = after.table(parent).into_iter().flat_map(|table| referred_by(table));
        self.locks([(parent, kind)].into_iter().chain(referred.map(|other| (other, Kind::GetReferredByNew))))
    }

    /// Makes a table a partition. Its rows are read, and those of the partition that takes all others.
    pub(super) fn attach_partition(&mut self, object: &SchemaObject, after: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let SchemaObject::Partition(partition) = object else { return Ok(()) };
        let table = table_of(after, &partition.parent, cause)?;
        let bounds = self.in_words(partitions::bounds(&partition.bounds, table, self.names), cause)?;
        let actions = vec![format!("ATTACH PARTITION {} {bounds}", self.names.of(&partition.name))];
        let statement = AlterTable { table: self.names.of(&table.name), actions };
        let others = default_partition(partition, after).map(|other| (other.name.as_str(), Kind::BecomePartition));
        let own = [(table.name.as_str(), Kind::AttachPartition), (partition.name.as_str(), Kind::BecomePartition)];
        let referred = referred_by(table).map(|other| (other, Kind::LoseReference));
        let locks = self.locks(own.into_iter().chain(others).chain(referred));
        self.push_with(cause, statement, locks);
        Ok(())
    }

    /// Makes a partition the table `own`.
    pub(super) fn detach_partition(
        &mut self,
        own: &Table,
        object: &SchemaObject,
        before: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let SchemaObject::Partition(partition) = object else { return Ok(()) };
        let table = table_of(before, &partition.parent, cause)?;
        let statement = partitions::detach(table, own, self.names);
        let referred = referred_by(table).map(|other| (other, Kind::GetReferredByNew));
        let locks = self.locks([(table.name.as_str(), Kind::DetachPartition)].into_iter().chain(referred));
        self.push_with(cause, statement, locks);
        Ok(())
    }

    /// The statements that take their own defaults for a column from partitions, which would not fit its new type. Those
    /// of the table are taken with the table's.
    pub(super) fn drop_partition_defaults(
        &self,
        column: &Column,
        table: &Table,
        schema: &Schema,
    ) -> Vec<(String, Statement)> {
        let with_default = schema.partitions_of(&table.name).filter(|part| part.defaults.contains_key(&column.name));
        let drop = |partition: &Partition| {
            let actions = vec![format!("ALTER COLUMN {} DROP DEFAULT", identifier(&column.name))];
            (partition.name.to_string(), AlterTable { table: self.names.of(&partition.name), actions }.into())
        };
        if table.partitioning.is_none() || column.default.is_some() {
            return Vec::new();
        }
        with_default.map(drop).collect()
    }

    /// The statements that give partitions their own defaults for a column again, which the server has overwritten with
    /// what became of the table's.
    pub(super) fn set_partition_defaults(
        &self,
        column: &Column,
        table: &Table,
        schema: &Schema,
        cause: &Cause,
    ) -> Result<Vec<(String, Statement)>> {
        let mut statements = Vec::new();
        if table.partitioning.is_none() {
            return Ok(statements);
        }
        for partition in schema.partitions_of(&table.name) {
            let Some(default) = partition.defaults.get(&column.name) else { continue };
            let action = partitions::set_default(partition, table, &column.name, default, self.names);
            let actions = vec![self.in_words(action, cause)?];
            let statement = AlterTable { table: self.names.of(&partition.name), actions };
            statements.push((partition.name.to_string(), statement.into()));
        }
        Ok(statements)
    }

    /// Refuses to change the values of a column by which rows are in their partitions.
    pub(super) fn check_not_dividing(&self, table: &Table, column: &str, cause: &Cause) -> Result<()> {
        if !table.partitioning.as_ref().is_some_and(|partitioning| partitioning.reads(column)) {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(
                Code::NotYet,
                format!("the type of `{}.{column}` cannot change: it divides the rows among partitions", table.name),
            )
            .at(cause.origin, "Postgres changes no column of a partition key")
            .help(format!(
                "create a table that is divided by the new type, move the rows with `op.execute(…)`, drop `{0}`, and rename \
                 the new one to `{0}`",
                table.name
            )),
        ))
    }

    /// Whether a table has partitions, at the start of the revision or later.
    pub(super) fn is_divided(&self, table: &str) -> bool {
        self.transitions.iter().any(|one| one.after.table(table).is_some_and(|table| table.partitioning.is_some()))
    }
}

/// The other tables that a table refers to.
fn referred_by(table: &Table) -> impl Iterator<Item = &str> {
    let referred = table.foreign_keys().map(|(_, key)| key.referred_table.as_str());
    referred.filter(|other| *other != table.name)
}

/// The partition that takes all others, beside this one.
fn default_partition<'s>(partition: &'s Partition, schema: &'s Schema) -> Option<&'s Partition> {
    let mut others = schema.partitions_of(&partition.parent).filter(|other| other.name != partition.name);
    others.find(|other| other.bounds == PartitionBounds::Default)
}
