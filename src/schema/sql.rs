//! SQL that an author wrote, for all dialects or for one.

use super::Dialect;
use crate::source::{Name, Origin};

/// SQL text: one for every dialect, and texts of single dialects that take its place there.
///
/// Most columns and values have none, so it takes no more room than a pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql(Box<Texts>);

#[derive(Debug, Clone, PartialEq, Default)]
struct Texts {
    every: Option<Name>,
    own: Vec<(Dialect, Name)>,
}

impl Sql {
    /// The same text for every dialect.
    pub fn of(text: Name) -> Self {
        Sql(Box::new(Texts { every: Some(text), own: Vec::new() }))
    }

    /// A text for one dialect; the others have none.
    pub fn only(dialect: Dialect, text: Name) -> Self {
        Sql(Box::default()).with(dialect, text)
    }

    /// The same, with another text for this dialect.
    #[must_use]
    pub fn with(mut self, dialect: Dialect, text: Name) -> Self {
        let own = &mut self.0.own;
        own.retain(|(other, _)| *other != dialect);
        own.push((dialect, text));
        own.sort_by_key(|(dialect, _)| *dialect);
        self
    }

    /// The text for this dialect, if there is one.
    pub fn text(&self, dialect: Dialect) -> Option<&Name> {
        let own = self.0.own.iter().find(|(other, _)| *other == dialect).map(|(_, text)| text);
        own.or(self.0.every.as_ref())
    }

    /// Where the first text was written.
    pub fn origin(&self) -> Origin {
        let first = self.0.every.as_ref().or(self.0.own.first().map(|(_, text)| text));
        first.map_or(Origin::Unknown, |text| text.origin)
    }
}
