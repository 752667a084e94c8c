//! What is Rust but not of the subset, and what to write instead.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Origin;

use super::super::syntax::{Type, Word};
use super::super::token::{Token, TokenKind};
use super::{Parsed, Parser};

const ONLY_ITEMS: &str = "write constants, `pub fn upgrade(op: &mut Op)` and `pub fn downgrade(op: &mut Op)` only";
const NO_DECISIONS: &str = "write the operations out; a revision must mean the same for everyone (`op.postgres()` and `op.sqlite()` limit one to a dialect)";
const NO_LOOPS: &str = "write `for name in [\"…\", \"…\"] { … }` over a list that is written out";

/// Why a keyword is refused in a statement or value, and what to write instead.
fn keyword_refusal(keyword: &str) -> (&'static str, &'static str) {
    match keyword {
        "if" | "else" => ("a revision has no `if`", NO_DECISIONS),
        "match" => ("a revision has no `match`", NO_DECISIONS),
        "while" => ("a revision has no `while`", NO_LOOPS),
        "loop" => ("a revision has no `loop`", NO_LOOPS),
        "for" => ("a `for` has no value", "write the `for` as a statement of its own"),
        "let" => ("a `let` has no value", "write the `let` as a statement of its own"),
        "fn" => ("a revision has no functions of its own", "write a `for` over a list, or the operations one by one"),
        "return" | "break" | "continue" | "yield" => {
            ("a revision runs from its first statement to its last", "leave out the operations that are not to run")
        }
        "move" | "async" | "await" => {
            ("a revision has no closures and nothing asynchronous", "write the operations one by one")
        }
        "unsafe" => ("a revision has nothing `unsafe`", "write the operations alone"),
        "const" | "static" | "use" | "struct" | "enum" | "impl" | "trait" | "type" | "mod" | "pub" | "extern" => {
            ("only statements stand in a function", "write constants at the top of the file")
        }
        "self" | "Self" | "super" | "crate" => {
            ("a revision has no paths into a crate", "write the word of the vocabulary alone")
        }
        _ => ("this keyword does not belong to a revision", "use the vocabulary, `let` and `for` only"),
    }
}

impl<'source> Parser<'source> {
    pub(super) fn refuse_item(&mut self, token: Token) -> Parsed<()> {
        let span = self.span(token);
        if token.kind == TokenKind::Keyword || self.text_of(token) == "macro_rules" {
            let message = format!("a revision has no `{}`", self.text_of(token));
            return self.refuse(span, &message, "this item", ONLY_ITEMS);
        }
        let message = format!("expected an item, found {}", self.describe(token));
        let help = if matches!(self.text_of(token), "op" | "let" | "for") {
            "move the statement into `pub fn upgrade(op: &mut Op) { … }`"
        } else {
            ONLY_ITEMS
        };
        self.syntax_error(span, &message, "no item begins here", help)
    }

    pub(super) fn refuse_function(&mut self, name: Word<'source>) -> Parsed<()> {
        let diagnostic =
            Diagnostic::new(Code::OutsideTheSubset, format!("a revision has no function `{}` of its own", name.text))
                .at(Origin::Span(name.span), "this function")
                .did_you_mean(name.text, ["upgrade", "downgrade"])
                .help("write a `for` over a list, or the operations one by one");
        self.report(diagnostic)
    }

    pub(super) fn refuse_kind(&mut self, token: Token) -> Parsed<Type> {
        let span = self.span(token);
        let text = self.text_of(token);
        let help = match text {
            "str" => "write `&str`",
            "String" | "char" => "write `&str`",
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i128" | "isize" => "write `i64`",
            "f32" => "write `f64`",
            "Vec" => "write a slice, such as `&[&str]`",
            _ => "write `&str`, `i64`, `f64`, `bool`, a list such as `&[&str]`, or a tuple of them",
        };
        if token.kind == TokenKind::Name {
            let message = format!("a constant of a revision cannot be of type `{text}`");
            return self.refuse(span, &message, "this type", help);
        }
        let message = format!("expected a type, found {}", self.describe(token));
        self.syntax_error(span, &message, "a type is missing here", help)
    }

    pub(super) fn refuse_statement(&mut self, token: Token) -> Parsed<()> {
        let span = self.span(token);
        match token.kind {
            TokenKind::Keyword => {
                let (message, help) = keyword_refusal(self.text_of(token));
                self.refuse(span, message, "this statement", help)
            }
            TokenKind::OpenBrace => self.refuse(
                span,
                "a revision has no blocks of its own",
                "this block",
                "write the statements without it",
            ),
            TokenKind::Lifetime => self.refuse(span, "a loop has no label", "this label", "delete it"),
            TokenKind::Hash => self.refuse(span, "a revision has no attributes", "this attribute", "delete it"),
            _ => {
                let message = format!("expected a statement, found {}", self.describe(token));
                let help = "write an operation, such as `op.drop_table(\"…\");`, a `let` or a `for`";
                self.syntax_error(span, &message, "no statement begins here", help)
            }
        }
    }

    /// `op` without a dot after it.
    pub(super) fn refuse_operation_name(&mut self, op: Token) -> Parsed<()> {
        let next = self.peek();
        if next.kind == TokenKind::Name {
            return self.missing(".");
        }
        let help = "write `op.` and the name of an operation";
        self.refuse(self.span(op), "`op` stands only at the start of an operation", "here", help)
    }

    pub(super) fn refuse_expression<T>(&mut self, token: Token) -> Parsed<T> {
        let span = self.span(token);
        match (token.kind, self.text_of(token)) {
            (TokenKind::Keyword, keyword) => {
                let (message, help) = keyword_refusal(keyword);
                self.refuse(span, message, "here", help)
            }
            (TokenKind::Other, "|") => self.refuse(
                span,
                "a revision has no closures",
                "this closure",
                "write the values and operations one by one",
            ),
            (TokenKind::Other, "*") => {
                let help = "leave it out; an operation takes references, too";
                self.refuse(span, "a revision has no `*`", "this operator", help)
            }
            (TokenKind::Bang, _) => {
                self.refuse(span, "a revision has no operators", "this operator", "write the value")
            }
            (TokenKind::OpenBrace, _) => self.refuse(
                span,
                "a block is no value",
                "this block",
                "write the value, or a `let` before the statement",
            ),
            (TokenKind::Dot, _) => self.refuse_operator(token),
            (TokenKind::Lifetime, _) => {
                self.syntax_error(span, "this is no value", "here", "texts stand in double quotes")
            }
            _ => {
                let message = format!("expected a value, found {}", self.describe(token));
                self.syntax_error(
                    span,
                    &message,
                    "a value is missing here",
                    "write a value, or delete what is too much",
                )
            }
        }
    }

    /// After a complete value, refuses what Rust would let follow. Otherwise the symbol is to follow.
    pub(super) fn after_value(&mut self, symbol: &str) -> Parsed<()> {
        let token = self.peek();
        let doubled = self.peek_at(1).kind == token.kind && self.peek_at(1).start == token.end;
        match token.kind {
            TokenKind::Other | TokenKind::Minus | TokenKind::OpenBracket | TokenKind::Dot | TokenKind::Bang => {
                self.refuse_operator(token)
            }
            TokenKind::Ampersand if doubled => self.refuse_operator(token),
            TokenKind::Equals => self.refuse_operator(token),
            TokenKind::Colon if doubled => {
                self.refuse(self.span(token), "a revision has no type arguments", "here", "leave them out")
            }
            TokenKind::Keyword if self.at_keyword("as") => {
                let help = "write the number as it is meant";
                self.refuse(self.span(token), "numbers are not converted", "this conversion", help)
            }
            TokenKind::OpenBrace if symbol != "{" => {
                self.refuse(self.span(token), "a block or a struct does not belong to a revision", "here", ONLY_VALUES)
            }
            TokenKind::OpenParenthesis => self.refuse(
                self.span(token),
                "a value is not called",
                "here",
                "call a word of the vocabulary by its name",
            ),
            _ => Ok(()),
        }
    }

    pub(super) fn refuse_operator<T>(&mut self, token: Token) -> Parsed<T> {
        let span = self.span(token);
        let (message, help) = match self.text_of(token) {
            "+" => ("a revision has no `+`", "write the result, or put texts together with `format!(\"{a}{b}\")`"),
            "?" => ("nothing in a revision fails halfway", "delete the `?`"),
            "[" => ("a revision has no `[…]` after a value", "write the value itself, or give it a name with `let`"),
            "." => ("a revision has no ranges", "write the values out, such as `[1, 2, 3]`"),
            "=" | "!" | "<" | ">" | "|" | "&" => ("a revision compares and changes nothing", NO_DECISIONS),
            _ => ("a revision does not calculate", "write the result"),
        };
        self.refuse(span, message, "this operator", help)
    }

    pub(super) fn refuse_field<T>(&mut self, name: Token) -> Parsed<T> {
        let text = self.text_of(name);
        let message = format!("`{text}` is called without parentheses");
        let help = format!("write `.{text}()`");
        self.refuse(self.span(name), &message, "no `(` after this", &help)
    }

    pub(super) fn refuse_path<T>(&mut self, kind: Token) -> Parsed<T> {
        let message = "only words of the vocabulary have a path";
        let help = match self.text_of(kind) {
            "String" | "str" => "write the text alone, such as `\"…\"`",
            "Vec" => "write a list, such as `[\"…\", \"…\"]`",
            _ => "write the word alone, such as `Cascade`, or `Action::Cascade`",
        };
        self.refuse(self.span(kind), message, "this path", help)
    }

    pub(super) fn refuse_macro<T>(&mut self, name: Token) -> Parsed<T> {
        let text = self.text_of(name);
        let help = match text {
            "vec" => "write the list alone, such as `[\"…\", \"…\"]`".to_owned(),
            "concat" => "write one text, or `format!(\"{a}{b}\")`".to_owned(),
            "println" | "print" | "dbg" | "eprintln" => "delete it; a revision prints nothing".to_owned(),
            "include" | "include_bytes" => "write `include_str!(\"…\")`".to_owned(),
            _ => match crate::diagnostic::closest(text, ["format", "include_str"]) {
                Some(candidate) => format!("did you mean `{candidate}!`?"),
                None => "use `format!` and `include_str!` only".to_owned(),
            },
        };
        let message = format!("a revision has no `{text}!`");
        self.refuse(self.span(name), &message, "this macro", &help)
    }

    /// After a value in a list that is followed neither by a comma nor by the end of the list.
    pub(super) fn missing_comma(&mut self, open: Token, symbol: &str) -> Parsed<()> {
        self.after_value(symbol)?;
        let token = self.peek();
        let found = self.describe(token);
        let begins_value = matches!(
            token.kind,
            TokenKind::PlainText
                | TokenKind::Text
                | TokenKind::RawText(_)
                | TokenKind::Integer
                | TokenKind::Float
                | TokenKind::Ampersand
        ) || (token.kind == TokenKind::Name && self.text_of(token) != "op");
        if begins_value {
            let diagnostic = Diagnostic::new(Code::SyntaxError, format!("expected `,` or `{symbol}`, found {found}"))
                .at(Origin::Span(self.span(token)), "a `,` is missing before this")
                .help("write `,` between the two values");
            // The list goes on as if the comma were there.
            self.record(diagnostic);
            return Ok(());
        }
        let diagnostic = Diagnostic::new(Code::SyntaxError, format!("expected `,` or `{symbol}`, found {found}"))
            .at(Origin::Span(self.span(token)), format!("a `{symbol}` is missing before this"))
            .at(Origin::Span(self.span(open)), "this bracket is not closed")
            .help(format!("write `{symbol}`"));
        self.report(diagnostic)
    }
}

const ONLY_VALUES: &str = "write a text, a number, a list or a word of the vocabulary";
