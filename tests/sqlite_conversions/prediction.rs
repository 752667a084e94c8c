//! What becomes of a value when the type of its column changes, as `docs/types.md` says.
//!
//! Nothing here comes from the compiler: dates, numbers and texts are read by Rust, not by SQLite.

/// A value as SQLite stores it.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}
use Stored::{Blob, Integer, Null, Real, Text};

/// The types that a column changes between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SmallInteger,
    Integer,
    BigInteger,
    Float,
    Double,
    Boolean,
    Text,
    /// `varchar(8)`
    Varchar,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Uuid,
    Json,
    /// `numeric(10, 2).sqlite("TEXT")`, which is text on SQLite
    NumericAsText,
    /// `enumeration("mood")`
    Mood,
    Bytes,
    /// `native("DECIMAL(10,2)")`, a column that takes anything and makes a number of what looks like one
    Decimal,
}

impl Kind {
    pub const ALL: [Kind; 18] = [
        Kind::SmallInteger,
        Kind::Integer,
        Kind::BigInteger,
        Kind::Float,
        Kind::Double,
        Kind::Boolean,
        Kind::Text,
        Kind::Varchar,
        Kind::Date,
        Kind::Time,
        Kind::Timestamp,
        Kind::Timestamptz,
        Kind::Uuid,
        Kind::Json,
        Kind::NumericAsText,
        Kind::Mood,
        Kind::Bytes,
        Kind::Decimal,
    ];

    /// The kinds whose values are stored as text.
    pub fn is_text(self) -> bool {
        !self.is_integer() && !self.is_real() && !matches!(self, Kind::Boolean | Kind::Bytes | Kind::Decimal)
    }

    pub fn is_integer(self) -> bool {
        matches!(self, Kind::SmallInteger | Kind::Integer | Kind::BigInteger)
    }

    pub fn is_real(self) -> bool {
        matches!(self, Kind::Float | Kind::Double)
    }

    fn is_plain_text(self) -> bool {
        matches!(self, Kind::Text | Kind::NumericAsText)
    }

    fn is_moment(self) -> bool {
        matches!(self, Kind::Timestamp | Kind::Timestamptz)
    }

    /// Whether two kinds are one and the same to SQLite, so that nothing has to become of a value.
    fn is_held_like(self, other: Kind) -> bool {
        self == other
            || self.is_integer() && other.is_integer()
            || self.is_real() && other.is_real()
            || self.is_moment() && other.is_moment()
            || self.is_plain_text() && other.is_plain_text()
    }
}

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It is this one.
    Becomes(Stored),
    /// It is a text with the digits of this number, from which exactly the number can be read.
    BecomesDigitsOf(f64),
    /// It stops the script.
    Stops,
}
use Fate::{Becomes, BecomesDigitsOf, Stops};

impl Fate {
    fn of(value: Option<Stored>) -> Fate {
        value.map_or(Stops, Becomes)
    }

    /// Whether this is what was found.
    pub fn is(&self, found: &Stored) -> bool {
        match (self, found) {
            (Becomes(Real(expected)), Real(found)) => expected.to_bits() == found.to_bits(),
            (Becomes(expected), found) => expected == found,
            (BecomesDigitsOf(number), Text(text)) => {
                text.parse().is_ok_and(|read: f64| read.to_bits() == number.to_bits())
            }
            (BecomesDigitsOf(_) | Stops, _) => false,
        }
    }
}

/// Whether there is no rule from one type to the other, so that the author has to say what becomes of values.
pub fn needs_a_word(from: Kind, to: Kind) -> bool {
    let of_any = from == Kind::Decimal;
    match to {
        _ if from.is_held_like(to) || to.is_plain_text() || to == Kind::Varchar => from == Kind::Bytes && to != from,
        Kind::Bytes => !of_any,
        _ if from == Kind::Bytes => true,
        to if to.is_text() => !from.is_text() && !of_any,
        _ => false,
    }
}

/// What becomes of a value without a word of the author. `moods` are the values of the enum before and after.
pub fn by_itself(value: &Stored, from: Kind, to: Kind, moods: [&[String]; 2]) -> Fate {
    if *value == Null {
        return Becomes(Null);
    }
    if from == Kind::Mood && to == Kind::Mood {
        let still = matches!(value, Text(text) if moods[1].contains(text));
        return if still { Becomes(value.clone()) } else { Stops };
    }
    if from.is_held_like(to) {
        return Becomes(value.clone());
    }
    let kept_if = |fits: bool| if fits { Becomes(value.clone()) } else { Stops };
    if from.is_text() {
        return match (to, value) {
            (to, _) if to.is_plain_text() => kept_if(true),
            (Kind::Boolean, Text(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "on" | "1" => Becomes(Integer(1)),
                "false" | "f" | "no" | "n" | "off" | "0" => Becomes(Integer(0)),
                _ => Stops,
            },
            (to, Text(text)) if to.is_integer() => Fate::of(own_integer(text).map(Integer)),
            (to, Text(text)) if to.is_real() => Fate::of(exact_number(text).map(Real)),
            (Kind::Decimal, Text(text)) => {
                Fate::of(own_integer(text).map(Integer).or_else(|| own_fraction(text).map(Real)))
            }
            (Kind::Date, Text(text)) if from.is_moment() => {
                let day = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00"));
                Fate::of(day.filter(|day| is_date(day)).map(|day| Text(day.to_owned())))
            }
            (to, Text(text)) if to.is_moment() && from == Kind::Date => {
                Fate::of(is_date(text).then(|| Text(format!("{text} 00:00:00"))))
            }
            (to, value) => kept_if(is_of(value, to, moods[1])),
        };
    }
    match (from, to, value) {
        (_, Kind::Decimal, Real(number)) => Becomes(as_number(*number)),
        (_, Kind::Decimal, _) => kept_if(true),
        (Kind::Boolean, to, _) if to.is_integer() => kept_if(true),
        (Kind::Boolean, to, Integer(truth @ 0..=1)) if to.is_plain_text() || to == Kind::Varchar => {
            Becomes(Text((*truth == 1).to_string()))
        }
        (_, Kind::Boolean, Integer(0 | 1)) => kept_if(true),
        (from, Kind::Boolean, Real(number)) if from.is_real() && (*number == 0.0 || *number == 1.0) => {
            Becomes(Integer(*number as i64))
        }
        (from, to, Integer(number)) if !from.is_real() && to.is_real() => {
            if number.unsigned_abs() <= 1 << 53 {
                Becomes(Real(*number as f64))
            } else {
                Stops
            }
        }
        (Kind::Decimal, to, Real(number)) if to.is_real() => kept_if(number.is_finite()),
        (from, to, Real(number)) if from.is_real() && to.is_integer() => Fate::of(whole(*number).map(Integer)),
        (Kind::Decimal, to, Integer(_)) if to.is_integer() => kept_if(true),
        (from, to, Integer(number)) if from != Kind::Boolean && (to.is_plain_text() || to == Kind::Varchar) => {
            let text = number.to_string();
            if to == Kind::Varchar && text.len() > 8 { Stops } else { Becomes(Text(text)) }
        }
        (_, to, Real(number)) if (from.is_real() || from == Kind::Decimal) && number.is_finite() => {
            // The shortest digits that come back: as many as Rust writes, or seventeen.
            let length = digits(*number).len();
            if to.is_plain_text() || to == Kind::Varchar && length <= 8 { BecomesDigitsOf(*number) } else { Stops }
        }
        (Kind::Decimal, to, Text(_)) if to.is_plain_text() => kept_if(true),
        (Kind::Decimal, to, Text(_)) if to.is_text() => kept_if(is_of(value, to, moods[1])),
        (Kind::Decimal, Kind::Bytes, Blob(_)) => kept_if(true),
        _ => Stops,
    }
}

/// What is stored where an expression of the author gives a value.
pub fn given(value: &Stored, to: Kind, moods: &[String]) -> Fate {
    let same = || Becomes(value.clone());
    match (to, value) {
        (_, Null) => same(),
        (to, Integer(_)) if to.is_integer() => same(),
        (to, Real(number)) if to.is_integer() => Fate::of(whole(*number).map(Integer)),
        (to, Text(text)) if to.is_integer() => Fate::of(own_integer(text).map(Integer)),
        (to, Integer(number)) if to.is_real() && number.unsigned_abs() <= 1 << 53 => Becomes(Real(*number as f64)),
        (to, Real(number)) if to.is_real() && number.is_finite() => same(),
        (to, Text(text)) if to.is_real() => Fate::of(exact_number(text).map(Real)),
        (Kind::Boolean, Integer(0 | 1)) => same(),
        (Kind::Boolean, Real(number)) if *number == 0.0 || *number == 1.0 => Becomes(Integer(*number as i64)),
        (to, Integer(number)) if to.is_plain_text() => Becomes(Text(number.to_string())),
        (Kind::Varchar, Integer(number)) if number.to_string().len() <= 8 => Becomes(Text(number.to_string())),
        (to, Text(_)) if to.is_plain_text() => same(),
        (Kind::Varchar, Text(text)) if text.chars().take_while(|one| *one != '\0').count() <= 8 => same(),
        (Kind::Bytes, Blob(_)) => same(),
        (Kind::Varchar, _) => Stops,
        (to, value) if to.is_text() && !to.is_plain_text() && is_of(value, to, moods) => same(),
        _ => Stops,
    }
}

/// Whether a value is a text of this kind.
fn is_of(value: &Stored, kind: Kind, moods: &[String]) -> bool {
    let Text(text) = value else { return false };
    match kind {
        Kind::Mood => moods.contains(text),
        Kind::Varchar => !text.contains('\0') && text.chars().count() <= 8,
        Kind::Date => is_date(text),
        Kind::Time => is_time(text),
        Kind::Timestamp | Kind::Timestamptz => is_moment(text),
        Kind::Uuid => {
            let groups: Vec<&str> = text.split('-').collect();
            let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
            lengths == [8, 4, 4, 4, 12] && text.chars().all(|one| one == '-' || one.is_ascii_hexdigit())
        }
        Kind::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        _ => false,
    }
}

/// The integer of which the text is the one way to write it.
fn own_integer(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

/// The number, if JSON would call the text one and no digit is lost.
fn exact_number(text: &str) -> Option<f64> {
    let is_mark = |one: char| one.is_ascii_digit() || "+-.eE".contains(one);
    let _: serde_json::Number = text.chars().all(is_mark).then(|| serde_json::from_str(text).ok()).flatten()?;
    let number: f64 = text.parse().ok()?;
    if text == digits(number) {
        return Some(number);
    }
    let mantissa = text.split(['e', 'E']).next()?;
    let significant: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = significant.trim_matches('0');
    let is_zero = significant.is_empty() && !text.starts_with('-');
    (significant.len() <= 15 && (number.is_normal() || is_zero)).then_some(number)
}

/// A number that is not whole, of which the text is the one way to write it.
fn own_fraction(text: &str) -> Option<f64> {
    exact_number(text).filter(|number| digits(*number) == text && as_number(*number) == Real(*number))
}

/// What a column for numbers stores: a number without a fraction becomes an integer.
fn as_number(number: f64) -> Stored {
    whole(number).map_or(Real(number), Integer)
}

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.2e18).then_some(number as i64)
}

/// Fifteen digits if they are enough, else seventeen, in the manner of C's `%#g` without the zeros at the end.
fn digits(number: f64) -> String {
    let short = general(number, 15);
    if short.parse().is_ok_and(|read: f64| read == number) { short } else { general(number, 17) }
}

fn general(number: f64, precision: usize) -> String {
    let scientific = format!("{number:.*e}", precision - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let trimmed = |text: &str| {
        let short = text.trim_end_matches('0');
        if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
    };
    if exponent < -4 || exponent >= precision as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    let fraction = (precision as i32 - 1 - exponent).max(1) as usize;
    trimmed(&format!("{number:.fraction$}"))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        text.get(range).filter(|part| part.bytes().all(|one| one.is_ascii_digit()))?.parse().ok()
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Hours and minutes, with seconds if they are given, and parts of them.
fn is_time(text: &str) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let below = |part: &str, limit: u32| {
        part.len() == 2 && part.bytes().all(|one| one.is_ascii_digit()) && part.parse().is_ok_and(|n: u32| n < limit)
    };
    let fraction_fits = match fraction {
        None => true,
        Some(digits) => parts.len() == 3 && !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit()),
    };
    let clock = match parts.as_slice() {
        [hour, rest @ ..] => below(hour, 24) && rest.iter().all(|part| below(part, 60)),
        [] => false,
    };
    clock && matches!(parts.len(), 2 | 3) && fraction_fits
}

/// A date and a time, with a zone if one is given.
fn is_moment(text: &str) -> bool {
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    let Some(clock) = rest.strip_prefix([' ', 'T']) else { return false };
    let zone = clock.find(|one: char| !one.is_ascii_digit() && one != ':' && one != '.');
    let (time, zone) = clock.split_at(zone.unwrap_or(clock.len()));
    let is_zone = |zone: &str| {
        let Some((hour, minute)) = zone.strip_prefix(['+', '-']).and_then(|zone| zone.split_once(':')) else {
            return false;
        };
        let number = |part: &str| if part.len() == 2 { part.parse::<u32>().ok() } else { None };
        matches!((number(hour), number(minute)), (Some(0..=14), Some(0..=59)))
    };
    is_date(day)
        && is_time(time)
        && (zone.is_empty() || matches!(zone.trim_start(), "Z" | "z") || is_zone(zone.trim_start()))
}
