//! SQL that an author wrote, for all dialects or for one.

use super::Dialect;
use crate::source::{Name, Origin};

/// SQL text: one for every dialect, and texts of single dialects that take its place there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sql {
    every: Option<Name>,
    /// Rare, so it takes little room where there is none.
    own: Vec<(Dialect, Name)>,
}

impl Sql {
    /// The same text for every dialect.
    pub fn of(text: Name) -> Self {
        Sql { every: Some(text), own: Vec::new() }
    }

    /// A text for one dialect; the others have none.
    pub fn only(dialect: Dialect, text: Name) -> Self {
        Sql::default().with(dialect, text)
    }

    /// The same, with another text for this dialect.
    #[must_use]
    pub fn with(mut self, dialect: Dialect, text: Name) -> Self {
        self.own.retain(|(other, _)| *other != dialect);
        self.own.push((dialect, text));
        self.own.sort_by_key(|(dialect, _)| *dialect);
        self
    }

    /// The text for this dialect, if there is one.
    pub fn text(&self, dialect: Dialect) -> Option<&Name> {
        let own = self.own.iter().find(|(other, _)| *other == dialect).map(|(_, text)| text);
        own.or(self.every.as_ref())
    }

    /// Where the first text was written.
    pub fn origin(&self) -> Origin {
        let first = self.every.as_ref().or(self.own.first().map(|(_, text)| text));
        first.map_or(Origin::Unknown, |text| text.origin)
    }
}
