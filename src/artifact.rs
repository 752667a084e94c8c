//! The text that comes out: one section for each revision and direction, and the files that appliers want.

use std::fmt::Write;
use std::sync::Arc;

use ecow::{EcoString, eco_format};

use crate::applier::Target;
use crate::history::Direction;
use crate::plan::{Plan, Purpose, Segment, Step};
use crate::revision::Revision;
use crate::schema::Cause;

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
    /// Why there is no way back, where the author says that there is none.
    pub irreversible: Option<EcoString>,
    pub plan: Plan,
}

impl Section<'_> {
    /// The whole section as a part of a script: with an empty line at its end, so that sections can be joined.
    pub fn script(&self) -> String {
        let mut text = String::with_capacity(1024);
        self.push_script(&mut text);
        text
    }

    /// Appends the section to a script.
    pub fn push_script(&self, text: &mut String) {
        self.write(text, &self.plan.segments, |_, _| {});
        text.push('\n');
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
        self.write(&mut text, segments, |_, _| {});
        text
    }

    /// The operation behind a line of [`Section::text`], counted from 0. The header, guards and the rows of the
    /// history have none.
    pub fn cause_of_line<'s>(
        &self,
        segments: impl IntoIterator<Item = &'s Segment>,
        line: usize,
    ) -> Option<Arc<Cause>> {
        let mut text = String::with_capacity(1024);
        let mut places: Vec<(usize, Option<Arc<Cause>>)> = Vec::new();
        self.write(&mut text, segments, |start, step| {
            let cause = step.and_then(|step| match &step.purpose {
                Purpose::Change(cause) => Some(Arc::clone(cause)),
                Purpose::Guard | Purpose::History => None,
            });
            places.push((start, cause));
        });
        let lines_before = |place: usize| text.as_bytes()[..place].iter().filter(|&&byte| byte == b'\n').count();
        let starts_before = |(start, _): &&(usize, Option<Arc<Cause>>)| lines_before(*start) <= line;
        places.iter().take_while(starts_before).last().and_then(|(_, cause)| cause.clone())
    }

    /// Tells `observe` where the text of each step begins, and where that of the opening and closing does.
    fn write<'s>(
        &self,
        text: &mut String,
        segments: impl IntoIterator<Item = &'s Segment>,
        mut observe: impl FnMut(usize, Option<&Step>),
    ) {
        self.write_header(text);
        for segment in segments {
            observe(text.len(), None);
            write_statements(text, &segment.opening);
            let mut heading = None;
            for step in &segment.steps {
                observe(text.len(), Some(step));
                self.write_step(text, step, &mut heading);
            }
            observe(text.len(), None);
            write_statements(text, &segment.closing);
        }
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
        if let Some(reason) = &self.irreversible {
            text.push_str("-- has no way back: ");
            push_comment_text(text, reason);
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
    // All bytes are looked at, since that takes several at a time, and most texts are plain.
    if words.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        text.push_str(words);
        return;
    }
    for character in words.chars() {
        let hidden = matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || hidden {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
}
