//! The syntax tree of a revision: only what the subset allows, with the place of everything.
//!
//! The nodes lie in a few long vectors and name each other by number. A tree is built and dropped with a handful of
//! allocations, and its texts borrow from the file.

use std::borrow::Cow;

use crate::source::{SourceId, Span};

/// A revision, parsed.
#[derive(Debug)]
pub struct Syntax<'source> {
    pub source: SourceId,
    /// The lines of the `//!` documentation, without the marker.
    pub documentation: Vec<&'source str>,
    pub constants: Vec<Constant<'source>>,
    pub upgrade: Option<Function>,
    pub downgrade: Option<Function>,
    pub nodes: Nodes<'source>,
}

/// The vectors in which the nodes lie.
#[derive(Debug, Default)]
pub struct Nodes<'source> {
    expressions: Vec<Expression<'source>>,
    calls: Vec<Call<'source>>,
    statements: Vec<Statement<'source>>,
    pieces: Vec<Piece<'source>>,
}

/// A name as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Word<'source> {
    pub text: &'source str,
    pub span: Span,
}

/// `const NAME: TYPE = value;`
#[derive(Debug)]
pub struct Constant<'source> {
    pub name: Word<'source>,
    pub public: bool,
    pub kind: Type,
    pub kind_span: Span,
    pub value: ExpressionId,
}

/// The type of a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `&str`
    Text,
    /// `i64`
    Integer,
    /// `f64`
    Float,
    /// `bool`
    Boolean,
    /// `[T; N]`
    Array(Box<Type>, u64),
    /// `&[T]`
    Slice(Box<Type>),
    /// `(T, U)`
    Tuple(Vec<Type>),
    /// `&T`, but neither `&str` nor `&[T]`
    Reference(Box<Type>),
}

/// `pub fn upgrade(op: &mut Op) { … }`
#[derive(Debug)]
pub struct Function {
    /// The name of the function.
    pub span: Span,
    pub body: List,
}

/// The number of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpressionId(u32);

/// A run of nodes of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    start: u32,
    end: u32,
}

#[derive(Debug)]
pub enum Statement<'source> {
    /// `let name = value;`
    Let { name: Word<'source>, value: ExpressionId },
    /// `for pattern in list { body }`
    For { pattern: Pattern<'source>, list: ExpressionId, body: List },
    /// `op.method(…)…;`
    Operation { calls: List, span: Span },
}

/// What a `for` binds.
#[derive(Debug)]
pub enum Pattern<'source> {
    Name(Word<'source>),
    /// `_`
    Nothing,
    Tuple {
        parts: Vec<Pattern<'source>>,
        span: Span,
    },
}

#[derive(Debug)]
pub struct Expression<'source> {
    pub kind: ExpressionKind<'source>,
    pub span: Span,
}

/// What an expression is. The rare kinds are boxed, since there are very many expressions.
#[derive(Debug)]
pub enum ExpressionKind<'source> {
    Text(Cow<'source, str>),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// `name`
    Name(&'source str),
    /// `kind::name`
    Path(Box<Path<'source>>),
    /// `name(…)`
    Call(CallId),
    /// `head.method(…).method(…)`
    Chain {
        head: ExpressionId,
        calls: List,
    },
    Array(List),
    Tuple(List),
    /// `&value`
    Reference(ExpressionId),
    /// `format!("…", …)`
    Format {
        pieces: List,
        arguments: List,
    },
    /// `include_str!("…")`
    IncludedText(Box<IncludedText<'source>>),
}

/// `kind::name`
#[derive(Debug)]
pub struct Path<'source> {
    pub kind: Word<'source>,
    pub name: Word<'source>,
}

/// What `include_str!` names.
#[derive(Debug)]
pub struct IncludedText<'source> {
    pub path: Cow<'source, str>,
    /// The literal.
    pub span: Span,
}

/// The number of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallId(u32);

/// The call of a function or method.
#[derive(Debug, Clone, Copy)]
pub struct Call<'source> {
    pub name: Word<'source>,
    pub arguments: List,
    /// From the name to the closing parenthesis.
    pub span: Span,
}

/// A part of the text of a `format!`.
#[derive(Debug)]
pub enum Piece<'source> {
    Text(Cow<'source, str>),
    /// `{name}`
    Name(Cow<'source, str>, Span),
    /// `{}`
    Next,
}

impl List {
    pub const EMPTY: List = List { start: 0, end: 0 };

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The numbers of the expressions, when it is a list of expressions.
    pub fn expressions(self) -> impl ExactSizeIterator<Item = ExpressionId> + DoubleEndedIterator {
        (self.start..self.end).map(ExpressionId)
    }

    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl<'source> Nodes<'source> {
    pub fn expression(&self, id: ExpressionId) -> &Expression<'source> {
        &self.expressions[id.0 as usize]
    }

    pub fn call(&self, id: CallId) -> &Call<'source> {
        &self.calls[id.0 as usize]
    }

    pub fn calls(&self, list: List) -> &[Call<'source>] {
        &self.calls[list.range()]
    }

    pub fn statements(&self, list: List) -> &[Statement<'source>] {
        &self.statements[list.range()]
    }

    pub fn pieces(&self, list: List) -> &[Piece<'source>] {
        &self.pieces[list.range()]
    }

    /// Room for the nodes of a file with so many tokens.
    pub(super) fn for_tokens(count: usize) -> Self {
        Nodes {
            expressions: Vec::with_capacity(count / 4),
            calls: Vec::with_capacity(count / 8),
            statements: Vec::with_capacity(count / 32),
            pieces: Vec::new(),
        }
    }

    pub(super) fn add_expression(&mut self, expression: Expression<'source>) -> ExpressionId {
        self.expressions.push(expression);
        ExpressionId(number(self.expressions.len()) - 1)
    }

    pub(super) fn add_expressions(&mut self, from: impl IntoIterator<Item = Expression<'source>>) -> List {
        extend(&mut self.expressions, from)
    }

    pub(super) fn add_call(&mut self, call: Call<'source>) -> CallId {
        self.calls.push(call);
        CallId(number(self.calls.len()) - 1)
    }

    pub(super) fn add_calls(&mut self, from: impl IntoIterator<Item = Call<'source>>) -> List {
        extend(&mut self.calls, from)
    }

    pub(super) fn add_statements(&mut self, from: impl Iterator<Item = Statement<'source>>) -> List {
        extend(&mut self.statements, from)
    }

    pub(super) fn add_pieces(&mut self, from: impl Iterator<Item = Piece<'source>>) -> List {
        extend(&mut self.pieces, from)
    }
}

fn extend<T>(nodes: &mut Vec<T>, from: impl IntoIterator<Item = T>) -> List {
    let start = number(nodes.len());
    nodes.extend(from);
    List { start, end: number(nodes.len()) }
}

/// Each node takes a byte of the file or more, and a file has at most a mebibyte.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a file has fewer nodes than bytes")
}
