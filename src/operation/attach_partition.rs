//! Make a table a partition of another one.

use ecow::{EcoString, eco_format};

use super::definition::BoundsDefinition;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Value};
use crate::source::{Located, Name};

/// Makes a table a partition of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachPartition {
    name: Name,
    table: Name,
    bounds: BoundsDefinition,
}

operation! {
    /// Makes a table a partition of another one, which has the same columns, keys and indexes.
    ///
    /// `op.postgres().attach_partition("event_2025", "event").from(["2025-01-01"]).to(["2026-01-01"]);`
    fn attach_partition(name: Name, table: Name) -> AttachPartition {
        AttachPartition { name, table, bounds: BoundsDefinition::default() }
    }

    /// The first values of the key that are in it, one for each part of the key. `sql("MINVALUE")` is before all others.
    fn from(partition @ _, values: Vec<Located<Value>>) { partition.bounds.from = Some(values) }

    /// The first values of the key that are in it no longer. `sql("MAXVALUE")` is behind all others.
    fn to(partition @ _, values: Vec<Located<Value>>) { partition.bounds.to = Some(values) }

    /// The values of the key that are in it, which may be `null()`.
    fn in_values(partition @ _, values: Vec<Located<Value>>) { partition.bounds.values = Some(values) }

    /// Into how many parts the key is hashed.
    fn modulus(partition @ _, number: Located<i64>) { partition.bounds.modulus = Some(number) }

    /// Which one of the parts this is, from 0.
    fn remainder(partition @ _, number: Located<i64>) { partition.bounds.remainder = Some(number) }

    /// Takes the rows for which there is no other partition.
    fn all_others(partition @ _) { partition.bounds.all_others = true }
}

impl AttachPartition {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let bounds = self.bounds.resolve(&self.name, &self.table, editor)?;
        editor.attach_partition(&self.name, &self.table, bounds)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("attach_partition {} to {}", self.name, self.table)
    }
}
