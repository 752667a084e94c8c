//! `offprint compile`

use std::collections::BTreeSet;

use clap::Args;
use ecow::EcoString;

use super::Answer;
use super::choice::TargetChoice;
use super::session::{Revisions, Session};
use crate::applier::Target;
use crate::artifact::{Artifact, SIGNATURE};
use crate::compile::Selection;
use crate::project::Project;
use crate::revision::Revision;
use crate::workspace::{Outcome, Workspace};

/// Write the SQL of the revisions, or print it.
///
/// Without options, writes the files of all revisions for every target and deletes those that no revision makes any
/// more. All files are written, or none.
///
/// FROM and TO are ids, the beginnings of ids, branch labels, `base`, `head`, `heads`, or steps from one of them, such
/// as `head-1`. FROM is where the database is, TO where it shall be; when FROM comes after TO, the way leads down.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Write the files of all revisions:
    offprint compile

  Print what a database at 3af468 lacks, for the first target with Postgres:
    offprint compile --from 3af468 --sql

  Print the way back from the last revision, for SQLite:
    offprint compile --from head --to head-1 --sql --dialect sqlite

  Write the files of the last revision, for one target:
    offprint compile --from head-1 --target psql")]
pub struct Compile {
    /// The revision before the first one.
    #[arg(long, value_name = "REV", default_value = "base")]
    from: String,

    /// The last revision.
    #[arg(long, value_name = "REV", default_value = "head")]
    to: String,

    /// Print one script to standard output instead of writing files.
    #[arg(long)]
    sql: bool,

    #[command(flatten)]
    choice: TargetChoice,
}

impl Compile {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let project = workspace.project();
        if self.sql { self.print(session, revisions, project) } else { self.write(session, &revisions, &workspace) }
    }

    fn print(&self, session: &Session, mut revisions: Revisions, project: &Project) -> Answer {
        let target = self.choice.one(project)?;
        let range = revisions.range(&self.from, &self.to)?;
        let operations = revisions.list.iter_mut().map(Revision::take_operations).collect();
        let script = revisions.compiler(project).script(target, &range, operations)?;
        let dialect = target.applier.dialect().title();
        session.report.notice(&format!("target {}: {dialect}, for {}", target.name, target.applier.name()));
        session.report.results(script.sections())
    }

    fn write(&self, session: &Session, revisions: &Revisions, workspace: &Workspace) -> Answer {
        let project = workspace.project();
        let targets = self.choice.all(project)?;
        let range = revisions.range(&self.from, &self.to)?;
        let is_whole = range.revisions.len() == revisions.history.len();
        let selection = if is_whole { Selection::Every } else { Selection::Only(&range.revisions) };
        let mut artifacts: Vec<Artifact> = Vec::new();
        revisions.compiler(project).files(&targets, selection, |file| {
            artifacts.push(file.artifact);
            Ok(())
        })?;
        let stale = if is_whole { stale(workspace, &targets, &artifacts)? } else { Vec::new() };
        let outcome = workspace.write(&artifacts, &stale)?;
        session.report.notice(&summary(&outcome));
        Ok(())
    }
}

/// The files of Offprint in the folders of the targets that no revision makes any more.
fn stale(workspace: &Workspace, targets: &[&Target], artifacts: &[Artifact]) -> Answer<Vec<EcoString>> {
    let made: BTreeSet<&EcoString> = artifacts.iter().map(|artifact| &artifact.path).collect();
    let mut stale = Vec::new();
    for target in targets {
        for path in workspace.files(&target.folder)? {
            if !made.contains(&path) && is_ours(workspace, &path)? {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

/// Whether a file was written by Offprint.
pub(super) fn is_ours(workspace: &Workspace, path: &str) -> Answer<bool> {
    Ok(path.ends_with(".sql")
        && workspace.read(path, SIGNATURE.len())?.is_some_and(|start| start == SIGNATURE.as_bytes()))
}

fn summary(outcome: &Outcome) -> String {
    /// More paths than these are only counted.
    const LISTED: usize = 10;
    let mut text = String::new();
    if outcome.written.len() + outcome.removed.len() <= LISTED {
        for path in &outcome.written {
            text.push_str(&format!("wrote {path}\n"));
        }
        for path in &outcome.removed {
            text.push_str(&format!("removed {path}\n"));
        }
    }
    let (written, removed) = (outcome.written.len(), outcome.removed.len());
    text.push_str(&format!("{written} written, {} unchanged, {removed} removed", outcome.unchanged));
    text
}
