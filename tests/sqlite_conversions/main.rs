//! Changes of types and enums on SQLite, with rows that fit and rows that do not.
//!
//! Each case is a random table with random rows, many of them hostile, in random surroundings, and a random change, run as
//! one of the appliers does. What becomes of each value is predicted by code that shares nothing with the compiler
//! (`prediction.rs`). Where it says that a value fits nowhere, the script stops and nothing has changed; else exactly the
//! predicted values are there, and all that stands around them as it was, up and down.

#[path = "../support/mod.rs"]
mod support;

mod case;
mod compiled;
mod enums;
mod guide;
mod prediction;
mod run;
mod shape;
mod values;
mod words;

use std::env;
use std::time::{Duration, Instant};

use case::Case;
use run::{Client, Outcome};
use support::modes::Mode;
use support::random::Random;
use support::sqlite::shell_is_installed;

/// How many cases are tried at each place: so many at least, and so many at most if there is time.
const LEAST: u64 = 150;
const CASES: u64 = 500;
const TIME: Duration = Duration::from_secs(20);

#[test]
fn with_the_sqlite_library() {
    run_all(|random| Client::Library(Mode::ALL[random.below(Mode::ALL.len())]));
}

#[test]
fn in_the_sqlite_shell() {
    if shell_is_installed("conversions") {
        run_all(|_| Client::Shell);
    }
}

/// `OFFPRINT_CONVERSION_CASES` says how many cases are tried, `OFFPRINT_CONVERSION_SEED` which one is tried alone.
fn run_all(client: fn(&mut Random) -> Client) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let run = |seed: u64| {
        let mut random = Random::new(seed);
        let case = Case::random(seed, &mut random);
        case.run(client(&mut random))
    };
    if let Some(seed) = number("OFFPRINT_CONVERSION_SEED") {
        run(seed);
        return;
    }
    let (started, chosen) = (Instant::now(), number("OFFPRINT_CONVERSION_CASES"));
    let mut outcomes = Vec::new();
    for seed in 0..chosen.unwrap_or(CASES) {
        if chosen.is_none() && seed >= LEAST && started.elapsed() > TIME {
            break;
        }
        outcomes.push(run(seed));
    }
    // Otherwise the random cases are all of one kind, and the test shows little.
    for wanted in [Outcome::Refused, Outcome::StoppedUp, Outcome::StoppedDown, Outcome::ThereAndBack] {
        let count = outcomes.iter().filter(|outcome| **outcome == wanted).count();
        assert!(count * 50 >= outcomes.len(), "only {count} of {} cases were {wanted:?}", outcomes.len());
    }
}
