//! A view, or a materialized one.

use std::sync::Arc;

use ecow::EcoString;

use super::{Index, ObjectKind};

/// A view with the query of one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: EcoString,
    pub query: EcoString,
    pub kind: ViewKind,
}

/// Where the rows of a view are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewKind {
    /// In the tables that it reads, whenever it is read.
    Plain { security: ViewSecurity },
    /// In the view itself, as they were when it was filled last.
    Materialized(Materialized),
}

/// With whose privileges, and under whose row-level security, a view reads its tables. Advisory where there are no roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewSecurity {
    /// Those of the role that owns the view.
    Owner,
    /// Those of the role that reads the view.
    Invoker,
}

/// What a view has that keeps its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Materialized {
    pub population: Population,
    /// In the order of their names, so that two views with the same indexes are equal.
    indexes: Vec<Arc<Index>>,
}

/// Whether a materialized view has been filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Population {
    Filled,
    /// It cannot be read before it is filled.
    Empty,
}

impl View {
    /// The kind in the namespace.
    pub fn object_kind(&self) -> ObjectKind {
        match self.kind {
            ViewKind::Plain { .. } => ObjectKind::View,
            ViewKind::Materialized(_) => ObjectKind::MaterializedView,
        }
    }

    /// What the view has if it keeps its rows.
    pub fn materialized(&self) -> Option<&Materialized> {
        match &self.kind {
            ViewKind::Plain { .. } => None,
            ViewKind::Materialized(materialized) => Some(materialized),
        }
    }

    /// The indexes of the view, in the order of their names. Only a materialized one can have any.
    pub fn indexes(&self) -> &[Arc<Index>] {
        self.materialized().map_or(&[], |materialized| &materialized.indexes)
    }

    /// The index of this name.
    pub fn index(&self, name: &str) -> Option<&Arc<Index>> {
        self.indexes().iter().find(|index| index.name == name)
    }

    /// The same view with other indexes, if it can have any.
    pub(super) fn with_indexes(&self, indexes: Vec<Arc<Index>>) -> View {
        let kind = match &self.kind {
            ViewKind::Plain { security } => ViewKind::Plain { security: *security },
            ViewKind::Materialized(old) => ViewKind::Materialized(Materialized::new(old.population, indexes)),
        };
        View { name: self.name.clone(), query: self.query.clone(), kind }
    }

    /// The author's SQL in the view: its query, and the expressions of its indexes.
    pub fn texts(&self) -> impl Iterator<Item = &EcoString> {
        std::iter::once(&self.query).chain(self.indexes().iter().flat_map(|index| index.expressions()))
    }
}

impl Materialized {
    /// What a materialized view with these indexes has.
    pub fn new(population: Population, mut indexes: Vec<Arc<Index>>) -> Self {
        indexes.sort_by(|one, other| one.name.cmp(&other.name));
        Materialized { population, indexes }
    }
}
