//! Offprint turns schema revisions into SQL files, offline.

pub mod applier;
pub mod artifact;
pub mod compile;
pub mod compiled;
pub mod diagnostic;
pub mod dialect;
pub mod history;
pub mod language;
pub mod operation;
pub mod plan;
pub mod prelude;
pub mod replay;
pub mod revision;
pub mod schema;
pub mod source;
