//! Expressions: literals, names and their moves, lists, references, `format!` and `include_str!`.

use std::fmt::Write as _;

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Located, Origin, Span};

use super::super::dictionary;
use super::super::syntax::{
    Call as CallSyntax, Expression, ExpressionId, ExpressionKind, IncludedText, List, Path, Piece,
};
use super::super::token::{MAXIMUM_INCLUDED_SIZE, MAXIMUM_NESTING};
use super::super::vocabulary::{Call, Object, Owner};
use super::scope::{Borrow, State};
use super::value::{Evaluated, LONGEST_TUPLE, has_reference, is_copied, same_type, size, type_name};
use super::{Evaluation, Evaluator, MAXIMUM_FORMATTED, Reported};

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// As a value: what Rust does not copy is used up.
    Value,
    /// Behind `&`: a reference may live on.
    Reference,
    /// For a moment only, as by `.clone()` and `format!`.
    Glance,
}

impl<'source> Evaluator<'_, 'source> {
    pub(super) fn expression(&mut self, id: ExpressionId) -> Evaluation<Evaluated> {
        let syntax = self.syntax;
        self.expression_as(syntax.nodes.expression(id), Use::Value)
    }

    /// The value of an expression. `how` says what is done with it if it is a name.
    pub(super) fn expression_as(&mut self, expression: &Expression<'source>, how: Use) -> Evaluation<Evaluated> {
        let span = expression.span;
        self.step(1, span)?;
        let origin = Origin::Span(span);
        let object = match &expression.kind {
            ExpressionKind::Text(text) => Object::Str(text.as_ref().into()),
            ExpressionKind::Integer(number) => self.integer(*number, span)?,
            ExpressionKind::Float(number) => Object::Float(*number),
            ExpressionKind::Boolean(truth) => Object::Boolean(*truth),
            ExpressionKind::Name(name) => return self.name(name, span, how),
            ExpressionKind::Path(path) => {
                let Path { kind, name } = &**path;
                // `Action` is the only type with constants.
                if kind.text != "Action" {
                    return self.unknown_word(kind.text, kind.span);
                }
                return self.word_constant(name.text, span);
            }
            ExpressionKind::Call(call) => {
                let syntax = self.syntax;
                return self.function_call(syntax.nodes.call(*call));
            }
            ExpressionKind::Chain { head, calls } => return self.chain(*head, *calls, span),
            ExpressionKind::Array(list) => return self.array(*list, span),
            ExpressionKind::Tuple(list) => return self.tuple(*list, span),
            ExpressionKind::Reference(inner) => {
                let syntax = self.syntax;
                let value = self.expression_as(syntax.nodes.expression(*inner), Use::Reference)?.referenced();
                self.check_depth(&value, span)?;
                return Ok(value);
            }
            ExpressionKind::Format { pieces, arguments } => Object::String(self.format(*pieces, *arguments, span)?),
            ExpressionKind::IncludedText(included) => Object::Str(self.included_text(included)?),
        };
        Ok(Evaluated::plain(object, origin))
    }

    /// rustc takes a number whose type nothing else says for an `i32`, so that a larger one would not compile.
    fn integer(&mut self, number: i64, span: Span) -> Evaluation<Object> {
        if !self.inferred || i32::try_from(number).is_ok() {
            return Ok(Object::Integer(number));
        }
        let diagnostic = Diagnostic::new(Code::WrongKind, "the number does not fit into 32 bits")
            .at(Origin::Span(span), "Rust would take this for an `i32`")
            .help("write it where it is used, or as a constant: `const NAME: i64 = …;`");
        self.report(diagnostic)
    }

    fn name(&mut self, name: &str, span: Span, how: Use) -> Evaluation<Evaluated> {
        if self.scope.contains(name) {
            return self.variable(name, span, how);
        }
        if let Some(index) = self.constants.index(name) {
            return self.used_constant(index, span);
        }
        self.word_constant(name, span)
    }

    fn variable(&mut self, name: &str, span: Span, how: Use) -> Evaluation<Evaluated> {
        let (statement, loops) = (self.statement, self.loops);
        let Some(variable) = self.scope.find(name) else { return Err(Reported) };
        let value = match &variable.state {
            State::Present(value) => value,
            State::Wrong => return Err(Reported),
            State::Moved(place) => {
                let diagnostic =
                    Diagnostic::new(Code::UsedTwice, format!("the value of `{name}` is used a second time"))
                        .at(Origin::Span(span), "the value is no longer there")
                        .at(Origin::Span(*place), "used up here")
                        .help(format!("write `{name}.clone()` at the first use"));
                return self.report(diagnostic);
            }
        };
        if how != Use::Value || is_copied(&value.object) {
            let value = Evaluated::clone(value);
            if how == Use::Reference && variable.borrow != Borrow::Forever {
                variable.borrow = Borrow::Statement(statement);
            }
            self.step(size(&value.object), span)?;
            return Ok(value);
        }
        if variable.loops < loops {
            let message = format!("the value of `{name}` would be used up in the first round of the loop");
            let diagnostic = Diagnostic::new(Code::UsedTwice, message)
                .at(Origin::Span(span), "used in every round")
                .help(format!("write `{name}.clone()`"));
            return self.report(diagnostic);
        }
        if variable.borrow == Borrow::Forever || variable.borrow == Borrow::Statement(statement) {
            let message = format!("the value of `{name}` is used up while a reference to it exists");
            let diagnostic = Diagnostic::new(Code::UsedTwice, message)
                .at(Origin::Span(span), "used up here")
                .help(format!("write `{name}.clone()`, or `&{name}`"));
            return self.report(diagnostic);
        }
        match std::mem::replace(&mut variable.state, State::Moved(span)) {
            State::Present(value) => Ok(*value),
            State::Moved(_) | State::Wrong => Err(Reported),
        }
    }

    /// A constant of the vocabulary, such as `Cascade`.
    fn word_constant(&mut self, name: &str, span: Span) -> Evaluation<Evaluated> {
        match dictionary::find(Owner::Free, name).map(|word| &word.call) {
            Some(Call::Constant(make)) => Ok(Evaluated::plain(make(), Origin::Span(span))),
            Some(_) => {
                let diagnostic = Diagnostic::new(Code::WrongKind, format!("`{name}` is called without parentheses"))
                    .at(Origin::Span(span), "no `(` after this")
                    .help(format!("write `{name}(…)`"));
                self.report(diagnostic)
            }
            None => self.unknown_word(name, span),
        }
    }

    pub(super) fn unknown_word<T>(&mut self, name: &str, span: Span) -> Evaluation<T> {
        let candidates = self.scope.names().chain(self.constants.names());
        let words = dictionary::words_of(Owner::Free).map(|word| word.name);
        let diagnostic = Diagnostic::new(Code::UnknownWord, format!("`{name}` is not known here"))
            .at(Origin::Span(span), "no `let`, constant or word of the vocabulary")
            .did_you_mean(name, candidates.chain(words));
        let diagnostic = if diagnostic.helps.is_empty() {
            let help = "a text stands in quotes; a name needs a `let` or a constant before it";
            diagnostic.help(help)
        } else {
            diagnostic
        };
        self.report(diagnostic)
    }

    // Lists and tuples.

    fn array(&mut self, list: List, span: Span) -> Evaluation<Evaluated> {
        if list.is_empty() {
            let diagnostic = Diagnostic::new(Code::WrongKind, "the list is empty")
                .at(Origin::Span(span), "says nothing")
                .help("put a value into the list, or delete it");
            return self.report(diagnostic);
        }
        let mut elements: Vec<Located<Object>> = Vec::with_capacity(list.len());
        let mut depth = 0;
        for id in list.expressions() {
            let element = self.expression(id)?;
            if let Some(first) = elements.first()
                && !same_type(first, &element.object)
            {
                let place = self.syntax.nodes.expression(id).span;
                let (one, other) = (type_name(first), type_name(&element.object));
                let diagnostic = Diagnostic::new(Code::WrongKind, "the values of a list are not of one type")
                    .at(Origin::Span(place), format!("of type {other}"))
                    .at(first.origin, format!("of type {one}"))
                    .help(same_type_help(first, &element.object));
                return self.report(diagnostic);
            }
            depth = depth.max(element.depth);
            elements.push(element.located());
        }
        let value = Evaluated { object: Object::List(elements), origin: Origin::Span(span), depth: depth + 1 };
        self.check_depth(&value, span)?;
        Ok(value)
    }

    fn tuple(&mut self, list: List, span: Span) -> Evaluation<Evaluated> {
        if list.len() > LONGEST_TUPLE {
            return self.long_tuple(span);
        }
        let mut parts = Vec::with_capacity(list.len());
        let mut depth = 0;
        for id in list.expressions() {
            let part = self.expression(id)?;
            depth = depth.max(part.depth);
            parts.push(part.located());
        }
        let value = Evaluated { object: Object::Tuple(parts), origin: Origin::Span(span), depth: depth + 1 };
        self.check_depth(&value, span)?;
        Ok(value)
    }

    pub(super) fn long_tuple<T>(&mut self, span: Span) -> Evaluation<T> {
        let message = format!("a tuple has at most {LONGEST_TUPLE} values");
        let diagnostic = Diagnostic::new(Code::WrongKind, message)
            .at(Origin::Span(span), "this tuple has more")
            .help("write shorter tuples; for wide rows, fill some of the columns with an `update`");
        self.report(diagnostic)
    }

    pub(super) fn check_depth(&mut self, value: &Evaluated, span: Span) -> Evaluation<()> {
        if value.depth <= MAXIMUM_NESTING {
            return Ok(());
        }
        let message = format!("values are nested more than {MAXIMUM_NESTING} deep");
        self.exhaust(&message, span, "write the value with fewer references, lists and calls inside each other")
    }

    // Chains on values.

    fn chain(&mut self, head: ExpressionId, calls: List, span: Span) -> Evaluation<Evaluated> {
        let syntax = self.syntax;
        let head = syntax.nodes.expression(head);
        let calls = syntax.nodes.calls(calls);
        let is_name = matches!(head.kind, ExpressionKind::Name(_));
        let cloned = calls.first().is_some_and(|call| call.name.text == "clone");
        let outer = std::mem::replace(&mut self.inferred, true);
        let value = self.expression_as(head, if cloned { Use::Glance } else { Use::Value });
        self.inferred = outer;
        let mut value = value?;
        for (index, call) in calls.iter().enumerate() {
            self.step(1, call.span)?;
            value = if call.name.text == "clone" {
                self.clone_call(value, call, is_name && index == 0)?
            } else {
                self.method_call(value, call)?
            };
            self.check_depth(&value, span)?;
        }
        Ok(value)
    }

    fn clone_call(&mut self, value: Evaluated, call: &CallSyntax<'source>, of_name: bool) -> Evaluation<Evaluated> {
        if !call.arguments.is_empty() {
            let diagnostic = Diagnostic::new(Code::WrongArguments, "`clone` takes no arguments")
                .at(Origin::Span(call.span), "has some")
                .help("write `.clone()`");
            return self.report(diagnostic);
        }
        let Evaluated { object, origin, depth } = value;
        let object = match object {
            Object::Reference(inner) => match *inner {
                // These have no size of their own in Rust, so that it is the reference that is cloned.
                inner @ Object::Slice(_) => Object::Reference(Box::new(inner)),
                inner => inner,
            },
            object => object,
        };
        if matches!(object, Object::Integer(_) | Object::Float(_)) {
            let diagnostic = Diagnostic::new(Code::WrongKind, "a number needs no `.clone()`")
                .at(Origin::Span(call.name.span), "numbers are copied")
                .help("delete `.clone()`");
            return self.report(diagnostic);
        }
        if has_reference(&object) && !of_name {
            let diagnostic = Diagnostic::new(Code::UsedTwice, "what is cloned here is gone after the statement")
                .at(Origin::Span(call.name.span), "the value has references in it")
                .help("give the value a name with `let` first");
            return self.report(diagnostic);
        }
        Ok(Evaluated { object, origin, depth })
    }

    // Texts.

    fn format(&mut self, pieces: List, arguments: List, span: Span) -> Evaluation<EcoString> {
        let syntax = self.syntax;
        let mut text = String::new();
        let mut arguments = arguments.expressions();
        for piece in syntax.nodes.pieces(pieces) {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Name(name, place) => {
                    if !self.scope.contains(name) && self.constants.index(name).is_none() {
                        return self.unknown_word(name, *place);
                    }
                    let value = self.name(name, *place, Use::Glance)?;
                    self.append(&mut text, &value.object, *place)?;
                }
                Piece::Next => {
                    let Some(argument) = arguments.next() else { return Err(Reported) };
                    let argument = syntax.nodes.expression(argument);
                    let outer = std::mem::replace(&mut self.inferred, true);
                    let value = self.expression_as(argument, Use::Glance);
                    self.inferred = outer;
                    self.append(&mut text, &value?.object, argument.span)?;
                }
            }
            if self.formatted + text.len() > MAXIMUM_FORMATTED {
                let message = format!("`format!` makes more than {} MiB of text", MAXIMUM_FORMATTED / 1024 / 1024);
                return self.exhaust(&message, span, "write shorter texts, or read one with `include_str!`");
            }
        }
        self.formatted += text.len();
        Ok(text.into())
    }

    fn append(&mut self, text: &mut String, object: &Object, span: Span) -> Evaluation<()> {
        let written = match object {
            Object::Str(part) | Object::String(part) => text.write_str(part),
            Object::Integer(number) => write!(text, "{number}"),
            Object::Float(number) => write!(text, "{number}"),
            Object::Boolean(truth) => write!(text, "{truth}"),
            Object::Reference(inner) => return self.append(text, inner, span),
            other => {
                let message = format!("`format!` takes texts and numbers, not {}", other.description());
                let diagnostic = Diagnostic::new(Code::WrongKind, message)
                    .at(Origin::Span(span), format!("of type {}", type_name(other)))
                    .help("write the text that is meant");
                return self.report(diagnostic);
            }
        };
        // Writing to a `String` cannot fail.
        written.map_err(|_| Reported)
    }

    pub(super) fn included_text(&mut self, included: &IncludedText<'_>) -> Evaluation<EcoString> {
        let (path, span) = (&*included.path, included.span);
        if let Some(text) = self.included_texts.get(path) {
            return Ok(text.clone());
        }
        let text = match check_path(path) {
            Ok(()) => (self.included)(path),
            Err(reason) => Err(reason.to_owned()),
        };
        match text {
            Ok(text) => {
                let all: usize = self.included_texts.values().map(EcoString::len).sum();
                if all + text.len() > MAXIMUM_INCLUDED_SIZE {
                    let limit = MAXIMUM_INCLUDED_SIZE / 1024 / 1024;
                    let message = format!("the files that the revision includes have more than {limit} MiB");
                    return self.exhaust(&message, span, "load large data outside of the schema's revisions");
                }
                self.included_texts.insert(path.into(), text.clone());
                Ok(text)
            }
            Err(reason) => {
                let diagnostic = Diagnostic::new(Code::IncludedFile, format!("`{path}` cannot be included: {reason}"))
                    .at(Origin::Span(span), "this path")
                    .help("name a file below the folder of the revision, such as `sql/view.sql`");
                self.report(diagnostic)
            }
        }
    }
}

/// Whether a path stays below the folder of the revision and means the same on every system.
fn check_path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("the path is empty");
    }
    if path.contains('\\') {
        return Err("the path has a backslash");
    }
    if path.starts_with('/') {
        return Err("the path is absolute");
    }
    if path.contains(|character: char| character == ':' || character.is_control()) {
        return Err("the path has a colon or a control character");
    }
    if path.split('/').any(|part| part == "..") {
        return Err("the path leaves the folder");
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Err("the path has an empty part");
    }
    Ok(())
}

/// How two values that differ in their type can get the same one.
fn same_type_help(one: &Object, other: &Object) -> &'static str {
    let is_text = |object: &Object| match object {
        Object::Str(_) | Object::String(_) => true,
        Object::Reference(inner) => matches!(**inner, Object::Str(_) | Object::String(_)),
        _ => false,
    };
    if is_text(one) && is_text(other) {
        "`format!` makes a `String`: write all values with `format!(\"…\")`, or all as plain texts"
    } else {
        "write values of one type, or several lists"
    }
}
