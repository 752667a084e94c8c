//! Foreign keys that Postgres could not make.

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::postgres::types::may_be_compared;
use crate::schema::{Cause, Change, ForeignKey, Rule, Schema, Table};

/// Refuses a new foreign key between columns whose values Postgres does not compare. SQLite makes it and compares by
/// affinity.
pub(super) fn check(change: &Change, after: &Schema, cause: &Cause) -> Result<()> {
    match change {
        Change::CreateTable(table) => table.foreign_keys().try_for_each(|(_, key)| check_key(table, key, after, cause)),
        Change::AddConstraint { table, constraint } => match (&constraint.rule, after.table(table)) {
            (Rule::ForeignKey(key), Some(table)) => check_key(table, key, after, cause),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn check_key(table: &Table, key: &ForeignKey, after: &Schema, cause: &Cause) -> Result<()> {
    let Some(referred) = after.table(&key.referred_table) else { return Ok(()) };
    for (own, other) in key.columns.iter().zip(&key.referred_columns) {
        let (Some(own), Some(other)) = (table.column(own), referred.column(other)) else { continue };
        if !may_be_compared(&own.column_type, &other.column_type) {
            let message = format!(
                "Postgres cannot compare `{}.{}` with `{}.{}`",
                table.name, own.name, referred.name, other.name
            );
            let label = format!("a foreign key from `{}` to `{}`", own.column_type, other.column_type);
            return Err(Box::new(
                Diagnostic::new(Code::NotInDialect, message)
                    .at(cause.origin, label)
                    .help(format!("give `{}.{}` the type `{}`", table.name, own.name, other.column_type)),
            ));
        }
    }
    Ok(())
}
