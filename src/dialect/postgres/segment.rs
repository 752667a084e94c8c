//! From lowered steps to a plan: guards first, one transaction for each segment, the history last.

use super::history;
use super::lower::{Lowered, Run};
use crate::dialect::{Delivery, Request};
use crate::plan::{Plan, Segment, Step};

/// Puts the steps into segments.
///
/// All guards that can run there run in the first segment too, so that a database that is not as it must be stops the
/// script before its first change is committed. Only the last segment holds what cannot be run twice.
pub fn assemble(request: &Request<'_>, lowered: Lowered) -> Plan {
    let Lowered { early_guards, mut ahead, body } = lowered;
    let guard = request.history.map(|step| history::guard(step, request.transitions, request.settings));
    let guard = guard.unwrap_or_default();
    let rows = request.history.map(|step| history::rows(step, request.settings)).unwrap_or_default();
    // The guards need a transaction, also where what comes first has none.
    let guarded = !guard.is_empty() || !early_guards.is_empty();
    if guarded && matches!(ahead.first(), Some(Run::Alone { .. })) {
        ahead.insert(0, Run::Transaction(Vec::new()));
    }
    let mut early_guards = Some(early_guards);
    let ahead = ahead.into_iter().map(|run| match run {
        Run::Transaction(steps) => {
            let first = early_guards.take().unwrap_or_default();
            transaction(guard.iter().cloned().chain(first).chain(steps).collect(), request.delivery)
        }
        Run::Alone { before, statement } => alone(before, statement, request.delivery),
    });
    let mut segments: Vec<Segment> = ahead.collect();
    let last: Vec<Step> = guard.iter().cloned().chain(body).chain(rows).collect();
    if !last.is_empty() {
        segments.push(transaction(last, request.delivery));
    }
    Plan { segments }
}

fn transaction(steps: Vec<Step>, delivery: Delivery) -> Segment {
    match delivery {
        Delivery::Own { .. } => Segment { opening: vec!["BEGIN;".into()], steps, closing: vec!["COMMIT;".into()] },
        Delivery::Wrapped | Delivery::Hosted => Segment { opening: Vec::new(), steps, closing: Vec::new() },
    }
}

/// A statement outside of transactions. Where the applier has opened one, it is ended first: that is what every version
/// of the Supabase CLI understands.
fn alone(mut steps: Vec<Step>, statement: Step, delivery: Delivery) -> Segment {
    match delivery {
        Delivery::Own { .. } => {}
        Delivery::Wrapped | Delivery::Hosted => {
            let end = Step::new(statement.purpose.clone(), "COMMIT;");
            steps.push(end.comment("ends the transaction of the applier, which could not hold the next statement"));
        }
    }
    steps.push(statement);
    Segment { opening: Vec::new(), steps, closing: Vec::new() }
}
