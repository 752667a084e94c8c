//! What depends on a column, so that Postgres would refuse to change its type or would change what it means.

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::tokens::{self, Token};
use crate::schema::{Cause, Column, Index, Rule, Schema, Table};

/// How much of what depends on a column survives the change of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survival {
    /// Expressions over the column keep their meaning: the new type has the same operators.
    Expressions,
    /// Only the default of the column, and plain indexes and unique constraints, are made anew.
    Plain,
}

/// Refuses the change of a column's type while something depends on the column that does not survive it.
///
/// # Errors
///
/// There is such a thing.
pub fn check(schema: &Schema, table: &Table, column: &Column, survival: Survival, cause: &Cause) -> super::Result<()> {
    let name = column.name.as_str();
    let found = views(schema, table, name)
        .or_else(|| triggers(schema, table, name))
        .or_else(|| generated(table, name))
        .or_else(|| match survival {
            Survival::Expressions => None,
            Survival::Plain => checks(table, name)
                .or_else(|| indexes(table, name))
                .or_else(|| own_foreign_keys(table, name))
                .or_else(|| inbound_foreign_keys(schema, table, name)),
        });
    let Some(dependant) = found else { return Ok(()) };
    Err(Box::new(
        Diagnostic::new(
            Code::NotYet,
            format!("the type of `{}.{name}` cannot change while {dependant} depends on it", table.name),
        )
        .at(cause.origin, format!("{dependant} is in the way"))
        .help(format!("drop {dependant} before it, and create it again after it, in the same revision")),
    ))
}

/// A view that names the table, and the column or all columns.
fn views(schema: &Schema, table: &Table, column: &str) -> Option<String> {
    let reads =
        |query: &str| tokens::mentions(query, &table.name) && (tokens::mentions(query, column) || selects_all(query));
    schema.views().find(|view| reads(&view.query)).map(|view| format!("view `{}`", view.name))
}

/// Whether the text has a `*` that is not the one of `count(*)`.
fn selects_all(query: &str) -> bool {
    let all: Vec<Token<'_>> = tokens::tokens(query).collect();
    (0..all.len()).any(|index| {
        let counted =
            index > 0 && all[index - 1].is_mark("(") && all.get(index + 1).is_some_and(|next| next.is_mark(")"));
        all[index].is_mark("*") && !counted
    })
}

fn triggers(schema: &Schema, table: &Table, column: &str) -> Option<String> {
    let mut own = schema.triggers().filter(|trigger| trigger.table == table.name);
    own.find(|trigger| tokens::mentions(&trigger.definition, column))
        .map(|trigger| format!("trigger `{}`", trigger.name))
}

fn generated(table: &Table, column: &str) -> Option<String> {
    let uses = |other: &&Column| other.generated.as_ref().is_some_and(|text| tokens::mentions(text, column));
    table.columns.iter().find(uses).map(|other| format!("generated column `{}`", other.name))
}

fn checks(table: &Table, column: &str) -> Option<String> {
    let mut checks = table.constraints.iter().filter(|constraint| match &constraint.rule {
        Rule::Check { expression } => tokens::mentions(expression, column),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => false,
    });
    checks.next().map(ToString::to_string)
}

/// An index whose expressions, filter, operator class, collation or method are made for the old type.
fn indexes(table: &Table, column: &str) -> Option<String> {
    let special = |index: &Index| {
        let own = |name: &str| name == column;
        let parts = index.parts.iter().any(|part| match &part.key {
            crate::schema::IndexKey::Column(name) => {
                own(name) && (part.operator_class.is_some() || part.collation.is_some() || index.method.is_some())
            }
            crate::schema::IndexKey::Expression(_) => false,
        });
        parts || index.expressions().any(|text| tokens::mentions(text, column))
    };
    table.indexes.iter().find(|index| special(index)).map(|index| format!("index `{}`", index.name))
}

fn own_foreign_keys(table: &Table, column: &str) -> Option<String> {
    let mut keys = table.foreign_keys().filter(|(_, key)| key.columns.iter().any(|name| name == column));
    keys.next().map(|(constraint, _)| constraint.to_string())
}

fn inbound_foreign_keys(schema: &Schema, table: &Table, column: &str) -> Option<String> {
    let mut keys = schema
        .inbound_foreign_keys(&table.name)
        .filter(|(.., key)| key.referred_columns.iter().any(|name| name == column));
    keys.next().map(|(other, constraint, _)| format!("the {constraint} of `{}`", other.name))
}

/// An index or constraint that sorts by the column, for types that have no order.
pub fn sorted_by(table: &Table, column: &str) -> Option<String> {
    let mut indexes = table.indexes.iter().filter(|index| index.columns().any(|name| name == column));
    let index = indexes.next().map(|index| format!("index `{}`", index.name));
    index.or_else(|| {
        let mut keys = table.constraints.iter().filter(|constraint| match &constraint.rule {
            Rule::PrimaryKey { columns } | Rule::Unique { columns } => columns.iter().any(|name| name == column),
            Rule::Check { .. } | Rule::ForeignKey(_) => false,
        });
        keys.next().map(ToString::to_string)
    })
}
