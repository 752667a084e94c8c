//! The keys of a table that tables of others may refer to, and which of them a change takes away.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::rows::Rows;
use crate::schema::{Index, IndexKey, IndexPart, Table};

/// Keys that are there no longer after a change, or that hold other values.
#[derive(Debug, Default)]
pub struct LostKeys {
    /// The columns of them.
    pub columns: BTreeSet<EcoString>,
    /// Whether the primary key is among them, to which a reference may lead without naming its columns.
    pub primary: bool,
}

impl LostKeys {
    /// Those that a rebuild takes away; none where every key stays as it is.
    pub fn of_rebuild(rows: &Rows<'_>) -> Option<LostKeys> {
        let collation = |table: &Table, name: &str| table.column(name).and_then(|column| column.collation.clone());
        let stays = |name: &EcoString| rows.is_kept(name) && collation(rows.old, name) == collation(rows.new, name);
        let kept = |key: &BTreeSet<EcoString>| keys(rows.new).any(|new| new == *key) && key.iter().all(stays);
        let lost = keys(rows.old).filter(|key| !kept(key)).flatten().collect();
        let primary = rows.old.primary_key();
        let primary_is_lost = primary != rows.new.primary_key() || !primary.iter().all(stays);
        let all = LostKeys { columns: lost, primary: primary_is_lost };
        (all.primary || !all.columns.is_empty()).then_some(all)
    }

    /// What goes with an index.
    pub fn of_index(index: &Index) -> Option<LostKeys> {
        key_of_index(index).map(|columns| LostKeys { columns, primary: false })
    }
}

/// The columns of each key.
fn keys(table: &Table) -> impl Iterator<Item = BTreeSet<EcoString>> {
    let constraints = table.constraints.iter().filter_map(|constraint| constraint.rule.key());
    let constraints = constraints.map(|columns| columns.iter().cloned().collect());
    constraints.chain(table.indexes.iter().filter_map(|index| key_of_index(index)))
}

/// The columns of an index that a reference may lead to: it is unique over all rows, and compares as its columns do.
fn key_of_index(index: &Index) -> Option<BTreeSet<EcoString>> {
    if !index.is_unique() || index.filter.is_some() {
        return None;
    }
    let column = |part: &IndexPart| match (&part.key, &part.collation) {
        (IndexKey::Column(name), None) => Some(name.clone()),
        (IndexKey::Column(_), Some(_)) | (IndexKey::Expression(_), _) => None,
    };
    index.parts.iter().map(column).collect()
}
