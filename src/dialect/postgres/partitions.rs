//! The clauses of partitioned tables and of their partitions.

use ecow::EcoString;

use super::clauses::{self, Clause};
use super::literal::literal;
use super::quote::{Names, dollar_tag, identifier, text};
use super::statement::{AlterTable, CreatePartition, DetachPartition, Statement};
use crate::schema::{
    Column, ColumnType, Constraint, Index, IndexKey, Literal, Partition, PartitionBounds, Partitioning, Rule, Table,
};

/// How a new table is divided, as it stands behind its columns.
pub fn partitioning(partitioning: &Partitioning) -> Clause {
    let key: Vec<String> = partitioning.key.iter().map(clauses::index_part).collect::<Result<_, _>>()?;
    Ok(format!("PARTITION BY {} ({})", partitioning.method.keyword(), key.join(", ")))
}

/// The statement that creates a partition of a table.
pub fn create(partition: &Partition, table: &Table, names: Names<'_>) -> Result<CreatePartition, String> {
    let own = |(name, default): (&EcoString, &Literal)| {
        Ok(format!("{} DEFAULT {}", identifier(name), own_default(partition, table, name, default, names)?))
    };
    Ok(CreatePartition {
        partition: names.of(&partition.name),
        table: names.of(&table.name),
        defaults: partition.defaults.iter().map(own).collect::<Result<_, String>>()?,
        bounds: bounds(&partition.bounds, table, names)?,
    })
}

/// The statements that give a partition other defaults.
pub fn replace(from: &Partition, to: &Partition, table: &Table, names: Names<'_>) -> Result<Vec<Statement>, String> {
    let mut actions = Vec::new();
    for column in from.defaults.keys().filter(|column| !to.defaults.contains_key(*column)) {
        let shared = table.column(column).map(|column| clauses::default(column, names)).transpose()?.flatten();
        let name = identifier(column);
        actions.push(match shared {
            Some(default) => format!("ALTER COLUMN {name} SET DEFAULT {default}"),
            None => format!("ALTER COLUMN {name} DROP DEFAULT"),
        });
    }
    for (column, default) in to.defaults.iter().filter(|(column, default)| from.defaults.get(*column) != Some(default))
    {
        actions.push(set_default(to, table, column, default, names)?);
    }
    Ok(vec![AlterTable { table: names.of(&to.name), actions }.into()])
}

/// The action that gives a partition a default of its own.
pub fn set_default(
    partition: &Partition,
    table: &Table,
    column: &str,
    default: &Literal,
    names: Names<'_>,
) -> Result<String, String> {
    let default = own_default(partition, table, column, default, names)?;
    Ok(format!("ALTER COLUMN {} SET DEFAULT {default}", identifier(column)))
}

/// A default of a partition as a value of its column's type.
fn own_default(partition: &Partition, table: &Table, column: &str, default: &Literal, names: Names<'_>) -> Clause {
    let column_type = table.column(column).map_or(&UNTYPED, |column| &column.column_type);
    let words = |problem| format!("the default of `{column}` in `{}` does not fit: {problem}", partition.name);
    literal(default, column_type, names).map_err(words)
}

/// The type of a value that the server makes one of the right type.
static UNTYPED: ColumnType = ColumnType::Native(EcoString::new());

/// Which rows a partition has.
pub fn bounds(bounds: &PartitionBounds, table: &Table, names: Names<'_>) -> Clause {
    let key_type = |place: usize| {
        let part = table.partitioning.as_ref().and_then(|partitioning| partitioning.key.get(place));
        let column = part.and_then(|part| match &part.key {
            IndexKey::Column(name) => table.column(name),
            IndexKey::Expression(_) => None,
        });
        column.map_or(&UNTYPED, |column: &Column| &column.column_type)
    };
    let value = |place: usize, value: &Literal| {
        literal(value, key_type(place), names).map_err(|problem| format!("a bound does not fit: {problem}"))
    };
    let side = |values: &[Literal]| {
        let values: Result<Vec<String>, String> =
            values.iter().enumerate().map(|(place, one)| value(place, one)).collect();
        values.map(|values| values.join(", "))
    };
    Ok(match bounds {
        PartitionBounds::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", side(from)?, side(to)?),
        PartitionBounds::List(values) => {
            let values: Vec<String> = values.iter().map(|one| value(0, one)).collect::<Result<_, _>>()?;
            format!("FOR VALUES IN ({})", values.join(", "))
        }
        PartitionBounds::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
        PartitionBounds::Default => "DEFAULT".into(),
    })
}

/// The statement that makes a partition the table `own`.
///
/// The server has named its keys and indexes, and nobody knows now what was free then. So they are looked up, and get the
/// names that the schema has for them.
pub fn detach(table: &Table, own: &Table, names: Names<'_>) -> Statement {
    let (whole, part) = (names.of(&table.name), names.of(&own.name));
    let pairs = pairs(table, own);
    if pairs.is_empty() {
        return AlterTable { table: whole, actions: vec![format!("DETACH PARTITION {part}")] }.into();
    }
    let wanted: Vec<String> =
        pairs.into_iter().map(|(kind, shared, own)| format!("'{kind}', {}, {}", text(shared), text(own))).collect();
    let (table_text, partition_text, schema_text) = (text(&whole), text(&part), text(&identifier(names.schema)));
    let mut bodies: Vec<&str> = wanted.iter().map(String::as_str).collect();
    bodies.extend([table_text.as_str(), &partition_text, &schema_text]);
    DetachPartition {
        tag: dollar_tag(&bodies),
        names: wanted,
        table: whole,
        partition: part,
        schema_text,
        table_text,
        partition_text,
    }
    .into()
}

/// What belongs together of a table and of its partition: the kind, and the names on both sides.
fn pairs<'t>(table: &'t Table, own: &'t Table) -> Vec<(&'static str, &'t str, &'t str)> {
    let mut pairs = Vec::new();
    let mut rest: Vec<&Constraint> = own.constraints.iter().collect();
    for shared in &table.constraints {
        let Some(place) = rest.iter().position(|own| own.rule == shared.rule) else { continue };
        let own = rest.remove(place);
        let (Some(shared_name), Some(own_name)) = (&shared.name, &own.name) else { continue };
        match &shared.rule {
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Exclusion(_) => {
                pairs.push(("index", shared_name.as_str(), own_name.as_str()));
            }
            Rule::ForeignKey(_) => pairs.push(("foreign key", shared_name, own_name)),
            // It bears one name in all of them.
            Rule::Check { .. } => {}
        }
    }
    let mut rest: Vec<&Index> = own.indexes.iter().map(AsRef::as_ref).collect();
    for shared in &table.indexes {
        let alike = |own: &&Index| Index { name: shared.name.clone(), ..Index::clone(own) } == **shared;
        if let Some(place) = rest.iter().position(alike) {
            pairs.push(("index", &shared.name, &rest.remove(place).name));
        }
    }
    pairs
}
