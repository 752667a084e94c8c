//! The only printer: results to standard output, everything else to standard error.

mod json;
mod text;

use std::io::{self, BufWriter, Write};
use std::iter;

use anstream::{AutoStream, ColorChoice};
use clap::builder::StyledStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Origin, Sources};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people, as rustc writes them.
    #[default]
    Text,
    /// For machines: one JSON array on standard error, empty when there is nothing to say.
    Json,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// Whether rendered text has escape sequences for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Colored,
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Fine,
    /// The revisions or the artifacts have mistakes.
    Findings,
    /// The command line, the configuration or the file system stands in the way.
    Trouble,
}

impl Outcome {
    /// What the diagnostics of a run mean for its end.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let is_trouble = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::Config | Code::Usage | Code::Io);
        if diagnostics.iter().any(is_trouble) {
            Outcome::Trouble
        } else if diagnostics.is_empty() {
            Outcome::Fine
        } else {
            Outcome::Findings
        }
    }
}

/// As many bytes as most pipes take at once.
const PIPE: usize = 64 * 1024;

/// Where a run writes to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    pub format: Format,
    pub color: Color,
}

impl Report {
    /// Writes a result for people to standard output, where no word of an author can move the cursor.
    ///
    /// # Errors
    ///
    /// Where [`Report::result`] fails.
    pub fn text(&self, text: &str) -> Result<(), Vec<Diagnostic>> {
        self.result(&text::printable(text))
    }

    /// Writes a result as it is to standard output. A reader that has gone away, as after `| head`, is no mistake.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written, for example because the disk is full.
    pub fn result(&self, text: &str) -> Result<(), Vec<Diagnostic>> {
        self.results(iter::once(text))
    }

    /// Writes a result that comes in parts as it is to standard output.
    ///
    /// # Errors
    ///
    /// Where [`Report::result`] fails.
    pub fn results<'t>(&self, mut parts: impl Iterator<Item = &'t str>) -> Result<(), Vec<Diagnostic>> {
        let mut stdout = BufWriter::with_capacity(PIPE, io::stdout().lock());
        written(parts.try_for_each(|part| stdout.write_all(part.as_bytes())).and_then(|()| stdout.flush()))
    }

    /// Says on standard error what was done. Machines are told nothing but diagnostics.
    pub fn notice(&self, text: &str) {
        if self.format == Format::Text {
            self.write_to_stderr(&format!("{}\n", text::printable(text)));
        }
    }

    /// Writes what is wrong to standard error, each mistake once and in the order of the places.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        let text = match self.format {
            Format::Text => render_text(diagnostics, sources, Style::Colored),
            Format::Json => render_json(diagnostics, sources),
        };
        self.write_to_stderr(&text);
    }

    /// Writes help to standard output.
    ///
    /// # Errors
    ///
    /// Where [`Report::result`] fails.
    pub fn help(&self, text: &StyledStr) -> Result<(), Vec<Diagnostic>> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.choice());
        written(stdout.write_all(text.ansi().to_string().as_bytes()).and_then(|()| stdout.flush()))
    }

    /// Writes what clap has to say about the command line.
    pub fn usage(&self, text: &StyledStr) {
        self.write_to_stderr(&text.ansi().to_string());
    }

    fn write_to_stderr(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.choice());
        // There is no place left to say that standard error cannot be written.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }

    fn choice(&self) -> ColorChoice {
        match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// What came of writing to standard output.
fn written(result: io::Result<()>) -> Result<(), Vec<Diagnostic>> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or(&reason);
            let message = format!("standard output cannot be written: {reason}");
            Err(Diagnostic::new(Code::Io, message).help("look at the disk or the program that reads it").into())
        }
        _ => Ok(()),
    }
}

/// Diagnostics as rustc shows its own: the place, the code underlined, notes and remedies. Long lists are cut.
pub fn render_text(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    text::render(&in_order(diagnostics, sources), sources, style)
}

/// Diagnostics as one JSON array. Nothing is cut.
pub fn render_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    json::render(&in_order(diagnostics, sources), sources)
}

/// Sorts by place and leaves out repetitions: a mistake is often found once for each dialect.
fn in_order<'a>(diagnostics: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let place = |origin: Origin| match origin {
        Origin::Unknown => ("", 0, 0, 0),
        Origin::Span(span) => (sources.get(span.source).path.as_str(), 0, span.start, span.end),
        Origin::Line(location) => (location.file(), location.line(), location.column(), 0),
    };
    let places =
        |diagnostic: &Diagnostic| -> Vec<_> { diagnostic.labels.iter().map(|label| place(label.origin)).collect() };
    let mut sorted: Vec<(Vec<_>, &Diagnostic)> = diagnostics.iter().map(|one| (places(one), one)).collect();
    sorted.sort_by(|(left_places, left), (right_places, right)| {
        let first = left_places.first().cmp(&right_places.first());
        first
            .then_with(|| (left.code, &left.message).cmp(&(right.code, &right.message)))
            .then_with(|| left_places.cmp(right_places))
            .then_with(|| (&left.notes, &left.helps).cmp(&(&right.notes, &right.helps)))
    });
    sorted.dedup_by(|(right_places, right), (left_places, left)| left_places == right_places && left == right);
    sorted.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

#[cfg(test)]
mod tests;
