//! Constants: their values are checked against their types, as rustc checks them.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Located, Origin, Span};

use super::super::syntax::{Constant, Expression, ExpressionId, ExpressionKind, Type};
use super::super::token::MAXIMUM_NESTING;
use super::super::vocabulary::Object;
use super::value::{Evaluated, LONGEST_TUPLE, size};
use super::{Evaluation, Evaluator, Reported};

/// The constants of a file, each with its value once that is known.
#[derive(Debug, Default)]
pub struct Constants<'source> {
    entries: Vec<Entry<'source>>,
}

#[derive(Debug)]
struct Entry<'source> {
    name: &'source str,
    state: State,
}

#[derive(Debug)]
enum State {
    Unknown,
    /// The value is being looked for.
    Open,
    /// The value has a mistake, which has been reported.
    Wrong,
    Known(Box<Known>),
}

#[derive(Debug)]
struct Known {
    value: Evaluated,
    has_empty_list: bool,
}

impl Constants<'_> {
    /// The value of a constant, if it has one.
    pub fn value(&self, name: &str) -> Option<&Object> {
        match &self.entries.iter().find(|entry| entry.name == name)?.state {
            State::Known(known) => Some(&known.value.object),
            State::Unknown | State::Open | State::Wrong => None,
        }
    }

    /// Where the value of a constant was written.
    pub fn origin(&self, name: &str) -> Origin {
        match self.entries.iter().find(|entry| entry.name == name).map(|entry| &entry.state) {
            Some(State::Known(known)) => known.value.origin,
            _ => Origin::Unknown,
        }
    }

    pub fn index(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name)
    }
}

impl Evaluator<'_, '_> {
    pub(super) fn evaluate_constants(&mut self) -> Evaluation<()> {
        let constants = &self.syntax.constants;
        self.constants.entries =
            constants.iter().map(|constant| Entry { name: constant.name.text, state: State::Unknown }).collect();
        let mut result = Ok(());
        for index in 0..constants.len() {
            if self.evaluate_constant(index, 0).is_err() {
                result = Err(Reported);
            }
        }
        result
    }

    /// Finds the value of a constant, and of the constants that it names.
    fn evaluate_constant(&mut self, index: usize, depth: usize) -> Evaluation<()> {
        let constant = &self.syntax.constants[index];
        match self.constants.entries[index].state {
            State::Known(_) => return Ok(()),
            State::Wrong => return Err(Reported),
            State::Open => {
                let message = format!("the constant `{}` needs its own value", constant.name.text);
                let diagnostic = Diagnostic::new(Code::SyntaxError, message)
                    .at(Origin::Span(constant.name.span), "its value leads back to it")
                    .help("write a value into one of the constants of the circle");
                return self.report(diagnostic);
            }
            State::Unknown if depth > MAXIMUM_NESTING => {
                let message = format!("constants name each other more than {MAXIMUM_NESTING} deep");
                return self.exhaust(&message, constant.name.span, "write the value itself");
            }
            State::Unknown => self.constants.entries[index].state = State::Open,
        }
        let value = self.constant_value(constant, depth);
        let (state, result) = match value {
            Ok(value) => {
                let has_empty_list = has_empty_list(&value.object);
                (State::Known(Box::new(Known { value, has_empty_list })), Ok(()))
            }
            Err(Reported) => (State::Wrong, Err(Reported)),
        };
        self.constants.entries[index].state = state;
        result
    }

    fn constant_value(&mut self, constant: &Constant<'_>, depth: usize) -> Evaluation<Evaluated> {
        let syntax = self.syntax;
        let expression = syntax.nodes.expression(constant.value);
        self.typed(expression, &constant.kind, depth)
    }

    /// The value of an expression that must be of this type.
    fn typed(&mut self, expression: &Expression<'_>, kind: &Type, depth: usize) -> Evaluation<Evaluated> {
        self.step(1, expression.span)?;
        let origin = Origin::Span(expression.span);
        let plain = |object: Object| Ok(Evaluated::plain(object, origin));
        match (&expression.kind, kind) {
            (ExpressionKind::Text(text), Type::Text) => plain(Object::Str(text.as_ref().into())),
            (ExpressionKind::IncludedText(included), Type::Text) => {
                let text = self.included_text(included)?;
                plain(Object::Str(text))
            }
            (ExpressionKind::Integer(number), Type::Integer) => plain(Object::Integer(*number)),
            (ExpressionKind::Float(number), Type::Float) => plain(Object::Float(*number)),
            (ExpressionKind::Boolean(truth), Type::Boolean) => plain(Object::Boolean(*truth)),
            (ExpressionKind::Name(name), _) => self.typed_name(name, expression.span, kind, depth),
            (ExpressionKind::Array(list), Type::Array(element, length)) if list.len() as u64 == *length => {
                let (parts, nesting) = self.typed_list(expression, element, depth)?;
                Ok(Evaluated { object: Object::List(parts), origin, depth: nesting + 1 })
            }
            (ExpressionKind::Tuple(list), Type::Tuple(kinds)) if list.len() == kinds.len() => {
                if kinds.len() > LONGEST_TUPLE {
                    return self.long_tuple(expression.span);
                }
                let mut parts = Vec::with_capacity(kinds.len());
                let mut nesting = 0;
                for (id, kind) in list.expressions().zip(kinds) {
                    let part = self.typed(self.syntax.nodes.expression(id), kind, depth)?;
                    nesting = nesting.max(part.depth);
                    parts.push(part.located());
                }
                Ok(Evaluated { object: Object::Tuple(parts), origin, depth: nesting + 1 })
            }
            (ExpressionKind::Reference(inner), Type::Slice(element)) => {
                self.typed_slice(self.syntax.nodes.expression(*inner), element, origin, depth)
            }
            // Behind a second reference Rust does not take an array for a slice.
            (ExpressionKind::Reference(inner), Type::Reference(kind))
                if !(matches!(**kind, Type::Slice(_)) && self.is_reference(*inner)) =>
            {
                let value = self.typed(self.syntax.nodes.expression(*inner), kind, depth)?;
                Ok(Evaluated { origin, ..value.referenced() })
            }
            _ => self.wrong_constant(expression, kind),
        }
    }

    fn is_reference(&self, id: ExpressionId) -> bool {
        matches!(self.syntax.nodes.expression(id).kind, ExpressionKind::Reference(_))
    }

    fn typed_list(
        &mut self,
        expression: &Expression<'_>,
        element: &Type,
        depth: usize,
    ) -> Evaluation<(Vec<Located<Object>>, usize)> {
        let ExpressionKind::Array(list) = expression.kind else { return Err(Reported) };
        let mut parts = Vec::with_capacity(list.len());
        let mut nesting = 0;
        for id in list.expressions() {
            let part = self.typed(self.syntax.nodes.expression(id), element, depth)?;
            nesting = nesting.max(part.depth);
            parts.push(part.located());
        }
        Ok((parts, nesting))
    }

    /// `&[…]` or `&LIST` where a slice must stand.
    fn typed_slice(
        &mut self,
        inner: &Expression<'_>,
        element: &Type,
        origin: Origin,
        depth: usize,
    ) -> Evaluation<Evaluated> {
        let slice = match &inner.kind {
            ExpressionKind::Array(_) => {
                let (parts, nesting) = self.typed_list(inner, element, depth)?;
                Evaluated { object: Object::Slice(parts), origin, depth: nesting + 1 }
            }
            ExpressionKind::Name(name) => {
                let index = self.constant_index(name, inner.span)?;
                let kind = &self.syntax.constants[index].kind;
                if !matches!(kind, Type::Array(found, _) if **found == *element) {
                    return self.wrong_constant(inner, &Type::Slice(Box::new(element.clone())));
                }
                match self.named_constant(index, inner.span, depth)? {
                    Evaluated { object: Object::List(parts), depth, .. } => {
                        Evaluated { object: Object::Slice(parts), origin, depth }
                    }
                    _ => return Err(Reported),
                }
            }
            _ => return self.wrong_constant(inner, &Type::Slice(Box::new(element.clone()))),
        };
        Ok(slice.referenced())
    }

    fn typed_name(&mut self, name: &str, span: Span, kind: &Type, depth: usize) -> Evaluation<Evaluated> {
        let index = self.constant_index(name, span)?;
        let constant = &self.syntax.constants[index];
        if constant.kind != *kind {
            let message = format!("`{name}` is {} where {} must stand", described(&constant.kind), described(kind));
            let diagnostic = Diagnostic::new(Code::WrongKind, message)
                .at(Origin::Span(span), "of another type")
                .at(Origin::Span(constant.kind_span), "its type")
                .help("give the two constants the same type");
            return self.report(diagnostic);
        }
        self.named_constant(index, span, depth)
    }

    fn constant_index(&mut self, name: &str, span: Span) -> Evaluation<usize> {
        if let Some(index) = self.constants.index(name) {
            return Ok(index);
        }
        let diagnostic = Diagnostic::new(Code::UnknownWord, format!("no constant is called `{name}`"))
            .at(Origin::Span(span), "not found in this file")
            .did_you_mean(name, self.constants.names())
            .help("a constant is made of literals and of other constants");
        self.report(diagnostic)
    }

    fn named_constant(&mut self, index: usize, span: Span, depth: usize) -> Evaluation<Evaluated> {
        self.evaluate_constant(index, depth + 1)?;
        let State::Known(known) = &self.constants.entries[index].state else { return Err(Reported) };
        let value = known.value.clone();
        self.step(size(&value.object), span)?;
        self.check_depth(&value, span)?;
        Ok(value)
    }

    /// The value of a constant in a function.
    pub(super) fn used_constant(&mut self, index: usize, span: Span) -> Evaluation<Evaluated> {
        let State::Known(known) = &self.constants.entries[index].state else {
            return Err(Reported);
        };
        if known.has_empty_list {
            let name = self.constants.entries[index].name;
            let diagnostic = Diagnostic::new(Code::WrongKind, format!("the list `{name}` is empty"))
                .at(Origin::Span(span), "says nothing here")
                .help("put a value into the list, or delete this");
            return self.report(diagnostic);
        }
        let value = known.value.clone();
        self.step(size(&value.object), span)?;
        Ok(value)
    }

    fn wrong_constant<T>(&mut self, expression: &Expression<'_>, kind: &Type) -> Evaluation<T> {
        let origin = Origin::Span(expression.span);
        let calculated = matches!(
            expression.kind,
            ExpressionKind::Call(_)
                | ExpressionKind::Chain { .. }
                | ExpressionKind::Format { .. }
                | ExpressionKind::Path(_)
        );
        let diagnostic = if calculated {
            Diagnostic::new(Code::OutsideTheSubset, "the value of a constant is written out")
                .at(origin, "this is calculated")
                .help("write a literal, or a `let` in the function")
        } else {
            Diagnostic::new(Code::WrongKind, format!("expected {}, found {}", described(kind), found(expression)))
                .at(origin, format!("must be {}", described(kind)))
                .help("change the type of the constant, or its value")
        };
        self.report(diagnostic)
    }
}

fn has_empty_list(object: &Object) -> bool {
    match object {
        Object::List(parts) | Object::Slice(parts) => parts.is_empty() || parts.iter().any(|part| has_empty_list(part)),
        Object::Tuple(parts) => parts.iter().any(|part| has_empty_list(part)),
        Object::Reference(inner) => has_empty_list(inner),
        _ => false,
    }
}

/// A type in words and as it is written.
fn described(kind: &Type) -> String {
    match kind {
        Type::Text => "a text, `&str`".to_owned(),
        Type::Integer => "an integer, `i64`".to_owned(),
        Type::Float => "a floating point number, `f64`".to_owned(),
        Type::Boolean => "`true` or `false`, `bool`".to_owned(),
        Type::Array(_, 1) => "a list of one value, `[…; 1]`".to_owned(),
        Type::Array(_, length) => format!("a list of {length} values, `[…; {length}]`"),
        Type::Slice(_) => "a reference to a list, `&[…]`".to_owned(),
        Type::Tuple(kinds) => format!("a tuple of {}", kinds.len()),
        Type::Reference(inner) => format!("a reference to {}", described(inner)),
    }
}

/// What an expression is, in words.
fn found(expression: &Expression<'_>) -> String {
    match &expression.kind {
        ExpressionKind::Text(_) | ExpressionKind::IncludedText(_) | ExpressionKind::Format { .. } => "a text".into(),
        ExpressionKind::Integer(_) => "an integer".into(),
        ExpressionKind::Float(_) => "a floating point number".into(),
        ExpressionKind::Boolean(_) => "a truth value".into(),
        ExpressionKind::Name(name) => format!("`{name}`"),
        ExpressionKind::Array(list) => format!("a list of {}", list.len()),
        ExpressionKind::Tuple(list) => format!("a tuple of {}", list.len()),
        ExpressionKind::Reference(_) => "a reference".into(),
        ExpressionKind::Path(_) | ExpressionKind::Call(_) | ExpressionKind::Chain { .. } => "a call".into(),
    }
}
