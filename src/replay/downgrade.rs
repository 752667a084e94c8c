//! The way back: written by the author and checked, or derived from the changes.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Replay, Replayed};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::Operation;
use crate::revision::Operations;
use crate::schema::{Cause, Online, Schema, Transition, Underivable};
use crate::source::{Name, joined};

/// The way back of a revision.
#[derive(Debug, Clone)]
pub enum Downgrade {
    /// Written by the author, and checked.
    Written(Vec<Transition>),
    /// The changes of the upgrade undone in reverse order, which is possible for each of them.
    Derived,
    /// The author says that there is none, and why.
    Irreversible(Name),
}

impl Replay<'_> {
    pub(super) fn downgrade(
        &self,
        id: &Name,
        operations: &Operations<'_>,
        before: &Schema,
        after: &Schema,
        upgrade: &[Transition],
    ) -> Result<Downgrade> {
        let reason = operations.upgrade.iter().find_map(|recorded| match &recorded.operation {
            Operation::Irreversible(operation) => Some(operation.reason()),
            _ => None,
        });
        match (&operations.downgrade, reason) {
            (Some(_), Some(reason)) => Err(Box::new(
                Diagnostic::new(Code::NoDowngrade, "the revision is irreversible and has a `downgrade`")
                    .at(reason.origin, "said to have no way back")
                    .help("leave one of them out"),
            )),
            (None, Some(reason)) => Ok(Downgrade::Irreversible(reason.clone())),
            (Some(written), None) => {
                let (back, transitions) = self.apply(written, after.clone(), &id.value)?;
                if back.equals_ignoring_column_order(before) {
                    return Ok(Downgrade::Written(transitions));
                }
                let message = format!("the `downgrade` of {id} does not lead back");
                let mut diagnostic = Diagnostic::new(Code::DowngradeDiffers, message)
                    .at(id.origin, "differs from the schema before this revision")
                    .help(
                        "undo in `downgrade` what `upgrade` does, in reverse order, or leave it out to have it derived",
                    );
                for difference in before.differences(&back).into_iter().take(3) {
                    diagnostic = diagnostic.note(difference);
                }
                Err(Box::new(diagnostic))
            }
            (None, None) => {
                for Transition { before, change, cause, .. } in upgrade.iter().rev() {
                    change.check_inverse(before).map_err(|reason| underivable(&reason, cause))?;
                }
                Ok(Downgrade::Derived)
            }
        }
    }
}

impl Replayed {
    /// The changes of the way back; `None` where the author says that there is none. Derived ones are made here, since
    /// most who replay a history go up.
    ///
    /// # Errors
    ///
    /// A change cannot be undone, which the replay has refused.
    pub fn way_back(&self) -> Result<Option<Cow<'_, [Transition]>>> {
        Ok(match &self.downgrade {
            Downgrade::Written(transitions) => Some(Cow::Borrowed(transitions)),
            Downgrade::Derived => Some(Cow::Owned(derive(&self.upgrade)?)),
            Downgrade::Irreversible(_) => None,
        })
    }
}

/// The inverse changes in reverse order.
fn derive(upgrade: &[Transition]) -> Result<Vec<Transition>> {
    let mut back = Vec::with_capacity(upgrade.len());
    // The changes of one operation share their cause on the way back too.
    let mut cause: Option<Arc<Cause>> = None;
    for transition in upgrade.iter().rev() {
        let undone = &transition.cause;
        let change = transition.change.inverse(&transition.before).map_err(|reason| underivable(&reason, undone))?;
        let cause = match &mut cause {
            Some(known) if known.number == undone.number => known,
            other => {
                let online = match undone.online {
                    Online::No => Online::No,
                    Online::Demanded | Online::Welcome => Online::Welcome,
                };
                other.insert(Arc::new(Cause {
                    title: joined(&["undo ", &undone.title]),
                    online,
                    ..Cause::clone(undone)
                }))
            }
        };
        back.push(Transition {
            before: transition.after.clone(),
            change,
            after: transition.before.clone(),
            cause: cause.clone(),
        });
    }
    Ok(back)
}

fn underivable(reason: &Underivable, cause: &Cause) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NoDowngrade, format!("the way back cannot be derived: {}", reason.reason()))
            .at(cause.origin, "cannot be undone by itself")
            .help("write `pub fn downgrade(op: &mut Op)`, or say `op.irreversible(\"reason\")` in `upgrade`"),
    )
}
