//! What the rows of a table must be before a change, so that the change is possible and exact.

use ecow::EcoString;

use super::affinity;
use super::checks::Check;
use super::conversion::{GIVEN, Unfit};
use super::definition::known_collation;
use super::guard::{Message, refuse, refuse_rows, refuse_values};
use super::layout;
use super::quote;
use super::rows::{Rows, Values};
use super::statement::Statement;
use crate::schema::{ForeignKey, Index, IndexKey, Rule, Schema, Table, tokens};

/// A statement that stops the script, and what it looks at.
#[derive(Debug, Clone)]
pub struct Guard {
    pub statement: Statement,
    pub reads: Reads,
}

/// What a guard looks at: it can only stand before statements that change none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    Tables(Vec<EcoString>),
    /// The author's expression is in it, which may look at any table.
    Anything,
}

impl Guard {
    /// A guard that looks at one table.
    pub fn of(table: &Table, statement: Statement) -> Guard {
        Guard { statement, reads: Reads::Tables(vec![table.name.clone()]) }
    }
}

/// All guards of the rows of a rebuild, which happens at the same moment as that of the other tables of `together`.
pub fn all(rows: &Rows<'_>, together: &[&Rows<'_>], schema: &Schema) -> Vec<Guard> {
    let mut guards = conversions(rows);
    guards.extend(affinity::kept_values(rows, schema));
    guards.extend(not_null(rows));
    guards.extend(keys(rows));
    guards.extend(checks(rows));
    guards.extend(collated_enums(rows, schema));
    guards.extend(references(rows, together, schema));
    guards
}

/// Values that have no place in the new type.
pub fn conversions(rows: &Rows<'_>) -> Vec<Guard> {
    let mut guards = Vec::new();
    for column in rows.columns() {
        let Values::Converted { from, conversion } = &column.values else { continue };
        let Some(unfit) = column.converted.as_ref().and_then(|converted| converted.unfit.as_ref()) else { continue };
        let (table, place) = (quote::name(&rows.old.name), format!("{}.{from}", rows.old.name));
        let statement = match unfit {
            Unfit::Old(condition) => {
                let words = format!("values of `{place}` that have no place in {}", conversion.title);
                refuse_values(&words, &table, condition, &quote::column(&rows.old.name, from))
            }
            Unfit::Given(condition) => {
                let words =
                    format!("values that `.using` gives `{place}` and that have no place in {}", conversion.title);
                let given = format!("(SELECT {} AS \"value\" FROM {table}) AS \"given\"", column.expression);
                refuse_values(&words, &given, condition, GIVEN)
            }
        };
        let reads = match conversion.conversion.using {
            Some(_) => Reads::Anything,
            None => Reads::Tables(vec![rows.old.name.clone()]),
        };
        guards.push(Guard { statement, reads });
    }
    guards
}

/// NULL in columns that become NOT NULL.
fn not_null(rows: &Rows<'_>) -> Vec<Guard> {
    let mut guards = Vec::new();
    let table = quote::name(&rows.old.name);
    for column in rows.new.columns.iter().filter(|column| column.is_not_null()) {
        let Some(new) = rows.column(&column.name) else { continue };
        let was_not_null = |from: &str| rows.old.column(from).is_some_and(|old| old.is_not_null());
        let place = format!("{}.{}", rows.new.name, column.name);
        let becomes =
            format!("rows of `{}` that would have NULL in `{}`, which is NOT NULL", rows.new.name, column.name);
        match &new.values {
            Values::Kept(from) if was_not_null(from) => {}
            Values::Kept(_) => {
                let condition = format!("{} IS NULL", new.expression);
                guards.push(Guard::of(rows.old, refuse_rows(&becomes, &table, &condition)));
            }
            Values::Converted { from, conversion } => {
                let safe = new.converted.as_ref().is_some_and(|converted| !converted.may_be_null);
                if safe && was_not_null(from) {
                    continue;
                }
                let statement = refuse_rows(&becomes, &table, &format!("{} IS NULL", new.expression));
                let reads = match conversion.conversion.using {
                    Some(_) => Reads::Anything,
                    None => Reads::Tables(vec![rows.old.name.clone()]),
                };
                guards.push(Guard { statement, reads });
            }
            Values::Fresh { null: true, .. } => {
                let words = format!(
                    "rows of `{}` without a value for the new column `{place}`, which is NOT NULL and has no default",
                    rows.old.name
                );
                guards.push(Guard::of(rows.old, refuse_rows(&words, &table, "1")));
            }
            Values::Fresh { null: false, .. } | Values::Generated => {}
        }
    }
    guards
}

/// Rows with the same key where a key becomes unique, or where its values become others.
fn keys(rows: &Rows<'_>) -> Vec<Guard> {
    let mut guards = Vec::new();
    for constraint in &rows.new.constraints {
        let Some(columns) = constraint.rule.key() else { continue };
        if !has_key(rows, columns) {
            guards.extend(key(rows, columns, None));
        }
    }
    for index in rows.new.indexes.iter().filter(|index| index.is_unique()) {
        if !rows.old.indexes.contains(index) || !index_means_the_same(rows, index) {
            guards.extend(unique_index(rows, index));
        }
    }
    guards
}

/// Whether the old table has held the same key, with the same values, compared in the same way.
fn has_key(rows: &Rows<'_>, columns: &[EcoString]) -> bool {
    let collation = |table: &Table, name: &str| table.column(name).and_then(|column| column.collation.clone());
    let same = columns.iter().all(|name| rows.is_kept(name) && collation(rows.old, name) == collation(rows.new, name));
    same && rows.old.constraints.iter().any(|old| old.rule.key() == Some(columns))
}

fn index_means_the_same(rows: &Rows<'_>, index: &Index) -> bool {
    let collation = |table: &Table, name: &str| table.column(name).and_then(|column| column.collation.clone());
    index.columns().all(|name| rows.is_kept(name) && collation(rows.old, name) == collation(rows.new, name))
        && index.expressions().all(|text| rows.means_the_same(text))
}

/// The guard of a unique index.
pub fn unique_index(rows: &Rows<'_>, index: &Index) -> Option<Guard> {
    let mut columns = Vec::with_capacity(index.parts.len());
    for part in &index.parts {
        match &part.key {
            IndexKey::Column(name) if part.collation.is_none() => columns.push(name.clone()),
            // Compared in a way of its own: the engine checks it when it builds the index.
            IndexKey::Column(_) | IndexKey::Expression(_) => return None,
        }
    }
    key(rows, &columns, index.filter.as_deref())
}

fn key(rows: &Rows<'_>, columns: &[EcoString], filter: Option<&str>) -> Option<Guard> {
    let wanted = |name: &str| {
        columns.iter().any(|column| column == name) || filter.is_some_and(|filter| tokens::mentions(filter, name))
    };
    // Values that no row has are not the same.
    let is_missing = |name: &EcoString| {
        rows.column(name).is_some_and(|column| matches!(column.values, Values::Fresh { null: true, .. }))
    };
    if columns.iter().any(is_missing) {
        return None;
    }
    let source = rows.source(wanted, 2)?;
    let mut grouped = Vec::with_capacity(columns.len());
    for name in columns {
        let column = rows.new.column(name)?;
        let collation = column.collation.as_ref().and_then(|collation| known_collation(collation).ok());
        let value = quote::column(&rows.new.name, name);
        grouped.push(collation.map_or(value.clone(), |collation| format!("{value} COLLATE {collation}")));
    }
    let nullable = |name: &&EcoString| rows.new.column(name).is_none_or(|column| !column.is_not_null());
    let nullable = columns.iter().filter(nullable);
    let mut conditions: Vec<String> =
        nullable.map(|name| format!("{} IS NOT NULL", quote::column(&rows.new.name, name))).collect();
    conditions.extend(filter.map(quote::parenthesized));
    let present = match layout::all_of(&conditions, 3) {
        none if none.is_empty() => none,
        present => format!("\n        WHERE {present}"),
    };
    let twice = format!(
        "(
    SELECT count(*) AS \"count\"
    FROM (
        SELECT 1
        FROM {source}{present}
        GROUP BY{}
        HAVING count(*) > 1
    )
) AS \"found\"",
        layout::listed(&grouped, 3)
    );
    let words = format!(
        "values that stand more than once in `{}` of `{}`, which is unique",
        columns.join("`, `"),
        rows.new.name
    );
    let message = Message::new(format!("{words}: ")).value("\"found\".\"count\"");
    Some(Guard { statement: refuse(message, twice, "\"found\".\"count\" > 0"), reads: reads_of(rows) })
}

/// What a guard over the new rows looks at.
fn reads_of(rows: &Rows<'_>) -> Reads {
    let raw = rows.columns().any(|column| match &column.values {
        Values::Converted { conversion, .. } => conversion.conversion.using.is_some(),
        Values::Kept(_) | Values::Fresh { .. } | Values::Generated => false,
    });
    if raw { Reads::Anything } else { Reads::Tables(vec![rows.old.name.clone()]) }
}

/// Rows that a check refuses which is new, or which speaks of values that become others.
fn checks(rows: &Rows<'_>) -> Vec<Guard> {
    let mut guards = Vec::new();
    for constraint in &rows.new.constraints {
        let Rule::Check { expression } = &constraint.rule else { continue };
        let known = rows.old.constraints.iter().any(|old| old.rule == constraint.rule);
        if !known || !rows.means_the_same(expression) {
            guards.extend(check(rows, constraint.name.as_deref(), expression));
        }
    }
    guards
}

/// Values of enums that only a collation takes for one of theirs: another tool may have let them in.
fn collated_enums(rows: &Rows<'_>, schema: &Schema) -> Vec<Guard> {
    let collated = rows.new.columns.iter().filter(|column| column.collation.is_some() && rows.is_kept(&column.name));
    let checks = collated.filter_map(|column| Check::of_enum(column, rows.new, schema));
    checks.filter_map(|one| check(rows, one.name.as_deref(), &one.condition)).collect()
}

/// The guard of one check.
pub fn check(rows: &Rows<'_>, name: Option<&str>, expression: &str) -> Option<Guard> {
    let named = name.map_or("a check".to_owned(), |name| format!("the check `{name}`"));
    let words = format!("rows of `{}` that {named} refuses", rows.new.name);
    let condition = format!("NOT {}", quote::parenthesized(expression));
    let source = rows.source(|name| tokens::mentions(expression, name), 1)?;
    Some(Guard { statement: refuse_rows(&words, &source, &condition), reads: reads_of(rows) })
}

/// The guard of a column that becomes NOT NULL and keeps its values.
pub fn set_not_null(table: &Table, column: &str) -> Guard {
    let words = format!("rows of `{}` that would have NULL in `{column}`, which is NOT NULL", table.name);
    let condition = format!("{} IS NULL", quote::column(&table.name, column));
    Guard::of(table, refuse_rows(&words, &quote::name(&table.name), &condition))
}

/// Rows that refer to nothing where a foreign key is new.
fn references(rows: &Rows<'_>, together: &[&Rows<'_>], schema: &Schema) -> Vec<Guard> {
    let mut guards = Vec::new();
    for (_, key) in rows.new.foreign_keys() {
        let known = rows.old.foreign_keys().any(|(_, old)| {
            old.columns == key.columns
                && old.referred_table == key.referred_table
                && old.referred_columns == key.referred_columns
        });
        let same = key.columns.iter().all(|name| rows.is_kept(name));
        // Where the referred values become others at the same moment, the references are compared afterwards.
        let referred = together.iter().find(|other| other.new.name == key.referred_table);
        let referred_same = referred.is_none_or(|other| key.referred_columns.iter().all(|name| other.is_kept(name)));
        if !(known && same) && referred_same && (referred.is_some() || schema.table(&key.referred_table).is_some()) {
            guards.extend(reference(rows, key));
        }
    }
    guards
}

fn reference(rows: &Rows<'_>, key: &ForeignKey) -> Option<Guard> {
    let mut present = Vec::new();
    let mut pairs = Vec::new();
    for (own, referred) in key.columns.iter().zip(&key.referred_columns) {
        let column = rows.column(own)?;
        if column.values == Values::Generated {
            return None;
        }
        present.push(format!("{} IS NOT NULL", column.expression));
        pairs.push(format!("{} = {}", quote::column("referred", referred), column.expression));
    }
    let condition = format!(
        "{}\n        AND NOT EXISTS (SELECT 1 FROM {} AS \"referred\" WHERE {})",
        layout::all_of(&present, 2),
        quote::name(&key.referred_table),
        pairs.join(" AND ")
    );
    let words = format!(
        "rows of `{}` whose `{}` refers to no row of `{}`",
        rows.new.name,
        key.columns.join("`, `"),
        key.referred_table
    );
    let reads = match reads_of(rows) {
        Reads::Anything => Reads::Anything,
        Reads::Tables(_) => Reads::Tables(vec![rows.old.name.clone(), key.referred_table.clone()]),
    };
    Some(Guard { statement: refuse_rows(&words, &quote::name(&rows.old.name), &condition), reads })
}
