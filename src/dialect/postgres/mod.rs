//! The Postgres dialect.

mod author_sql;
mod clauses;
mod history;
mod literal;
mod locks;
mod lower;
mod objects;
mod partitions;
mod privileges;
mod quote;
mod segment;
mod sequences;
mod statement;
mod types;
mod whole;

use ecow::EcoString;

use super::{Delivery, Request, Settings};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::schema::Schema;

/// Plans one revision in one direction.
///
/// # Errors
///
/// Postgres cannot make a change exactly; the diagnostics point at the author's words.
pub fn plan(request: &Request<'_>) -> Result<Plan, Vec<Diagnostic>> {
    let lowered = lower::lower(request)?;
    Ok(segment::assemble(request, lowered))
}

/// The SQL that creates a whole schema, in an order in which every object finds what it needs.
///
/// # Errors
///
/// A default or an expression in the schema cannot be written for Postgres.
pub fn schema_sql(schema: &Schema, settings: &Settings) -> Result<Vec<String>, Vec<Diagnostic>> {
    whole::schema_sql(schema, settings)
}

/// The SQL that records that a database is at these revisions, for a database that has its tables already.
pub fn stamp_sql(heads: &[EcoString], settings: &Settings, delivery: Delivery) -> String {
    let statements = history::stamp(heads, settings).into_iter().map(|step| step.sql);
    let [begin, commit] = match delivery {
        Delivery::Own { .. } => [Some("BEGIN;".to_owned()), Some("COMMIT;".to_owned())],
        Delivery::Wrapped | Delivery::Hosted => [None, None],
    };
    let all: Vec<String> = begin.into_iter().chain(statements).chain(commit).collect();
    format!("{}\n", all.join("\n\n"))
}
