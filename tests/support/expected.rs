//! The replayed schema as an engine has to report it, written down from knowledge of the engines, not of the emitter.
//!
//! Facets are converted directly. What an engine rewrites (expressions on Postgres) or what can be said in more than one
//! way (a default) is settled by the engine itself: it is given the author's words and says what it makes of them.

mod postgres;
mod sqlite;

use offprint::schema::{
    Action, Column, Deferrability, ForeignKey, Index, IndexPart, Literal, Order, Schema, Uniqueness,
};

use super::observed::difference::assert_same;
use super::observed::{self, ConstraintTiming, IndexOrder, ObservedRule, UniqueNulls};
use super::postgres::PostgresDatabase;
use super::sqlite::{ForeignKeys, SqliteDatabase};

/// The tables that no revision makes.
const LEFT_OUT: [&str; 1] = ["alembic_version"];

/// Fails the test, with every difference in words, unless the database has exactly what the replay says.
#[track_caller]
pub fn assert_no_drift_on_postgres(replayed: &Schema, database: &PostgresDatabase) {
    let found = observed::postgres::read(&mut database.connect(), &LEFT_OUT);
    assert_same(&postgres::expected(replayed, &found, database), &found);
}

/// As [`assert_no_drift_on_postgres`], for SQLite.
#[track_caller]
pub fn assert_no_drift_on_sqlite(replayed: &Schema, database: &SqliteDatabase) {
    let connection = database.connect(ForeignKeys::Off);
    let found = observed::sqlite::read(&connection, &LEFT_OUT);
    assert_same(&sqlite::expected(replayed, &found), &found);
}

fn foreign_key(key: &ForeignKey) -> (ObservedRule, ConstraintTiming) {
    let rule = ObservedRule::ForeignKey {
        columns: key.columns.iter().map(ToString::to_string).collect(),
        referred_table: key.referred_table.to_string(),
        referred_columns: key.referred_columns.iter().map(ToString::to_string).collect(),
        on_update: action(key.on_update).to_owned(),
        on_delete: action(key.on_delete).to_owned(),
        matching: "SIMPLE".to_owned(),
    };
    let checked = match key.deferrability {
        Deferrability::NotDeferrable => ConstraintTiming::NotDeferrable,
        Deferrability::InitiallyImmediate => ConstraintTiming::InitiallyImmediate,
        Deferrability::InitiallyDeferred => ConstraintTiming::InitiallyDeferred,
    };
    (rule, checked)
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
        Uniqueness::Unique => Some(UniqueNulls::Distinct),
    }
}

fn order(part: &IndexPart) -> IndexOrder {
    match part.order {
        Order::Ascending => IndexOrder::Ascending,
        Order::Descending => IndexOrder::Descending,
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
