//! The type under which SQLite holds each type of the vocabulary.
//!
//! | vocabulary                                  | SQLite       | in a STRICT table |
//! |---------------------------------------------|--------------|-------------------|
//! | small_integer, integer, big_integer         | INTEGER      | INTEGER           |
//! | float, double                               | REAL         | REAL              |
//! | text                                        | TEXT         | TEXT              |
//! | varchar(n)                                  | VARCHAR(n)   | TEXT              |
//! | char(n)                                     | CHAR(n)      | TEXT              |
//! | boolean (1 and 0)                           | BOOLEAN      | INTEGER           |
//! | date, time, timestamp, timestamptz          | TEXT         | TEXT              |
//! | uuid, json, jsonb                           | TEXT         | TEXT              |
//! | enumeration (with a check)                  | TEXT         | TEXT              |
//! | bytes                                       | BLOB         | BLOB              |
//! | native                                      | as written   | as written        |
//!
//! SQLite derives from the name of a type what it makes of a value. `UUID`, `JSON` or `DATE` would turn text that
//! looks like a number into a number, so they stand as TEXT. SQLite does not enforce lengths. It has no exact decimal
//! number, no interval and no array: the author says what it holds instead.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{ColumnType, Schema, Table};
use crate::source::joined;

/// How SQLite holds the values of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The type in the definition of the column.
    pub declared: EcoString,
    pub class: Class,
}

/// What the values of a column are.
#[derive(Debug, Clone, PartialEq)]
pub enum Class {
    Integer,
    Real,
    /// 1 and 0.
    Boolean,
    /// Text of any kind, of at most so many characters.
    Text {
        longest: Option<u32>,
    },
    Date,
    Time,
    Timestamp,
    Uuid,
    Json,
    /// One of these texts.
    Enumeration(Vec<EcoString>),
    Bytes,
    /// A native type that makes a number of what looks like one, and leaves the rest as it is.
    Numeric,
    /// `ANY` in a STRICT table: the value as it is.
    Any,
}

impl Class {
    /// What the values are, in words.
    pub fn title(&self) -> &'static str {
        match self {
            Class::Integer => "integers",
            Class::Real => "floating point numbers",
            Class::Boolean => "truth values",
            Class::Text { .. } => "text",
            Class::Date => "dates",
            Class::Time => "times of day",
            Class::Timestamp => "points in time",
            Class::Uuid => "UUIDs",
            Class::Json => "JSON",
            Class::Enumeration(_) => "values of an enum",
            Class::Bytes => "binary data",
            Class::Numeric | Class::Any => "values of any kind",
        }
    }

    /// Whether the values are text.
    pub fn is_text(&self) -> bool {
        match self {
            Class::Text { .. }
            | Class::Date
            | Class::Time
            | Class::Timestamp
            | Class::Uuid
            | Class::Json
            | Class::Enumeration(_) => true,
            Class::Integer | Class::Real | Class::Boolean | Class::Bytes | Class::Numeric | Class::Any => false,
        }
    }
}

/// How SQLite holds a type in a column of this table.
///
/// # Errors
///
/// SQLite cannot hold the type exactly, or not in a STRICT table.
pub fn hold(column_type: &ColumnType, table: &Table, schema: &Schema) -> Result<Held, Box<Diagnostic>> {
    let held = |declared: &str, class| Held { declared: declared.into(), class };
    let text = |longest| Class::Text { longest };
    Ok(match column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => held("INTEGER", Class::Integer),
        ColumnType::Float | ColumnType::Double => held("REAL", Class::Real),
        ColumnType::Text => held("TEXT", text(None)),
        ColumnType::Varchar(length) if table.strict => held("TEXT", text(Some(*length))),
        ColumnType::Varchar(length) => held(&format!("VARCHAR({length})"), text(Some(*length))),
        ColumnType::Char(length) if table.strict => held("TEXT", text(Some(*length))),
        ColumnType::Char(length) => held(&format!("CHAR({length})"), text(Some(*length))),
        ColumnType::Boolean => held(if table.strict { "INTEGER" } else { "BOOLEAN" }, Class::Boolean),
        ColumnType::Date => held("TEXT", Class::Date),
        ColumnType::Time => held("TEXT", Class::Time),
        ColumnType::Timestamp | ColumnType::Timestamptz => held("TEXT", Class::Timestamp),
        ColumnType::Uuid => held("TEXT", Class::Uuid),
        ColumnType::Json | ColumnType::Jsonb => held("TEXT", Class::Json),
        ColumnType::Bytes => held("BLOB", Class::Bytes),
        ColumnType::Enumeration(name) => {
            let values = schema.enumeration(name).map(|enumeration| enumeration.values.clone()).unwrap_or_default();
            held("TEXT", Class::Enumeration(values))
        }
        ColumnType::Native(words) => native(words, table)?,
        ColumnType::Numeric { .. }
        | ColumnType::Interval
        | ColumnType::Domain { .. }
        | ColumnType::Composite(_)
        | ColumnType::Array(_) => {
            return Err(Box::new(
                Diagnostic::new(Code::NotInDialect, format!("SQLite cannot hold {column_type} exactly"))
                    .help(format!("say what it holds instead, for example `{column_type}.sqlite(\"TEXT\")`")),
            ));
        }
    })
}

fn native(words: &EcoString, table: &Table) -> Result<Held, Box<Diagnostic>> {
    let upper = words.trim().to_ascii_uppercase();
    if table.strict && !["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"].contains(&upper.as_str()) {
        return Err(Box::new(
            Diagnostic::new(Code::NotInDialect, format!("a STRICT table has no type `{words}`"))
                .note("a STRICT table of SQLite knows INT, INTEGER, REAL, TEXT, BLOB and ANY")
                .help("write one of them with `.sqlite(\"…\")`, or leave `.strict()` out"),
        ));
    }
    Ok(Held { declared: words.clone(), class: class_of_words(&upper, table.strict) })
}

/// The rules of SQLite for the affinity of a declared type, in their order.
fn class_of_words(upper: &str, strict: bool) -> Class {
    let has = |part: &str| upper.contains(part);
    if strict && upper == "ANY" {
        Class::Any
    } else if has("INT") {
        Class::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Class::Text { longest: None }
    } else if has("BLOB") {
        Class::Bytes
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Class::Real
    } else {
        Class::Numeric
    }
}

/// The name of the check that keeps a column to the values of its enum.
pub fn enumeration_check(table: &str, column: &str) -> EcoString {
    crate::schema::naming::shorten(joined(&["ck_", table, "_", column]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(strict: bool) -> Table {
        Table {
            name: "t".into(),
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            strict,
            without_rowid: false,
            partitioning: None,
            storage: crate::schema::Storage::default(),
        }
    }

    fn declared(column_type: ColumnType, strict: bool) -> Result<EcoString, Code> {
        let held = hold(&column_type, &table(strict), &Schema::default());
        held.map(|held| held.declared).map_err(|diagnostic| diagnostic.code)
    }

    #[test]
    fn no_declared_type_changes_values() {
        assert_eq!(declared(ColumnType::Uuid, false), Ok("TEXT".into()));
        assert_eq!(declared(ColumnType::Varchar(9), false), Ok("VARCHAR(9)".into()));
        assert_eq!(declared(ColumnType::Varchar(9), true), Ok("TEXT".into()));
        assert_eq!(declared(ColumnType::Boolean, true), Ok("INTEGER".into()));
    }

    #[test]
    fn what_cannot_be_held_is_refused() {
        let numeric = ColumnType::Numeric { precision: 10, scale: 2 };
        assert_eq!(declared(numeric, false), Err(Code::NotInDialect));
        assert_eq!(declared(ColumnType::Native("DECIMAL(10,2)".into()), true), Err(Code::NotInDialect));
        assert_eq!(declared(ColumnType::Native("DECIMAL(10,2)".into()), false), Ok("DECIMAL(10,2)".into()));
    }

    #[test]
    fn affinity_follows_the_rules_of_sqlite() {
        assert_eq!(class_of_words("FLOATING POINT", false), Class::Integer);
        assert_eq!(class_of_words("STRING", false), Class::Numeric);
        assert_eq!(class_of_words("NVARCHAR(10)", false), Class::Text { longest: None });
        assert_eq!(class_of_words("ANY", true), Class::Any);
        assert_eq!(class_of_words("ANY", false), Class::Numeric);
    }
}
