//! The tokens that are plain to see, found by whole runs of bytes.
//!
//! The Rust compiler's own lexer decides what a token is, but it looks at one character at a time. Nearly all of a
//! revision is names, signs, white space and short texts in ASCII, and these need no lexer. Where the bytes alone do not
//! tell, there is no answer here. A test compares the two at every pair and triple of pieces that could matter.

use super::token::{MAXIMUM_NAME_LENGTH, TokenKind, is_keyword};

/// What begins at a place of a text, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plain {
    /// The token; none for white space.
    pub kind: Option<TokenKind>,
    pub end: usize,
}

/// What begins at this place, if its bytes tell.
#[inline]
pub(super) fn plain(text: &str, start: usize) -> Option<Plain> {
    let bytes = text.as_bytes();
    let &first = bytes.get(start)?;
    if is(first, NAME_START) {
        let end = run(bytes, start, NAME).filter(|end| end - start <= MAXIMUM_NAME_LENGTH)?;
        let prefix = bytes.get(end).is_some_and(|&byte| is(byte, QUOTE));
        let kind = if is_keyword(&text[start..end]) { TokenKind::Keyword } else { TokenKind::Name };
        return (!prefix).then_some(Plain { kind: Some(kind), end });
    }
    if is(first, SPACE) {
        return run(bytes, start, SPACE).map(|end| Plain { kind: None, end });
    }
    let kind = match first {
        b'(' => TokenKind::OpenParenthesis,
        b')' => TokenKind::CloseParenthesis,
        b'{' => TokenKind::OpenBrace,
        b'}' => TokenKind::CloseBrace,
        b'[' => TokenKind::OpenBracket,
        b']' => TokenKind::CloseBracket,
        b';' => TokenKind::Semicolon,
        b',' => TokenKind::Comma,
        b'.' => TokenKind::Dot,
        b':' => TokenKind::Colon,
        b'=' => TokenKind::Equals,
        b'&' => TokenKind::Ampersand,
        b'!' => TokenKind::Bang,
        b'"' => return quoted(bytes, start).map(|end| Plain { kind: Some(TokenKind::PlainText), end }),
        _ => return None,
    };
    Some(Plain { kind: Some(kind), end: start + 1 })
}

/// The end of a run of bytes of one class, if what follows is ASCII: other white space and letters would belong to it.
#[inline]
fn run(bytes: &[u8], start: usize, class: u8) -> Option<usize> {
    let mut end = start + 1;
    while let Some(&byte) = bytes.get(end) {
        if !is(byte, class) {
            return byte.is_ascii().then_some(end);
        }
        end += 1;
    }
    Some(end)
}

/// The end of a text in double quotes, if it means what it says and has no suffix.
#[inline]
fn quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let length = bytes[start + 1..].iter().position(|&byte| matches!(byte, b'"' | b'\\' | b'\r'))?;
    let quote = start + 1 + length;
    let suffix = bytes.get(quote + 1).is_some_and(|&byte| is(byte, NAME_START) || !byte.is_ascii());
    (bytes[quote] == b'"' && !suffix).then_some(quote + 1)
}

#[inline]
fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// White space in ASCII.
const SPACE: u8 = 1;
const NAME_START: u8 = 2;
const NAME: u8 = 4;
/// After a word these begin a literal or a raw name, and the word is its prefix.
const QUOTE: u8 = 8;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ' => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME_START | NAME,
            b'0'..=b'9' => NAME,
            b'"' | b'\'' | b'#' => QUOTE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};
