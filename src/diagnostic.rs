//! One mistake, with its place and its remedy.
//!
//! A diagnostic is made where the mistake is found and travels up as a value; only `cli::report` prints it.

mod code;

pub use code::Code;

use crate::source::Origin;

/// The result of a step that can find a mistake of the author.
pub type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// A mistake: what is wrong, where, and what to write instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The kind of mistake; `offprint explain` tells more about it.
    pub code: Code,
    /// One sentence without a final stop.
    pub message: String,
    /// The places; the first is the one that the user has to change.
    pub labels: Vec<Label>,
    /// What one must know to understand the mistake.
    pub notes: Vec<String>,
    /// What to write or to run instead.
    pub helps: Vec<String>,
}

/// A place with what is to be said about it.
#[derive(Debug, Clone)]
pub struct Label {
    pub origin: Origin,
    pub text: String,
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.origin.span() == other.origin.span()
    }
}

impl Diagnostic {
    /// A mistake of this kind. `message` is one sentence without a final stop.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { code, message: message.into(), labels: Vec::new(), notes: Vec::new(), helps: Vec::new() }
    }

    /// Underlines a place. The first one is the primary place.
    #[must_use]
    pub fn at(mut self, origin: Origin, text: impl Into<String>) -> Self {
        self.labels.push(Label { origin, text: text.into() });
        self
    }

    /// Adds what one must know to understand the mistake.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds what to write or to run instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// Adds "did you mean" when one of the candidates is close to the word.
    #[must_use]
    pub fn did_you_mean<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(word, candidates) {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }
}

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic]
    }
}

impl From<Box<Diagnostic>> for Vec<Diagnostic> {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        vec![*diagnostic]
    }
}

/// The candidate that looks most like the word, if any is close enough to be a typing mistake.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    // A word that is longer than any name is no misspelt name, and comparing it would take long.
    if word.len() > 255 {
        return None;
    }
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}
