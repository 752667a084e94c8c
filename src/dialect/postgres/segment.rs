//! From lowered steps to a plan: guards first, one transaction for each segment, the history last.

use super::history;
use super::lower::Lowered;
use crate::dialect::{Delivery, Request};
use crate::plan::{Plan, Segment, Step};

/// Puts the steps into segments.
///
/// All guards that can run there run in the first segment too, so that a database that is not as it must be stops the
/// script before its first change is committed. Only the last segment holds what cannot be run twice.
pub fn assemble(request: &Request<'_>, lowered: Lowered) -> Plan {
    let guard = request.history.map(|step| history::guard(step, request.transitions, request.settings));
    let guard = guard.unwrap_or_default();
    let rows = request.history.map(|step| history::rows(step, request.settings)).unwrap_or_default();
    let mut runs: Vec<Vec<Step>> = Vec::new();
    if !lowered.ahead.is_empty() {
        runs.push(guard.iter().cloned().chain(lowered.early_guards).chain(lowered.ahead).collect());
    }
    let last: Vec<Step> = guard.into_iter().chain(lowered.body).chain(rows).collect();
    if !last.is_empty() {
        runs.push(last);
    }
    Plan { segments: runs.into_iter().map(|steps| segment(steps, request.delivery)).collect() }
}

fn segment(steps: Vec<Step>, delivery: Delivery) -> Segment {
    match delivery {
        Delivery::Own { .. } => Segment { opening: vec!["BEGIN;".into()], steps, closing: vec!["COMMIT;".into()] },
        Delivery::Wrapped | Delivery::Hosted => Segment { opening: Vec::new(), steps, closing: Vec::new() },
    }
}
