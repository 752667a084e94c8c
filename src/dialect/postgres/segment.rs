//! From lowered steps to a plan: guards first, one transaction for each segment, the history last.

use super::history;
use super::lower::{Lowered, Run};
use crate::dialect::{Delivery, Request, Timeouts};
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
            transaction(guard.iter().cloned().chain(first).chain(steps).collect(), request)
        }
        Run::Alone { before, statement } => alone(before, statement, request),
    });
    let mut segments: Vec<Segment> = ahead.collect();
    let last: Vec<Step> = guard.iter().cloned().chain(body).chain(rows).collect();
    if !last.is_empty() {
        segments.push(transaction(last, request));
    }
    Plan { segments }
}

fn transaction(steps: Vec<Step>, request: &Request<'_>) -> Segment {
    let Timeouts { lock, statement } = &request.settings.timeouts;
    let limits = [("lock_timeout", lock), ("statement_timeout", statement)];
    let limits =
        limits.into_iter().filter_map(|(name, time)| Some(format!("SET LOCAL {name} = '{}';", time.as_ref()?)));
    match request.delivery {
        Delivery::Own { .. } => Segment {
            opening: ["BEGIN;".to_owned()].into_iter().chain(limits).collect(),
            steps,
            closing: vec!["COMMIT;".into()],
        },
        Delivery::Wrapped | Delivery::Hosted => Segment { opening: limits.collect(), steps, closing: Vec::new() },
    }
}

/// A statement outside of transactions. Where the applier has opened one, it is ended first: that is what every version
/// of the Supabase CLI understands.
///
/// Nothing but the session can hold a limit over its end. Appliers set theirs back before each file.
fn alone(mut steps: Vec<Step>, statement: Step, request: &Request<'_>) -> Segment {
    let lock = request.settings.timeouts.lock.as_ref();
    let mut closing = Vec::new();
    match request.delivery {
        Delivery::Own { .. } => closing.extend(lock.map(|_| "RESET lock_timeout;".to_owned())),
        Delivery::Wrapped | Delivery::Hosted => {
            let end = Step::new(statement.purpose.clone(), "COMMIT;");
            steps.push(end.comment("ends the transaction of the applier, which could not hold the next statement"));
        }
    }
    steps.push(statement);
    let opening = lock.map(|time| format!("SET lock_timeout = '{time}';")).into_iter().collect();
    Segment { opening, steps, closing }
}
