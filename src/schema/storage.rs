//! Storage parameters of tables and indexes.

use std::collections::BTreeMap;

use ecow::EcoString;

/// The storage parameters of a table or an index that are not what the server assumes. Advisory: SQLite has none.
///
/// A pointer, since few tables and indexes have any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(clippy::box_collection, reason = "a map is three times as large as the pointer, in every table and index")]
pub struct Storage(Option<Box<BTreeMap<EcoString, EcoString>>>);

impl Storage {
    /// The value of a parameter, if it has one.
    pub fn get(&self, parameter: &str) -> Option<&EcoString> {
        self.0.as_ref()?.get(parameter)
    }

    /// All parameters that have a value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&EcoString, &EcoString)> {
        self.0.iter().flat_map(|parameters| parameters.iter())
    }

    /// Whether no parameter has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Gives a parameter a value, or takes it.
    pub fn set(&mut self, parameter: EcoString, value: Option<EcoString>) {
        let mut parameters = self.0.take().unwrap_or_default();
        match value {
            Some(value) => parameters.insert(parameter, value),
            None => parameters.remove(&parameter),
        };
        self.0 = (!parameters.is_empty()).then_some(parameters);
    }
}
