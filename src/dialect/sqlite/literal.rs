//! Values as SQLite reads them.

use super::quote;
use super::types::{Class, Held};
use super::written;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Literal;

/// A random UUID of version 4, another one each time that it is evaluated.
const RANDOM_UUID: &str = "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))";

/// A value in an expression or behind `DEFAULT`, for a column that holds values so.
pub fn literal(value: &Literal, held: &Held) -> String {
    match value {
        Literal::Null => "NULL".into(),
        Literal::Boolean(true) if held.class.is_text() => "'true'".into(),
        Literal::Boolean(false) if held.class.is_text() => "'false'".into(),
        Literal::Boolean(truth) => u8::from(*truth).to_string(),
        Literal::Integer(number) if held.class.is_text() => quote::text(&number.to_string()),
        Literal::Integer(number) => number.to_string(),
        Literal::Float(number) if held.class.is_text() => quote::text(&format!("{number:?}")),
        Literal::Float(number) => float(*number),
        Literal::Decimal(digits) if held.class.is_text() => quote::text(digits),
        Literal::Decimal(digits) => digits.to_string(),
        Literal::Text(text) => truth(text, held).map_or_else(|| quote::text(text), Into::into),
        Literal::Hex(digits) => format!("x'{digits}'"),
        Literal::Now => match held.class {
            Class::Date => "CURRENT_DATE".into(),
            Class::Time => "CURRENT_TIME".into(),
            _ => "CURRENT_TIMESTAMP".into(),
        },
        Literal::CurrentDate => "CURRENT_DATE".into(),
        Literal::RandomUuid => RANDOM_UUID.into(),
        Literal::Sql(expression) => quote::parenthesized(expression),
    }
}

/// Checks that a column which holds values so can hold this one, since SQLite itself would take anything.
///
/// # Errors
///
/// It cannot.
pub fn check(value: &Literal, held: &Held) -> Result<(), Box<Diagnostic>> {
    let integral = |digits: &str| digits.parse::<f64>().is_ok_and(|number| number.fract() == 0.0);
    let (fits, words) = match value {
        Literal::Null | Literal::Now | Literal::CurrentDate | Literal::RandomUuid | Literal::Sql(_) => return Ok(()),
        Literal::Text(text) => {
            let fits = match held.class {
                Class::Integer => text.parse::<i64>().is_ok(),
                Class::Real => text.parse::<f64>().is_ok_and(f64::is_finite),
                Class::Boolean => truth(text, held).is_some(),
                Class::Bytes => false,
                Class::Date => written::is_date(text),
                Class::Time => written::is_time(text),
                Class::Timestamp => written::is_timestamp(text),
                Class::Uuid => written::is_uuid(text),
                Class::Json => written::is_json(text),
                Class::Text { .. } | Class::Enumeration(_) | Class::Numeric | Class::Any => true,
            };
            (fits, text.to_string())
        }
        Literal::Hex(digits) => {
            (matches!(held.class, Class::Bytes | Class::Numeric | Class::Any), format!("x'{digits}'"))
        }
        Literal::Boolean(truth) => (takes_numbers(held), truth.to_string()),
        Literal::Integer(number) => {
            (takes_numbers(held) && (held.class != Class::Boolean || matches!(number, 0 | 1)), number.to_string())
        }
        Literal::Float(number) => {
            let fits = match held.class {
                Class::Integer => number.fract() == 0.0,
                Class::Boolean => false,
                _ => takes_numbers(held),
            };
            (fits, format!("{number:?}"))
        }
        Literal::Decimal(digits) => {
            let fits = match held.class {
                Class::Integer => integral(digits),
                Class::Boolean => false,
                _ => takes_numbers(held),
            };
            (fits, digits.to_string())
        }
    };
    if fits {
        return Ok(());
    }
    let message = format!("`{words}` is none of the {} that the column holds", held.class.title());
    Err(Box::new(
        Diagnostic::new(Code::InvalidValue, message)
            .note(format!("SQLite would keep it in a column of type {} as it is", held.declared))
            .help(match held.class {
                Class::Date => "write it as `2026-01-31`",
                Class::Time => "write it as `10:00:00`",
                Class::Timestamp => "write it as `2026-01-31 10:00:00`, with `Z` or `+02:00` behind it for a zone",
                Class::Uuid => "write it as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`",
                Class::Json => "write JSON, such as `{\"key\": 1}`",
                _ => "write a value of the type of the column",
            }),
    ))
}

fn takes_numbers(held: &Held) -> bool {
    match held.class {
        Class::Integer | Class::Real | Class::Boolean | Class::Text { .. } | Class::Numeric | Class::Any => true,
        Class::Date
        | Class::Time
        | Class::Timestamp
        | Class::Uuid
        | Class::Json
        | Class::Enumeration(_)
        | Class::Bytes => false,
    }
}

/// The number that stands for a truth value which was written as text, as Postgres reads it.
fn truth(text: &str, held: &Held) -> Option<&'static str> {
    if held.class != Class::Boolean {
        return None;
    }
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Some("1"),
        "false" | "f" | "no" | "n" | "off" | "0" => Some("0"),
        _ => None,
    }
}

/// A floating point number in digits that every version of SQLite reads as exactly this number.
///
/// SQLite's own reading may be off in the last bit where the digits lie almost halfway between two numbers. The
/// shortest digits are fine unless they do; else nineteen digits are, since they lie next to the number itself.
fn float(number: f64) -> String {
    let shortest = format!("{number:?}");
    if number == 0.0 || is_close(number) { shortest } else { format!("{number:.18e}") }
}

/// Whether the shortest digits lie so close to the number that no other one is near.
fn is_close(number: f64) -> bool {
    let shortest = format!("{:e}", number.abs());
    let exact = format!("{:.25e}", number.abs());
    let digits = |text: &str| -> Option<(u128, i32)> {
        let (mantissa, exponent) = text.split_once('e')?;
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        Some((format!("{digits:0<26}").parse().ok()?, exponent.parse().ok()?))
    };
    match (digits(&shortest), digits(&exact)) {
        (Some((short, exponent)), Some((whole, same))) => exponent == same && short.abs_diff(whole) < whole >> 56,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(class: Class) -> Held {
        Held { declared: "X".into(), class }
    }

    const TEXT: Class = Class::Text { longest: None };

    #[test]
    fn values_are_typed_by_their_column() {
        assert_eq!(literal(&Literal::Decimal("1.10".into()), &held(TEXT)), "'1.10'");
        assert_eq!(literal(&Literal::Decimal("1.10".into()), &held(Class::Numeric)), "1.10");
        assert_eq!(literal(&Literal::Boolean(true), &held(Class::Boolean)), "1");
        assert_eq!(literal(&Literal::Text("true".into()), &held(Class::Boolean)), "1");
        assert_eq!(literal(&Literal::Text("true".into()), &held(TEXT)), "'true'");
        assert_eq!(literal(&Literal::Now, &held(Class::Date)), "CURRENT_DATE");
        assert_eq!(literal(&Literal::Hex("00ff".into()), &held(Class::Bytes)), "x'00ff'");
        assert_eq!(literal(&Literal::Sql("1 + 1".into()), &held(TEXT)), "(1 + 1)");
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let fits = |value: Literal, class| check(&value, &held(class)).is_ok();
        assert!(fits(Literal::Text("12".into()), Class::Integer));
        assert!(fits(Literal::Text("yes".into()), Class::Boolean));
        assert!(fits(Literal::Integer(7), TEXT));
        assert!(!fits(Literal::Text("abc".into()), Class::Integer));
        assert!(!fits(Literal::Float(1.5), Class::Integer));
        assert!(!fits(Literal::Integer(2), Class::Boolean));
        assert!(!fits(Literal::Integer(2), Class::Date));
        assert!(!fits(Literal::Text("x".into()), Class::Bytes));
    }

    #[test]
    fn floats_come_back_bit_exact() {
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let fixed = [0.1, 0.5, 1.0, 1.5, -0.3, 1e300, 5e-324, f64::MAX, f64::MIN_POSITIVE, 9_007_199_254_740_993.0];
        let spread = (0..3000).map(|_| f64::from_bits(random())).filter(|number| number.is_finite());
        for number in fixed.into_iter().chain(spread.collect::<Vec<_>>()) {
            let sql = format!("SELECT {}", float(number));
            let back: f64 = connection.query_row(&sql, [], |row| row.get(0)).expect("a number");
            assert_eq!(back.to_bits(), number.to_bits(), "{sql}");
        }
    }

    #[test]
    fn a_random_uuid_has_version_4() {
        let connection = rusqlite::Connection::open_in_memory().expect("a database");
        let pattern = format!("{0}-{1}-4{2}-[89ab]{2}-{3}", hex(8), hex(4), hex(3), hex(12));
        for _ in 0..100 {
            let sql = format!("SELECT {RANDOM_UUID} GLOB '{pattern}'");
            assert!(connection.query_row(&sql, [], |row| row.get::<_, bool>(0)).expect("a truth"));
        }
    }

    fn hex(count: usize) -> String {
        "[0-9a-f]".repeat(count)
    }
}
