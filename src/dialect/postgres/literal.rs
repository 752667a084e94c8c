//! Values in SQL, each as one of its column's type.
//!
//! What the type cannot hold exactly is refused here, before a server rounds it.

use super::author_sql;
use super::quote::{self, Names};
use super::types;
use crate::schema::{ColumnType, DecimalDigits, Literal, Value, is_hexadecimal};

/// The value in SQL.
///
/// # Errors
///
/// The type cannot hold the value; says so in words that follow "the value".
pub fn literal(value: &Literal, column_type: &ColumnType, names: Names<'_>) -> Result<String, String> {
    use ColumnType as T;
    match (value, column_type) {
        (Value::Null, _) => Ok("NULL".into()),
        (Value::Sql(text), _) if author_sql::is_expression(text) => Ok(author_sql::operand(text)),
        (Value::Sql(text), _) => Err(format!("`{text}` is not one SQL expression")),
        // The column, or the domain itself, makes it one of the domain.
        (_, T::Domain { base, .. }) => literal(value, base, names),
        (_, T::Array(_)) => array(value, column_type, names),
        (Value::Boolean(truth), T::Boolean | T::Native(_)) => Ok(if *truth { "TRUE" } else { "FALSE" }.into()),
        (Value::Integer(number), _) => integer(*number, column_type),
        (Value::Float(number), _) => float(*number, column_type),
        (Value::Decimal(digits), _) => decimal(digits, column_type),
        (Value::Text(text), _) => string(text, column_type, names),
        (Value::Hex(digits), T::Bytes | T::Native(_)) => hex(digits),
        (Value::Now, T::Timestamptz | T::Timestamp | T::Date | T::Time | T::Native(_)) => Ok("now()".into()),
        (Value::Now, T::Text | T::Varchar(_)) => Ok("now()::text".into()),
        (Value::CurrentDate, T::Date | T::Timestamp | T::Timestamptz | T::Native(_)) => Ok("CURRENT_DATE".into()),
        (Value::CurrentDate, T::Text | T::Varchar(_)) => Ok("CURRENT_DATE::text".into()),
        (Value::RandomUuid, T::Uuid | T::Native(_)) => Ok("gen_random_uuid()".into()),
        (Value::RandomUuid, T::Text | T::Varchar(_) | T::Char(36)) => Ok("gen_random_uuid()::text".into()),
        (Value::Boolean(_) | Value::Hex(_) | Value::Now | Value::CurrentDate | Value::RandomUuid, _) => {
            Err(misfit(&in_words(value), column_type))
        }
    }
}

/// The value as a text, however a column would hold it; none where it is not written out.
pub fn as_text(value: &Literal) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(digits_of(*number)),
        Value::Decimal(digits) => Some(digits.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Null | Value::Hex(_) | Value::Now | Value::CurrentDate | Value::RandomUuid | Value::Sql(_) => None,
    }
}

fn misfit(value: &str, column_type: &ColumnType) -> String {
    format!("{value} cannot be a value of type `{column_type}`")
}

fn in_words(value: &Literal) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Boolean(truth) => format!("`{truth}`"),
        Value::Integer(number) => format!("`{number}`"),
        Value::Float(number) => format!("`{number:?}`"),
        Value::Decimal(digits) => format!("`decimal({digits:?})`"),
        Value::Text(text) => format!("`{text:?}`"),
        Value::Hex(digits) => format!("`hex({digits:?})`"),
        Value::Now => "`now()`".into(),
        Value::CurrentDate => "`current_date()`".into(),
        Value::RandomUuid => "`random_uuid()`".into(),
        Value::Sql(text) => format!("`{text}`"),
    }
}

/// Only a text can be an array: `'{a,b}'`.
fn array(value: &Literal, column_type: &ColumnType, names: Names<'_>) -> Result<String, String> {
    match value {
        // With a cast, elements of `varchar(n)` would be cut silently; without one, they are refused.
        Value::Text(text) if column_type.enumeration().is_none() => Ok(quote::text(text)),
        Value::Text(text) => Ok(format!("{}::{}", quote::text(text), types::sql(column_type, names))),
        other => Err(misfit(&in_words(other), column_type)),
    }
}

fn integer(number: i64, column_type: &ColumnType) -> Result<String, String> {
    let too_large = || Err(misfit(&format!("`{number}`"), column_type));
    let fits = match column_type {
        ColumnType::SmallInteger => i16::try_from(number).is_ok(),
        ColumnType::Integer => i32::try_from(number).is_ok(),
        // The digits alone would be a number of another type, since its sign is an operator.
        ColumnType::BigInteger if number == i64::MIN => return Ok(format!("'{number}'::bigint")),
        ColumnType::BigInteger | ColumnType::Native(_) => true,
        ColumnType::Float => number.unsigned_abs() <= 1 << 24,
        ColumnType::Double => number.unsigned_abs() <= 1 << 53,
        ColumnType::Numeric { .. } => return decimal(&number.to_string(), column_type),
        ColumnType::Text | ColumnType::Varchar(_) | ColumnType::Char(_) => {
            return sized_text(&number.to_string(), column_type);
        }
        _ => false,
    };
    if fits { Ok(number.to_string()) } else { too_large() }
}

/// The smallest and the largest number that `real` holds, apart from zero.
const SINGLE_PRECISION: std::ops::RangeInclusive<f64> = f32::from_bits(1) as f64..=f32::MAX as f64;

/// The shortest digits that give the same number again; an exponent where it is very large or small.
fn digits_of(number: f64) -> String {
    format!("{number:?}")
}

fn float(number: f64, column_type: &ColumnType) -> Result<String, String> {
    let digits = digits_of(number);
    match column_type {
        // The digits alone would lose the sign.
        ColumnType::Float | ColumnType::Double if number == 0.0 && number.is_sign_negative() => {
            Ok("'-0'::double precision".into())
        }
        ColumnType::Double | ColumnType::Native(_) => Ok(digits),
        ColumnType::Float if number == 0.0 || SINGLE_PRECISION.contains(&number.abs()) => Ok(digits),
        ColumnType::Numeric { .. } => decimal(&digits, column_type),
        ColumnType::Text | ColumnType::Varchar(_) | ColumnType::Char(_) => sized_text(&digits, column_type),
        _ => Err(misfit(&format!("`{digits}`"), column_type)),
    }
}

fn decimal(digits: &str, column_type: &ColumnType) -> Result<String, String> {
    let Some(number) = DecimalDigits::parse(digits) else {
        return Err(format!("`{digits}` is not a decimal number"));
    };
    match column_type {
        ColumnType::Numeric { precision, scale } => {
            let (before_point, behind_point) = number.places();
            let fits = behind_point <= i64::from(*scale) && before_point <= i64::from(*precision) - i64::from(*scale);
            if fits { Ok(digits.to_owned()) } else { Err(misfit(&format!("`{digits}`"), column_type)) }
        }
        ColumnType::Float | ColumnType::Double | ColumnType::Native(_) => Ok(digits.to_owned()),
        ColumnType::Text | ColumnType::Varchar(_) | ColumnType::Char(_) => sized_text(digits, column_type),
        _ => Err(misfit(&format!("`decimal({digits:?})`"), column_type)),
    }
}

fn string(text: &str, column_type: &ColumnType, names: Names<'_>) -> Result<String, String> {
    use ColumnType as T;
    match column_type {
        T::Text | T::Varchar(_) | T::Char(_) => sized_text(text, column_type),
        T::Native(_) => Ok(quote::text(text)),
        T::Date | T::Time | T::Timestamp | T::Timestamptz if is_relative(text) => {
            Err(format!("`{text:?}` is when the script is run: write `now()` or `current_date()`, or the day itself"))
        }
        T::Date | T::Timestamp | T::Timestamptz if begins_with_day_or_month(text) => Err(format!(
            "`{text:?}` is another day for another client, which may read the month first: write `2026-01-31`"
        )),
        T::Timestamptz if begins_with_digit(text) && !has_time_zone(text) => {
            Err(format!("`{text:?}` has no time zone, so it would be another time for another client: write `{text}Z`"))
        }
        T::Timestamp if begins_with_digit(text) && has_time_zone(text) => Err(format!(
            "`{text:?}` has a time zone, which `timestamp()` would lose: leave it out, or use `timestamptz()`"
        )),
        T::Date
        | T::Time
        | T::Timestamp
        | T::Timestamptz
        | T::Interval
        | T::Uuid
        | T::Json
        | T::Jsonb
        | T::Composite(_)
        | T::Enumeration(_) => Ok([&quote::text(text), "::", &types::sql(column_type, names)].concat()),
        T::Domain { base, .. } => string(text, base, names),
        T::SmallInteger
        | T::Integer
        | T::BigInteger
        | T::Float
        | T::Double
        | T::Numeric { .. }
        | T::Boolean
        | T::Bytes
        | T::Array(_) => Err(misfit(&format!("`{text:?}`"), column_type)),
    }
}

/// Whether Postgres would put the time at which it reads the text in its place.
fn is_relative(text: &str) -> bool {
    let relative = ["now", "today", "tomorrow", "yesterday"];
    text.split_whitespace().any(|word| relative.iter().any(|other| word.eq_ignore_ascii_case(other)))
}

/// Whether a date begins as `31/1/2026` does, so that the setting `DateStyle` of a client says which of them is the month.
fn begins_with_day_or_month(text: &str) -> bool {
    let mut parts = text.trim().split(['/', '-', '.']).take(2);
    let is_short = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.by_ref().filter(|part| is_short(part)).count() == 2
}

fn begins_with_digit(text: &str) -> bool {
    text.trim().starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a zone, by its distance or its name, stands behind a date and time.
fn has_time_zone(text: &str) -> bool {
    let behind_date = text.trim().get(10..).unwrap_or_default().trim_start_matches(['T', 't']);
    let no_zones = ["BC", "AD", "AM", "PM"];
    behind_date.contains(['+', '-'])
        || behind_date
            .split(|mark: char| !mark.is_ascii_alphabetic())
            .any(|word| !word.is_empty() && !no_zones.iter().any(|other| word.eq_ignore_ascii_case(other)))
}

/// A text of at most the length that the type has.
fn sized_text(text: &str, column_type: &ColumnType) -> Result<String, String> {
    match column_type {
        ColumnType::Varchar(length) | ColumnType::Char(length) if text.chars().count() > *length as usize => {
            Err(misfit(&format!("`{text:?}`"), column_type))
        }
        _ => Ok(quote::text(text)),
    }
}

fn hex(digits: &str) -> Result<String, String> {
    if is_hexadecimal(digits) {
        Ok(format!("'\\x{}'::bytea", digits.to_ascii_lowercase()))
    } else {
        Err(format!("`hex({digits:?})` is not pairs of hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'static> = Names { schema: "public" };

    #[track_caller]
    fn written(value: Literal, column_type: ColumnType) -> String {
        literal(&value, &column_type, NAMES).unwrap()
    }

    #[track_caller]
    fn refused(value: Literal, column_type: ColumnType) -> String {
        literal(&value, &column_type, NAMES).unwrap_err()
    }

    #[test]
    fn texts_are_typed() {
        assert_eq!(written(Value::Text("it's".into()), ColumnType::Text), "'it''s'");
        assert_eq!(written(Value::Text("a".into()), ColumnType::Enumeration("m".into())), "'a'::\"public\".\"m\"");
        assert_eq!(written(Value::Text("{}".into()), ColumnType::Json), "'{}'::json");
        assert_eq!(written(Value::Text("{a}".into()), ColumnType::Array(Box::new(ColumnType::Text))), "'{a}'");
        refused(Value::Text("5".into()), ColumnType::Integer);
        refused(Value::Text("four".into()), ColumnType::Varchar(3));
        assert_eq!(written(Value::Text("früh".into()), ColumnType::Varchar(4)), "'früh'");
    }

    #[test]
    fn a_point_in_time_has_a_time_zone() {
        for fine in ["2026-01-31 10:00Z", "2026-01-31T10:00:00+02:00", "2026-01-31 10:00 Europe/Berlin", "infinity"] {
            written(Value::Text(fine.into()), ColumnType::Timestamptz);
        }
        for ambiguous in ["2026-01-31", "2026-01-31T10:00", "2026-01-31 10:00:00.5", "0044-03-15 10:00 BC"] {
            refused(Value::Text(ambiguous.into()), ColumnType::Timestamptz);
        }
        for fine in ["2026-01-31 10:00", "2026-01-31T10:00:00.5", "0044-03-15 BC", "294276-12-31 23:59", "-infinity"] {
            written(Value::Text(fine.into()), ColumnType::Timestamp);
        }
        for zoned in ["2026-01-31 10:00Z", "2026-01-31T10:00:00-02", "2026-01-31 10:00 Europe/Berlin"] {
            refused(Value::Text(zoned.into()), ColumnType::Timestamp);
        }
    }

    #[test]
    fn a_day_is_the_same_whenever_and_wherever_the_script_is_run() {
        for fine in ["2026-01-31", "20260131", "January 31, 2026", "0044-03-15 BC", "epoch"] {
            written(Value::Text(fine.into()), ColumnType::Date);
        }
        for changing in ["today", " Now", "tomorrow 10:00", "31/1/2026", "01-02-2026", "1.2.26"] {
            refused(Value::Text(changing.into()), ColumnType::Date);
            refused(Value::Text(changing.into()), ColumnType::Timestamp);
        }
        written(Value::Text("10:00".into()), ColumnType::Time);
        refused(Value::Text("now".into()), ColumnType::Time);
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        let numeric = ColumnType::Numeric { precision: 5, scale: 2 };
        assert_eq!(written(Value::Integer(-5), ColumnType::SmallInteger), "-5");
        refused(Value::Integer(40_000), ColumnType::SmallInteger);
        assert_eq!(written(Value::Integer(i64::MIN), ColumnType::BigInteger), "'-9223372036854775808'::bigint");
        assert_eq!(written(Value::Integer(5), ColumnType::Text), "'5'");
        assert_eq!(written(Value::Decimal("1.10".into()), numeric.clone()), "1.10");
        assert_eq!(written(Value::Decimal("1.100".into()), numeric.clone()), "1.100");
        refused(Value::Decimal("1.105".into()), numeric.clone());
        refused(Value::Decimal("1000".into()), numeric.clone());
        refused(Value::Decimal("1.0; DROP".into()), numeric.clone());
        refused(Value::Decimal(".5".into()), numeric.clone());
        assert_eq!(written(Value::Float(0.1), numeric.clone()), "0.1");
        refused(Value::Float(1e-7), numeric);
        assert_eq!(written(Value::Float(1e300), ColumnType::Double), "1e300");
        assert_eq!(written(Value::Float(1e-7), ColumnType::Double), "1e-7");
        assert_eq!(written(Value::Float(-0.0), ColumnType::Double), "'-0'::double precision");
        refused(Value::Float(1e300), ColumnType::Float);
        refused(Value::Float(1e-50), ColumnType::Float);
        assert_eq!(written(Value::Float(-1e-44), ColumnType::Float), "-1e-44");
        refused(Value::Float(1.5), ColumnType::Integer);
    }

    #[test]
    fn other_values() {
        assert_eq!(written(Value::Hex("00fF".into()), ColumnType::Bytes), "'\\x00ff'::bytea");
        refused(Value::Hex("0".into()), ColumnType::Bytes);
        assert_eq!(written(Value::Boolean(true), ColumnType::Boolean), "TRUE");
        refused(Value::Integer(1), ColumnType::Boolean);
        assert_eq!(written(Value::Now, ColumnType::Timestamptz), "now()");
        assert_eq!(written(Value::CurrentDate, ColumnType::Date), "CURRENT_DATE");
        assert_eq!(written(Value::RandomUuid, ColumnType::Uuid), "gen_random_uuid()");
        assert_eq!(written(Value::Sql("a + b".into()), ColumnType::Integer), "(a + b)");
        refused(Value::Sql("1); DROP TABLE job; SELECT (1".into()), ColumnType::Integer);
        assert_eq!(written(Value::Null, ColumnType::Integer), "NULL");
    }
}
