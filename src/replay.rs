//! Replaying the history: from operations to schemas and the changes between them.

mod declaration;
mod downgrade;
mod merge;

use ecow::EcoString;

use crate::diagnostic::{Diagnostic, Result};
use crate::history::{History, RevisionIndex};
use crate::operation::Recorded;
use crate::revision::{Operations, Revision};
use crate::schema::naming::NamingConvention;
use crate::schema::{Cause, Dialect, Editor, Emission, Schema, Transition};

pub use downgrade::Downgrade;

/// What is replayed: a valid history with its revisions, for one dialect.
#[derive(Debug, Clone, Copy)]
pub struct Replay<'a> {
    pub history: &'a History,
    /// The revisions, in the order of the history's indices.
    pub revisions: &'a [Revision],
    pub dialect: Dialect,
    pub naming: &'a NamingConvention,
    /// The schema of Postgres that the objects live in.
    pub home: &'a EcoString,
}

/// One revision, replayed.
#[derive(Debug, Clone)]
pub struct Replayed {
    pub revision: RevisionIndex,
    /// The schema that the ancestors of the revision lead to.
    pub before: Schema,
    pub after: Schema,
    pub upgrade: Vec<Transition>,
    pub downgrade: Downgrade,
}

impl Replay<'_> {
    /// Replays every revision after its ancestors, and hands each to `visit` in the order of the history.
    ///
    /// A revision is dropped after the visit, so memory does not grow with the history. A mistake in one revision does
    /// not cascade: what builds on it is left out, everything else is replayed, and all mistakes come back together.
    ///
    /// # Errors
    ///
    /// The mistakes of the revisions, and those that `visit` finds.
    pub fn run(&self, visit: impl FnMut(Replayed) -> Result<(), Vec<Diagnostic>>) -> Result<(), Vec<Diagnostic>> {
        self.run_with(|index| self.revisions[index.index()].operations(), visit)
    }

    /// The same for operations that were taken from the revisions, and that are dropped as soon as they are replayed.
    ///
    /// # Errors
    ///
    /// Where [`Replay::run`] fails.
    pub fn run_last(
        &self,
        mut operations: Vec<Operations<'_>>,
        visit: impl FnMut(Replayed) -> Result<(), Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        self.run_with(|index| std::mem::take(&mut operations[index.index()]), visit)
    }

    fn run_with<'o>(
        &self,
        mut operations: impl FnMut(RevisionIndex) -> Operations<'o>,
        mut visit: impl FnMut(Replayed) -> Result<(), Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut states = merge::States::new(self.history);
        for &index in self.history.order() {
            let before = match states.before(self, index) {
                Ok(Some(before)) => before,
                Ok(None) => {
                    states.fail(index);
                    continue;
                }
                Err(found) => {
                    diagnostics.extend(found);
                    states.fail(index);
                    continue;
                }
            };
            match self.replay(index, &operations(index), before) {
                Ok(replayed) => {
                    states.keep(self.history, index, &replayed);
                    if let Err(found) = visit(replayed) {
                        diagnostics.extend(found);
                    }
                }
                Err(diagnostic) => {
                    diagnostics.push(*diagnostic);
                    states.fail(index);
                }
            }
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
    }

    fn replay(&self, index: RevisionIndex, operations: &Operations<'_>, mut before: Schema) -> Result<Replayed> {
        before.settle();
        let id = &self.revisions[index.index()].id;
        let (after, upgrade) = self.apply(&operations.upgrade, before.clone(), &id.value)?;
        let downgrade = self.downgrade(id, operations, &before, &after, &upgrade)?;
        Ok(Replayed { revision: index, before, after, upgrade, downgrade })
    }

    /// Applies those of the operations that are for the dialect.
    fn apply(&self, operations: &[Recorded], schema: Schema, id: &EcoString) -> Result<(Schema, Vec<Transition>)> {
        let mut editor = Editor::new(schema, self.dialect, self.naming, id.clone());
        for (number, recorded) in (1..).zip(operations) {
            if recorded.scope.is_some_and(|scope| scope != self.dialect) {
                continue;
            }
            declaration::check(&operations[number as usize - 1..], self.dialect)?;
            let emission = if recorded.declared { Emission::Declared } else { Emission::Emitted };
            let operation = &recorded.operation;
            let (title, origin, online) = (operation.title(), recorded.origin.0, operation.online());
            let cause = Cause { number, title, origin, emission, online };
            editor.begin(cause);
            recorded.operation.apply(&mut editor)?;
        }
        Ok(editor.finish())
    }
}
