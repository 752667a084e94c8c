//! SQLite: changes in place where they are exact, else one rebuild per table, with guards.
//!
//! `lower` and `in_place` decide for each change what is said, `fold` and `rebuild` build tables anew, `row_guards` and `history`
//! refuse what cannot be done before anything is, and `statement` is all that can be said.

mod affinity;
mod checks;
mod closure;
mod conversion;
mod data;
mod definition;
mod dependants;
mod enum_values;
mod exact;
mod fold;
mod frame;
mod guard;
mod history;
mod in_place;
mod layout;
mod legacy;
mod literal;
mod lower;
mod marks;
mod method;
mod output;
mod pending;
mod plain;
mod plan;
mod presence;
mod quote;
mod rebuild;
mod rebuild_guards;
mod referable;
mod references;
mod replaced;
mod row_guards;
mod rows;
mod statement;
mod types;
mod unknown;
mod written;

use ecow::EcoString;

use super::{Delivery, Settings};

pub use plan::{plan, schema_sql};

/// The SQL that records that a database is at these revisions.
pub fn stamp_sql(heads: &[EcoString], settings: &Settings, delivery: Delivery) -> String {
    history::stamp(heads, settings, delivery)
}
