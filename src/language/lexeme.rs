//! Cutting a text into lexemes, as the Rust compiler's own lexer does.
//!
//! That lexer decides everything. But it looks at one character at a time, and nearly all of a revision is plain: names,
//! signs, white space and short texts in ASCII. These are recognized here, by whole runs of bytes; a test compares.

use ra_ap_rustc_lexer::{Cursor, FrontmatterAllowed, LiteralKind, TokenKind as Lexeme};

/// The lexeme that begins at a place of a text, and where it ends. At the end of the text it is [`Lexeme::Eof`].
pub(super) fn lexeme(text: &str, start: usize) -> (Lexeme, usize) {
    plain(text.as_bytes(), start).unwrap_or_else(|| compilers(text, start))
}

/// What the compiler's lexer says.
fn compilers(text: &str, start: usize) -> (Lexeme, usize) {
    let token = Cursor::new(&text[start..], FrontmatterAllowed::No).advance_token();
    (token.kind, start + token.len as usize)
}

/// The lexeme, where its bytes alone tell what it is.
#[inline]
fn plain(bytes: &[u8], start: usize) -> Option<(Lexeme, usize)> {
    let &first = bytes.get(start)?;
    let sign = match first {
        b'(' => Lexeme::OpenParen,
        b')' => Lexeme::CloseParen,
        b'{' => Lexeme::OpenBrace,
        b'}' => Lexeme::CloseBrace,
        b'[' => Lexeme::OpenBracket,
        b']' => Lexeme::CloseBracket,
        b';' => Lexeme::Semi,
        b',' => Lexeme::Comma,
        b'.' => Lexeme::Dot,
        b':' => Lexeme::Colon,
        b'=' => Lexeme::Eq,
        b'&' => Lexeme::And,
        b'!' => Lexeme::Bang,
        b'"' => return text(bytes, start),
        _ if is(first, SPACE) => return run(bytes, start, SPACE, 0).map(|end| (Lexeme::Whitespace, end)),
        _ if is(first, NAME_START) => return run(bytes, start, NAME, QUOTE).map(|end| (Lexeme::Ident, end)),
        _ => return None,
    };
    Some((sign, start + 1))
}

/// The end of a run of bytes of one class, if what follows cannot change its meaning: no byte of another class, and
/// nothing outside of ASCII.
fn run(bytes: &[u8], start: usize, class: u8, unless: u8) -> Option<usize> {
    let length = bytes[start..].iter().position(|&byte| !is(byte, class));
    let end = length.map_or(bytes.len(), |length| start + length);
    let follows = bytes.get(end).is_some_and(|&byte| is(byte, unless | OTHER));
    (!follows).then_some(end)
}

/// A text in double quotes without an escape and without a suffix.
fn text(bytes: &[u8], start: usize) -> Option<(Lexeme, usize)> {
    let length = bytes[start + 1..].iter().position(|&byte| matches!(byte, b'"' | b'\\'))?;
    let end = start + 1 + length + 1;
    let closed = bytes[end - 1] == b'"';
    let suffix = bytes.get(end).is_some_and(|&byte| is(byte, NAME_START | OTHER));
    let suffix_start = u32::try_from(end - start).ok()?;
    let kind = Lexeme::Literal { kind: LiteralKind::Str { terminated: true }, suffix_start };
    (closed && !suffix).then_some((kind, end))
}

fn is(byte: u8, classes: u8) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

/// White space in ASCII.
const SPACE: u8 = 1;
const NAME_START: u8 = 2;
const NAME: u8 = 4;
/// After a word these begin a text or a raw name, whose prefix the word is.
const QUOTE: u8 = 8;
/// Not ASCII.
const OTHER: u8 = 16;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ' => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME_START | NAME,
            b'0'..=b'9' => NAME,
            b'"' | b'\'' | b'#' => QUOTE,
            0x80.. => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::{compilers, plain};

    /// Pieces that mean something else next to each other.
    const PIECES: &[&str] = &[
        "a", "op", "r", "b", "c", "br", "cr", "k", "_", "é", "ﬁ", "🦀", "9", "\"", "'", "#", "\\", "\\\"", "//", "/*",
        "*/", " ", "\n", "\r\n", "\t", "\u{b}", "\u{85}", "\u{2028}", "\u{200e}", "\0", "(", ")", "{", "}", "[", "]",
        ";", ",", ".", ":", "=", "&", "!", "-", "--", "<", "|", "@", "~", "x y", "\"text\"", "0x", "1.5", "1e",
        "\u{1}", "\u{7f}",
    ];

    /// Compares at every place of a text, whether a lexeme begins there or not. Says how many lexemes were plain.
    fn compare(text: &str) -> usize {
        let places = text.char_indices().map(|(place, _)| place).chain([text.len()]);
        places
            .filter(|&place| match plain(text.as_bytes(), place) {
                Some(found) => {
                    assert_eq!(found, compilers(text, place), "at byte {place} of {text:?}");
                    true
                }
                None => false,
            })
            .count()
    }

    #[test]
    fn the_compiler_sees_the_same() {
        let mut plain = 0;
        for one in PIECES {
            for two in PIECES {
                for three in PIECES {
                    plain += compare(&format!("{one}{two}{three}"));
                }
            }
        }
        assert!(plain > 100_000, "only {plain} lexemes were plain");
    }

    #[test]
    fn an_operation_is_all_plain() {
        let text = "    op.create_table(\"job\").column(\"id\", uuid().not_null());\n";
        let mut place = 0;
        while place < text.len() {
            (_, place) = plain(text.as_bytes(), place).expect("no lexeme of it needs the compiler's lexer");
        }
    }
}
