//! The parts of which an author makes operations: types, columns, constraints, parts of indexes, values, SQL.

mod column;
mod column_type;
mod constraint;
mod index_column;
mod partitioning;
mod privileges;
mod routine;
mod sequence;
mod sql;
mod value;

use crate::language::vocabulary::Word;

pub use column::ColumnDefinition;
pub use column_type::Type;
pub use column_type::{
    array, big_integer, boolean, bytes, char, composite, date, domain, double, enumeration, float, integer, interval,
    json, jsonb, native, numeric, small_integer, text, time, timestamp, timestamptz, uuid, varchar,
};
pub(crate) use constraint::{ConstraintDefinition, ConstraintName, RuleDefinition, names};
pub use index_column::{IndexColumn, column, expression};
pub(crate) use partitioning::{BoundsDefinition, PartitioningDefinition, own_defaults};
pub(crate) use privileges::PrivilegesDefinition;
pub(crate) use routine::{BodyDefinition, Existing, RoutineDefinition};
pub(crate) use sequence::{IdentityCounting, SequenceDefinition};
pub use sql::{postgres, sql, sqlite};
pub use value::{current_date, decimal, hex, now, null, random_uuid};

/// The words that make parts.
pub(crate) const WORDS: &[&[Word]] = &[
    column_type::FUNCTIONS,
    Type::METHODS,
    ColumnDefinition::METHODS,
    index_column::FUNCTIONS,
    IndexColumn::METHODS,
    sql::FUNCTIONS,
    crate::schema::Sql::METHODS,
    value::FUNCTIONS,
];
