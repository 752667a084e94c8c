//! `offprint show`

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use clap::Args;

use super::Answer;
use super::session::{Revisions, Session};
use crate::history::RevisionIndex;
use crate::operation::Recorded;
use crate::project::Project;
use crate::replay::{Downgrade, Replayed};
use crate::schema::{Dialect, Transition};

/// Show a revision: what it says about itself, and its operations both ways with what they lose.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Show the last revision:
    offprint show head

  Show the revision whose id begins with 3af:
    offprint show 3af")]
pub struct Show {
    /// An id, the beginning of one, a branch label, `head`, or steps from one of them.
    #[arg(value_name = "REV")]
    revision: String,
}

impl Show {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let index = revisions.revision(&self.revision)?;
        let effects = effects(&revisions, workspace.project(), index)?;
        let mut text = head(session, &revisions, index);
        write_operations(&mut text, &revisions, index, &effects);
        session.report.text(&text)
    }
}

/// What a revision does, on all dialects of the project together.
#[derive(Debug, Default)]
struct Effects {
    /// What the operation of each number loses.
    losses: BTreeMap<u32, BTreeSet<String>>,
    /// The same of the way back, and the operations that it undoes or has.
    downgrade: BTreeMap<u32, BTreeSet<String>>,
    irreversible: Option<String>,
}

fn effects(revisions: &Revisions, project: &Project, index: RevisionIndex) -> Answer<Effects> {
    let mut effects = Effects::default();
    let compiler = revisions.compiler(project);
    for dialect in Dialect::ALL {
        if project.targets.iter().any(|target| target.applier.dialect() == dialect) {
            compiler.replay(dialect, |replayed| {
                if replayed.revision == index {
                    effects.add(&replayed)?;
                }
                Ok(())
            })?;
        }
    }
    Ok(effects)
}

impl Effects {
    fn add(&mut self, replayed: &Replayed) -> Answer {
        collect(&mut self.losses, &replayed.upgrade);
        if let Some(transitions) = replayed.way_back()? {
            collect(&mut self.downgrade, &transitions);
        }
        if let Downgrade::Irreversible(reason) = &replayed.downgrade {
            self.irreversible = Some(reason.to_string());
        }
        Ok(())
    }
}

fn collect(losses: &mut BTreeMap<u32, BTreeSet<String>>, transitions: &[Transition]) {
    for transition in transitions {
        losses.entry(transition.cause.number).or_default().extend(transition.change.loss());
    }
}

fn head(session: &Session, revisions: &Revisions, index: RevisionIndex) -> String {
    let revision = revisions.get(index);
    let names =
        |names: &[crate::source::Name]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
    let ids = |list: &[RevisionIndex]| {
        list.iter().map(|&one| revisions.history.id(one).to_string()).collect::<Vec<_>>().join(", ")
    };
    let lines = [
        ("revision", revision.id.to_string()),
        ("message", revision.message.to_string()),
        ("file", session.file_of(revision).to_string()),
        ("parents", if revision.parents.is_empty() { "base".into() } else { names(&revision.parents) }),
        ("children", ids(revisions.history.children(index))),
        ("depends on", names(&revision.depends_on)),
        ("labels", names(&revision.labels)),
    ];
    let mut text = String::new();
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<12}{value}");
    }
    if !revision.documentation.is_empty() {
        let _ = writeln!(text, "\n{}", revision.documentation);
    }
    text
}

fn write_operations(text: &mut String, revisions: &Revisions, index: RevisionIndex, effects: &Effects) {
    let revision = revisions.get(index);
    text.push_str("\nupgrade\n");
    for (number, recorded) in (1..).zip(&revision.upgrade) {
        write_operation(text, &format!("#{number} {}", title(recorded)), effects.losses.get(&number));
    }
    match (&revision.downgrade, &effects.irreversible) {
        (Some(written), _) => {
            text.push_str("\ndowngrade\n");
            for (number, recorded) in (1..).zip(written) {
                write_operation(text, &format!("#{number} {}", title(recorded)), effects.downgrade.get(&number));
            }
        }
        (None, Some(reason)) => {
            text.push_str(&format!("\nno downgrade: {reason}\n"));
        }
        (None, None) => {
            text.push_str("\ndowngrade (derived)\n");
            for (&number, losses) in effects.downgrade.iter().rev() {
                let undone = revision.upgrade.get(number as usize - 1).map(title).unwrap_or_default();
                write_operation(text, &format!("undo #{number} {undone}"), Some(losses));
            }
        }
    }
}

/// An operation in a few words, with what limits it.
fn title(recorded: &Recorded) -> String {
    let mut title = recorded.operation.title().to_string();
    if let Some(scope) = recorded.scope {
        title.push_str(&format!(" (only {})", scope.title()));
    }
    if recorded.declared {
        title.push_str(" (declared)");
    }
    title
}

fn write_operation(text: &mut String, title: &str, losses: Option<&BTreeSet<String>>) {
    text.push_str(&format!("  {title}\n"));
    for loss in losses.into_iter().flatten() {
        text.push_str(&format!("     loses {loss}\n"));
    }
}
