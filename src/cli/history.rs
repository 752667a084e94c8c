//! `offprint history`

mod graph;

use clap::Args;
use serde::Serialize;

use super::Answer;
use super::session::{Revisions, Session};
use crate::diagnostic::Diagnostic;
use crate::history::RevisionIndex;
use crate::project::Project;
use crate::schema::Dialect;
use graph::Graph;

/// Show the graph of the revisions, the newest first.
///
/// Marks heads, branch labels, and revisions that are destructive: those that throw data away.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Show the graph:
    offprint history

  List the destructive revisions:
    offprint history --json | jq '.[] | select(.destructive) | .id'")]
pub struct History {
    /// Print an array of all revisions instead, in the order in which they run.
    #[arg(long)]
    json: bool,
}

/// A revision, for machines.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    parents: Vec<&'a str>,
    depends_on: Vec<&'a str>,
    labels: Vec<&'a str>,
    head: bool,
    destructive: bool,
    message: &'a str,
    file: &'a str,
}

impl History {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let (destructive, mistakes) = destructive(&revisions, workspace.project());
        let entries: Vec<Entry<'_>> =
            revisions.history.order().iter().map(|&index| entry(session, &revisions, &destructive, index)).collect();
        if self.json {
            session.report.result(&json(&entries))?;
        } else {
            session.report.text(&text(&revisions, &entries))?;
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }
}

/// For each revision, whether it throws data away on any dialect of the project. A history with mistakes can still be
/// shown.
fn destructive(revisions: &Revisions, project: &Project) -> (Vec<bool>, Vec<Diagnostic>) {
    let mut destructive = vec![false; revisions.history.len()];
    let mut mistakes = Vec::new();
    let compiler = revisions.compiler(project);
    for dialect in Dialect::ALL {
        if project.targets.iter().all(|target| target.applier.dialect() != dialect) {
            continue;
        }
        let replayed = compiler.replay(dialect, |replayed| {
            let loses = replayed.upgrade.iter().any(|transition| transition.change.loss().is_some());
            destructive[replayed.revision.index()] |= loses;
            Ok(())
        });
        mistakes.extend(replayed.err().into_iter().flatten());
    }
    (destructive, mistakes)
}

fn entry<'a>(session: &'a Session, revisions: &'a Revisions, destructive: &[bool], index: RevisionIndex) -> Entry<'a> {
    let revision = revisions.get(index);
    let texts = |names: &'a [crate::source::Name]| names.iter().map(|name| name.as_str()).collect();
    Entry {
        id: revision.id.as_str(),
        parents: texts(&revision.parents),
        depends_on: texts(&revision.depends_on),
        labels: texts(&revision.labels),
        head: revisions.history.children(index).is_empty(),
        destructive: destructive[index.index()],
        message: &revision.message,
        file: session.file_of(revision),
    }
}

fn json(entries: &[Entry<'_>]) -> String {
    match serde_json::to_string_pretty(entries) {
        Ok(text) => text + "\n",
        Err(_) => unreachable!("texts, truth values and lists of them are always JSON"),
    }
}

fn text(revisions: &Revisions, entries: &[Entry<'_>]) -> String {
    let mut graph = Graph::default();
    for (&index, entry) in revisions.history.order().iter().zip(entries).rev() {
        graph.add(index, revisions.history.parents(index), &line(entry));
    }
    graph.into_text()
}

/// What stands beside the node of a revision.
fn line(entry: &Entry<'_>) -> String {
    let mut marks: Vec<String> = entry.labels.iter().map(|&label| label.to_string()).collect();
    if entry.head {
        marks.insert(0, "head".into());
    }
    if entry.destructive {
        marks.push("destructive".into());
    }
    if !entry.depends_on.is_empty() {
        marks.push(format!("depends on {}", entry.depends_on.join(", ")));
    }
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    format!("{}{marks}  {}", entry.id, entry.message)
}
