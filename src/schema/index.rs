//! An index of a table.

use ecow::EcoString;

use super::Storage;

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub name: EcoString,
    pub uniqueness: Uniqueness,
    pub parts: Vec<IndexPart>,
    /// The condition of a partial index.
    pub filter: Option<EcoString>,
    /// The access method, such as `gin`. Advisory: SQLite has one method.
    pub method: Option<EcoString>,
    /// Columns that the index carries without sorting by them. Advisory: SQLite has none.
    pub include: Vec<EcoString>,
    pub storage: Storage,
}

/// Whether two rows may have the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uniqueness {
    #[default]
    Plain,
    Unique(UniqueNulls),
}

/// Whether two rows that have NULL in a unique column are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UniqueNulls {
    #[default]
    Distinct,
    NotDistinct,
}

impl UniqueNulls {
    /// The clause in SQL; empty where there is nothing to say.
    pub fn sql(self) -> &'static str {
        match self {
            UniqueNulls::Distinct => "",
            UniqueNulls::NotDistinct => " NULLS NOT DISTINCT",
        }
    }
}

/// One column or expression that an index sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPart {
    pub key: IndexKey,
    pub order: Order,
    /// Where NULL stands; `None` is where the engine puts it. Advisory: SQLite has it first, or last if descending.
    pub nulls: Option<NullsOrder>,
    pub collation: Option<EcoString>,
    /// Advisory: SQLite has none.
    pub operator_class: Option<EcoString>,
}

/// What an index sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    Column(EcoString),
    Expression(EcoString),
}

/// The direction in which an index sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Ascending,
    Descending,
}

/// Where NULL stands in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullsOrder {
    First,
    Last,
}

impl Index {
    /// Whether no two rows may have the same key.
    pub fn is_unique(&self) -> bool {
        self.uniqueness != Uniqueness::Plain
    }

    /// Whether any two rows differ in the columns of the index, of which each stands in it as such.
    pub fn tells_all_rows_apart(&self) -> bool {
        self.is_unique() && self.expressions().next().is_none()
    }

    /// The columns that the index names as such; those inside expressions are not among them.
    pub fn columns(&self) -> impl Iterator<Item = &EcoString> {
        let keys = self.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(_) => None,
        });
        keys.chain(&self.include)
    }

    /// The SQL expressions in the index: its expression parts and its filter.
    pub fn expressions(&self) -> impl Iterator<Item = &EcoString> {
        let keys = self.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(text) => Some(text),
            IndexKey::Column(_) => None,
        });
        keys.chain(&self.filter)
    }

    /// The same, to be changed.
    pub fn expressions_mut(&mut self) -> impl Iterator<Item = &mut EcoString> {
        let keys = self.parts.iter_mut().filter_map(|part| match &mut part.key {
            IndexKey::Expression(text) => Some(text),
            IndexKey::Column(_) => None,
        });
        keys.chain(&mut self.filter)
    }
}
