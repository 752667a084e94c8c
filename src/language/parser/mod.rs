//! From tokens to the syntax tree, by recursive descent.
//!
//! The parser knows only the subset. What is Rust but not of the subset is refused with what to write instead; after a
//! mistake it goes on at the next statement or item, so that one run finds all mistakes of a file.

mod expression;
mod format;
mod refusal;
mod statement;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Origin, SourceId, Span};

use super::syntax::{Call, Constant, Expression, Function, Nodes, Piece, Statement, Syntax, Type, Word};
use super::token::{self, MAXIMUM_NAMES, MAXIMUM_NESTING, Token, TokenKind};

/// The most mistakes that are reported for one file.
const MAXIMUM_MISTAKES: usize = 20;

/// The mark of a mistake that has been reported.
#[derive(Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

/// Parses the text of a revision.
///
/// # Errors
///
/// All mistakes of form that the file has, in the order of their places.
pub fn parse(source: SourceId, text: &str) -> Result<Syntax<'_>, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let Some(tokens) = token::tokenize(source, text, &mut diagnostics) else {
        return Err(diagnostics);
    };
    let mut parser = Parser::new(source, text, tokens.list, diagnostics);
    parser.items();
    if parser.diagnostics.is_empty() {
        let Parser { constants, upgrade, downgrade, nodes, .. } = parser;
        return Ok(Syntax { source, documentation: tokens.documentation, constants, upgrade, downgrade, nodes });
    }
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| {
        diagnostic.labels.first().and_then(|label| label.origin.span()).map_or(0, |span| span.start)
    });
    diagnostics.truncate(MAXIMUM_MISTAKES);
    Err(diagnostics)
}

struct Parser<'source> {
    source: SourceId,
    text: &'source str,
    tokens: Vec<Token>,
    position: usize,
    depth: usize,
    diagnostics: Vec<Diagnostic>,
    imported: bool,
    /// A brace that is closed by one with another indentation: most likely its own is missing.
    misaligned: Option<Token>,
    constants: Vec<Constant<'source>>,
    upgrade: Option<Function>,
    downgrade: Option<Function>,
    nodes: Nodes<'source>,
    // Nodes of lists that are not complete yet.
    open_expressions: Vec<Expression<'source>>,
    open_calls: Vec<Call<'source>>,
    open_statements: Vec<Statement<'source>>,
    open_pieces: Vec<Piece<'source>>,
}

impl<'source> Parser<'source> {
    fn new(source: SourceId, text: &'source str, tokens: Vec<Token>, diagnostics: Vec<Diagnostic>) -> Self {
        let nodes = Nodes::for_tokens(tokens.len());
        Parser {
            source,
            text,
            tokens,
            position: 0,
            depth: 0,
            diagnostics,
            imported: false,
            misaligned: None,
            constants: Vec::new(),
            upgrade: None,
            downgrade: None,
            nodes,
            open_expressions: Vec::with_capacity(16),
            open_calls: Vec::with_capacity(16),
            open_statements: Vec::with_capacity(16),
            open_pieces: Vec::new(),
        }
    }

    // Tokens.

    fn peek(&self) -> Token {
        self.tokens[self.position]
    }

    fn peek_at(&self, ahead: usize) -> Token {
        self.tokens[(self.position + ahead).min(self.tokens.len() - 1)]
    }

    /// Takes the next token. The end is never passed.
    fn advance(&mut self) -> Token {
        let token = self.tokens[self.position];
        if self.position + 1 < self.tokens.len() {
            self.position += 1;
        }
        token
    }

    fn at(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    fn at_keyword(&self, keyword: &str) -> bool {
        self.is_keyword(self.peek(), keyword)
    }

    fn is_keyword(&self, token: Token, keyword: &str) -> bool {
        token.kind == TokenKind::Keyword && self.text_of(token) == keyword
    }

    fn at_name(&self, name: &str) -> bool {
        self.at(TokenKind::Name) && self.text_of(self.peek()) == name
    }

    fn at_end(&self) -> bool {
        matches!(self.peek().kind, TokenKind::End | TokenKind::Broken)
    }

    fn text_of(&self, token: Token) -> &'source str {
        &self.text[token.start as usize..token.end as usize]
    }

    fn span(&self, token: Token) -> Span {
        Span { source: self.source, start: token.start, end: token.end }
    }

    /// From the start of a token to the end of the one before the current.
    fn span_from(&self, first: Token) -> Span {
        let end = self.tokens[self.position.saturating_sub(1)].end;
        Span { source: self.source, start: first.start, end: end.max(first.end) }
    }

    fn word(&self, token: Token) -> Word<'source> {
        Word { text: self.text_of(token), span: self.span(token) }
    }

    /// Takes the next token if it is of this kind.
    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Takes `::`, whose two characters stand together.
    fn eat_path_separator(&mut self) -> bool {
        let (first, second) = (self.peek(), self.peek_at(1));
        let found = first.kind == TokenKind::Colon && second.kind == TokenKind::Colon && first.end == second.start;
        if found {
            self.advance();
            self.advance();
        }
        found
    }

    /// Takes the token, or reports that it is missing before the one that stands there.
    fn expect(&mut self, kind: TokenKind, symbol: &str) -> Parsed<Token> {
        if self.at(kind) { Ok(self.advance()) } else { self.missing(symbol) }
    }

    fn expect_keyword(&mut self, keyword: &str) -> Parsed<Token> {
        if self.at_keyword(keyword) { Ok(self.advance()) } else { self.missing(keyword) }
    }

    // Mistakes.

    /// Reports that a symbol is missing before the current token.
    fn missing<T>(&mut self, symbol: &str) -> Parsed<T> {
        let token = self.peek();
        let found = self.describe(token);
        let diagnostic = Diagnostic::new(Code::SyntaxError, format!("expected `{symbol}`, found {found}"))
            .at(Origin::Span(self.span(token)), format!("a `{symbol}` is missing before this"))
            .help(format!("write `{symbol}`"));
        self.report(diagnostic)
    }

    /// Reports a mistake after which the part cannot be read any further.
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Parsed<T> {
        self.record(diagnostic);
        Err(Reported)
    }

    /// Reports a mistake, unless the lexer gave up here and has said why.
    fn record(&mut self, diagnostic: Diagnostic) {
        if !self.at(TokenKind::Broken) && self.diagnostics.len() < MAXIMUM_MISTAKES {
            self.diagnostics.push(diagnostic);
        }
    }

    fn syntax_error<T>(&mut self, span: Span, message: &str, label: &str, help: &str) -> Parsed<T> {
        let diagnostic = Diagnostic::new(Code::SyntaxError, message).at(Origin::Span(span), label);
        self.report(diagnostic.help(help))
    }

    fn refuse<T>(&mut self, span: Span, message: &str, label: &str, help: &str) -> Parsed<T> {
        let diagnostic = Diagnostic::new(Code::OutsideTheSubset, message).at(Origin::Span(span), label);
        self.report(diagnostic.help(help))
    }

    /// A token in words, for a message.
    fn describe(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End | TokenKind::Broken => "the end of the file".to_owned(),
            TokenKind::PlainText | TokenKind::Text | TokenKind::RawText(_) => "a text".to_owned(),
            TokenKind::Keyword => format!("the keyword `{}`", self.text_of(token)),
            _ => format!("`{}`", self.text_of(token)),
        }
    }

    // Nesting.

    /// Runs a part of the parser that may call itself.
    fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAXIMUM_NESTING {
            let span = self.span(self.peek());
            let diagnostic = Diagnostic::new(Code::Budget, format!("this is nested more than {MAXIMUM_NESTING} deep"))
                .at(Origin::Span(span), "one level too many")
                .help("give the inner part a name with `let` or `const`");
            return self.report(diagnostic);
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    // Items.

    fn items(&mut self) {
        while !self.at_end() && self.diagnostics.len() < MAXIMUM_MISTAKES {
            let start = self.position;
            if self.item().is_err() {
                self.recover_item(start);
            }
        }
        if !self.imported && self.diagnostics.is_empty() {
            let start = self.tokens[0];
            let diagnostic = Diagnostic::new(Code::MissingItem, "the revision does not import the vocabulary")
                .at(Origin::Span(self.span(start)), "before this")
                .help("write `use offprint::prelude::*;`");
            self.diagnostics.push(diagnostic);
        }
    }

    /// Goes to the next token that can begin an item.
    fn recover_item(&mut self, start: usize) {
        self.position = self.position.max(start);
        let mut braces = 0_usize;
        loop {
            let token = self.peek();
            let begins = token.kind == TokenKind::Keyword
                && matches!(self.text_of(token), "pub" | "const" | "use" | "fn")
                && (self.begins_line(token) || (braces == 0 && self.text_of(token) != "fn"));
            if self.at_end() || (begins && self.position > start) {
                return;
            }
            self.advance();
            match token.kind {
                TokenKind::OpenBrace => braces += 1,
                TokenKind::CloseBrace if braces <= 1 => return,
                TokenKind::CloseBrace => braces -= 1,
                TokenKind::Semicolon if braces == 0 => return,
                _ => {}
            }
        }
    }

    /// The white space before the first token of the line in which a token stands.
    fn indentation(&self, token: Token) -> &'source str {
        let before = &self.text[..token.start as usize];
        let line = &self.text[before.rfind('\n').map_or(0, |end| end + 1)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Whether a token is the first one of its line.
    fn is_first_of_line(&self, token: Token) -> bool {
        self.text[..token.start as usize].trim_end_matches([' ', '\t']).ends_with('\n')
    }

    /// Whether a token stands in the first column.
    fn begins_line(&self, token: Token) -> bool {
        token.start == 0 || self.text.as_bytes()[token.start as usize - 1] == b'\n'
    }

    fn item(&mut self) -> Parsed<()> {
        let first = self.peek();
        let public = self.at_keyword("pub");
        if public {
            self.advance();
            if self.at(TokenKind::OpenParenthesis) {
                let span = self.span(self.peek());
                return self.refuse(span, "an item of a revision is `pub` or not", "this", "write `pub` alone");
            }
        }
        let token = self.peek();
        match (token.kind, self.text_of(token)) {
            (TokenKind::Keyword, "const") => self.constant(public),
            (TokenKind::Keyword, "fn") => self.function(public),
            (TokenKind::Keyword, "use") => self.import(first, public),
            (TokenKind::Hash, _) => {
                self.refuse(self.span(token), "a revision has no attributes", "this attribute", "delete it")
            }
            (TokenKind::CloseBrace | TokenKind::CloseParenthesis | TokenKind::CloseBracket, _) => {
                let help = "delete it, or add the opening one that is missing before it";
                self.syntax_error(self.span(token), "this closes nothing", "no bracket is open here", help)
            }
            _ => self.refuse_item(token),
        }
    }

    /// `use offprint::prelude::*;`
    fn import(&mut self, first: Token, public: bool) -> Parsed<()> {
        self.expect_keyword("use")?;
        let mut exact = !public;
        for part in ["offprint", "prelude"] {
            exact = exact && self.at_name(part);
            self.advance();
            exact = exact && self.eat_path_separator();
        }
        exact = exact && self.text_of(self.peek()) == "*";
        if !exact || self.imported {
            while !self.at_end() && !self.at(TokenKind::Semicolon) && !self.at(TokenKind::OpenBrace) {
                self.advance();
            }
            let message = "a revision imports the vocabulary once, and nothing else";
            return self.refuse(
                self.span_from(first),
                message,
                "this import",
                "write `use offprint::prelude::*;` once",
            );
        }
        self.advance();
        self.imported = true;
        self.expect(TokenKind::Semicolon, ";")?;
        Ok(())
    }

    /// `const NAME: TYPE = value;`
    fn constant(&mut self, public: bool) -> Parsed<()> {
        self.expect_keyword("const")?;
        let name = self.constant_name()?;
        if !self.at(TokenKind::Colon) {
            let span = self.span(self.peek());
            let help = "write the type after the name, such as `const NAME: &str = …;`";
            return self.syntax_error(span, "a constant needs its type", "`: TYPE` is missing before this", help);
        }
        self.advance();
        let first = self.peek();
        let kind = self.kind()?;
        let kind_span = self.span_from(first);
        self.expect(TokenKind::Equals, "=")?;
        let value = self.expression()?;
        let value = self.nodes.add_expression(value);
        self.constants.push(Constant { name, public, kind, kind_span, value });
        self.after_value(";")?;
        self.expect(TokenKind::Semicolon, ";")?;
        Ok(())
    }

    fn constant_name(&mut self) -> Parsed<Word<'source>> {
        let token = self.peek();
        if self.constants.len() >= MAXIMUM_NAMES {
            let diagnostic =
                Diagnostic::new(Code::Budget, format!("the revision has more than {MAXIMUM_NAMES} constants"))
                    .at(Origin::Span(self.span(token)), "one too many")
                    .help("put the values into a list, such as `&[&str]`");
            let reported = self.report(diagnostic);
            self.position = self.tokens.len() - 1;
            return reported;
        }
        let name = self.name()?;
        let upper = name.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !upper || !name.text.starts_with(|first: char| first.is_ascii_uppercase()) {
            let help = format!("write `{}`", suggested_constant(name.text));
            let message = "the name of a constant is written in capitals";
            return self.refuse(self.span(token), message, "this name", &help);
        }
        if let Some(other) = self.constants.iter().find(|other| other.name.text == name.text) {
            let diagnostic =
                Diagnostic::new(Code::WrongItem, format!("the constant `{}` stands here twice", name.text))
                    .at(Origin::Span(name.span), "the second")
                    .at(Origin::Span(other.name.span), "the first")
                    .help("delete one of the two, or give it another name");
            self.record(diagnostic);
        }
        Ok(name)
    }

    /// A name where one must stand.
    fn name(&mut self) -> Parsed<Word<'source>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Name => {
                self.advance();
                Ok(self.word(token))
            }
            TokenKind::Keyword if self.text_of(token) == "mut" => {
                let help = "delete `mut`; to change a value, write a new `let`";
                self.refuse(self.span(token), "nothing in a revision is changed", "this word", help)
            }
            TokenKind::Keyword => {
                let message = format!("`{}` is a keyword of Rust", self.text_of(token));
                self.syntax_error(self.span(token), &message, "no name", "use another name")
            }
            _ => {
                let message = format!("expected a name, found {}", self.describe(token));
                self.syntax_error(self.span(token), &message, "a name is missing here", "write a name")
            }
        }
    }

    /// The type of a constant.
    fn kind(&mut self) -> Parsed<Type> {
        self.nested(|parser| {
            let token = parser.peek();
            match (token.kind, parser.text_of(token)) {
                (TokenKind::Ampersand, _) => parser.reference_kind(),
                (TokenKind::OpenBracket, _) => match parser.bracketed_kind()? {
                    (element, Some(length)) => Ok(Type::Array(Box::new(element), length)),
                    (_, None) => {
                        let span = parser.span_from(token);
                        let help = "write `&` before it";
                        parser.syntax_error(span, "a slice stands behind a reference", "this type", help)
                    }
                },
                (TokenKind::OpenParenthesis, _) => parser.tuple_kind(),
                (TokenKind::Name, "i64") => parser.plain_kind(Type::Integer),
                (TokenKind::Name, "f64") => parser.plain_kind(Type::Float),
                (TokenKind::Name, "bool") => parser.plain_kind(Type::Boolean),
                _ => parser.refuse_kind(token),
            }
        })
    }

    fn plain_kind(&mut self, kind: Type) -> Parsed<Type> {
        self.advance();
        Ok(kind)
    }

    fn reference_kind(&mut self) -> Parsed<Type> {
        self.expect(TokenKind::Ampersand, "&")?;
        if self.at_name("str") {
            return self.plain_kind(Type::Text);
        }
        if self.at(TokenKind::OpenBracket) {
            return Ok(match self.bracketed_kind()? {
                (element, Some(length)) => Type::Reference(Box::new(Type::Array(Box::new(element), length))),
                (element, None) => Type::Slice(Box::new(element)),
            });
        }
        if self.at(TokenKind::Lifetime) || self.at_keyword("mut") {
            let span = self.span(self.peek());
            return self.refuse(
                span,
                "a constant is a plain reference",
                "this word",
                "write `&` alone, such as `&str`",
            );
        }
        Ok(Type::Reference(Box::new(self.kind()?)))
    }

    fn bracketed_kind(&mut self) -> Parsed<(Type, Option<u64>)> {
        self.expect(TokenKind::OpenBracket, "[")?;
        let element = self.kind()?;
        let mut length = None;
        if self.eat(TokenKind::Semicolon) {
            let token = self.peek();
            let digits = self.text_of(token);
            let plain = token.kind == TokenKind::Integer && digits.bytes().all(|byte| byte.is_ascii_digit());
            length = token::integer_value(digits).filter(|_| plain);
            if length.is_none() {
                let help = "write the number, such as `[&str; 2]`, or a slice, such as `&[&str]`";
                return self.refuse(self.span(token), "the length of a list is a number", "this length", help);
            }
            self.advance();
        }
        self.expect(TokenKind::CloseBracket, "]")?;
        Ok((element, length))
    }

    fn tuple_kind(&mut self) -> Parsed<Type> {
        let open = self.expect(TokenKind::OpenParenthesis, "(")?;
        let mut parts = Vec::new();
        let mut comma = false;
        while !self.at(TokenKind::CloseParenthesis) {
            parts.push(self.kind()?);
            comma = self.eat(TokenKind::Comma);
            if !comma {
                break;
            }
        }
        self.expect(TokenKind::CloseParenthesis, ")")?;
        if parts.is_empty() || (parts.len() == 1 && !comma) {
            let help = "write the type alone, or a tuple of two or more";
            return self.refuse(self.span_from(open), "these parentheses are no tuple", "this type", help);
        }
        Ok(Type::Tuple(parts))
    }

    /// `pub fn upgrade(op: &mut Op) { … }`
    fn function(&mut self, public: bool) -> Parsed<()> {
        let keyword = self.expect_keyword("fn")?;
        let name = self.name()?;
        let known = matches!(name.text, "upgrade" | "downgrade");
        if !known {
            return self.refuse_function(name);
        }
        if !public {
            let diagnostic = Diagnostic::new(Code::WrongItem, format!("`{}` is not `pub`", name.text))
                .at(Origin::Span(self.span(keyword)), "`pub` is missing before this")
                .help(format!("write `pub fn {}(op: &mut Op)`", name.text));
            self.record(diagnostic);
        }
        let twice = if name.text == "upgrade" { &self.upgrade } else { &self.downgrade };
        if let Some(other) = twice {
            let diagnostic = Diagnostic::new(Code::WrongItem, format!("`{}` stands here twice", name.text))
                .at(Origin::Span(name.span), "the second")
                .at(Origin::Span(other.span), "the first")
                .help("put all operations into one of the two");
            self.record(diagnostic);
        }
        self.signature(name)?;
        let body = self.block()?;
        let function = Function { span: name.span, body };
        if name.text == "upgrade" {
            self.upgrade = Some(function);
        } else {
            self.downgrade = Some(function);
        }
        Ok(())
    }

    /// `(op: &mut Op)`. A wrong one is reported, and the body is read nevertheless.
    fn signature(&mut self, name: Word<'source>) -> Parsed<()> {
        let first = self.peek();
        let mut exact = true;
        for part in ["(", "op", ":", "&", "mut", "Op"] {
            exact = exact && self.text_of(self.peek()) == part;
            if exact {
                self.advance();
            }
        }
        self.eat(TokenKind::Comma);
        let exact = exact && self.eat(TokenKind::CloseParenthesis);
        if exact && self.at(TokenKind::OpenBrace) {
            return Ok(());
        }
        if exact && self.peek().kind != TokenKind::Other && self.peek().kind != TokenKind::Minus {
            return self.missing("{");
        }
        while !self.at_end() && !self.at(TokenKind::OpenBrace) && !self.at(TokenKind::Semicolon) {
            self.advance();
        }
        let message = format!("`{}` has another signature than it must have", name.text);
        let diagnostic = Diagnostic::new(Code::WrongItem, message)
            .at(Origin::Span(self.span_from(first)), "this signature")
            .help(format!("write `pub fn {}(op: &mut Op) {{ … }}`", name.text));
        let reported = self.report(diagnostic);
        if self.at(TokenKind::OpenBrace) { Ok(()) } else { reported }
    }
}

/// The name in capitals, with `_` between its words.
fn suggested_constant(name: &str) -> String {
    let mut suggestion = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for character in name.trim_start_matches('_').chars() {
        if character.is_ascii_uppercase() && after_lower {
            suggestion.push('_');
        }
        after_lower = character.is_ascii_lowercase();
        suggestion.push(character.to_ascii_uppercase());
    }
    if suggestion.is_empty() { "NAME".to_owned() } else { suggestion }
}
