//! A column of a table.

use ecow::EcoString;

use super::{ColumnType, Counting, Literal};

/// A column, as the replayed schema of one dialect knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: EcoString,
    pub column_type: ColumnType,
    pub nullability: Nullability,
    pub default: Option<Literal>,
    /// The database numbers the rows by itself.
    pub identity: Option<Identity>,
    /// The expression of a stored generated column.
    pub generated: Option<EcoString>,
    pub collation: Option<EcoString>,
    pub comment: Option<EcoString>,
}

/// Whether a column may be NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nullability {
    Nullable,
    NotNull,
}

/// How an identity column is numbered. SQL standard: `GENERATED … AS IDENTITY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub generation: Generation,
    /// How the numbers follow one another. Boxed, since few columns say it. Advisory: SQLite counts from 1 by 1.
    pub counting: Option<Box<Counting>>,
}

/// Whether a row may bring its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    ByDefault,
    /// Only where a statement insists. Advisory: SQLite takes any number.
    Always,
}

impl Column {
    /// Whether NULL is refused.
    pub fn is_not_null(&self) -> bool {
        self.nullability == Nullability::NotNull
    }
}
