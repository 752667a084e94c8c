//! An enum: a type with a fixed list of values.

use ecow::EcoString;

/// An enum. On SQLite each column of it is text with a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    pub name: EcoString,
    /// The values in their order.
    pub values: Vec<EcoString>,
}
