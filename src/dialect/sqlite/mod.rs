//! Placeholder: replaced by the dialect.
mod literal;
mod quote;
mod statement;
mod types;

use ecow::EcoString;

use super::{Request, Settings};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::schema::Schema;

pub fn plan(_: &Request<'_>) -> Result<Plan, Vec<Diagnostic>> {
    Ok(Plan::default())
}

pub fn schema_sql(_: &Schema, _: &Settings) -> Result<Vec<String>, Vec<Diagnostic>> {
    Ok(Vec::new())
}

pub fn stamp_sql(_: &[EcoString], _: &Settings) -> String {
    String::new()
}
