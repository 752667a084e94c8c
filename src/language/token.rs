//! From text to tokens: the Rust compiler's own lexer, minus what no revision may contain.

use std::borrow::Cow;

use ra_ap_rustc_lexer::{Base, Cursor, DocStyle, FrontmatterAllowed, LiteralKind, TokenKind as Lexeme};
use rustc_literal_escaper::unescape_str;

use super::plain::{Plain, plain};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Origin, SourceId, Span};

/// The most bytes that the file of a revision may have.
pub const MAXIMUM_FILE_SIZE: usize = 1024 * 1024;
/// The most bytes that a file named by `include_str!` may have.
pub const MAXIMUM_INCLUDED_SIZE: usize = 16 * 1024 * 1024;
/// The most constants that a revision may have, and the most names that `let` and `for` may give at one place.
pub const MAXIMUM_NAMES: usize = 1000;
/// The most bytes that a name may have.
pub(super) const MAXIMUM_NAME_LENGTH: usize = 255;
/// How deep brackets, references and values may be nested.
pub const MAXIMUM_NESTING: usize = 32;

/// A token that means something to the parser. Comments and white space are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

/// What a token is. Punctuation is one character, as the compiler's lexer gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name that is no keyword of any edition. `_` is a name, too.
    Name,
    Keyword,
    /// A string literal in double quotes that means exactly what stands between them.
    PlainText,
    /// A string literal in double quotes, with escapes or with the line ends of Windows.
    Text,
    /// A raw string literal with this number of `#`.
    RawText(u8),
    Integer,
    Float,
    Lifetime,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Semicolon,
    Comma,
    Dot,
    Colon,
    Equals,
    Ampersand,
    Minus,
    Bang,
    Hash,
    /// Any other punctuation; none of it belongs to the subset.
    Other,
    /// Here the lexer gave up, and has said why.
    Broken,
    /// After the last token.
    End,
}

/// The tokens of a file.
#[derive(Debug)]
pub struct Tokens<'source> {
    /// Always ends with [`TokenKind::End`].
    pub list: Vec<Token>,
    /// The lines of the `//!` documentation, without the marker.
    pub documentation: Vec<&'source str>,
}

/// Splits a file into tokens. What the subset never allows is reported here, and replaced by a token that the parser
/// can go on with.
pub fn tokenize<'source>(
    source: SourceId,
    text: &'source str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tokens<'source>> {
    tokenize_with(plain, source, text, diagnostics)
}

/// Splits a file into tokens: those that the shortcut finds, and those that the compiler's lexer finds.
fn tokenize_with<'source>(
    shortcut: impl Fn(&str, usize) -> Option<Plain>,
    source: SourceId,
    text: &'source str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tokens<'source>> {
    if let Err(diagnostic) = check_characters(source, text) {
        diagnostics.push(diagnostic);
        return None;
    }
    let byte_order_mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[byte_order_mark..];
    let list = Vec::with_capacity(body.len() / 3 + 8);
    let mut lexer = Lexer { source, text, diagnostics, list, documentation: Vec::new(), depth: 0 };
    if body.starts_with("#!") && !body.starts_with("#![") {
        let end = byte_order_mark + body.find('\n').unwrap_or(body.len());
        lexer.refuse(byte_order_mark, end, "a revision has no `#!` line", "nothing runs it", "delete the line");
        return None;
    }
    let mut start = byte_order_mark;
    while start < text.len() {
        let end = match shortcut(text, start) {
            Some(Plain { kind: None, end }) => end,
            Some(Plain { kind: Some(kind), end }) if lexer.token(kind, start, end) => end,
            Some(_) => break,
            None => {
                let lexeme = Cursor::new(&text[start..], FrontmatterAllowed::No).advance_token();
                let end = start + lexeme.len as usize;
                if !lexer.lexeme(lexeme.kind, start, end) {
                    break;
                }
                end
            }
        };
        start = end;
    }
    lexer.push(TokenKind::End, text.len(), text.len());
    Some(Tokens { list: lexer.list, documentation: lexer.documentation })
}

/// The value of a literal that is [`TokenKind::PlainText`]. The lexer has seen its bytes, so nobody looks at them again.
pub fn plain_text_value(literal: &str) -> &str {
    literal.get(1..literal.len().saturating_sub(1)).unwrap_or_default()
}

/// The value of a string literal, with its quotes, as rustc reads it.
pub fn text_value(literal: &str) -> Cow<'_, str> {
    let inner = plain_text_value(literal);
    // A carriage return is always followed by a line feed here, and rustc reads the two as one line feed.
    let inner = if inner.contains('\r') { Cow::Owned(inner.replace('\r', "")) } else { Cow::Borrowed(inner) };
    let mut value = String::with_capacity(inner.len());
    unescape_str(&inner, |_, character| {
        if let Ok(character) = character {
            value.push(character);
        }
    });
    Cow::Owned(value)
}

/// The value of a raw string literal, with its quotes, as rustc reads it.
pub fn raw_text_value(literal: &str, hashes: u8) -> Cow<'_, str> {
    let quotes = usize::from(hashes) + 1;
    let inner = literal.get(1 + quotes..literal.len().saturating_sub(quotes)).unwrap_or_default();
    if inner.as_bytes().contains(&b'\r') { Cow::Owned(inner.replace('\r', "")) } else { Cow::Borrowed(inner) }
}

/// Whether rustc reads the word as a keyword in any edition.
pub fn is_keyword(word: &str) -> bool {
    match word.len() {
        2 => matches!(word, "as" | "do" | "fn" | "if" | "in"),
        3 => matches!(word, "box" | "dyn" | "for" | "gen" | "let" | "mod" | "mut" | "pub" | "ref" | "try" | "use"),
        4 => matches!(word, "else" | "enum" | "impl" | "loop" | "move" | "priv" | "self" | "Self" | "true" | "type"),
        5 => matches!(
            word,
            "async"
                | "await"
                | "break"
                | "const"
                | "crate"
                | "false"
                | "final"
                | "macro"
                | "match"
                | "super"
                | "trait"
                | "where"
                | "while"
                | "yield"
        ),
        6 => matches!(word, "become" | "extern" | "return" | "static" | "struct" | "typeof" | "unsafe"),
        7 => matches!(word, "unsized" | "virtual"),
        8 => matches!(word, "abstract" | "continue" | "override"),
        _ => false,
    }
}

/// Refuses what no text of a revision may contain, wherever it stands.
fn check_characters(source: SourceId, text: &str) -> Result<(), Diagnostic> {
    let bytes = text.as_bytes();
    let at = |start: usize, length: usize| Origin::Span(span(source, start, start + length));
    if bytes.len() > MAXIMUM_FILE_SIZE {
        let limit = MAXIMUM_FILE_SIZE / 1024;
        return Err(Diagnostic::new(Code::Budget, format!("the file is larger than {limit} KiB"))
            .at(at(0, 0), "this file")
            .help("move long texts to files of their own and read them with `include_str!`"));
    }
    // One look at all bytes is nearly always enough.
    let odd = |byte: u8| !byte.is_ascii() || byte == 0 || byte == b'\r';
    if !bytes.iter().fold(false, |found, &byte| found | odd(byte)) {
        return Ok(());
    }
    if let Some(position) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Diagnostic::new(Code::UnreadableText, "the file has a NUL byte")
            .at(at(position, 1), "here")
            .help("delete it; write `\\0` if a text really needs one"));
    }
    if let Some(position) = bare_carriage_return(bytes) {
        return Err(Diagnostic::new(Code::UnreadableText, "the file has a carriage return that does not end a line")
            .at(at(position, 1), "here")
            .help("delete it; write `\\r` if a text really needs one"));
    }
    if let Some((position, character)) = text.char_indices().find(|(_, character)| is_bidirectional(*character)) {
        let code = u32::from(character);
        let message = format!("the file has the bidirectional control character U+{code:04X}");
        return Err(Diagnostic::new(Code::UnreadableText, message)
            .at(at(position, character.len_utf8()), "here, where it cannot be seen")
            .note("such a character makes the text look different from what it says")
            .help(format!("delete it; write `\\u{{{code:x}}}` if a text really needs one")));
    }
    Ok(())
}

fn bare_carriage_return(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len()).find(|&index| bytes[index] == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
}

fn is_bidirectional(character: char) -> bool {
    matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    // A file is at most `MAXIMUM_FILE_SIZE` long; of a longer one only the beginning is ever shown.
    let offset = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    Span { source, start: offset(start), end: offset(end) }
}

struct Lexer<'source, 'report> {
    source: SourceId,
    text: &'source str,
    diagnostics: &'report mut Vec<Diagnostic>,
    list: Vec<Token>,
    documentation: Vec<&'source str>,
    depth: usize,
}

impl<'source> Lexer<'source, '_> {
    /// Takes one lexeme in. False when the rest of the file cannot be read any more.
    fn lexeme(&mut self, lexeme: Lexeme, start: usize, end: usize) -> bool {
        let kind = match lexeme {
            Lexeme::Whitespace if self.text.as_bytes()[start..end].is_ascii() => return true,
            Lexeme::Whitespace => {
                self.refuse(start, end, "this white space is not plain", "here", "write spaces and line ends");
                return true;
            }
            Lexeme::LineComment { doc_style: None } | Lexeme::BlockComment { doc_style: None, terminated: true } => {
                return true;
            }
            Lexeme::LineComment { doc_style: Some(style) } => {
                self.documentation_line(style, start, end);
                return true;
            }
            Lexeme::BlockComment { terminated: false, .. } => {
                self.syntax_error(start, start + 2, "a comment is not closed", "it begins here", "write `*/` after it");
                return self.give_up(start);
            }
            Lexeme::BlockComment { doc_style: Some(style), .. } => {
                let help = if style == DocStyle::Inner { "write `//!` lines" } else { "write `/* … */` or `//`" };
                self.refuse(start, end, "a revision has no block documentation", "this comment", help);
                return true;
            }
            Lexeme::Ident => self.word(start, end),
            Lexeme::Literal { kind, suffix_start } => {
                return self.literal(kind, start, start + suffix_start as usize, end);
            }
            Lexeme::OpenParen => TokenKind::OpenParenthesis,
            Lexeme::OpenBrace => TokenKind::OpenBrace,
            Lexeme::OpenBracket => TokenKind::OpenBracket,
            Lexeme::CloseParen => TokenKind::CloseParenthesis,
            Lexeme::CloseBrace => TokenKind::CloseBrace,
            Lexeme::CloseBracket => TokenKind::CloseBracket,
            Lexeme::Semi => TokenKind::Semicolon,
            Lexeme::Comma => TokenKind::Comma,
            Lexeme::Dot => TokenKind::Dot,
            Lexeme::Colon => TokenKind::Colon,
            Lexeme::Eq => TokenKind::Equals,
            Lexeme::And => TokenKind::Ampersand,
            Lexeme::Minus => TokenKind::Minus,
            Lexeme::Bang => TokenKind::Bang,
            Lexeme::Pound => TokenKind::Hash,
            Lexeme::Lifetime { .. } | Lexeme::RawLifetime | Lexeme::UnknownPrefixLifetime => TokenKind::Lifetime,
            Lexeme::UnknownPrefix => return self.unknown_prefix(start, end),
            Lexeme::RawIdent | Lexeme::ForcedKeywordIdent => {
                let name = &self.text[start + 2..end];
                let help = format!("write `{name}`, or another name if that is a keyword");
                self.refuse(start, end, "a revision has no raw identifiers", "this name", help);
                TokenKind::Name
            }
            Lexeme::InvalidIdent | Lexeme::Unknown => {
                let help = "outside of texts and comments a revision is written in ASCII";
                self.syntax_error(start, end, "this character does not belong to Rust", "here", help);
                return true;
            }
            Lexeme::GuardedStrPrefix => {
                self.syntax_error(start, end, "`#` has no meaning here", "here", "write the text in plain quotes");
                return self.give_up(start);
            }
            Lexeme::Frontmatter { .. }
            | Lexeme::At
            | Lexeme::Tilde
            | Lexeme::Question
            | Lexeme::Dollar
            | Lexeme::Lt
            | Lexeme::Gt
            | Lexeme::Or
            | Lexeme::Plus
            | Lexeme::Star
            | Lexeme::Slash
            | Lexeme::Caret
            | Lexeme::Percent
            | Lexeme::Eof => TokenKind::Other,
        };
        self.token(kind, start, end)
    }

    /// Takes one token in. False when brackets are nested too deep.
    #[inline(always)]
    fn token(&mut self, kind: TokenKind, start: usize, end: usize) -> bool {
        match kind {
            TokenKind::OpenParenthesis | TokenKind::OpenBrace | TokenKind::OpenBracket => {
                self.depth += 1;
                if self.depth > MAXIMUM_NESTING {
                    return self.refuse_nesting(start, end);
                }
            }
            TokenKind::CloseParenthesis | TokenKind::CloseBrace | TokenKind::CloseBracket => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.push(kind, start, end);
        true
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        // Exact, since the file is at most `MAXIMUM_FILE_SIZE` long. To check it here would be to check it for every token.
        self.list.push(Token { kind, start: start as u32, end: end as u32 });
    }

    fn give_up(&mut self, start: usize) -> bool {
        self.push(TokenKind::Broken, start, start);
        false
    }

    fn refuse(&mut self, start: usize, end: usize, message: &str, label: &str, help: impl Into<String>) {
        self.report(Code::OutsideTheSubset, start, end, message, label, help);
    }

    fn syntax_error(&mut self, start: usize, end: usize, message: &str, label: &str, help: impl Into<String>) {
        self.report(Code::SyntaxError, start, end, message, label, help);
    }

    fn report(&mut self, code: Code, start: usize, end: usize, message: &str, label: &str, help: impl Into<String>) {
        let origin = Origin::Span(span(self.source, start, end));
        self.diagnostics.push(Diagnostic::new(code, message).at(origin, label).help(help));
    }

    #[cold]
    fn refuse_nesting(&mut self, start: usize, end: usize) -> bool {
        let message = format!("brackets are nested more than {MAXIMUM_NESTING} deep");
        let help = "give the inner part a name with `let` or `const`";
        self.report(Code::Budget, start, end, &message, "one bracket too many", help);
        self.give_up(start)
    }

    fn word(&mut self, start: usize, end: usize) -> TokenKind {
        let word = &self.text[start..end];
        if is_keyword(word) {
            return TokenKind::Keyword;
        }
        if word.len() > MAXIMUM_NAME_LENGTH {
            let message = format!("a name is longer than {MAXIMUM_NAME_LENGTH} bytes");
            self.report(Code::Budget, start, end, &message, "this name", "write a shorter name");
        }
        if !word.is_ascii() {
            self.refuse(start, end, "names are written in ASCII", "this name", "use letters, digits and `_`");
        }
        TokenKind::Name
    }

    fn documentation_line(&mut self, style: DocStyle, start: usize, end: usize) {
        if style == DocStyle::Inner && self.list.is_empty() {
            let line = &self.text[start + 3..end];
            self.documentation.push(line.strip_prefix(' ').unwrap_or(line).trim_end());
        } else if style == DocStyle::Inner {
            let help = "move it to the top of the file, or write `//`";
            self.refuse(start, end, "`//!` stands only at the top of a revision", "this comment", help);
        } else {
            self.refuse(start, end, "a revision has no `///` documentation", "this comment", "write `//`");
        }
    }

    /// A word directly before a quote or `#`: most often a quote before the word is missing.
    fn unknown_prefix(&mut self, start: usize, end: usize) -> bool {
        let word = &self.text[start..end];
        if self.text[end..].starts_with('"') {
            let message = format!("the word `{word}` runs into a quote");
            self.syntax_error(start, end, &message, "a `\"` is missing before this", format!("write `\"{word}\"`"));
        } else {
            self.syntax_error(start, end, "this prefix has no meaning in Rust", "this word", "put a space after it");
        }
        self.give_up(start)
    }

    fn literal(&mut self, kind: LiteralKind, start: usize, suffix: usize, end: usize) -> bool {
        let token = match kind {
            LiteralKind::Str { terminated } => return self.text(terminated, start, suffix, end),
            LiteralKind::RawStr { n_hashes } => return self.raw_text(n_hashes, start, suffix, end),
            LiteralKind::Int { base, empty_int } => {
                let good = !empty_int && (base == Base::Decimal || integer_value(&self.text[start..suffix]).is_some());
                return self.number(TokenKind::Integer, good, start, suffix, end);
            }
            LiteralKind::Float { base, empty_exponent } => {
                let good = !empty_exponent && base == Base::Decimal;
                return self.number(TokenKind::Float, good, start, suffix, end);
            }
            LiteralKind::Char { terminated: true } => {
                let inner = &self.text[start + 1..suffix.saturating_sub(1).max(start + 1)];
                let help = format!("write `\"{inner}\"`");
                self.refuse(start, end, "texts stand in double quotes", "single quotes", help);
                TokenKind::Text
            }
            LiteralKind::Char { terminated: false } => {
                self.syntax_error(start, start + 1, "a quote is not closed", "here", "texts stand in double quotes");
                return self.give_up(start);
            }
            LiteralKind::ByteStr { terminated: false }
            | LiteralKind::CStr { terminated: false }
            | LiteralKind::Byte { terminated: false }
            | LiteralKind::RawByteStr { n_hashes: None }
            | LiteralKind::RawCStr { n_hashes: None } => {
                self.syntax_error(start, start + 2, "a quote is not closed", "here", "write a closing quote");
                return self.give_up(start);
            }
            LiteralKind::ByteStr { .. }
            | LiteralKind::CStr { .. }
            | LiteralKind::Byte { .. }
            | LiteralKind::RawByteStr { .. }
            | LiteralKind::RawCStr { .. } => {
                let help = "write a plain text without the prefix";
                self.refuse(start, end, "a revision has no byte, character or C texts", "this literal", help);
                TokenKind::Text
            }
        };
        self.push(token, start, end);
        true
    }

    fn number(&mut self, kind: TokenKind, good: bool, start: usize, suffix: usize, end: usize) -> bool {
        if !good {
            let help = "write a decimal number, such as `12`, `1.5` or `1e5`";
            self.syntax_error(start, end, "this is not a number", "here", help);
            // Any value will do for the parser to go on with.
            self.push(TokenKind::Text, start, end);
            return true;
        }
        if suffix < end {
            let help = format!("write `{}`", &self.text[start..suffix]);
            self.refuse(suffix, end, "numbers have no suffix", "this suffix", help);
        }
        self.push(kind, start, suffix);
        true
    }

    fn text(&mut self, terminated: bool, start: usize, suffix: usize, end: usize) -> bool {
        let literal = &self.text[start..suffix];
        if !terminated || (suffix < end && literal.contains('\n')) {
            let line = literal.find('\n').map_or(literal.len(), |position| position);
            let line = literal[..line].trim_end().len();
            let help = "write the closing `\"`; a text that spans lines is best written `r\"…\"`";
            self.syntax_error(start, start + line, "a text is not closed", "it begins here", help);
            return self.give_up(start);
        }
        if suffix < end {
            let word = &self.text[suffix..end];
            let message = format!("a text runs into the word `{word}`");
            let help = format!("write `\"{word}\"`, or close the text before it where it ends");
            self.syntax_error(start, end, &message, "a `\"` is missing in this", help);
            return self.give_up(start);
        }
        if literal.as_bytes().contains(&b'\\') {
            self.check_escapes(start + 1, suffix - 1);
        }
        let plain = !literal.contains(['\\', '\r']);
        self.push(if plain { TokenKind::PlainText } else { TokenKind::Text }, start, end);
        true
    }

    fn check_escapes(&mut self, start: usize, end: usize) {
        let inner = &self.text[start..end];
        // The two bytes of a line end count as one for rustc, so places are looked for in the text as rustc sees it.
        let normalized = if inner.contains('\r') { Cow::Owned(inner.replace('\r', "")) } else { Cow::Borrowed(inner) };
        let mut mistake = None;
        unescape_str(&normalized, |range, character| {
            if let Err(error) = character
                && error.is_fatal()
            {
                mistake.get_or_insert(range);
            }
        });
        let Some(range) = mistake else { return };
        let skipped = if normalized.len() == inner.len() { 0 } else { normalized[..range.start].matches('\n').count() };
        let start = start + range.start + skipped;
        let end = (start + range.len()).min(end).max(start);
        let help = "write `\\\\` for a backslash, `\\n`, `\\t`, `\\\"`, `\\u{…}`, or a raw text `r\"…\"`";
        self.syntax_error(start, end, "this escape has no meaning in Rust", "here", help);
    }

    fn raw_text(&mut self, hashes: Option<u8>, start: usize, suffix: usize, end: usize) -> bool {
        let Some(hashes) = hashes else {
            let length = self.text[start..].find('"').map_or(1, |quote| quote + 1).min(end - start);
            let help = "close it with `\"` and as many `#` as at its beginning";
            self.syntax_error(start, start + length, "a raw text is not closed", "it begins here", help);
            return self.give_up(start);
        };
        if suffix < end {
            let help = "put a comma or a dot between the text and the word";
            self.syntax_error(suffix, end, "a text runs into a word", "this word", help);
        }
        self.push(TokenKind::RawText(hashes), start, suffix);
        true
    }
}

/// The value of an integer literal of any base, if 64 bits hold it.
pub fn integer_value(literal: &str) -> Option<u64> {
    let digits: Cow<'_, str> =
        if literal.contains('_') { Cow::Owned(literal.replace('_', "")) } else { Cow::Borrowed(literal) };
    let (base, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, &*digits),
    };
    u64::from_str_radix(digits, base).ok()
}

/// The value of a decimal float literal, if it is finite.
pub fn float_value(literal: &str) -> Option<f64> {
    let value = if literal.contains('_') { literal.replace('_', "").parse() } else { literal.parse::<f64>() };
    value.ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests;
