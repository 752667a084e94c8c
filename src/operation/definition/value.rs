//! The words for values that are not literals of Rust.

use crate::language::vocabulary::functions;
use crate::schema::Value;
use crate::source::Name;

functions! {
    /// No value.
    fn null() -> Value { Value::Null }

    /// The time of the transaction (Postgres) or of the statement (SQLite, in UTC).
    fn now() -> Value { Value::Now }

    /// The current date.
    fn current_date() -> Value { Value::CurrentDate }

    /// A random UUID, another one for each row.
    fn random_uuid() -> Value { Value::RandomUuid }

    /// A decimal number, written as text so that no digit is lost: `decimal("1.10")`.
    fn decimal(digits: Name) -> Value { Value::Decimal(digits.value) }

    /// Binary data in hexadecimal digits: `hex("00ff")`.
    fn hex(digits: Name) -> Value { Value::Hex(digits.value) }
}
