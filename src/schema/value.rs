//! A value in a row, a default or a mapping.

use ecow::EcoString;

use super::Sql;

/// A value. `S` is how raw SQL stands in it: per dialect as an author wrote it ([`Sql`]), or the text of one dialect.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<S = Sql> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A floating point number; never infinite and never NaN, since no literal of Rust is.
    Float(f64),
    /// A decimal number in digits, kept as text so that no digit is lost.
    Decimal(EcoString),
    Text(EcoString),
    /// Binary data in hexadecimal digits.
    Hex(EcoString),
    /// The time of the transaction (Postgres) or of the statement (SQLite).
    Now,
    CurrentDate,
    /// A random UUID, version 4.
    RandomUuid,
    /// An expression in SQL.
    Sql(S),
}

/// Whether a text is binary data in hexadecimal digits, two for each byte.
pub fn is_hexadecimal(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A value as one dialect sees it.
pub type Literal = Value<EcoString>;

impl<S> Value<S> {
    /// The value with its raw SQL turned into the text of one dialect.
    pub fn resolve<E>(&self, text: impl FnOnce(&S) -> Result<EcoString, E>) -> Result<Literal, E> {
        Ok(match self {
            Value::Null => Value::Null,
            Value::Boolean(truth) => Value::Boolean(*truth),
            Value::Integer(number) => Value::Integer(*number),
            Value::Float(number) => Value::Float(*number),
            Value::Decimal(digits) => Value::Decimal(digits.clone()),
            Value::Text(text) => Value::Text(text.clone()),
            Value::Hex(digits) => Value::Hex(digits.clone()),
            Value::Now => Value::Now,
            Value::CurrentDate => Value::CurrentDate,
            Value::RandomUuid => Value::RandomUuid,
            Value::Sql(sql) => Value::Sql(text(sql)?),
        })
    }

    /// Whether the value is written out, so that it is the same in every row and at any time.
    pub fn is_constant(&self) -> bool {
        !matches!(self, Value::Now | Value::CurrentDate | Value::RandomUuid | Value::Sql(_))
    }
}
