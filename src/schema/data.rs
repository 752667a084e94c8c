//! Statements that change rows or that only the author understands.

use ecow::EcoString;

use super::Literal;
use crate::source::Located;

/// New rows for a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    pub table: EcoString,
    pub columns: Vec<EcoString>,
    /// Each row has a value for every column, and each value knows where it was written.
    pub rows: Vec<Vec<Located<Literal>>>,
}

/// New values for rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub table: EcoString,
    pub assignments: Vec<(EcoString, Located<Literal>)>,
    /// The condition in SQL; without one, all rows.
    pub filter: Option<EcoString>,
}

/// Rows to delete.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    pub table: EcoString,
    pub filter: RowFilter,
}

/// Which rows to delete.
#[derive(Debug, Clone, PartialEq)]
pub enum RowFilter {
    /// All rows.
    All,
    /// The rows for which an SQL condition is true.
    Condition(EcoString),
    /// The rows with one of these keys.
    Keys { columns: Vec<EcoString>, rows: Vec<Vec<Located<Literal>>> },
}

/// SQL of the author, printed as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Execute {
    pub sql: EcoString,
}
