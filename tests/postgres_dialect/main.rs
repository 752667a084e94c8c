//! What the Postgres dialect says, run on a real server with rows in the tables.
//!
//! The cases of every operation stand in `tests/operations`. Here is what is Postgres' own: which conversions of types
//! are exact, how enums come to their values, segments, the guards of the history table, and what is refused.

#[path = "../support/mod.rs"]
mod support;

mod conversions;
mod enums;
mod harness;
mod history;
mod literals;
mod names;
mod privileges;
mod refusals;
mod segments;
mod whole;
