//! The tokens of the SQL text that SQLite keeps in its schema table.

/// One token; the texts of two tokens are equal when they mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A bare word: a keyword, or a name without quotes.
    Word(String),
    /// A name in quotes of any kind, without them.
    Quoted(String),
    /// A string literal, a blob, a number, an operator, a bracket: as it was written.
    Other(String),
}

impl Token {
    /// Whether this is the bare keyword.
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether this is the operator or bracket.
    pub fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self, Token::Other(text) if text == symbol)
    }

    /// The name that the token is, when it stands where a name is due. SQLite takes strings there too.
    pub fn name(&self) -> String {
        match self {
            Token::Word(name) | Token::Quoted(name) => name.clone(),
            Token::Other(text) => text.trim_matches('\'').replace("''", "'"),
        }
    }

    fn canonical(&self) -> String {
        match self {
            Token::Quoted(name) if !needs_quotes(name) => name.clone(),
            Token::Quoted(name) => format!("\"{}\"", name.replace('"', "\"\"")),
            Token::Word(text) | Token::Other(text) => text.clone(),
        }
    }
}

/// The text with one space between tokens, without comments, with quotes only around the names that need them, and
/// without brackets around the whole.
pub fn canonical(text: &str) -> String {
    join(&tokens(text))
}

/// As [`canonical`], of tokens.
pub fn join(tokens: &[Token]) -> String {
    let texts: Vec<String> = without_outer_brackets(tokens).iter().map(Token::canonical).collect();
    texts.join(" ")
}

fn without_outer_brackets(mut tokens: &[Token]) -> &[Token] {
    while let [first, inner @ .., _] = tokens
        && first.is_symbol("(")
        && closing_bracket(tokens, 0) == tokens.len() - 1
    {
        tokens = inner;
    }
    tokens
}

/// The place of the bracket that closes the one at `open`.
pub fn closing_bracket(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth -= 1;
            if depth == 0 {
                return index;
            }
        }
    }
    panic!("a bracket is not closed in {tokens:?}");
}

/// The parts between the commas outside brackets.
pub fn split_at_commas(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (index, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth -= 1;
        } else if depth == 0 && token.is_symbol(",") {
            parts.push(&tokens[start..index]);
            start = index + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

fn needs_quotes(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    !plain || KEYWORDS.iter().any(|keyword| name.eq_ignore_ascii_case(keyword))
}

/// The words that would change the meaning of an expression if they stood there without quotes.
const KEYWORDS: [&str; 40] = [
    "and",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "constraint",
    "default",
    "desc",
    "distinct",
    "else",
    "end",
    "escape",
    "exists",
    "from",
    "glob",
    "group",
    "having",
    "in",
    "is",
    "isnull",
    "like",
    "limit",
    "match",
    "not",
    "notnull",
    "null",
    "or",
    "order",
    "primary",
    "references",
    "select",
    "table",
    "then",
    "unique",
    "when",
    "where",
];

/// The tokens of a text, without spaces and comments.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: text };
    std::iter::from_fn(|| lexer.next()).collect()
}

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token> {
        self.skip_spaces_and_comments();
        let first = self.rest.chars().next()?;
        let token = match first {
            '\'' => Token::Other(self.take(quoted_length(self.rest, '\'')).to_owned()),
            '"' | '`' => {
                let length = quoted_length(self.rest, first);
                let inner = &self.take(length)[1..length - 1];
                Token::Quoted(inner.replace(&format!("{first}{first}"), &first.to_string()))
            }
            '[' => {
                let length = self.rest.find(']').expect("a name in brackets ends") + 1;
                Token::Quoted(self.take(length)[1..length - 1].to_owned())
            }
            'x' | 'X' if self.rest[1..].starts_with('\'') => {
                let length = 1 + quoted_length(&self.rest[1..], '\'');
                Token::Other(self.take(length).to_ascii_lowercase())
            }
            '0'..='9' => Token::Other(self.take(number_length(self.rest)).to_owned()),
            '.' if self.rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                Token::Other(self.take(number_length(self.rest)).to_owned())
            }
            c if is_word(c) => Token::Word(self.take_while(is_word).to_owned()),
            c => {
                let operator = ["->>", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", "->"];
                let length =
                    operator.iter().find(|text| self.rest.starts_with(**text)).map_or(c.len_utf8(), |t| t.len());
                Token::Other(self.take(length).to_owned())
            }
        };
        Some(token)
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()))
    }

    fn skip_spaces_and_comments(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let end = if self.rest.starts_with("--") {
                self.rest.find('\n').map(|at| at + 1)
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at + 2)
            } else {
                return;
            };
            self.rest = end.map_or("", |end| &self.rest[end..]);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// The length of the quoted text at the start, whose quotes inside are doubled.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut quotes = text.char_indices().skip(1).filter(|(_, c)| *c == quote).map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.peek() == Some(&(at + 1)) {
            quotes.next();
        } else {
            return at + 1;
        }
    }
    panic!("a quote is not closed in {text}");
}

fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let exponent = at > 0 && matches!(bytes[at - 1], b'e' | b'E') && !text.starts_with("0x");
        match bytes[at] {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' => at += 1,
            b'+' | b'-' if exponent => at += 1,
            _ => break,
        }
    }
    at
}
