//! Expressions: literals, lists, references, calls and chains of calls.

use std::borrow::Cow;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Origin;

use super::super::syntax::{Call, Expression, ExpressionKind, IncludedText, List, Path};
use super::super::token::{self, Token, TokenKind};
use super::{Parsed, Parser};

/// The most methods that are called on one value or operation. (rustc itself runs out of stack with some thousands.)
const MAXIMUM_CHAIN: usize = 1000;

impl<'source> Parser<'source> {
    /// An expression, up to the first token that does not belong to it.
    pub(super) fn expression(&mut self) -> Parsed<Expression<'source>> {
        self.nested(|parser| {
            let first = parser.peek();
            let kind = match first.kind {
                TokenKind::Ampersand => {
                    parser.advance();
                    if parser.at_keyword("mut") {
                        let span = parser.span(parser.peek());
                        let message = "nothing in a revision is changed";
                        return parser.refuse(span, message, "this word", "write `&` alone");
                    }
                    let value = parser.expression()?;
                    ExpressionKind::Reference(parser.nodes.add_expression(value))
                }
                TokenKind::Minus => parser.negative_number(first)?,
                _ => return parser.chain(),
            };
            Ok(Expression { kind, span: parser.span_from(first) })
        })
    }

    fn negative_number(&mut self, minus: Token) -> Parsed<ExpressionKind<'source>> {
        self.advance();
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Integer | TokenKind::Float) {
            let help = "write the number with its sign";
            return self.refuse(self.span(minus), "`-` stands only before a number", "this sign", help);
        }
        let kind = self.number(Some(minus))?;
        if self.at(TokenKind::Dot) {
            let span = self.span(self.peek());
            return self.refuse(span, "numbers have no methods", "here", "write the number alone");
        }
        Ok(kind)
    }

    /// A primary expression and the methods that are called on it.
    fn chain(&mut self) -> Parsed<Expression<'source>> {
        let first = self.peek();
        let head = self.primary()?;
        if !self.at(TokenKind::Dot) {
            return Ok(head);
        }
        let head = self.nodes.add_expression(head);
        let calls = self.calls()?;
        Ok(Expression { kind: ExpressionKind::Chain { head, calls }, span: self.span_from(first) })
    }

    /// `.method(…).method(…)`
    pub(super) fn calls(&mut self) -> Parsed<List> {
        let dot = self.expect(TokenKind::Dot, ".")?;
        let call = self.method(dot)?;
        // Most chains have one call, which need not wait for others.
        if !self.at(TokenKind::Dot) {
            return Ok(self.nodes.add_calls([call]));
        }
        let first = self.open_calls.len();
        self.open_calls.push(call);
        let result = self.open_chain(first);
        let calls = self.open_calls.drain(first..);
        let list = self.nodes.add_calls(calls);
        result.map(|()| list)
    }

    /// The calls of a chain after its first one.
    fn open_chain(&mut self, first: usize) -> Parsed<()> {
        while self.at(TokenKind::Dot) {
            let dot = self.advance();
            if self.open_calls.len() - first >= MAXIMUM_CHAIN {
                let message = format!("more than {MAXIMUM_CHAIN} methods are called on one value");
                let diagnostic = Diagnostic::new(Code::Budget, message)
                    .at(Origin::Span(self.span(self.peek())), "one too many")
                    .help("write several operations");
                return self.report(diagnostic);
            }
            let call = self.method(dot)?;
            self.open_calls.push(call);
        }
        Ok(())
    }

    /// `method(…)`, after a dot.
    fn method(&mut self, dot: Token) -> Parsed<Call<'source>> {
        let token = self.peek();
        match token.kind {
            TokenKind::Name => {}
            TokenKind::Integer | TokenKind::Float => {
                let help = "write the part that you need, or take the tuple apart with `for`";
                return self.refuse(self.span(token), "the parts of a tuple have no names", "this part", help);
            }
            TokenKind::Dot => return self.refuse_operator(dot),
            TokenKind::Keyword => {
                let message = format!("`{}` is a keyword of Rust", self.text_of(token));
                return self.refuse(self.span(token), &message, "no method", "call a method of the vocabulary");
            }
            _ => {
                let message = format!("expected the name of a method, found {}", self.describe(token));
                let help = "write the method, or delete the dot";
                return self.syntax_error(self.span(token), &message, "a method is missing here", help);
            }
        }
        self.advance();
        if !self.at(TokenKind::OpenParenthesis) {
            return self.refuse_field(token);
        }
        self.call(token)
    }

    /// The arguments of a function or method whose name has been taken.
    fn call(&mut self, name: Token) -> Parsed<Call<'source>> {
        let open = self.expect(TokenKind::OpenParenthesis, "(")?;
        let (arguments, _) = self.list(open, TokenKind::CloseParenthesis, ")")?;
        Ok(Call { name: self.word(name), arguments, span: self.span_from(name) })
    }

    /// Expressions with commas between them, and the closing bracket. The second result says whether the last one is
    /// followed by a comma.
    pub(super) fn list(&mut self, open: Token, close: TokenKind, symbol: &str) -> Parsed<(List, bool)> {
        if self.eat(close) {
            return Ok((List::EMPTY, false));
        }
        let value = self.expression()?;
        // Most lists have one value, which need not wait for others.
        if self.eat(close) {
            return Ok((self.nodes.add_expressions([value]), false));
        }
        let first = self.open_expressions.len();
        self.open_expressions.push(value);
        let result = match self.separator(open, close, symbol) {
            Ok(comma) => self.open_list(open, close, symbol, comma),
            Err(reported) => Err(reported),
        };
        let expressions = self.open_expressions.drain(first..);
        let list = self.nodes.add_expressions(expressions);
        result.map(|comma| (list, comma))
    }

    /// The values of a list that are not read yet, and whether a comma follows the last one.
    fn open_list(&mut self, open: Token, close: TokenKind, symbol: &str, mut comma: bool) -> Parsed<bool> {
        while !self.eat(close) {
            let value = self.expression()?;
            self.open_expressions.push(value);
            comma = self.separator(open, close, symbol)?;
        }
        Ok(comma)
    }

    /// What stands after a value of a list: whether it is a comma.
    fn separator(&mut self, open: Token, close: TokenKind, symbol: &str) -> Parsed<bool> {
        let comma = self.eat(TokenKind::Comma);
        if !comma && !self.at(close) {
            self.missing_comma(open, symbol)?;
        }
        Ok(comma)
    }

    fn primary(&mut self) -> Parsed<Expression<'source>> {
        let first = self.peek();
        let kind = match first.kind {
            TokenKind::PlainText => {
                self.advance();
                ExpressionKind::Text(Cow::Borrowed(token::plain_text_value(self.text_of(first))))
            }
            TokenKind::Text => {
                self.advance();
                ExpressionKind::Text(token::text_value(self.text_of(first)))
            }
            TokenKind::RawText(hashes) => {
                self.advance();
                ExpressionKind::Text(token::raw_text_value(self.text_of(first), hashes))
            }
            TokenKind::Integer | TokenKind::Float => {
                let kind = self.number(None)?;
                if self.at(TokenKind::Dot) && self.peek_at(1).kind != TokenKind::Dot {
                    let span = self.span(self.peek());
                    return self.refuse(span, "numbers have no methods", "here", "write the number alone");
                }
                kind
            }
            TokenKind::Keyword if self.at_keyword("true") || self.at_keyword("false") => {
                self.advance();
                ExpressionKind::Boolean(self.text_of(first) == "true")
            }
            TokenKind::Name => self.named(first)?,
            TokenKind::OpenBracket => {
                self.advance();
                ExpressionKind::Array(self.list(first, TokenKind::CloseBracket, "]")?.0)
            }
            TokenKind::OpenParenthesis => return self.parenthesized(),
            _ => return self.refuse_expression(first),
        };
        Ok(Expression { kind, span: self.span_from(first) })
    }

    /// `(value)`, which is the value, or a tuple.
    fn parenthesized(&mut self) -> Parsed<Expression<'source>> {
        let open = self.expect(TokenKind::OpenParenthesis, "(")?;
        let first = self.open_expressions.len();
        let result = self.open_list(open, TokenKind::CloseParenthesis, ")", false);
        let span = self.span_from(open);
        if result.is_ok() && self.open_expressions.len() == first {
            return self.refuse(span, "an empty tuple says nothing", "this value", "write a value, or delete it");
        }
        if let Ok(false) = result
            && self.open_expressions.len() == first + 1
            && let Some(value) = self.open_expressions.pop()
        {
            return Ok(Expression { span, ..value });
        }
        let parts = self.open_expressions.drain(first..);
        let list = self.nodes.add_expressions(parts);
        result.map(|_| Expression { kind: ExpressionKind::Tuple(list), span })
    }

    /// A name, a path, a call, or one of the two macros.
    fn named(&mut self, first: Token) -> Parsed<ExpressionKind<'source>> {
        self.advance();
        let name = self.text_of(first);
        if name == "op" {
            let help = "write the operation as a statement of its own";
            return self.refuse(self.span(first), "`op` stands only at the start of an operation", "here", help);
        }
        if name == "_" {
            return self.refuse(self.span(first), "`_` is no value", "here", "write a value");
        }
        match self.peek().kind {
            TokenKind::OpenParenthesis => {
                let call = self.call(first)?;
                Ok(ExpressionKind::Call(self.nodes.add_call(call)))
            }
            TokenKind::Bang if self.peek_at(1).kind != TokenKind::Equals => self.macro_call(first),
            TokenKind::Colon if self.eat_path_separator() => self.path(first),
            _ => Ok(ExpressionKind::Name(name)),
        }
    }

    /// `Action::Cascade`, after the `::`.
    fn path(&mut self, kind: Token) -> Parsed<ExpressionKind<'source>> {
        let token = self.peek();
        if token.kind != TokenKind::Name {
            return self.refuse_path(kind);
        }
        self.advance();
        if matches!(self.peek().kind, TokenKind::OpenParenthesis | TokenKind::Bang) || self.eat_path_separator() {
            return self.refuse_path(kind);
        }
        Ok(ExpressionKind::Path(Box::new(Path { kind: self.word(kind), name: self.word(token) })))
    }

    fn macro_call(&mut self, name: Token) -> Parsed<ExpressionKind<'source>> {
        let text = self.text_of(name);
        if !matches!(text, "format" | "include_str") {
            return self.refuse_macro(name);
        }
        self.advance();
        let open = self.peek();
        if open.kind != TokenKind::OpenParenthesis {
            let help = format!("write `{text}!(…)`");
            return self.refuse(self.span(open), "a macro is called with parentheses", "here", &help);
        }
        self.advance();
        if text == "format" { self.format(open) } else { self.included_text() }
    }

    /// `include_str!("file")`, after the parenthesis.
    fn included_text(&mut self) -> Parsed<ExpressionKind<'source>> {
        let token = self.peek();
        let Some(path) = self.text_literal() else {
            let help = "write `include_str!(\"sql/file.sql\")`";
            return self.refuse(self.span(token), "`include_str!` takes the path as a text", "this argument", help);
        };
        self.eat(TokenKind::Comma);
        self.after_value(")")?;
        self.expect(TokenKind::CloseParenthesis, ")")?;
        Ok(ExpressionKind::IncludedText(Box::new(IncludedText { path, span: self.span(token) })))
    }

    /// The value of a string literal, if one stands here.
    pub(super) fn text_literal(&mut self) -> Option<Cow<'source, str>> {
        let token = self.peek();
        let value = match token.kind {
            TokenKind::PlainText => Cow::Borrowed(token::plain_text_value(self.text_of(token))),
            TokenKind::Text => token::text_value(self.text_of(token)),
            TokenKind::RawText(hashes) => token::raw_text_value(self.text_of(token), hashes),
            _ => return None,
        };
        self.advance();
        Some(value)
    }

    /// The next token as a number, after a minus or not.
    fn number(&mut self, minus: Option<Token>) -> Parsed<ExpressionKind<'source>> {
        let token = self.peek();
        let digits = self.text_of(token);
        let value = if token.kind == TokenKind::Integer {
            token::integer_value(digits).and_then(|value| signed(value, minus.is_some())).map(ExpressionKind::Integer)
        } else {
            let sign = if minus.is_some() { -1.0 } else { 1.0 };
            token::float_value(digits).map(|value| ExpressionKind::Float(sign * value))
        };
        match value {
            Some(value) => {
                self.advance();
                Ok(value)
            }
            None => {
                let help = "write a smaller number, or the number as a text in `decimal(\"…\")`";
                self.syntax_error(self.span(token), "the number does not fit into 64 bits", "this number", help)
            }
        }
    }
}

fn signed(value: u64, negative: bool) -> Option<i64> {
    if negative { 0_i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}
