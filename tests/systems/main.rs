//! The five systems of the README and of `examples/`, through the program itself: slices compose, scripts run on real
//! engines with rows in the tables, and each script runs from its own place in the history only.

#[path = "../support/mod.rs"]
mod support;

mod composition;
mod execution;
mod ledger;
mod project;
mod rows;
