//! SQL that an author wrote, for all dialects or for one.

use super::Dialect;
use crate::source::{Name, Origin};

/// SQL text: one for every dialect, and texts of single dialects that take its place there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sql {
    every: Option<Name>,
    postgres: Option<Name>,
    sqlite: Option<Name>,
}

impl Sql {
    /// The same text for every dialect.
    pub fn of(text: Name) -> Self {
        Sql { every: Some(text), ..Sql::default() }
    }

    /// A text for one dialect; the others have none.
    pub fn only(dialect: Dialect, text: Name) -> Self {
        Sql::default().with(dialect, text)
    }

    /// The same, with another text for this dialect.
    #[must_use]
    pub fn with(mut self, dialect: Dialect, text: Name) -> Self {
        match dialect {
            Dialect::Postgres => self.postgres = Some(text),
            Dialect::Sqlite => self.sqlite = Some(text),
        }
        self
    }

    /// The text for this dialect, if there is one.
    pub fn text(&self, dialect: Dialect) -> Option<&Name> {
        let own = match dialect {
            Dialect::Postgres => &self.postgres,
            Dialect::Sqlite => &self.sqlite,
        };
        own.as_ref().or(self.every.as_ref())
    }

    /// Where the first text was written.
    pub fn origin(&self) -> Origin {
        [&self.every, &self.postgres, &self.sqlite]
            .into_iter()
            .flatten()
            .map(|text| text.origin)
            .next()
            .unwrap_or(Origin::Unknown)
    }
}
