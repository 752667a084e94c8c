//! The scripts of a case: one revision that makes tables, and one that changes them.

use offprint::applier::Target;
use offprint::compile::Compiler;
use offprint::diagnostic::Diagnostic;
use offprint::dialect::Settings;
use offprint::history::{Direction, History};
use offprint::operation::Op;
use offprint::replay::Replayed;
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;

use crate::support::recorded::revision;

/// The scripts of two revisions, and what they lead to.
pub struct Compiled {
    pub base: String,
    pub up: Result<String, Vec<Diagnostic>>,
    pub down: Result<String, Vec<Diagnostic>>,
    pub replayed: [Replayed; 2],
}

/// Compiles a revision that makes tables, and the one that changes them.
pub fn compile(target: &Target, base: impl FnOnce(&mut Op), upgrade: impl FnOnce(&mut Op)) -> Compiled {
    let revisions = [revision("first", &[], base), revision("second", &["first"], upgrade)];
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
    let (naming, settings) = (NamingConvention::default(), Settings::default());
    let compiler = Compiler { history: &history, revisions: &revisions, naming: &naming, settings: &settings };
    let mut all = Vec::new();
    let replay = compiler.replay(target.applier.dialect(), |replayed| {
        all.push(replayed);
        Ok(())
    });
    replay.unwrap_or_else(|found| panic!("{found:#?}\n{:#?}", revisions[1]));
    let script = |replayed, direction| {
        let section = compiler.section(target, replayed, direction)?;
        Ok(section.expect("no revision is irreversible").script())
    };
    let base = script(&all[0], Direction::Up).unwrap_or_else(|found: Vec<Diagnostic>| panic!("{found:#?}"));
    let (up, down) = (script(&all[1], Direction::Up), script(&all[1], Direction::Down));
    let replayed = all.try_into().unwrap_or_else(|_| panic!("two revisions are replayed"));
    Compiled { base, up, down, replayed }
}
