//! The statements of `upgrade` and `downgrade`.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Origin;

use super::super::syntax::{ExpressionKind, List, Pattern, Statement, Word};
use super::super::token::{Token, TokenKind};
use super::{MAXIMUM_MISTAKES, Parsed, Parser, Reported};

impl<'source> Parser<'source> {
    /// `{ statements }`
    pub(super) fn block(&mut self) -> Parsed<List> {
        self.nested(|parser| {
            let open = parser.expect(TokenKind::OpenBrace, "{")?;
            let first = parser.open_statements.len();
            let closed = parser.statements(open);
            let statements = parser.open_statements.drain(first..);
            let list = parser.nodes.add_statements(statements);
            closed.map(|()| list)
        })
    }

    fn statements(&mut self, open: Token) -> Parsed<()> {
        loop {
            let token = self.peek();
            if self.eat(TokenKind::CloseBrace) {
                if self.is_first_of_line(token) && self.indentation(open) != self.indentation(token) {
                    self.misaligned.get_or_insert(open);
                }
                return Ok(());
            }
            let item = token.kind == TokenKind::Keyword
                && self.begins_line(token)
                && matches!(self.text_of(token), "pub" | "fn" | "const" | "use");
            if self.at_end() || item {
                let found = self.describe(token);
                let unclosed = self.misaligned.unwrap_or(open);
                let diagnostic = Diagnostic::new(Code::SyntaxError, format!("expected `}}`, found {found}"))
                    .at(Origin::Span(self.span(unclosed)), "this brace is not closed")
                    .at(Origin::Span(self.span(token)), "a `}` is missing before this")
                    .help("write `}`");
                return self.report(diagnostic);
            }
            if self.diagnostics.len() >= MAXIMUM_MISTAKES {
                return Err(Reported);
            }
            let start = self.position;
            if self.statement().is_err() {
                self.recover_statement(start);
            }
        }
    }

    /// Goes to the end of the statement in which a mistake was found.
    fn recover_statement(&mut self, start: usize) {
        let mut braces = 0_usize;
        loop {
            let token = self.peek();
            let progress = self.position > start;
            if self.at_end() || (progress && braces == 0 && self.begins_statement(token)) {
                return;
            }
            match token.kind {
                TokenKind::OpenBrace => braces += 1,
                TokenKind::CloseBrace if braces == 0 => return,
                TokenKind::CloseBrace => {
                    braces -= 1;
                    if braces == 0 && self.ends_with_brace(start) {
                        self.advance();
                        return;
                    }
                }
                TokenKind::Semicolon if braces == 0 => {
                    self.advance();
                    return;
                }
                _ => {}
            }
            self.advance();
        }
    }

    /// Whether the statement that begins at a token ends with the brace before the next token.
    fn ends_with_brace(&self, start: usize) -> bool {
        let first = self.tokens[start];
        let block = first.kind == TokenKind::OpenBrace
            || first.kind == TokenKind::Lifetime
            || (first.kind == TokenKind::Keyword
                && matches!(self.text_of(first), "if" | "for" | "while" | "loop" | "match" | "unsafe" | "fn"));
        let next = self.peek_at(1);
        block && !self.is_keyword(next, "else")
    }

    /// Whether a token looks like the first one of a statement: `op.` or `let` or `for` at the start of a line.
    fn begins_statement(&self, token: Token) -> bool {
        let word = match token.kind {
            TokenKind::Name => self.text_of(token) == "op" && self.peek_at(1).kind == TokenKind::Dot,
            TokenKind::Keyword => {
                matches!(self.text_of(token), "let" | "for")
                    || (self.begins_line(token) && matches!(self.text_of(token), "pub" | "fn" | "const" | "use"))
            }
            _ => false,
        };
        word && self.is_first_of_line(token)
    }

    fn statement(&mut self) -> Parsed<()> {
        let token = self.peek();
        match (token.kind, self.text_of(token)) {
            (TokenKind::Semicolon, _) => {
                self.advance();
                Ok(())
            }
            (TokenKind::Keyword, "let") => self.binding(),
            (TokenKind::Keyword, "for") => self.iteration(),
            (TokenKind::Name, "op") => self.operation(),
            (TokenKind::Keyword, "true" | "false") | (TokenKind::Name, _) => self.value_statement(token),
            (TokenKind::PlainText | TokenKind::Text | TokenKind::RawText(_), _)
            | (TokenKind::Integer | TokenKind::Float, _)
            | (TokenKind::OpenParenthesis | TokenKind::OpenBracket | TokenKind::Ampersand | TokenKind::Minus, _) => {
                self.value_statement(token)
            }
            _ => self.refuse_statement(token),
        }
    }

    /// `let name = value;`
    fn binding(&mut self) -> Parsed<()> {
        self.expect_keyword("let")?;
        let token = self.peek();
        if token.kind == TokenKind::OpenParenthesis {
            let help = "write one `let` for each name";
            return self.refuse(self.span(token), "a `let` has one name", "this pattern", help);
        }
        let name = self.bound_name("let")?;
        if name.text == "_" {
            return self.refuse(name.span, "a `let` needs a name", "no name", "write a name, or delete the `let`");
        }
        if self.at(TokenKind::Colon) {
            let span = self.span(self.peek());
            return self.refuse(span, "a `let` has no type", "the type begins here", "leave the type out");
        }
        self.expect(TokenKind::Equals, "=")?;
        let value = self.expression()?;
        let value = self.nodes.add_expression(value);
        self.after_value(";")?;
        self.expect(TokenKind::Semicolon, ";")?;
        self.open_statements.push(Statement::Let { name, value });
        Ok(())
    }

    /// A name that a `let` or `for` gives. Capitals would be read by rustc as the name of something that exists.
    fn bound_name(&mut self, statement: &str) -> Parsed<Word<'source>> {
        let name = self.name()?;
        if name.text == "op" {
            let help = "use another name";
            return self.refuse(name.span, "`op` is the name of the parameter", "this name", help);
        }
        if name.text.contains(|character: char| character.is_ascii_uppercase()) {
            let help = format!("write `{}`", name.text.to_ascii_lowercase());
            let message = format!("the name of a `{statement}` is written in small letters");
            return self.refuse(name.span, &message, "this name", &help);
        }
        Ok(name)
    }

    /// `for pattern in list { body }`
    fn iteration(&mut self) -> Parsed<()> {
        self.expect_keyword("for")?;
        let pattern = self.pattern()?;
        self.unique_names(&pattern)?;
        self.expect_keyword("in")?;
        let list = self.expression()?;
        let list = self.nodes.add_expression(list);
        self.after_value("{")?;
        let body = self.block()?;
        self.open_statements.push(Statement::For { pattern, list, body });
        Ok(())
    }

    fn pattern(&mut self) -> Parsed<Pattern<'source>> {
        self.nested(|parser| {
            let open = parser.peek();
            if open.kind == TokenKind::Ampersand {
                let help = "write the name alone; an operation takes references, too";
                return parser.refuse(parser.span(open), "a pattern has no `&`", "this sign", help);
            }
            if !parser.eat(TokenKind::OpenParenthesis) {
                let name = parser.bound_name("for")?;
                return Ok(if name.text == "_" { Pattern::Nothing } else { Pattern::Name(name) });
            }
            let mut parts = Vec::new();
            let mut comma = false;
            while !parser.at(TokenKind::CloseParenthesis) {
                parts.push(parser.pattern()?);
                comma = parser.eat(TokenKind::Comma);
                if !comma {
                    break;
                }
            }
            parser.expect(TokenKind::CloseParenthesis, ")")?;
            let span = parser.span_from(open);
            if parts.is_empty() || (parts.len() == 1 && !comma) {
                let help = "write the name alone, or a tuple of two or more";
                return parser.refuse(span, "these parentheses are no tuple", "this pattern", help);
            }
            Ok(Pattern::Tuple { parts, span })
        })
    }

    fn unique_names(&mut self, pattern: &Pattern<'source>) -> Parsed<()> {
        let mut names = Vec::new();
        collect_names(pattern, &mut names);
        for (index, name) in names.iter().enumerate() {
            if names[..index].iter().any(|other| other.text == name.text) {
                let message = format!("the pattern has the name `{}` twice", name.text);
                return self.syntax_error(name.span, &message, "the second", "give it another name");
            }
        }
        Ok(())
    }

    /// `op.method(…)…;`
    fn operation(&mut self) -> Parsed<()> {
        let first = self.advance();
        if !self.at(TokenKind::Dot) {
            return self.refuse_operation_name(first);
        }
        let calls = self.calls()?;
        let span = self.span_from(first);
        self.after_value(";")?;
        self.expect(TokenKind::Semicolon, ";")?;
        self.open_statements.push(Statement::Operation { calls, span });
        Ok(())
    }

    /// A value where an operation was to stand.
    fn value_statement(&mut self, first: Token) -> Parsed<()> {
        if self.is_assignment() {
            let message = "nothing in a revision is changed";
            return self.refuse(self.span(first), message, "this assignment", "write a new `let`");
        }
        let value = self.expression()?;
        self.after_value(";")?;
        let span = value.span;
        let help = match &value.kind {
            ExpressionKind::Call(call) => {
                format!("write `op.{}(…);` if it is an operation", self.nodes.call(*call).name.text)
            }
            _ => "give it a name with `let`, or delete it".to_owned(),
        };
        let diagnostic = Diagnostic::new(Code::OutsideTheSubset, "this statement does nothing")
            .at(Origin::Span(span), "no operation")
            .help(help);
        self.record(diagnostic);
        self.eat(TokenKind::Semicolon);
        Ok(())
    }

    fn is_assignment(&self) -> bool {
        let (second, third) = (self.peek_at(1), self.peek_at(2));
        let doubled = third.kind == TokenKind::Equals && third.start == second.end;
        second.kind == TokenKind::Equals && !doubled
    }
}

fn collect_names<'source>(pattern: &Pattern<'source>, names: &mut Vec<Word<'source>>) {
    match pattern {
        Pattern::Name(name) => names.push(*name),
        Pattern::Nothing => {}
        Pattern::Tuple { parts, .. } => {
            for part in parts {
                collect_names(part, names);
            }
        }
    }
}
