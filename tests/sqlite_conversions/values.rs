//! Values of each type, and values that only look like some.

use crate::prediction::Kind;
use crate::prediction::Stored::{self, Blob, Integer, Null, Real, Text};
use crate::support::random::Random;

const TEXTS: [&str; 46] = [
    "",
    " ",
    "a",
    "it's",
    "ünïcödé 🦀",
    "12",
    "-5",
    "0",
    "1",
    "01",
    "+1",
    " 1",
    "1 ",
    "1e3",
    "0x1F",
    "12abc",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "-0.25",
    "0.30000000000000004",
    "1.50",
    ".5",
    "5.",
    "-0",
    "-0.0",
    "0.0",
    "1e-400",
    "1e999",
    "123456789012345678901234567890",
    "NaN",
    "Infinity",
    "inf",
    "true",
    "FALSE",
    "yes",
    "ok",
    "sad",
    "OK",
    "null",
    "a\0b",
    "12\0",
    "abcdefgh",
    "abcdefghi",
    "line\nfeed",
    "NULL",
];
const DATES: [&str; 7] =
    ["2026-01-31", "2024-02-29", "2026-02-29", "2026-02-30", "0000-01-01", "2026-1-3", "2026-01-31 "];
const TIMES: [&str; 9] =
    ["10:00", "23:59:59", "10:00:00.5", "24:00", "10:60", "10:00:00.", "10:00Z", "10:00\0x", "9:30"];
const MOMENTS: [&str; 12] = [
    "2026-01-31 10:00:00",
    "2026-01-31T10:00",
    "2026-01-31 00:00:00",
    "2026-01-31T00:00:00",
    "2026-01-31 10:00:00.123",
    "2026-01-31 10:00:00Z",
    "2026-01-31 10:00:00+02:00",
    "2026-01-31 10:00 -05:30",
    "2026-02-30 00:00:00",
    "2026-01-31 24:00",
    "2026-01-31 10:00:00x",
    "2026-01-31 10:00:00 ",
];
const UUIDS: [&str; 4] = [
    "00000000-0000-0000-0000-000000000123",
    "0192A1B2-0000-4000-8000-00000000000F",
    "0192a1b200004000800000000000000f",
    "0192a1b2-0000-4000-8000-00000000000g",
];
const JSON: [&str; 9] = ["{}", "[1, \"a\"]", "\"s\"", "5", "5.0", "true", "{a:1}", "[1", "{} x"];
const INTEGERS: [i64; 10] =
    [0, 1, -1, 7, 1_000_000, 123_456_789, 9_007_199_254_740_992, 9_007_199_254_740_993, i64::MAX, i64::MIN];
const REALS: [f64; 12] =
    [0.0, 1.0, 0.5, -2.25, 0.1, 0.1 + 0.2, 1.15 * 100.0, 1e15, 1e22, 123_456_789_012_345_680.0, 1e300, f64::INFINITY];

/// A value that a column of this kind may hold: mostly one of its own.
pub fn any(kind: Kind, hostile: bool, moods: &[String], random: &mut Random) -> Stored {
    if random.one_in(6) {
        return Null;
    }
    if kind == Kind::Mood || !hostile || !random.one_in(3) {
        return own(kind, moods, random);
    }
    match random.below(8) {
        0 => Integer(INTEGERS[random.below(INTEGERS.len())]),
        1 => Real(REALS[random.below(REALS.len())]),
        2 => Blob(vec![0x31]),
        3 => Blob(random.number().to_le_bytes()[..random.below(5)].to_vec()),
        _ => Text(hostile_text(random).to_owned()),
    }
}

fn hostile_text(random: &mut Random) -> &'static str {
    let pools: [&[&'static str]; 6] = [&TEXTS, &TEXTS, &DATES, &TIMES, &MOMENTS, &JSON];
    let pool = pools[random.below(pools.len())];
    pool[random.below(pool.len())]
}

/// A value of the kind.
pub fn own(kind: Kind, moods: &[String], random: &mut Random) -> Stored {
    let pick = |pool: &[&str], good: usize, random: &mut Random| Text(pool[random.below(good)].to_owned());
    match kind {
        Kind::SmallInteger | Kind::Integer | Kind::BigInteger => Integer(INTEGERS[random.below(6)]),
        Kind::Float | Kind::Double => Real(REALS[random.below(10)]),
        Kind::Boolean => Integer(random.below(2) as i64),
        Kind::Text => pick(&TEXTS, TEXTS.len(), random),
        Kind::Varchar => Text(["a", "12", "true", "1.5", "ok", "{}", "10:00"][random.below(7)].to_owned()),
        Kind::Date => pick(&DATES, 2, random),
        Kind::Time => pick(&TIMES, 3, random),
        Kind::Timestamp | Kind::Timestamptz => pick(&MOMENTS, 8, random),
        Kind::Uuid => pick(&UUIDS, 2, random),
        Kind::Json => pick(&JSON, 6, random),
        Kind::NumericAsText => Text(["1.50", "12", "-0.25", "0.1"][random.below(4)].to_owned()),
        Kind::Mood => Text(moods[random.below(moods.len())].clone()),
        Kind::Bytes => Blob(vec![0, 0xff, b'a'][..random.below(4)].to_vec()),
        Kind::Decimal => match random.below(3) {
            0 => Integer(INTEGERS[random.below(6)]),
            1 => Real(REALS[2 + random.below(5)]),
            _ => Text("n/a".to_owned()),
        },
    }
}
