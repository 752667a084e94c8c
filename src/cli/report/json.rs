//! Diagnostics for machines.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label};
use crate::source::{Origin, Sources};

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    message: &'a str,
    severity: &'static str,
    labels: Vec<Place<'a>>,
    notes: &'a [String],
    helps: &'a [String],
}

/// Lines and columns count from 1, columns in characters, bytes from 0. What is not known is `null`.
#[derive(Serialize)]
struct Place<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    start_byte: Option<u32>,
    end_byte: Option<u32>,
    text: &'a str,
    primary: bool,
}

pub(super) fn render(diagnostics: &[&Diagnostic], sources: &Sources) -> String {
    let findings: Vec<Finding<'_>> = diagnostics
        .iter()
        .map(|diagnostic| Finding {
            code: diagnostic.code.number(),
            message: &diagnostic.message,
            severity: "error",
            labels: (0..).zip(&diagnostic.labels).map(|(number, label)| place(label, number == 0, sources)).collect(),
            notes: &diagnostic.notes,
            helps: &diagnostic.helps,
        })
        .collect();
    match serde_json::to_string_pretty(&findings) {
        Ok(text) => text + "\n",
        Err(_) => unreachable!("texts, numbers and lists of them are always JSON"),
    }
}

fn place<'a>(label: &'a Label, primary: bool, sources: &'a Sources) -> Place<'a> {
    let nowhere = Place {
        file: None,
        line: None,
        column: None,
        end_line: None,
        end_column: None,
        start_byte: None,
        end_byte: None,
        text: &label.text,
        primary,
    };
    match label.origin {
        Origin::Unknown => nowhere,
        Origin::Line(location) => Place {
            file: Some(location.file()),
            line: Some(location.line() as usize),
            column: Some(location.column() as usize),
            ..nowhere
        },
        Origin::Span(span) => {
            let source = sources.get(span.source);
            let (line, column) = line_and_column(&source.text, span.start as usize);
            let (end_line, end_column) = line_and_column(&source.text, span.end as usize);
            Place {
                file: Some(&source.path),
                line: Some(line),
                column: Some(column),
                end_line: Some(end_line),
                end_column: Some(end_column),
                start_byte: Some(span.start),
                end_byte: Some(span.end),
                ..nowhere
            }
        }
    }
}

fn line_and_column(text: &str, place: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..place.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1);
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let is_start_of_character = |&&byte: &&u8| byte & 0xc0 != 0x80;
    (line, 1 + before[line_start..].iter().filter(is_start_of_character).count())
}
