//! The schema of a database as the engine itself reports it: one plain model for both engines, to be compared.
//!
//! What is normalised, and where:
//! - Postgres stores parsed expressions and prints them with casts and parentheses of its own (`CHECK ((a > 0))`,
//!   `'x'::text`). The reader keeps that spelling, made under an empty `search_path`, so that it does not depend on the
//!   session. Whoever compares with an author's text lets the server parse and print that text too.
//! - SQLite stores the author's text and changes names in it when something is renamed. [`sqlite_text::canonical`] is the
//!   one place that evens out what does not matter: spaces, comments, the kind of quotes around a name.
//! - What is the engine's own choice when the author says nothing (the default collation, operator class and order of
//!   NULLs) is `None`.

pub mod difference;
pub mod postgres;
pub mod sqlite;
mod sqlite_table;
pub mod sqlite_text;

use std::collections::{BTreeMap, BTreeSet};

/// All that a database has, by name. A name outside the engine's usual schema is written `schema.name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedSchema {
    pub tables: BTreeMap<String, ObservedTable>,
    pub views: BTreeMap<String, ObservedView>,
    pub enums: BTreeMap<String, ObservedEnum>,
    /// The sequences that no identity column made for itself.
    pub sequences: BTreeMap<String, ObservedSequence>,
    /// Every other kind of object, by kind and name, with its definition: functions, policies, extensions, …
    pub others: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedTable {
    pub columns: BTreeMap<String, ObservedColumn>,
    /// The names of the columns in the engine's order.
    pub column_order: Vec<String>,
    /// SQLite's need no names; equal ones without a name count once.
    pub constraints: BTreeSet<ObservedConstraint>,
    pub indexes: BTreeMap<String, ObservedIndex>,
    pub triggers: BTreeMap<String, ObservedTrigger>,
    /// `STRICT`, `WITHOUT ROWID`, `UNLOGGED`, `ROW LEVEL SECURITY`, storage parameters, …
    pub options: BTreeSet<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedColumn {
    /// The type as the engine prints it: `character varying(20)`, or the declared name on SQLite.
    pub declared_type: String,
    pub not_null: bool,
    /// What SQLite does with a row that has NULL there, when it is not `ABORT`.
    pub on_null: Option<String>,
    pub default: Option<String>,
    pub identity: Option<ObservedIdentity>,
    pub generated: Option<ObservedGenerated>,
    /// Unless it is the default of the type.
    pub collation: Option<String>,
    pub comment: Option<String>,
}

/// Who gives the next number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObservedIdentity {
    Always(ObservedSequence),
    ByDefault(ObservedSequence),
    /// SQLite's keyword `AUTOINCREMENT`.
    Autoincrement,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedSequence {
    pub data_type: String,
    pub start: i64,
    pub increment: i64,
    pub minimum: i64,
    pub maximum: i64,
    pub cache: i64,
    pub cycle: bool,
    /// `table.column`, for a sequence that goes away with a column.
    pub owned_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedGenerated {
    pub expression: String,
    pub storage: GeneratedStorage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GeneratedStorage {
    Stored,
    Virtual,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedConstraint {
    /// SQLite's may have none.
    pub name: Option<String>,
    pub rule: ObservedRule,
    pub checked: ConstraintTiming,
    /// False for Postgres' `NOT VALID`.
    pub validated: bool,
    /// What SQLite does with a row that breaks it, when it is not `ABORT`.
    pub on_conflict: Option<String>,
    pub comment: Option<String>,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConstraintTiming {
    NotDeferrable,
    InitiallyImmediate,
    InitiallyDeferred,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObservedRule {
    PrimaryKey {
        columns: Vec<String>,
        include: Vec<String>,
    },
    Unique {
        columns: Vec<String>,
        include: Vec<String>,
        nulls: UniqueNulls,
    },
    Check {
        expression: String,
    },
    ForeignKey {
        columns: Vec<String>,
        referred_table: String,
        /// Empty when SQLite's `REFERENCES` names none.
        referred_columns: Vec<String>,
        on_update: String,
        on_delete: String,
        matching: String,
    },
    /// An exclusion constraint or a constraint trigger, as the engine prints it.
    Other {
        definition: String,
    },
}

/// Whether two rows with NULL in a unique column are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UniqueNulls {
    Distinct,
    NotDistinct,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedIndex {
    /// None for an index that is not unique.
    pub unique: Option<UniqueNulls>,
    pub method: String,
    pub keys: Vec<ObservedIndexKey>,
    pub include: Vec<String>,
    pub predicate: Option<String>,
    /// Storage parameters, and `INVALID` after a failed build.
    pub options: BTreeSet<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedIndexKey {
    pub value: IndexedValue,
    pub order: IndexOrder,
    /// The collation in force, unless it is the default of the database.
    pub collation: Option<String>,
    /// Unless it is the default of the type.
    pub operator_class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexedValue {
    Column(String),
    Expression(String),
}

/// The order of an index key; NULLs are where the engine puts them by itself, unless said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexOrder {
    Ascending,
    AscendingNullsFirst,
    Descending,
    DescendingNullsLast,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedTrigger {
    pub definition: String,
    /// `enabled`, `disabled`, `always` or `replica`.
    pub firing: String,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedView {
    pub definition: String,
    /// `MATERIALIZED`, `security_invoker=true`, …
    pub options: BTreeSet<String>,
    pub indexes: BTreeMap<String, ObservedIndex>,
    pub triggers: BTreeMap<String, ObservedTrigger>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedEnum {
    pub values: Vec<String>,
    pub comment: Option<String>,
}

impl ObservedSchema {
    /// The same schema with the columns of each table in the order of their names, for the places where a way back may
    /// leave a column at the end.
    pub fn with_columns_in_any_order(mut self) -> ObservedSchema {
        for table in self.tables.values_mut() {
            table.column_order.sort();
        }
        self
    }
}
