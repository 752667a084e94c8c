//! The text that comes out: one section for each revision and direction, and the files that appliers want.

use std::fmt::Write;

use ecow::{EcoString, eco_format};

use crate::applier::Target;
use crate::history::Direction;
use crate::plan::{Plan, Purpose, Segment, Step};
use crate::revision::Revision;

/// The words that every file of Offprint begins with.
pub const SIGNATURE: &str = "-- offprint: ";

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to the project, with forward slashes.
    pub path: EcoString,
    pub text: String,
}

/// The SQL of one revision in one direction.
#[derive(Debug)]
pub struct Section<'a> {
    pub revision: &'a Revision,
    pub direction: Direction,
    /// Where the database is before: an id, ids with commas, or `base`.
    pub from: EcoString,
    pub to: EcoString,
    /// What the SQL runs on and who opens the transaction: `Postgres 15 or later, own transaction`.
    pub requirements: EcoString,
    /// What is thrown away, as parts of a sentence.
    pub losses: Vec<String>,
    /// What the way back cannot bring back.
    pub gone: Vec<String>,
    pub plan: Plan,
}

impl Section<'_> {
    /// The whole section as a part of a script: with an empty line at its end, so that sections can be joined.
    pub fn script(&self) -> String {
        let mut text = self.text(&self.plan.segments);
        text.push('\n');
        text
    }

    /// The whole section as one file of its target.
    pub fn one_file(&self, target: &Target) -> Artifact {
        let direction = match self.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        Artifact {
            path: eco_format!("{}/{}.{direction}.sql", target.folder, self.revision.stem),
            text: self.text(&self.plan.segments),
        }
    }

    /// Some segments under the header of the section.
    pub fn text<'s>(&self, segments: impl IntoIterator<Item = &'s Segment>) -> String {
        let mut text = String::with_capacity(1024);
        self.write_header(&mut text);
        for segment in segments {
            write_statements(&mut text, &segment.opening);
            let mut heading = None;
            for step in &segment.steps {
                self.write_step(&mut text, step, &mut heading);
            }
            write_statements(&mut text, &segment.closing);
        }
        text
    }

    fn write_header(&self, text: &mut String) {
        text.push_str(SIGNATURE);
        push_comment_text(text, &self.revision.id);
        text.push(' ');
        push_comment_text(text, &self.revision.message);
        text.push_str("\n-- from ");
        push_comment_text(text, &self.from);
        text.push_str(" to ");
        push_comment_text(text, &self.to);
        text.push_str("; ");
        text.push_str(&self.requirements);
        text.push('\n');
        for loss in &self.losses {
            text.push_str("-- loses ");
            push_comment_text(text, loss);
            text.push('\n');
        }
        for gone in &self.gone {
            text.push_str("-- does not bring back ");
            push_comment_text(text, gone);
            text.push('\n');
        }
    }

    fn write_step(&self, text: &mut String, step: &Step, heading: &mut Option<u32>) {
        text.push('\n');
        match &step.purpose {
            Purpose::Change(cause) => {
                if *heading != Some(cause.number) {
                    text.push_str("-- ");
                    push_comment_text(text, &self.revision.id);
                    // Writing to a String cannot fail.
                    let _ = write!(text, " #{}: ", cause.number);
                    push_comment_text(text, &cause.title);
                    text.push('\n');
                }
                *heading = Some(cause.number);
            }
            Purpose::Guard | Purpose::History => *heading = None,
        }
        for comment in &step.comments {
            text.push_str("-- ");
            push_comment_text(text, comment);
            text.push('\n');
        }
        if !step.sql.is_empty() {
            text.push_str(step.sql.trim_end());
            text.push('\n');
        }
    }
}

fn write_statements(text: &mut String, statements: &[String]) {
    if !statements.is_empty() {
        text.push('\n');
    }
    for statement in statements {
        text.push_str(statement.trim_end());
        text.push('\n');
    }
}

/// Text inside a comment: a line break or another control character would end the comment or hide what follows.
fn push_comment_text(text: &mut String, words: &str) {
    for character in words.chars() {
        let hidden = matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || hidden {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
}
