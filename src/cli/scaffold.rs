//! The text of a new revision.

use std::hash::{BuildHasher, Hasher, RandomState};

use askama::Template;
use ecow::{EcoString, eco_format};

use super::Answer;
use super::timestamp::Timestamp;
use crate::artifact::Artifact;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::Project;

/// The longest slug, so that names of files stay readable.
const LONGEST_SLUG: usize = 40;

#[derive(Template)]
#[template(path = "revision.rs", whitespace = "preserve")]
struct Text<'a> {
    message: &'a str,
    id: &'a str,
    /// The parents as a list in Rust, without its brackets.
    parents: &'a str,
    /// The body of `upgrade`.
    upgrade: &'a str,
}

/// A revision that does not exist yet.
#[derive(Debug)]
pub struct Scaffold<'a> {
    pub message: &'a str,
    pub id: &'a str,
    pub parents: &'a [EcoString],
    pub upgrade: &'a str,
    pub time: Timestamp,
}

impl Scaffold<'_> {
    /// The file of the revision.
    pub fn file(&self, project: &Project) -> Answer<Artifact> {
        let parents: Vec<String> = self.parents.iter().map(|parent| format!("\"{parent}\"")).collect();
        let text =
            Text { message: message(self.message)?, id: self.id, parents: &parents.join(", "), upgrade: self.upgrade };
        let text = match text.render() {
            Ok(text) => text + "\n",
            Err(_) => unreachable!("a template of plain texts can always be rendered into a String"),
        };
        let path = eco_format!("{}/{}_{}.rs", project.revisions, self.time, slug(self.message));
        Ok(Artifact { path, text })
    }
}

/// The message as the first line of the docs, which a revision must be able to hold.
fn message(text: &str) -> Answer<&str> {
    let is_hidden = |character: char| {
        character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let problem = if text.trim().is_empty() {
        "is empty"
    } else if text.contains(is_hidden) {
        "has a line break or another control character"
    } else {
        return Ok(text.trim());
    };
    let help = "say in one line what the revision does; more can be written below it in the file";
    Err(Diagnostic::new(Code::Usage, format!("the message {problem}")).help(help).into())
}

/// The message as a part of a file name.
fn slug(message: &str) -> String {
    let mut slug = String::new();
    for word in message.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + 1 + word.len() > LONGEST_SLUG && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.extend(word.chars().take(LONGEST_SLUG).map(|character| character.to_ascii_lowercase()));
    }
    if slug.is_empty() { "revision".into() } else { slug }
}

/// An id that no revision has: 12 hexadecimal digits of the system's randomness.
pub fn fresh_id(is_taken: impl Fn(&str) -> bool) -> String {
    loop {
        // The keys of a hasher are random, so what it makes of nothing is, too.
        let number = RandomState::new().build_hasher().finish();
        let id = format!("{:012x}", number >> 16);
        if !is_taken(&id) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_short_words() {
        assert_eq!(slug("Add the idempotency-key!"), "add_the_idempotency_key");
        assert_eq!(slug("größe"), "gr_e");
        assert_eq!(slug("…"), "revision");
        assert_eq!(slug(&"long ".repeat(20)), "long_long_long_long_long_long_long_long");
        assert_eq!(slug(&"x".repeat(100)).len(), LONGEST_SLUG);
    }

    #[test]
    fn ids_are_hexadecimal_and_fresh() {
        let first = fresh_id(|_| false);
        assert_eq!(first.len(), 12);
        assert!(first.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(fresh_id(|id| id == first), first);
    }

    #[test]
    fn messages_stay_in_their_line() {
        assert!(message("two\nlines").is_err());
        assert!(message(" ").is_err());
        assert_eq!(message(" a \"quoted\" thing ").as_deref(), Ok("a \"quoted\" thing"));
    }
}
