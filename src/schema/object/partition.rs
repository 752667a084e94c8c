//! Partitioned tables: how a table is divided, and its partitions.

use std::collections::BTreeMap;

use ecow::EcoString;

use crate::schema::{IndexKey, IndexPart, Literal, tokens};

/// How the rows of a table are divided among its partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Partitioning {
    pub method: PartitionMethod,
    /// What divides the rows. Written as in an index, but without an order.
    pub key: Vec<IndexPart>,
}

/// How the key of a row finds its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionMethod {
    Range,
    List,
    Hash,
}

impl PartitionMethod {
    /// The SQL keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            PartitionMethod::Range => "RANGE",
            PartitionMethod::List => "LIST",
            PartitionMethod::Hash => "HASH",
        }
    }
}

impl Partitioning {
    /// The columns that the key names as such; those inside expressions are not among them.
    pub fn columns(&self) -> impl Iterator<Item = &EcoString> {
        self.key.iter().filter_map(|part| match &part.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(_) => None,
        })
    }

    /// The expressions in the key.
    pub fn expressions(&self) -> impl Iterator<Item = &EcoString> {
        self.key.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(text) => Some(text),
            IndexKey::Column(_) => None,
        })
    }

    /// Whether the value of this column decides on the partition of a row.
    pub fn reads(&self, column: &str) -> bool {
        self.columns().any(|name| name == column) || self.expressions().any(|text| tokens::mentions(text, column))
    }
}

/// A partition of a table. Its columns, keys and indexes are those of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    pub name: EcoString,
    /// The table that it is a part of.
    pub parent: EcoString,
    pub bounds: PartitionBounds,
    /// The columns that have a default of their own, which rows get that are written into the partition itself.
    pub defaults: BTreeMap<EcoString, Literal>,
}

/// Which rows of the table are in a partition.
#[derive(Debug, Clone, PartialEq)]
pub enum PartitionBounds {
    /// From these values on, and up to those without them.
    Range {
        from: Vec<Literal>,
        to: Vec<Literal>,
    },
    List(Vec<Literal>),
    Hash {
        modulus: i64,
        remainder: i64,
    },
    /// The rows for which there is no other partition.
    Default,
}

impl PartitionBounds {
    /// Whether they say something about a table that is divided by this method.
    pub fn suit(&self, method: PartitionMethod) -> bool {
        match self {
            PartitionBounds::Range { .. } => method == PartitionMethod::Range,
            PartitionBounds::List(_) => method == PartitionMethod::List,
            PartitionBounds::Hash { .. } => method == PartitionMethod::Hash,
            PartitionBounds::Default => method != PartitionMethod::Hash,
        }
    }
}
