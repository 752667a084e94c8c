//! Offprint turns schema revisions into SQL files, offline.

pub mod diagnostic;
pub mod history;
pub mod source;
