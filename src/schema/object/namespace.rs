//! Schemas of the database, and the extensions that are installed into them.

use ecow::EcoString;

/// A schema of the database, next to the one that the objects of the project live in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    pub name: EcoString,
}

/// An extension of the server that the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: EcoString,
    /// The schema that its objects are in; without one, the schema of the project.
    pub schema: Option<EcoString>,
    /// The version; without one, the one that the server has by default.
    pub version: Option<EcoString>,
}
