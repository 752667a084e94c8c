//! Create a partition of a table.

use ecow::{EcoString, eco_format};

use super::definition::{BoundsDefinition, own_defaults};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Partition, Value};
use crate::source::{Located, Name};

/// Creates a partition of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatePartition {
    name: Name,
    table: Name,
    bounds: BoundsDefinition,
    defaults: Vec<(Name, Located<Value>)>,
}

operation! {
    /// Creates a partition of a table that was created with `.partition_by_range(…)` or the like.
    ///
    /// `op.postgres().create_partition("event_2026", "event").from(["2026-01-01"]).to(["2027-01-01"]);`
    fn create_partition(name: Name, table: Name) -> CreatePartition {
        CreatePartition { name, table, bounds: BoundsDefinition::default(), defaults: Vec::new() }
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

    /// The value of a column in rows that are written into the partition itself and do not give one. Rows that are written
    /// into the table get the default of the table.
    fn default(partition @ _, column: Name, value: Located<Value>) { partition.defaults.push((column, value)) }
}

impl CreatePartition {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let bounds = self.bounds.resolve(&self.name, &self.table, editor)?;
        let table = editor.table(&self.table)?;
        let defaults = own_defaults(&self.defaults, &table, editor)?;
        let partition = Partition { name: self.name.value.clone(), parent: table.name.clone(), bounds, defaults };
        editor.create_partition(Located::new(partition, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("create_partition {} of {}", self.name, self.table)
    }
}
