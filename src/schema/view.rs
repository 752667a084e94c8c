//! A view.

use ecow::EcoString;

/// A view with the query of one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: EcoString,
    pub query: EcoString,
    pub security: ViewSecurity,
}

/// With whose privileges, and under whose row-level security, a view reads its tables. Advisory where there are no roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewSecurity {
    /// Those of the role that owns the view.
    Owner,
    /// Those of the role that reads the view.
    Invoker,
}
