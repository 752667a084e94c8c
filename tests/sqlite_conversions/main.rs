//! Changes of types and enums on SQLite, with rows that fit and rows that do not.
//!
//! Each case is a random table with random rows, many of them hostile, and a random change. What becomes of each value is
//! predicted by code that shares nothing with the compiler (`prediction.rs`). Where it says that a value fits nowhere, the
//! script stops and nothing has changed; else exactly the predicted values are there, up and down.

#[path = "../support/mod.rs"]
mod support;

mod case;
mod compiled;
mod enums;
mod guide;
mod prediction;
mod values;

use std::env;
use std::time::{Duration, Instant};

use case::{Case, Outcome};
use support::engine::Place;
use support::random::Random;

/// How many cases are tried at each place: so many at least, and so many at most if there is time.
const LEAST: u64 = 150;
const CASES: u64 = 500;
const TIME: Duration = Duration::from_secs(20);

#[test]
fn with_the_sqlite_library() {
    run_all(Place::SqliteLibrary);
}

#[test]
fn in_the_sqlite_shell() {
    run_all(Place::SqliteShell);
}

/// `OFFPRINT_CONVERSION_CASES` says how many cases are tried, `OFFPRINT_CONVERSION_SEED` which one is tried alone.
fn run_all(place: Place) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    if let Some(seed) = number("OFFPRINT_CONVERSION_SEED") {
        Case::random(seed, &mut Random::new(seed)).run(place);
        return;
    }
    let (started, chosen) = (Instant::now(), number("OFFPRINT_CONVERSION_CASES"));
    let mut outcomes = Vec::new();
    for seed in 0..chosen.unwrap_or(CASES) {
        if chosen.is_none() && seed >= LEAST && started.elapsed() > TIME {
            break;
        }
        let Some(outcome) = Case::random(seed, &mut Random::new(seed)).run(place) else { return };
        outcomes.push(outcome);
    }
    // Otherwise the random cases are all of one kind, and the test shows little.
    for wanted in [Outcome::Refused, Outcome::StoppedUp, Outcome::StoppedDown, Outcome::ThereAndBack] {
        let count = outcomes.iter().filter(|outcome| **outcome == wanted).count();
        assert!(count * 50 >= outcomes.len(), "only {count} of {} cases were {wanted:?}", outcomes.len());
    }
}
