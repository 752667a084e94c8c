//! The way back: written by the author and checked, or derived from the changes.

use std::sync::Arc;

use super::Replay;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::Operation;
use crate::revision::Revision;
use crate::schema::{Cause, Schema, Transition, Underivable};
use crate::source::{Name, joined};

/// The way back of a revision.
#[derive(Debug, Clone)]
pub enum Downgrade {
    Possible(Vec<Transition>),
    /// The author says that there is none, and why.
    Irreversible(Name),
}

impl Replay<'_> {
    pub(super) fn downgrade(
        &self,
        revision: &Revision,
        before: &Schema,
        after: &Schema,
        upgrade: &[Transition],
    ) -> Result<Downgrade> {
        let reason = revision.upgrade.iter().find_map(|recorded| match &recorded.operation {
            Operation::Irreversible(operation) => Some(operation.reason()),
            _ => None,
        });
        match (&revision.downgrade, reason) {
            (Some(_), Some(reason)) => Err(Box::new(
                Diagnostic::new(Code::NoDowngrade, "the revision is irreversible and has a `downgrade`")
                    .at(reason.origin, "said to have no way back")
                    .help("leave one of them out"),
            )),
            (None, Some(reason)) => Ok(Downgrade::Irreversible(reason.clone())),
            (Some(written), None) => {
                let (back, transitions) = self.apply(written, after.clone(), &revision.id.value)?;
                if back.equals_ignoring_column_order(before) {
                    return Ok(Downgrade::Possible(transitions));
                }
                let message = format!("the `downgrade` of {} does not lead back", revision.id);
                let mut diagnostic = Diagnostic::new(Code::DowngradeDiffers, message)
                    .at(revision.id.origin, "differs from the schema before this revision")
                    .help(
                        "undo in `downgrade` what `upgrade` does, in reverse order, or leave it out to have it derived",
                    );
                for difference in before.differences(&back).into_iter().take(3) {
                    diagnostic = diagnostic.note(difference);
                }
                Err(Box::new(diagnostic))
            }
            (None, None) => derive(upgrade).map(Downgrade::Possible),
        }
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
            other => other.insert(Arc::new(Cause { title: joined(&["undo ", &undone.title]), ..Cause::clone(undone) })),
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
