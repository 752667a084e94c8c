//! `offprint heads`

use std::fmt::Write;

use clap::Args;

use super::Answer;
use super::session::Session;

/// List the revisions that no other one revises.
///
/// A history that can be compiled to `head` has one; several are merged by a revision that revises them all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  List the heads:
    offprint heads

  Merge two of them:
    offprint new \"merge billing\" --parent 3af4686817cc --parent 9c27b1e04d5a")]
pub struct Heads {}

impl Heads {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let mut text = String::new();
        for head in revisions.history.heads() {
            let revision = revisions.get(head);
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}  {}", revision.id, revision.message);
        }
        session.report.text(&text)
    }
}
