//! The texts in which columns of SQLite hold dates, times, UUIDs and JSON.
//!
//! SQLite would keep any text in such a column, and its readers would fail on it later. What passes here is what the date
//! functions of SQLite read (<https://sqlite.org/lang_datefunc.html#time_values>), and only days that exist.

use serde::de::IgnoredAny;

/// `2026-01-31`
pub fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    match (number(year, 4), number(month, 2), number(day, 2)) {
        (Some(year), Some(month @ 1..=12), Some(day)) => (1..=days_of(month, year)).contains(&day),
        _ => false,
    }
}

/// `10:00`, `10:00:00` or `10:00:00.5`
pub fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let has_fraction = |fraction: &str| !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = clock.split(':');
    let hours = parts.next().and_then(|hours| number(hours, 2)).is_some_and(|hours| hours < 24);
    let minutes = parts.next().and_then(|minutes| number(minutes, 2)).is_some_and(|minutes| minutes < 60);
    let seconds = match parts.next() {
        Some(seconds) => number(seconds, 2).is_some_and(|seconds| seconds < 60) && fraction.is_none_or(has_fraction),
        None => fraction.is_none(),
    };
    hours && minutes && seconds && parts.next().is_none()
}

/// A date, or a date and a time with a space or a `T` between them, and a zone such as `Z` or `+02:00` behind it.
pub fn is_timestamp(text: &str) -> bool {
    match text.split_once([' ', 'T']) {
        None => is_date(text),
        Some((date, time)) => is_date(date) && is_time(without_zone(time)),
    }
}

/// `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`, or its digits alone, as SQLAlchemy writes them.
pub fn is_uuid(text: &str) -> bool {
    let is_grouped = || text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let digits = text.bytes().filter(|byte| *byte != b'-');
    (text.len() == 32 || is_grouped())
        && digits.clone().count() == 32
        && digits.into_iter().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the text is JSON.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn days_of(month: u32, year: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The time without the zone behind it.
fn without_zone(time: &str) -> &str {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return time.trim_end();
    }
    match time.rsplit_once(['+', '-']) {
        Some((time, zone)) if zone.len() == 5 && is_time(zone) => time.trim_end(),
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_exist() {
        for day in ["2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert!(is_date(day), "{day}");
        }
        for other in
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "31.1.2026", "", "x"]
        {
            assert!(!is_date(other), "{other}");
        }
    }

    #[test]
    fn times_are_what_the_functions_of_sqlite_read() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let read = |text: &str| -> Option<String> {
            connection.query_row("SELECT datetime(?1)", [text], |row| row.get(0)).unwrap()
        };
        for text in [
            "2026-01-31",
            "2026-01-31 10:00",
            "2026-01-31T10:00:59",
            "2026-01-31 10:00:00.123456",
            "2026-01-31 10:00:00Z",
            "2026-01-31T10:00:00.5+02:00",
            "2026-01-31 10:00 -05:30",
        ] {
            assert!(is_timestamp(text), "{text}");
            assert!(read(text).is_some(), "{text}");
        }
        for text in [
            "2026-01-31 10",
            "2026-01-31 10:60",
            "2026-01-31 10:00:00.",
            "2026-01-31 10:00+2",
            "2026-01-31  10:00 CET",
            "tomorrow",
        ] {
            assert!(!is_timestamp(text), "{text}");
            assert!(read(text).is_none(), "{text}");
        }
        // SQLite reads it as the next day, Python not at all.
        assert!(!is_timestamp("2026-01-31 24:00"));
    }

    #[test]
    fn identifiers_have_their_digits() {
        assert!(is_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6") && is_uuid("F81D4FAE7DEC11D0A76500A0C91E6BF6"));
        for other in [
            "",
            "f81d4fae",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bfz",
            "f81d4fae7dec-11d0-a765-00a0c91e6bf6--",
            "é".repeat(16).as_str(),
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }

    #[test]
    fn json_is_read_whole() {
        assert!(is_json("{}") && is_json("[1, null, \"ü\"]") && is_json("3"));
        assert!(!is_json("") && !is_json("{'a': 1}") && !is_json("{} {}"));
    }
}
