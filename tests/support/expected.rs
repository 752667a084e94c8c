//! The replayed schema as an engine has to report it, written down from knowledge of the engines, not of the emitter.
//!
//! Facets are converted directly. What an engine rewrites (expressions on Postgres) or what can be said in more than one
//! way (a default) is settled by the engine itself: it is given the author's words and says what it makes of them.

mod postgres;
mod sqlite;

use offprint::schema::{
    self, Action, Column, Deferrability, ForeignKey, Index, IndexPart, Literal, NullsOrder, Order, Schema, Uniqueness,
};
use rusqlite::Connection;

use super::observed::difference::difference;
use super::observed::{self, ConstraintTiming, IndexOrder, ObservedRule, ObservedSchema, UniqueNulls};
use super::postgres::PostgresDatabase;
use super::sqlite::{ForeignKeys, SqliteDatabase};

/// The tables that no revision makes.
const LEFT_OUT: [&str; 1] = ["alembic_version"];

/// Whether the order of columns counts. After a way back it may be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnOrder {
    Exact,
    Any,
}

/// What the database has otherwise than the replay says, one sentence each.
pub fn drift_on_postgres(replayed: &Schema, database: &PostgresDatabase, order: ColumnOrder) -> Vec<String> {
    let found = observed::postgres::read(&mut database.connect(), &LEFT_OUT);
    compare(postgres::expected(replayed, &found, database), found, order)
}

/// As [`drift_on_postgres`], for SQLite.
pub fn drift_on_sqlite(replayed: &Schema, database: &SqliteDatabase, order: ColumnOrder) -> Vec<String> {
    drift_on_connection(replayed, &database.connect(ForeignKeys::Off), &[], order)
}

/// As [`drift_on_sqlite`], for a database that is open already and has objects that no revision knows.
pub fn drift_on_connection(
    replayed: &Schema,
    connection: &Connection,
    unknown: &[&str],
    order: ColumnOrder,
) -> Vec<String> {
    let found = observed::sqlite::read(connection, &[LEFT_OUT.as_slice(), unknown].concat());
    compare(sqlite::expected(replayed, &found), found, order)
}

fn compare(expected: ObservedSchema, found: ObservedSchema, order: ColumnOrder) -> Vec<String> {
    match order {
        ColumnOrder::Exact => difference(&expected, &found),
        ColumnOrder::Any => difference(&expected.with_columns_in_any_order(), &found.with_columns_in_any_order()),
    }
}

fn foreign_key(key: &ForeignKey) -> ObservedRule {
    ObservedRule::ForeignKey {
        columns: key.columns.iter().map(ToString::to_string).collect(),
        referred_table: key.referred_table.to_string(),
        referred_columns: key.referred_columns.iter().map(ToString::to_string).collect(),
        on_update: action(key.on_update).to_owned(),
        on_delete: action(key.on_delete).to_owned(),
        matching: "SIMPLE".to_owned(),
    }
}

fn timing(deferrability: Deferrability) -> ConstraintTiming {
    match deferrability {
        Deferrability::NotDeferrable => ConstraintTiming::NotDeferrable,
        Deferrability::InitiallyImmediate => ConstraintTiming::InitiallyImmediate,
        Deferrability::InitiallyDeferred => ConstraintTiming::InitiallyDeferred,
    }
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

fn uniqueness(index: &Index) -> Option<UniqueNulls> {
    match index.uniqueness {
        Uniqueness::Plain => None,
        Uniqueness::Unique(nulls) => Some(unique_nulls(nulls)),
    }
}

fn unique_nulls(nulls: schema::UniqueNulls) -> UniqueNulls {
    match nulls {
        schema::UniqueNulls::Distinct => UniqueNulls::Distinct,
        schema::UniqueNulls::NotDistinct => UniqueNulls::NotDistinct,
    }
}

fn order(part: &IndexPart) -> IndexOrder {
    match (part.order, part.nulls) {
        (Order::Ascending, None | Some(NullsOrder::Last)) => IndexOrder::Ascending,
        (Order::Ascending, Some(NullsOrder::First)) => IndexOrder::AscendingNullsFirst,
        (Order::Descending, None | Some(NullsOrder::First)) => IndexOrder::Descending,
        (Order::Descending, Some(NullsOrder::Last)) => IndexOrder::DescendingNullsLast,
    }
}

/// A name as the author wrote it in SQL, without the quotes it may have.
fn unquoted(name: &str) -> String {
    name.trim_matches('"').replace("\"\"", "\"")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn string(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The default of a column, unless it is none in effect.
fn default(column: &Column) -> Option<&Literal> {
    column.default.as_ref().filter(|default| **default != Literal::Null)
}
