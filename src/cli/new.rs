//! `offprint new`

use clap::Args;
use ecow::EcoString;

use super::Answer;
use super::scaffold::{Scaffold, fresh_id};
use super::session::{Revisions, Session};
use super::timestamp::Timestamp;
use crate::diagnostic::{Code, Diagnostic};
use crate::history::{History, Node, Position};
use crate::revision::Revision;
use crate::source::{Name, Origin};

/// Write the file of a new revision.
///
/// It revises the head, or the revisions that are named, and gets a new id. Its name begins with the time, in UTC.
/// The path is printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Add a revision after the last one:
    offprint new \"add the idempotency key\"

  Merge two heads:
    offprint new \"merge billing\" --parent 3af4686817cc --parent 9c27b1e04d5a

  Open it at once:
    $EDITOR \"$(offprint new 'add tags')\"")]
pub struct New {
    /// What the revision does, in one line.
    message: String,

    /// A revision that the new one revises; for a merge, each of them.
    #[arg(long, value_name = "REV", default_value = "head")]
    parent: Vec<String>,
}

impl New {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let parents = self.parents(&revisions)?;
        let id = fresh_id(|id| revisions.history.find(id).is_some());
        check(&revisions, &id, &parents)?;
        let upgrade = if parents.len() > 1 { MERGE } else { UPGRADE };
        let time = time(&revisions, &parents);
        let scaffold = Scaffold { message: &self.message, id: &id, parents: &parents, upgrade, time };
        let file = scaffold.file(workspace.project())?;
        workspace.create(std::slice::from_ref(&file))?;
        session.report.result(&format!("{}\n", file.path))
    }

    fn parents(&self, revisions: &Revisions) -> Answer<Vec<EcoString>> {
        let mut parents = Vec::new();
        for reference in &self.parent {
            match revisions.position(reference)? {
                Position::Base => {}
                Position::At(revision) => parents.push(revisions.history.id(revision).clone()),
                Position::Heads => {
                    parents.extend(revisions.history.heads().iter().map(|&head| revisions.history.id(head).clone()));
                }
            }
        }
        if self.parent.len() > 1 && parents.len() < self.parent.len() {
            let message = "`base` cannot be one of several parents";
            return Err(Diagnostic::new(Code::Usage, message).help("name revisions only").into());
        }
        Ok(parents)
    }
}

const UPGRADE: &str = "    // op.add_column(\"table\", \"column\", text());";
const MERGE: &str = "    // A merge needs no operations of its own.";

/// Sees whether the history is still valid with the new revision.
fn check(revisions: &Revisions, id: &str, parents: &[EcoString]) -> Answer {
    let name = |text: &str| Name::new(text.into(), Origin::Unknown);
    let new = Node {
        id: name(id),
        parents: parents.iter().map(|parent| name(parent)).collect(),
        labels: Vec::new(),
        depends_on: Vec::new(),
    };
    let nodes: Vec<Node> = revisions.list.iter().map(Revision::node).chain([new]).collect();
    History::build(&nodes).map(|_| ())
}

/// Now, but after all parents and at a time that no other revision has: some appliers go by it.
fn time(revisions: &Revisions, parents: &[EcoString]) -> Timestamp {
    let time_of = |revision: &Revision| Timestamp::of_stem(&revision.stem);
    let is_parent = |revision: &&Revision| parents.contains(&revision.id.value);
    let after_parents = revisions.list.iter().filter(is_parent).filter_map(time_of).max().map(Timestamp::next);
    let mut time = Timestamp::now();
    time = after_parents.map_or(time, |earliest| time.max(earliest));
    let mut taken: Vec<Timestamp> = revisions.list.iter().filter_map(time_of).filter(|&other| other >= time).collect();
    taken.sort_unstable();
    for other in taken {
        if other == time {
            time = time.next();
        }
    }
    time
}
