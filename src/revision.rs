//! A revision as it was read: who it is, what it follows, and what it does.

use std::borrow::Cow;

use ecow::EcoString;

use crate::history::Node;
use crate::operation::Recorded;
use crate::source::Name;

/// One revision of the schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// `REVISION`.
    pub id: Name,
    /// `REVISES`.
    pub parents: Vec<Name>,
    /// `BRANCH_LABELS`.
    pub labels: Vec<Name>,
    /// `DEPENDS_ON`.
    pub depends_on: Vec<Name>,
    /// The first line of the docs.
    pub message: EcoString,
    /// The docs below the first line.
    pub documentation: EcoString,
    /// The file name without its extension.
    pub stem: EcoString,
    pub upgrade: Vec<Recorded>,
    /// The way back, where the author has written it.
    pub downgrade: Option<Vec<Recorded>>,
}

/// What a revision does.
#[derive(Debug, Clone, Default)]
pub struct Operations<'r> {
    pub upgrade: Cow<'r, [Recorded]>,
    pub downgrade: Option<Cow<'r, [Recorded]>>,
}

impl Revision {
    /// What the revision does.
    pub fn operations(&self) -> Operations<'_> {
        let downgrade = self.downgrade.as_deref().map(Cow::Borrowed);
        Operations { upgrade: Cow::Borrowed(&self.upgrade), downgrade }
    }

    /// Takes away what the revision does, so that it can be dropped before the revision is.
    pub fn take_operations(&mut self) -> Operations<'static> {
        let upgrade = Cow::Owned(std::mem::take(&mut self.upgrade));
        Operations { upgrade, downgrade: self.downgrade.take().map(Cow::Owned) }
    }

    /// The place of the revision in the history, as its author gave it.
    pub fn node(&self) -> Node {
        Node {
            id: self.id.clone(),
            parents: self.parents.clone(),
            labels: self.labels.clone(),
            depends_on: self.depends_on.clone(),
        }
    }
}
