//! What each type of column is on Postgres.

use std::borrow::Cow;

use super::quote::Names;
use crate::schema::ColumnType;

/// The type in SQL.
///
/// | type | Postgres |
/// |---|---|
/// | `small_integer()`, `integer()`, `big_integer()` | `smallint`, `integer`, `bigint` |
/// | `float()`, `double()` | `real`, `double precision` |
/// | `numeric(p, s)` | `numeric(p, s)` |
/// | `text()`, `varchar(n)`, `char(n)` | `text`, `varchar(n)`, `char(n)` |
/// | `boolean()` | `boolean` |
/// | `date()`, `time()`, `timestamp()`, `timestamptz()`, `interval()` | the same |
/// | `uuid()`, `json()`, `jsonb()` | the same |
/// | `bytes()` | `bytea` |
/// | `enumeration(name)`, `domain(name)`, `composite(name)` | the type of this name, with its schema |
/// | `array(type)` | `type[]` |
/// | `native(words)` | the words |
pub fn sql<'t>(column_type: &'t ColumnType, names: Names<'_>) -> Cow<'t, str> {
    match column_type {
        ColumnType::SmallInteger => "smallint".into(),
        ColumnType::Integer => "integer".into(),
        ColumnType::BigInteger => "bigint".into(),
        ColumnType::Float => "real".into(),
        ColumnType::Double => "double precision".into(),
        ColumnType::Numeric { precision, scale } => format!("numeric({precision}, {scale})").into(),
        ColumnType::Text => "text".into(),
        ColumnType::Varchar(length) => format!("varchar({length})").into(),
        ColumnType::Char(length) => format!("char({length})").into(),
        ColumnType::Boolean => "boolean".into(),
        ColumnType::Date => "date".into(),
        ColumnType::Time => "time".into(),
        ColumnType::Timestamp => "timestamp".into(),
        ColumnType::Timestamptz => "timestamptz".into(),
        ColumnType::Interval => "interval".into(),
        ColumnType::Uuid => "uuid".into(),
        ColumnType::Json => "json".into(),
        ColumnType::Jsonb => "jsonb".into(),
        ColumnType::Bytes => "bytea".into(),
        ColumnType::Enumeration(name) | ColumnType::Domain { name, .. } | ColumnType::Composite(name) => {
            names.of(name).into()
        }
        ColumnType::Array(element) => format!("{}[]", sql(element, names)).into(),
        ColumnType::Native(words) => words.trim().into(),
    }
}

/// Types whose operators mean the same, so that an expression over a column survives when the column goes from one
/// to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Integer,
    Floating,
    Numeric,
    Text,
    PaddedText,
    Boolean,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Bytes,
    Enumeration,
    Array,
}

/// The family of a type; none for composite types, and for types in Postgres' own words, of which nothing is known.
pub fn family(column_type: &ColumnType) -> Option<Family> {
    Some(match column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => Family::Integer,
        ColumnType::Float | ColumnType::Double => Family::Floating,
        ColumnType::Numeric { .. } => Family::Numeric,
        ColumnType::Text | ColumnType::Varchar(_) => Family::Text,
        ColumnType::Char(_) => Family::PaddedText,
        ColumnType::Boolean => Family::Boolean,
        ColumnType::Date => Family::Date,
        ColumnType::Time => Family::Time,
        ColumnType::Timestamp => Family::Timestamp,
        ColumnType::Timestamptz => Family::Timestamptz,
        ColumnType::Interval => Family::Interval,
        ColumnType::Uuid => Family::Uuid,
        ColumnType::Json => Family::Json,
        ColumnType::Jsonb => Family::Jsonb,
        ColumnType::Bytes => Family::Bytes,
        ColumnType::Enumeration(_) => Family::Enumeration,
        ColumnType::Array(_) => Family::Array,
        ColumnType::Domain { base, .. } => return family(base),
        ColumnType::Composite(_) | ColumnType::Native(_) => return None,
    })
}

/// Whether both are of one known family. Two enums or two arrays are not.
pub fn same_family(one: &ColumnType, other: &ColumnType) -> bool {
    match (family(one), family(other)) {
        (Some(Family::Enumeration | Family::Array), _) | (None, _) => false,
        (left, right) => left == right,
    }
}

/// Whether both are the same but for the rules of domains, and with the same operators. Those of enums are not there for
/// domains over them.
pub fn same_operators(one: &ColumnType, other: &ColumnType) -> bool {
    one.plain() == other.plain() && !matches!(one.plain(), ColumnType::Enumeration(_))
}

/// Whether values of the two types may be compared, so that a column of one can refer to a column of the other.
pub fn may_be_compared(one: &ColumnType, other: &ColumnType) -> bool {
    let (Some(left), Some(right)) = (family(one), family(other)) else { return true };
    match (left, right) {
        (Family::Enumeration, Family::Enumeration) => one.plain() == other.plain(),
        _ => comparison(left) == comparison(right),
    }
}

/// The family that stands for all those whose values are compared with each other.
fn comparison(family: Family) -> Family {
    match family {
        Family::Integer | Family::Floating | Family::Numeric => Family::Numeric,
        Family::Text | Family::PaddedText => Family::Text,
        Family::Date | Family::Timestamp | Family::Timestamptz => Family::Timestamp,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_in_full() {
        let names = Names { schema: "app" };
        let array = ColumnType::Array(Box::new(ColumnType::Enumeration("mood".into())));
        assert_eq!(sql(&array, names), r#""app"."mood"[]"#);
        assert_eq!(sql(&ColumnType::Numeric { precision: 10, scale: 2 }, names), "numeric(10, 2)");
        assert_eq!(sql(&ColumnType::Bytes, names), "bytea");
    }

    #[test]
    fn families_keep_expressions_valid() {
        assert!(same_family(&ColumnType::Text, &ColumnType::Varchar(3)));
        assert!(same_family(&ColumnType::Integer, &ColumnType::BigInteger));
        assert!(!same_family(&ColumnType::Text, &ColumnType::Enumeration("mood".into())));
        assert!(!same_family(&ColumnType::Native("citext".into()), &ColumnType::Native("citext".into())));
    }

    #[test]
    fn columns_refer_to_what_they_can_be_compared_with() {
        let mood = |name: &str| ColumnType::Enumeration(name.into());
        assert!(may_be_compared(&ColumnType::Integer, &ColumnType::Numeric { precision: 10, scale: 0 }));
        assert!(may_be_compared(&ColumnType::Native("citext".into()), &ColumnType::Text));
        assert!(may_be_compared(&mood("a"), &mood("a")));
        assert!(!may_be_compared(&mood("a"), &mood("b")));
        assert!(!may_be_compared(&ColumnType::Text, &ColumnType::Uuid));
    }
}
