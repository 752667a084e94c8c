//! Operations in, SQL out, by way of the dialect alone.

use offprint::diagnostic::Diagnostic;
use offprint::dialect::{self, Delivery, ForeignKeys, HistoryStep, Request, Settings};
use offprint::operation::Op;
use offprint::plan::{Plan, Segment};
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Cause, Dialect, Editor, Emission, Schema, Transition};

/// What one revision does to a schema.
pub struct Replayed {
    pub before: Schema,
    pub transitions: Vec<Transition>,
    pub after: Schema,
}

/// Replays the operations of one revision, which has no mistake.
#[track_caller]
pub fn replay(before: &Schema, revision: impl FnOnce(&mut Op)) -> Replayed {
    try_replay(before, revision).unwrap_or_else(|found| panic!("{found:#?}"))
}

/// Replays the operations of one revision, up to the first mistake.
pub fn try_replay(before: &Schema, revision: impl FnOnce(&mut Op)) -> Result<Replayed, Box<Diagnostic>> {
    let mut op = Op::default();
    revision(&mut op);
    let naming = NamingConvention::default();
    let mut editor = Editor::new(before.clone(), Dialect::Postgres, &naming, "here".into());
    for (number, recorded) in (1..).zip(op.into_recorded()) {
        let emission = if recorded.declared { Emission::Declared } else { Emission::Emitted };
        editor.begin(Cause {
            number,
            title: recorded.operation.title(),
            origin: recorded.origin.0,
            emission,
            online: recorded.operation.online(),
        });
        recorded.operation.apply(&mut editor)?;
    }
    let (after, transitions) = editor.finish();
    Ok(Replayed { before: before.clone(), transitions, after })
}

impl Replayed {
    /// The plan, without a history table unless one is given.
    pub fn plan(&self, history: Option<&HistoryStep>, settings: &Settings) -> Result<Plan, Vec<Diagnostic>> {
        let request = Request {
            before: &self.before,
            transitions: &self.transitions,
            after: &self.after,
            history,
            settings,
            delivery: Delivery::Own { foreign_keys: ForeignKeys::Off },
        };
        dialect::plan(Dialect::Postgres, &request)
    }

    /// The script that makes the changes.
    #[track_caller]
    pub fn script(&self) -> String {
        sql(&self.plan(None, &Settings::default()).unwrap_or_else(|found| panic!("{found:#?}")))
    }

    /// What is wrong with the revision.
    #[track_caller]
    pub fn refusal(&self) -> Diagnostic {
        match self.plan(None, &Settings::default()) {
            Ok(plan) => panic!("the revision is not refused:\n{}", sql(&plan)),
            Err(found) => found.into_iter().next().expect("an error has a diagnostic"),
        }
    }

    /// The way back, change by change.
    #[track_caller]
    pub fn inverse(&self) -> Replayed {
        let back = |transition: &Transition| Transition {
            before: transition.after.clone(),
            change: transition.change.inverse(&transition.before).expect("the change has a way back"),
            after: transition.before.clone(),
            cause: transition.cause.clone(),
        };
        Replayed {
            before: self.after.clone(),
            transitions: self.transitions.iter().rev().map(back).collect(),
            after: self.before.clone(),
        }
    }
}

/// All statements of a plan.
pub fn sql(plan: &Plan) -> String {
    plan.segments.iter().map(segment_sql).collect::<Vec<_>>().join("\n\n")
}

/// All statements of a segment.
pub fn segment_sql(segment: &Segment) -> String {
    let steps = segment.steps.iter().map(|step| step.sql.clone()).filter(|sql| !sql.is_empty());
    let all: Vec<String> = segment.opening.iter().cloned().chain(steps).chain(segment.closing.clone()).collect();
    format!("{}\n", all.join("\n\n"))
}

/// The comments of all steps.
pub fn comments(plan: &Plan) -> Vec<String> {
    plan.segments.iter().flat_map(|segment| &segment.steps).flat_map(|step| step.comments.clone()).collect()
}
