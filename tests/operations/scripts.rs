//! The scripts of a case, compiled by the library.

use offprint::dialect::{self, Delivery, HistoryDirection, HistoryStep, Relative, Request, Settings};
use offprint::history::History;
use offprint::operation::{Op, Recorded};
use offprint::replay::{Downgrade, Replay};
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Dialect, Schema, Transition};
use offprint::source::{Name, Origin};

/// The id of the revision before the one under test.
pub const BASE: &str = "revision_before";
/// The id of the revision under test.
pub const UNDER_TEST: &str = "revision_under_test";

/// What the library makes of the two revisions of a case.
pub struct Scripts {
    pub base: String,
    pub upgrade: String,
    /// None when the revision says that there is no way back.
    pub downgrade: Option<String>,
    pub before: Schema,
    pub after: Schema,
}

/// Compiles the revisions of a case for one dialect; mistakes fail the test.
pub fn compile(
    base: fn(&mut Op),
    upgrade: fn(&mut Op),
    downgrade: Option<fn(&mut Op)>,
    dialect: Dialect,
    delivery: Delivery,
) -> Scripts {
    let revisions = [revision(BASE, &[], base, None), revision(UNDER_TEST, &[BASE], upgrade, downgrade)];
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
    let naming = NamingConvention::default();
    let mut all = Vec::new();
    Replay { history: &history, revisions: &revisions, dialect, naming: &naming }
        .run(|replayed| {
            all.push(replayed);
            Ok(())
        })
        .unwrap_or_else(|found| panic!("{found:#?}"));
    let [first, second] = all.as_slice() else { panic!("two revisions are replayed") };

    let script = |before: &Schema, transitions: &[Transition], after: &Schema, [from, to]: [&str; 2], direction| {
        let history = HistoryStep { from: from.into(), to: to.into(), revision: UNDER_TEST.into(), direction };
        render(before, transitions, after, &history, dialect, delivery)
    };
    let before_the_second = || vec![Relative { id: BASE.into(), implied_by: Vec::new() }];
    let up = HistoryDirection::Up { predecessors: before_the_second(), absent: vec![UNDER_TEST.into()] };
    let down = HistoryDirection::Down { predecessors: before_the_second() };
    let from_base = HistoryStep {
        from: "base".into(),
        to: BASE.into(),
        revision: BASE.into(),
        direction: HistoryDirection::UpFromBase { allowed: Vec::new() },
    };
    Scripts {
        base: render(&first.before, &first.upgrade, &first.after, &from_base, dialect, delivery),
        upgrade: script(&second.before, &second.upgrade, &second.after, [BASE, UNDER_TEST], up),
        downgrade: match &second.downgrade {
            Downgrade::Possible(transitions) => {
                Some(script(&second.after, transitions, &second.before, [UNDER_TEST, BASE], down))
            }
            Downgrade::Irreversible(_) => None,
        },
        before: second.before.clone(),
        after: second.after.clone(),
    }
}

fn revision(id: &str, parents: &[&str], upgrade: fn(&mut Op), downgrade: Option<fn(&mut Op)>) -> Revision {
    let name = |text: &str| Name::new(text.into(), Origin::Unknown);
    Revision {
        id: name(id),
        parents: parents.iter().map(|parent| name(parent)).collect(),
        labels: Vec::new(),
        depends_on: Vec::new(),
        message: id.into(),
        documentation: Default::default(),
        stem: id.into(),
        upgrade: record(upgrade),
        downgrade: downgrade.map(record),
    }
}

fn record(write: fn(&mut Op)) -> Vec<Recorded> {
    let mut op = Op::default();
    write(&mut op);
    op.into_recorded()
}

fn render(
    before: &Schema,
    transitions: &[Transition],
    after: &Schema,
    history: &HistoryStep,
    dialect: Dialect,
    delivery: Delivery,
) -> String {
    let settings = Settings::default();
    let request = Request { before, transitions, after, history: Some(history), settings: &settings, delivery };
    let plan = dialect::plan(dialect, &request).unwrap_or_else(|found| panic!("{found:#?}"));
    let segments = plan.segments.iter().map(|segment| {
        let steps = segment.steps.iter().map(|step| step.sql.as_str());
        let opening = segment.opening.iter().map(String::as_str);
        let closing = segment.closing.iter().map(String::as_str);
        opening.chain(steps).chain(closing).map(|sql| format!("{sql}\n")).collect::<String>()
    });
    segments.collect()
}
