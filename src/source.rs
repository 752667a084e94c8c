//! Where words come from: source files, spans in them, and origins.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Range};
use std::panic::Location;

use ecow::EcoString;

/// A text that diagnostics can point into.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as the user knows it, relative to the project, with forward slashes.
    pub path: String,
    /// The text as it was read.
    pub text: String,
}

/// The number of a [`Source`] in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// All texts that were read, so that a [`Span`] can stay small.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Takes a text in and gives it its number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(Source { path: path.into(), text: text.into() });
        id
    }

    /// The text with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The line of a span, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        let text = &self.get(span.source).text;
        let start = (span.start as usize).min(text.len());
        1 + text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count()
    }
}

/// A range of bytes in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The span from the start of this one to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where a word or a value was written: in a revision that was interpreted, or in one that rustc compiled.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    /// Nowhere: the value was made by Offprint, for example a name by the naming convention.
    Unknown,
    /// In a source that Offprint read.
    Span(Span),
    /// In a revision that was compiled and linked: the line of the call.
    Line(&'static Location<'static>),
}

impl Origin {
    /// The line of the call to the function that calls this one.
    #[track_caller]
    pub fn caller() -> Self {
        Origin::Line(Location::caller())
    }

    /// The span, when the revision was interpreted.
    pub fn span(self) -> Option<Span> {
        match self {
            Origin::Span(span) => Some(span),
            Origin::Unknown | Origin::Line(_) => None,
        }
    }
}

/// A value that knows where it was written. Equality, order and hash ignore the place.
#[derive(Clone, Copy)]
pub struct Located<T> {
    pub value: T,
    pub origin: Origin,
}

/// A name as an author wrote it.
pub type Name = Located<EcoString>;

impl<T> Located<T> {
    pub fn new(value: T, origin: Origin) -> Self {
        Located { value, origin }
    }
}

/// Words put together. Much cheaper than formatting, which counts for what every operation has.
pub fn joined(words: &[&str]) -> EcoString {
    let mut text = EcoString::with_capacity(words.iter().map(|word| word.len()).sum());
    words.iter().for_each(|word| text.push_str(word));
    text
}

impl Name {
    /// The text of the name.
    pub fn as_str(&self) -> &str {
        self.value.as_str()
    }
}

impl<T> Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<T: Eq> Eq for Located<T> {}
impl<T: PartialOrd> PartialOrd for Located<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
impl<T: Ord> Ord for Located<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}
impl<T: Hash> Hash for Located<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<T: fmt::Debug> fmt::Debug for Located<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}
impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}
