//! Diagnostics for people.

use std::borrow::Cow;
use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Origin as Place, Renderer, Snippet};

use super::Style;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::source::{Origin, Source, SourceId, Sources, Span};

/// How many diagnostics are shown before the rest is only counted.
const SHOWN: usize = 50;

/// How much of a source around a label is shown at most, so that a file of one endless line stays readable.
const LONGEST_EXCERPT: usize = 4096;

pub(super) fn render(diagnostics: &[&Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colored => Renderer::styled().hyperlink(false),
    };
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(SHOWN) {
        text.push_str(&renderer.render(&[group(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    write_summary(&mut text, diagnostics);
    text
}

/// What holds for all diagnostics together.
fn write_summary(text: &mut String, diagnostics: &[&Diagnostic]) {
    // Writing to a String cannot fail.
    if diagnostics.len() > SHOWN {
        let _ = writeln!(text, "… and {} more", diagnostics.len() - SHOWN);
    }
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes.as_slice() {
        [] => {}
        [code] => {
            let _ = writeln!(text, "For more about this mistake, run `offprint explain {code}`.");
        }
        [first, ..] => {
            let all = codes.iter().map(|code| code.number()).collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "For more about {all}, run `offprint explain {first}` and so on.");
        }
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let title = Level::ERROR.primary_title(printable(&diagnostic.message)).id(diagnostic.code.number());
    let mut group = Group::with_title(title);
    let primary = diagnostic.labels.first().and_then(|label| label.origin.span());
    for (source, labels) in by_source(&diagnostic.labels) {
        group = group.element(snippet(sources.get(source), &labels, primary));
    }
    for label in &diagnostic.labels {
        match label.origin {
            Origin::Span(_) => continue,
            Origin::Line(location) => {
                let place = Place::path(location.file()).line(location.line() as usize);
                group = group.element(place.char_column(location.column() as usize));
            }
            Origin::Unknown => {}
        }
        if !label.text.is_empty() {
            group = group.element(Level::NOTE.message(printable(&label.text)));
        }
    }
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(printable(note)));
    let helps = diagnostic.helps.iter().map(|help| Level::HELP.message(printable(help)));
    group.elements(notes).elements(helps)
}

/// The labels that point into sources, together with those that point into the same one.
fn by_source(labels: &[Label]) -> Vec<(SourceId, Vec<(Span, &Label)>)> {
    let mut groups: Vec<(SourceId, Vec<(Span, &Label)>)> = Vec::new();
    for label in labels {
        let Some(span) = label.origin.span() else { continue };
        match groups.iter_mut().find(|(source, _)| *source == span.source) {
            Some((_, group)) => group.push((span, label)),
            None => groups.push((span.source, vec![(span, label)])),
        }
    }
    groups
}

fn snippet<'a>(
    source: &'a Source,
    labels: &[(Span, &'a Label)],
    primary: Option<Span>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let excerpt = Excerpt::around(&source.text, labels.iter().map(|(span, _)| *span));
    let mut snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(source.path.as_str());
    for (span, label) in labels {
        let kind = if primary == Some(*span) { AnnotationKind::Primary } else { AnnotationKind::Context };
        let range = excerpt.range(*span);
        let annotation = kind.span(range);
        snippet = snippet.annotation(if label.text.is_empty() {
            annotation
        } else {
            annotation.label(printable(&label.text))
        });
    }
    snippet
}

/// The lines of a source that some spans lie in.
struct Excerpt<'a> {
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Excerpt<'a> {
    fn around(text: &'a str, spans: impl Iterator<Item = Span> + Clone) -> Self {
        let first = boundary(text, spans.clone().map(|span| span.start as usize).min().unwrap_or(0));
        let last = boundary(text, spans.map(|span| span.end as usize).max().unwrap_or(0)).max(first);
        let start = text[..first].rfind('\n').map_or(0, |index| index + 1);
        let end = text[last..].find('\n').map_or(text.len(), |index| last + index);
        let start = start.max(boundary(text, first.saturating_sub(LONGEST_EXCERPT)));
        let end = end.min(boundary(text, last.saturating_add(LONGEST_EXCERPT)));
        let first_line = 1 + text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count();
        Excerpt { text: &text[start..end], start, first_line }
    }

    /// A span as a range of the excerpt.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let inside = |place: u32| boundary(self.text, (place as usize).saturating_sub(self.start));
        let start = inside(span.start);
        start..inside(span.end).max(start)
    }
}

/// The place, moved back to where a character begins.
fn boundary(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

/// Text without characters that move the cursor or hide what follows. Line breaks stay.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            clean.extend(character.escape_default());
        } else {
            clean.push(character);
        }
    }
    Cow::Owned(clean)
}
