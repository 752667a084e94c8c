//! A view.

use ecow::EcoString;

/// A view with the query of one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: EcoString,
    pub query: EcoString,
}
