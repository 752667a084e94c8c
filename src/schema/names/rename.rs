//! Texts after a column, table or enum got another name.

use ecow::EcoString;

use super::words::{name_of, same, stays_bare};
use super::{Answer, Item, Obstacle, Reading, Site};
use crate::schema::Dialect;
use crate::schema::tokens::{quote, tokens};

/// A name that changes.
#[derive(Debug, Clone, Copy)]
pub(in crate::schema) enum Rename<'a> {
    Column { table: &'a str, from: &'a str, to: &'a str },
    Table { from: &'a str, to: &'a str },
    Enumeration { from: &'a str, to: &'a str },
}

/// Whether the columns of the queries in a text keep their names, by an `AS` where one is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::schema) enum Outputs {
    /// They are published, by a view.
    Kept,
    /// Nothing but the text itself can see them.
    Unseen,
}

impl<'a> Rename<'a> {
    fn to(&self) -> &'a str {
        match self {
            Rename::Column { to, .. } | Rename::Table { to, .. } | Rename::Enumeration { to, .. } => to,
        }
    }

    fn before(&self, reading: &Reading) -> Answer {
        match self {
            Rename::Column { table, from, .. } => reading.column(table, from),
            Rename::Table { from, .. } => reading.relation(from),
            Rename::Enumeration { from, .. } => reading.enumeration(from),
        }
    }

    fn after(&self, reading: &Reading) -> Answer {
        match self {
            Rename::Column { table, to, .. } => reading.column(table, to),
            Rename::Table { to, .. } => reading.relation(to),
            Rename::Enumeration { to, .. } => reading.enumeration(to),
        }
    }

    /// The text after the rename; `None` where it stays as it is.
    ///
    /// `before` and `after` read a text in the schema before and after. The new text is read again, and has to refer to
    /// the object at the same places: no other name in it may be taken for the new one, nor the new one for another.
    ///
    /// # Errors
    ///
    /// It cannot be told what the text has to say.
    pub fn follow(
        &self,
        text: &str,
        outputs: Outputs,
        before: impl FnOnce(&str) -> Reading,
        after: impl FnOnce(&str) -> Reading,
    ) -> Result<Option<EcoString>, Obstacle> {
        let reading = before(text);
        let dialect = reading.dialect;
        let sites = match self.before(&reading) {
            Answer::Absent => Vec::new(),
            Answer::Certain(sites) => sites,
            Answer::Doubtful(obstacle) => return Err(obstacle),
        };
        if let Rename::Column { table, from, .. } = self {
            let unnamed = sites.iter().any(|site| site.item == Item::NamedByIt);
            if reading.names_depend_on(table, from) || (unnamed && outputs == Outputs::Unseen) {
                return Err(Obstacle("a column that a query in it gives is named after it, without AS"));
            }
        }
        let (renamed, places) = replaced(text, &sites, self.to(), dialect);
        let found = match self.after(&after(&renamed)) {
            Answer::Absent => Vec::new(),
            Answer::Certain(sites) => sites,
            Answer::Doubtful(obstacle) => return Err(obstacle),
        };
        if !found.iter().map(|site| site.range.start).eq(places) {
            return Err(Obstacle("the new name means something else in it"));
        }
        Ok((!sites.is_empty()).then_some(renamed))
    }
}

/// The text with another name at the sites, and where these are then.
fn replaced(text: &str, sites: &[Site], to: &str, dialect: Dialect) -> (EcoString, Vec<usize>) {
    let mut result = EcoString::new();
    let mut places = Vec::new();
    let mut copied = 0;
    for site in sites {
        result.push_str(&text[copied..site.range.start]);
        places.push(result.len());
        let old = &text[site.range.clone()];
        result.push_str(&in_the_style_of(old, to));
        copied = site.range.end;
        match &site.item {
            Item::NamedByIt => {
                let name = tokens(old).next().and_then(|token| name_of(&token, dialect));
                result.push_str(" AS ");
                result.push_str(&in_the_style_of(old, &name.unwrap_or_default()));
            }
            Item::NamedBy { alias, end } if same(alias, to, dialect) => copied = *end,
            Item::NamedBy { .. } | Item::None => {}
        }
    }
    result.push_str(&text[copied..]);
    (result, places)
}

/// The new name without quotes where the old one had none and none are needed.
fn in_the_style_of(old: &str, new: &str) -> String {
    let bare = old.starts_with(|first: char| first.is_alphabetic() || first == '_');
    if bare && stays_bare(new) { new.to_owned() } else { quote(new) }
}
