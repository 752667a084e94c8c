//! A trigger.

use ecow::EcoString;

/// A trigger. What follows its name in `CREATE TRIGGER` is the dialect's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    pub name: EcoString,
    pub table: EcoString,
    /// All that follows `CREATE TRIGGER name`: when, on what, and what is done.
    pub definition: EcoString,
}
