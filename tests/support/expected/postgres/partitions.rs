//! What Postgres reports of partitioned tables and their partitions.

use std::collections::BTreeSet;

use offprint::schema::{Literal, Partition, PartitionBounds, PartitionMethod, Schema, Table};

use super::{PROBE, is_plain, literal, probe_part, quoted};
use crate::support::observed::{ObservedColumn, ObservedSchema, ObservedTable};

/// The clause that divides a probed table like this one.
pub fn probe_key(table: &Table) -> String {
    let Some(partitioning) = &table.partitioning else { return String::new() };
    let key: Vec<String> = partitioning.key.iter().map(probe_part).collect();
    let method = match partitioning.method {
        PartitionMethod::Range => "RANGE",
        PartitionMethod::List => "LIST",
        PartitionMethod::Hash => "HASH",
    };
    format!(" PARTITION BY {method} ({})", key.join(", "))
}

/// The statement that creates a partition of a probed table.
pub fn probe(partition: &Partition, table: &str) -> String {
    let values = |values: &[Literal]| values.iter().map(literal).collect::<Vec<_>>().join(", ");
    let bounds = match &partition.bounds {
        PartitionBounds::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", values(from), values(to)),
        PartitionBounds::List(list) => format!("FOR VALUES IN ({})", values(list)),
        PartitionBounds::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
        PartitionBounds::Default => "DEFAULT".to_owned(),
    };
    let defaults = partition.defaults.iter();
    let defaults: Vec<String> =
        defaults.map(|(column, value)| format!("{} DEFAULT {}", quoted(column), literal(value))).collect();
    let defaults = if defaults.is_empty() { String::new() } else { format!("({})", defaults.join(", ")) };
    format!("CREATE TABLE {PROBE}.{} PARTITION OF {table} {defaults} {bounds};\n", quoted(&partition.name))
}

/// How a probed table is divided, as the server prints it.
pub fn dividing(probed: &ObservedTable) -> BTreeSet<String> {
    probed.options.iter().filter(|option| option.starts_with("PARTITION BY")).cloned().collect()
}

/// Puts the partitions of the replayed schema into an expectation whose tables have all that partitions have of them.
pub fn expect(schema: &mut ObservedSchema, replayed: &Schema, probed: &ObservedSchema, found: &ObservedSchema) {
    for table in replayed.tables() {
        for partition in replayed.partitions_of(&table.name) {
            let whole = &schema.tables[table.name.as_str()];
            let probed = &probed.tables[&format!("{PROBE}.{}", partition.name)];
            let found = found.tables.get(partition.name.as_str()).cloned().unwrap_or_default();
            let part = expected(whole, &table.name, partition, probed, &found);
            schema.tables.insert(partition.name.to_string(), part);
        }
    }
}

/// A partition of this table. Its keys, indexes and triggers are those of the table, under names that the server gave.
fn expected(
    whole: &ObservedTable,
    table: &str,
    partition: &Partition,
    probed: &ObservedTable,
    found: &ObservedTable,
) -> ObservedTable {
    let column = |(name, column): (&String, &ObservedColumn)| {
        let own = partition.defaults.contains_key(name.as_str());
        let default = if own { probed.columns[name].default.clone() } else { column.default.clone() };
        // From version 17 on a partition numbers its rows with its table.
        let identity = found.columns.get(name).and_then(|found| found.identity.clone()).and(column.identity.clone());
        (name.clone(), ObservedColumn { default, identity, comment: None, ..column.clone() })
    };
    let full = if is_plain(table) { format!("public.{table}") } else { format!("public.{}", quoted(table)) };
    let bounds = probed.options.iter().find(|option| option.starts_with("PARTITION "));
    let mut part = ObservedTable {
        columns: whole.columns.iter().map(column).collect(),
        column_order: whole.column_order.clone(),
        options: bounds.cloned().into_iter().chain([format!("INHERITS {full}")]).collect(),
        ..ObservedTable::default()
    };
    for constraint in &whole.constraints {
        let mut constraint = constraint.clone();
        let like_it = found.constraints.iter().filter(|other| other.rule == constraint.rule);
        let like_it =
            like_it.map(|other| other.name.clone()).find(|name| part.constraints.iter().all(|c| c.name != *name));
        constraint.name = like_it.unwrap_or(constraint.name);
        constraint.comment = None;
        part.constraints.insert(constraint);
    }
    for (name, index) in &whole.indexes {
        let mut index = index.clone();
        index.comment = None;
        let like_it = found.indexes.iter().find(|(own, other)| **other == index && !part.indexes.contains_key(*own));
        part.indexes.insert(like_it.map_or(name, |(own, _)| own).clone(), index);
    }
    for (name, trigger) in &whole.triggers {
        let mut trigger = trigger.clone();
        let own = if is_plain(&partition.name) { partition.name.to_string() } else { quoted(&partition.name) };
        trigger.definition = trigger.definition.replace(&format!(" ON {full} "), &format!(" ON public.{own} "));
        part.triggers.insert(name.clone(), trigger);
    }
    part
}
