//! The scripts of a case, compiled by the library.

use offprint::applier::Target;
use offprint::artifact::Section;
use offprint::compile::Compiler;
use offprint::diagnostic::Diagnostic;
use offprint::dialect::Settings;
use offprint::history::{Direction, History};
use offprint::operation::Op;
use offprint::plan::Step;
use offprint::replay::Replayed;
use offprint::revision::Revision;
use offprint::schema::Schema;
use offprint::schema::naming::NamingConvention;

use super::recorded::{record, revision};

/// The id of the revision before the one under test.
pub const BASE: &str = "revision_before";
/// The id of the revision under test.
pub const UNDER_TEST: &str = "revision_under_test";

/// What the library makes of the two revisions of a case.
#[derive(Clone)]
pub struct Scripts {
    pub base: String,
    pub upgrade: String,
    /// None when the revision says that there is no way back.
    pub downgrade: Option<String>,
    /// What of each script has run when it is interrupted between two segments.
    pub upgrade_interrupted: Vec<String>,
    pub downgrade_interrupted: Vec<String>,
    /// The steps of the upgrade, and then those of the downgrade.
    pub steps: Vec<Step>,
    pub before: Schema,
    pub after: Schema,
}

/// Compiles the revisions of a case for one target, and for the oldest versions of the databases.
///
/// # Errors
///
/// What the library refuses, in the revision under test; mistakes of the case itself fail the test.
pub fn compile(
    base: impl FnOnce(&mut Op),
    upgrade: impl FnOnce(&mut Op),
    downgrade: Option<fn(&mut Op)>,
    target: &Target,
) -> Result<Scripts, Vec<Diagnostic>> {
    compile_with(base, upgrade, downgrade, target, &Settings::default())
}

/// The same with other settings of the project.
///
/// # Errors
///
/// As there.
pub fn compile_with(
    base: impl FnOnce(&mut Op),
    upgrade: impl FnOnce(&mut Op),
    downgrade: Option<fn(&mut Op)>,
    target: &Target,
    settings: &Settings,
) -> Result<Scripts, Vec<Diagnostic>> {
    let mut revisions = [revision(BASE, &[], base), revision(UNDER_TEST, &[BASE], upgrade)];
    revisions[1].downgrade = downgrade.map(record);
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
    let naming = NamingConvention::default();
    let compiler = Compiler { history: &history, revisions: &revisions, naming: &naming, settings };
    let mut all = Vec::new();
    compiler.replay(target.applier.dialect(), |replayed| {
        all.push(replayed);
        Ok(())
    })?;
    let [first, second] = all.as_slice() else { panic!("two revisions are replayed") };
    let mut steps = Vec::new();
    let mut interrupted = Vec::new();
    let mut script = |replayed: &Replayed, direction| {
        let section = compiler.section(target, replayed, direction)?;
        interrupted.push(section.iter().flat_map(beginnings).collect::<Vec<String>>());
        let steps_of = |section: &Section<'_>| section.plan.segments.iter().flat_map(|one| one.steps.clone()).collect();
        let new: Vec<Step> = section.as_ref().map(steps_of).unwrap_or_default();
        steps.extend(new.into_iter().filter(|_| replayed.revision == second.revision));
        Ok(section.map(|section| section.script()))
    };
    let base = script(first, Direction::Up).unwrap_or_else(|found: Vec<Diagnostic>| panic!("{found:#?}"));
    let upgrade = script(second, Direction::Up)?.expect("there is always a way up");
    let downgrade = script(second, Direction::Down)?;
    let [_, upgrade_interrupted, downgrade_interrupted] = interrupted.try_into().expect("three sections");
    Ok(Scripts {
        base: base.expect("there is always a way up"),
        upgrade,
        downgrade,
        upgrade_interrupted,
        downgrade_interrupted,
        steps,
        before: second.before.clone(),
        after: second.after.clone(),
    })
}

/// The section without its last segments, one text for each place between two.
fn beginnings(section: &Section<'_>) -> Vec<String> {
    let segments = &section.plan.segments;
    (1..segments.len()).map(|end| section.text(&segments[..end])).collect()
}
