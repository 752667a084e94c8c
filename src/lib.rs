//! Offprint turns schema revisions into SQL files, offline.
//!
//! A team writes each change of its schema once, as a small Rust file. Offprint replays all of them in memory and
//! prints, for each dialect, the SQL that takes a database from one revision to another. `ARCHITECTURE.md` tells how.

#![warn(clippy::disallowed_methods, clippy::disallowed_macros)]

pub mod applier;
pub mod artifact;
pub mod cli;
pub mod compile;
pub mod compiled;
pub mod diagnostic;
pub mod dialect;
pub mod history;
pub mod language;
pub mod operation;
pub mod plan;
pub mod prelude;
pub mod project;
pub mod replay;
pub mod revision;
pub mod schema;
pub mod source;
pub mod workspace;
