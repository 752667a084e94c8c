//! `format!` with plain `{name}` and `{}`.

use std::borrow::Cow;

use crate::source::Span;

use super::super::syntax::{ExpressionKind, List, Piece};
use super::super::token::{Token, TokenKind, is_keyword};
use super::{Parsed, Parser};

impl<'source> Parser<'source> {
    /// `format!("…", …)`, after the parenthesis.
    pub(super) fn format(&mut self, open: Token) -> Parsed<ExpressionKind<'source>> {
        let token = self.peek();
        let Some(text) = self.text_literal() else {
            let help = "write `format!(\"…{name}…\")`";
            return self.refuse(self.span(token), "`format!` takes a text with `{name}` in it", "this argument", help);
        };
        let first = self.open_pieces.len();
        let result = self.open_format(&FormatText { span: self.span(token), kind: token.kind, text });
        let pieces = self.open_pieces.drain(first..);
        let pieces = self.nodes.add_pieces(pieces);
        let places = result?;
        let arguments = self.format_arguments(open)?;
        if arguments.len() != places {
            let count = |number: usize| match number {
                1 => "1 value".to_owned(),
                _ => format!("{number} values"),
            };
            let message = format!(
                "the text has room for {}, but {} given",
                count(places),
                match arguments.len() {
                    1 => "1 is".to_owned(),
                    number => format!("{number} are"),
                }
            );
            let help = "give one value for each `{}`, or write names into the braces, such as `{table}`";
            return self.syntax_error(self.span(token), &message, "this text", help);
        }
        Ok(ExpressionKind::Format { pieces, arguments })
    }

    fn format_arguments(&mut self, open: Token) -> Parsed<List> {
        if !self.at(TokenKind::Comma) && !self.at(TokenKind::CloseParenthesis) {
            self.missing_comma(open, ")")?;
        }
        self.eat(TokenKind::Comma);
        if self.at(TokenKind::Name) && self.peek_at(1).kind == TokenKind::Equals {
            let span = self.span(self.peek());
            let help = "write `{}` and the value alone, or a `let` before it";
            return self.refuse(span, "the values of `format!` have no names", "this name", help);
        }
        Ok(self.list(open, TokenKind::CloseParenthesis, ")")?.0)
    }

    /// Takes a format text apart, and counts its `{}`.
    fn open_format(&mut self, format: &FormatText<'source>) -> Parsed<usize> {
        let text = &*format.text;
        let mut places = 0;
        let mut rest = 0;
        while let Some(offset) = text[rest..].find(['{', '}']) {
            let brace = rest + offset;
            let after = &text[brace + 1..];
            if text[brace..].starts_with("{{") || text[brace..].starts_with("}}") {
                self.open_pieces.push(Piece::Text(format.part(rest, brace + 1)));
                rest = brace + 2;
                continue;
            }
            let close = after.find('}').map(|length| brace + 1 + length);
            let Some(close) = close.filter(|_| text[brace..].starts_with('{')) else {
                let span = format.span(brace, brace + 1);
                let help = "write `{{` or `}}` for a brace in the text";
                return self.syntax_error(span, "a brace of the text has no partner", "this brace", help);
            };
            if brace > rest {
                self.open_pieces.push(Piece::Text(format.part(rest, brace)));
            }
            let name = &text[brace + 1..close];
            let span = format.span(brace, close + 1);
            if name.is_empty() {
                places += 1;
                self.open_pieces.push(Piece::Next);
            } else if is_plain_name(name) {
                self.open_pieces.push(Piece::Name(format.part(brace + 1, close), span));
            } else {
                let help = "write `{name}` or `{}`; `{{` and `}}` stand for braces";
                return self.refuse(span, "`format!` takes plain names and `{}` only", "this place", help);
            }
            rest = close + 1;
        }
        if rest < text.len() {
            self.open_pieces.push(Piece::Text(format.part(rest, text.len())));
        }
        Ok(places)
    }
}

/// The text of a `format!`, and where it stands.
struct FormatText<'source> {
    span: Span,
    kind: TokenKind,
    text: Cow<'source, str>,
}

impl<'source> FormatText<'source> {
    fn part(&self, start: usize, end: usize) -> Cow<'source, str> {
        match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[start..end]),
            Cow::Owned(text) => Cow::Owned(text[start..end].to_owned()),
        }
    }

    /// The place of a part in the file, or of the whole text when escapes make the two differ.
    fn span(&self, start: usize, end: usize) -> Span {
        let opening = match self.kind {
            TokenKind::RawText(hashes) => usize::from(hashes) + 2,
            _ => 1,
        };
        let offset = |position: usize| u32::try_from(opening + position).map(|offset| self.span.start + offset);
        match (&self.text, offset(start), offset(end)) {
            (Cow::Borrowed(_), Ok(start), Ok(end)) => Span { start, end, ..self.span },
            _ => self.span,
        }
    }
}

fn is_plain_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain && !name.starts_with(|first: char| first.is_ascii_digit()) && name != "_" && name != "op" && !is_keyword(name)
}
