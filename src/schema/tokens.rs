//! The words of SQL text, so that names in it are found by tokens and never by substring.
//!
//! This is no parser: it knows strings, quoted names, comments, dollar quotes, words, numbers and marks, as Postgres
//! and SQLite agree on them.

use std::ops::Range;

use ecow::EcoString;

/// One token of SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: TokenKind,
    /// The token as it stands in the text, quotes included.
    pub text: &'a str,
    pub start: usize,
}

/// The kinds of tokens. Whitespace and comments are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in `"…"`, `` `…` `` or `[…]`.
    QuotedName,
    /// A string in `'…'`, with its prefix if it has one, or in dollar quotes.
    Text,
    Number,
    /// One character of punctuation, or the `::` of a cast.
    Mark,
    /// A quote or comment that is never closed; reaches to the end of the text.
    Unclosed,
}

impl Token<'_> {
    /// The bytes of the token.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether the token is this keyword.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether the token is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// The name that the token may be: without its quotes.
    pub fn name(&self) -> Option<EcoString> {
        match self.kind {
            TokenKind::Word => Some(self.text.into()),
            TokenKind::QuotedName => {
                let quote = self.text.chars().next_back()?;
                let inner = &self.text[1..self.text.len() - 1];
                Some(match quote {
                    ']' => inner.into(),
                    quote => inner.replace(&format!("{quote}{quote}"), &quote.to_string()).into(),
                })
            }
            TokenKind::Text | TokenKind::Number | TokenKind::Mark | TokenKind::Unclosed => None,
        }
    }

    /// Whether the token names this object: exactly when quoted, without regard to case otherwise.
    pub fn names(&self, name: &str) -> bool {
        match self.kind {
            TokenKind::Word => self.text.eq_ignore_ascii_case(name),
            TokenKind::QuotedName => self.name().is_some_and(|own| own == name),
            TokenKind::Text | TokenKind::Number | TokenKind::Mark | TokenKind::Unclosed => false,
        }
    }
}

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, position: 0 }
}

/// An iterator over the tokens of a text.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text[self.position..];
            let first = rest.chars().next()?;
            if first.is_whitespace() {
                self.position += first.len_utf8();
                continue;
            }
            if rest.starts_with("--") {
                self.position += rest.find('\n').map_or(rest.len(), |end| end + 1);
                continue;
            }
            if rest.starts_with("/*") {
                match comment_length(rest) {
                    Some(length) => {
                        self.position += length;
                        continue;
                    }
                    None => return Some(self.take(TokenKind::Unclosed, rest.len())),
                }
            }
            let (kind, length) = token_at(rest, first);
            return Some(self.take(kind, length));
        }
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, kind: TokenKind, length: usize) -> Token<'a> {
        let start = self.position;
        self.position += length;
        Token { kind, text: &self.text[start..self.position], start }
    }
}

/// The kind and length of the token at the start of `rest`.
fn token_at(rest: &str, first: char) -> (TokenKind, usize) {
    let closed = |kind, length: Option<usize>| match length {
        Some(length) => (kind, length),
        None => (TokenKind::Unclosed, rest.len()),
    };
    match first {
        '\'' => closed(TokenKind::Text, quoted_length(rest, 0, '\'')),
        '"' | '`' => closed(TokenKind::QuotedName, quoted_length(rest, 0, first)),
        '[' if rest[1..].starts_with(|next: char| next.is_alphabetic() || next == '_') => {
            closed(TokenKind::QuotedName, rest.find(']').map(|end| end + 1))
        }
        '$' if dollar_tag(rest).is_some() => {
            let tag = dollar_tag(rest).unwrap_or_default();
            closed(TokenKind::Text, rest[tag.len()..].find(tag).map(|end| end + 2 * tag.len()))
        }
        ':' if rest.starts_with("::") => (TokenKind::Mark, 2),
        _ if first.is_ascii_digit() => {
            let part = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_');
            (TokenKind::Number, rest.find(|character| !part(character)).unwrap_or(rest.len()))
        }
        _ if first.is_alphabetic() || first == '_' => {
            let part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
            let length = rest.find(|character| !part(character)).unwrap_or(rest.len());
            let prefix = &rest[..length];
            if rest[length..].starts_with('\'') && ["e", "b", "x", "n"].iter().any(|p| prefix.eq_ignore_ascii_case(p)) {
                let escapes = prefix.eq_ignore_ascii_case("e");
                let end = if escapes { escaped_length(rest, length) } else { quoted_length(rest, length, '\'') };
                return closed(TokenKind::Text, end);
            }
            if prefix.eq_ignore_ascii_case("u") && rest[length..].starts_with("&'") {
                return closed(TokenKind::Text, quoted_length(rest, length + 1, '\''));
            }
            (TokenKind::Word, length)
        }
        _ => (TokenKind::Mark, first.len_utf8()),
    }
}

/// The length up to and including the closing quote, where doubled quotes stand for one.
fn quoted_length(text: &str, open: usize, quote: char) -> Option<usize> {
    let mut position = open + 1;
    loop {
        position += text[position..].find(quote)? + 1;
        if !text[position..].starts_with(quote) {
            return Some(position);
        }
        position += 1;
    }
}

/// The same for Postgres' `E'…'`, where a backslash escapes the next character.
fn escaped_length(text: &str, open: usize) -> Option<usize> {
    let mut characters = text[open + 1..].char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\'' if characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                characters.next();
            }
            '\'' => return Some(open + 1 + index + 1),
            _ => {}
        }
    }
    None
}

/// The length of a block comment. Postgres nests them; SQLite does not, which matters only for `/*` inside one.
fn comment_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut position = 0;
    while position < text.len() {
        let rest = &text[position..];
        if rest.starts_with("/*") {
            depth += 1;
            position += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            position += 2;
            if depth == 0 {
                return Some(position);
            }
        } else {
            position += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// The opening tag of a dollar quote: `$$` or `$word$`.
fn dollar_tag(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let tag = &text[1..end];
    let valid = tag.chars().all(|character| character.is_alphanumeric() || character == '_')
        && !tag.starts_with(|first: char| first.is_ascii_digit());
    valid.then(|| &text[..=end])
}

/// Whether a token of the text may be this name. Strings and comments do not count.
pub fn mentions(text: &str, name: &str) -> bool {
    tokens(text).any(|token| token.names(name))
}

/// Whether the text may call a function of this name: the name stands before a parenthesis.
pub fn calls(text: &str, name: &str) -> bool {
    let mut named = false;
    tokens(text).any(|token| {
        let called = named && token.is_mark("(");
        named = token.names(name);
        called
    })
}

/// A name in double quotes, as both dialects write it.
pub fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    push_quoted(&mut quoted, name);
    quoted
}

/// A text in single quotes, as both dialects write it: a backslash stands for itself.
pub fn quote_text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    push_text(&mut quoted, text);
    quoted
}

/// Writes a text in single quotes behind another one.
pub fn push_text(text: &mut String, inner: &str) {
    push_doubled(text, "'", inner);
}

/// Writes a name in double quotes behind a text.
pub fn push_quoted(text: &mut String, name: &str) {
    push_doubled(text, "\"", name);
}

/// Writes something between quotes, which are doubled inside.
fn push_doubled(text: &mut String, quote: &str, inner: &str) {
    text.push_str(quote);
    // Splitting where there is nothing to split costs more than looking.
    if inner.as_bytes().contains(&quote.as_bytes()[0]) {
        for (index, part) in inner.split(quote).enumerate() {
            if index > 0 {
                text.push_str(quote);
                text.push_str(quote);
            }
            text.push_str(part);
        }
    } else {
        text.push_str(inner);
    }
    text.push_str(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<(TokenKind, &str)> {
        tokens(sql).map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn strings_names_and_comments_are_told_apart() {
        use TokenKind as K;
        assert_eq!(
            texts("a -- 'b'\n/* c /* d */ e */ 'it''s' \"x\"\"y\" $t$ ; $t$ E'\\'' ::int"),
            [
                (K::Word, "a"),
                (K::Text, "'it''s'"),
                (K::QuotedName, "\"x\"\"y\""),
                (K::Text, "$t$ ; $t$"),
                (K::Text, "E'\\''"),
                (K::Mark, "::"),
                (K::Word, "int"),
            ]
        );
        assert_eq!(texts("'open"), [(K::Unclosed, "'open")]);
        assert_eq!(texts("a[1]"), [(K::Word, "a"), (K::Mark, "["), (K::Number, "1"), (K::Mark, "]")]);
    }
}
