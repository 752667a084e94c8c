//! A table with all that belongs to it.

use std::sync::Arc;

use ecow::EcoString;

use super::{Column, Constraint, ForeignKey, Index, Literal, Partitioning, Rule, Storage};

/// A table, as the replayed schema of one dialect knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: EcoString,
    /// Each is shared by all states of the table in which it is the same: most changes are about one column, and every
    /// change makes a new state.
    pub columns: Vec<Arc<Column>>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<Arc<Index>>,
    pub comment: Option<EcoString>,
    /// `STRICT` of SQLite. Advisory: other dialects are strict anyway.
    pub strict: bool,
    /// `WITHOUT ROWID` of SQLite. Advisory: a matter of storage.
    pub without_rowid: bool,
    /// How the rows are divided among partitions. Advisory: SQLite keeps them together. Boxed, since few tables are
    /// divided.
    pub partitioning: Option<Box<Partitioning>>,
    pub storage: Storage,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name).map(AsRef::as_ref)
    }

    /// The index of this name.
    pub fn index(&self, name: &str) -> Option<&Arc<Index>> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The constraint of this name.
    pub fn constraint(&self, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| constraint.name.as_deref() == Some(name))
    }

    /// The columns of the primary key; empty without one.
    pub fn primary_key(&self) -> &[EcoString] {
        self.constraints
            .iter()
            .find_map(|constraint| match &constraint.rule {
                Rule::PrimaryKey { columns } => Some(columns.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The author's SQL in the table: defaults, generated columns, constraints, and the expressions of indexes and of the
    /// partition key.
    pub fn expressions(&self) -> impl Iterator<Item = &str> {
        let defaults = self.columns.iter().filter_map(|column| match &column.default {
            Some(Literal::Sql(expression)) => Some(expression),
            _ => None,
        });
        let generated = self.columns.iter().filter_map(|column| column.generated.as_ref());
        let constraints = self.constraints.iter().flat_map(|constraint| constraint.rule.expressions());
        let indexes = self.indexes.iter().flat_map(|index| index.expressions());
        let divided = self.partitioning.iter().flat_map(|partitioning| partitioning.expressions());
        let own = defaults.chain(generated).chain(constraints).chain(divided);
        own.map(EcoString::as_str).chain(indexes.map(|text| text.as_ref()))
    }

    /// The foreign keys of the table, with their names.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
        self.constraints.iter().filter_map(|constraint| match &constraint.rule {
            Rule::ForeignKey(key) => Some((constraint, key)),
            _ => None,
        })
    }
}
