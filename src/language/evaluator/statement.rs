//! Statements: `let`, `for` and operations.

use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Op;
use crate::source::{Located, Origin, Span};

use super::super::dictionary;
use super::super::syntax::{Call as CallSyntax, ExpressionId, List, Pattern, Statement, Word};
use super::super::token::MAXIMUM_NAMES;
use super::super::vocabulary::{Call, Object, Owner};
use super::call::Pushed;
use super::value::{Evaluated, type_name};
use super::{Evaluation, Evaluator, MAXIMUM_OPERATIONS, Reported};

impl<'source> Evaluator<'_, 'source> {
    /// Carries out the statements of a block. Mistakes are reported, and the next statement is looked at.
    pub(super) fn block(&mut self, statements: List, op: &mut Op) {
        let outer = self.scope.len();
        let syntax = self.syntax;
        for statement in syntax.nodes.statements(statements) {
            if self.exhausted {
                break;
            }
            self.statement += 1;
            if self.check_names(statement).is_err() {
                break;
            }
            match statement {
                Statement::Let { name, value } => self.binding(*name, *value),
                Statement::For { pattern, list, body } => self.iteration(pattern, *list, *body, op),
                Statement::Operation { calls, span } => self.operation(*calls, *span, op),
            }
        }
        self.scope.truncate(outer);
    }

    /// Looking for one of very many names would take long.
    fn check_names(&mut self, statement: &Statement<'_>) -> Evaluation<()> {
        if self.scope.len() <= MAXIMUM_NAMES {
            return Ok(());
        }
        let span = match statement {
            Statement::Let { name, .. } => name.span,
            Statement::For { list, .. } => self.syntax.nodes.expression(*list).span,
            Statement::Operation { span, .. } => *span,
        };
        self.exhaust(&format!("more than {MAXIMUM_NAMES} names are known here"), span, "put the values into a list")
    }

    fn binding(&mut self, name: Word<'source>, value: ExpressionId) {
        let value = self.inferred(value);
        self.scope.keep_borrows(self.statement);
        self.scope.bind(name.text, value.ok(), self.loops);
    }

    /// The value of an expression where rustc infers the types of numbers.
    pub(super) fn inferred(&mut self, value: ExpressionId) -> Evaluation<Evaluated> {
        let outer = std::mem::replace(&mut self.inferred, true);
        let value = self.expression(value);
        self.inferred = outer;
        value
    }

    fn iteration(&mut self, pattern: &Pattern<'source>, list: ExpressionId, body: List, op: &mut Op) {
        let span = self.syntax.nodes.expression(list).span;
        let elements = self.inferred(list).and_then(|list| self.elements(list, span));
        self.scope.keep_borrows(self.statement);
        let outer = self.scope.len();
        self.loops += 1;
        match elements {
            Ok(elements) => {
                let mistakes = self.diagnostics.len();
                for element in elements {
                    if self.exhausted || self.diagnostics.len() > mistakes || self.step(1, span).is_err() {
                        break;
                    }
                    self.bind_pattern(pattern, element);
                    self.block(body, op);
                    self.scope.truncate(outer);
                }
            }
            Err(Reported) => {
                // The body is looked at once for its own mistakes.
                self.bind_nothing(pattern);
                self.block(body, op);
            }
        }
        self.scope.truncate(outer);
        self.loops -= 1;
    }

    /// What a `for` goes through.
    fn elements(&mut self, list: Evaluated, span: Span) -> Evaluation<Vec<Evaluated>> {
        let Evaluated { object, origin, depth } = list;
        let (elements, by_reference) = match object {
            Object::List(elements) => (elements, false),
            Object::Reference(inner) => match *inner {
                Object::List(elements) | Object::Slice(elements) => (elements, true),
                other => return self.not_a_list(&Object::Reference(Box::new(other)), span),
            },
            other => return self.not_a_list(&other, span),
        };
        let element = |element: Located<Object>| {
            let place = match element.origin {
                Origin::Unknown => origin,
                known => known,
            };
            let value = Evaluated { object: element.value, origin: place, depth: depth.saturating_sub(1) };
            if by_reference { value.referenced() } else { value }
        };
        Ok(elements.into_iter().map(element).collect())
    }

    fn not_a_list<T>(&mut self, object: &Object, span: Span) -> Evaluation<T> {
        let message = format!("a `for` goes through a list, not through {}", object.description());
        let diagnostic = Diagnostic::new(Code::WrongKind, message)
            .at(Origin::Span(span), format!("of type {}", type_name(object)))
            .help("write a list, such as `[\"…\", \"…\"]`, a constant, or a reference to one of them");
        self.report(diagnostic)
    }

    fn bind_pattern(&mut self, pattern: &Pattern<'source>, value: Evaluated) {
        match pattern {
            Pattern::Nothing => {}
            Pattern::Name(name) => self.scope.bind(name.text, Some(value), self.loops),
            Pattern::Tuple { parts, span } => self.bind_tuple(parts, *span, value),
        }
    }

    fn bind_tuple(&mut self, patterns: &[Pattern<'source>], span: Span, value: Evaluated) {
        let Evaluated { mut object, origin, depth } = value;
        let mut by_reference = false;
        while let Object::Reference(inner) = object {
            object = *inner;
            by_reference = true;
        }
        match object {
            Object::Tuple(parts) if parts.len() == patterns.len() => {
                for (pattern, part) in patterns.iter().zip(parts) {
                    let part = Evaluated { object: part.value, origin: part.origin, depth: depth.saturating_sub(1) };
                    self.bind_pattern(pattern, if by_reference { part.referenced() } else { part });
                }
            }
            other => {
                let found = match &other {
                    Object::Tuple(parts) => format!("tuples of {}", parts.len()),
                    other => format!("values of type {}", type_name(other)),
                };
                let message = format!("the pattern has {} names for {found}", patterns.len());
                let diagnostic = Diagnostic::new(Code::WrongKind, message)
                    .at(Origin::Span(span), "this pattern")
                    .at(origin, "this value")
                    .help("write one name for each part of the tuple; `_` leaves one out");
                self.record(diagnostic);
                patterns.iter().for_each(|pattern| self.bind_nothing(pattern));
            }
        }
    }

    /// Binds the names of a pattern whose value has a mistake.
    fn bind_nothing(&mut self, pattern: &Pattern<'source>) {
        match pattern {
            Pattern::Nothing => {}
            Pattern::Name(name) => self.scope.bind(name.text, None, self.loops),
            Pattern::Tuple { parts, .. } => parts.iter().for_each(|part| self.bind_nothing(part)),
        }
    }

    /// `op.method(…).method(…);`
    fn operation(&mut self, calls: List, span: Span, op: &mut Op) {
        let recorded = op.recorded().len();
        let syntax = self.syntax;
        let mut wrong = false;
        for call in syntax.nodes.calls(calls) {
            if self.exhausted {
                return;
            }
            match self.operation_call(call, recorded, op) {
                Ok(()) => {}
                Err(Reported) if op.recorded().len() == recorded => return,
                Err(Reported) => wrong = true,
            }
        }
        if op.recorded().len() > recorded || wrong {
            return;
        }
        let diagnostic = Diagnostic::new(Code::OutsideTheSubset, "no operation follows what limits it")
            .at(Origin::Span(span), "this records nothing")
            .help("write the operation in the same statement, such as `op.postgres().execute(\"…\");`");
        self.record(diagnostic);
    }

    fn operation_call(&mut self, call: &CallSyntax<'source>, recorded: usize, op: &mut Op) -> Evaluation<()> {
        self.step(1, call.span)?;
        let owner = match op.recorded().get(recorded) {
            Some(recorded) => Owner::Builder(recorded.operation.builder()),
            None => Owner::Operations,
        };
        let Some(word) = dictionary::find(owner, call.name.text) else {
            return self.unknown_method(owner, call.name);
        };
        let Pushed { first, .. } = self.push_arguments(word, call)?;
        let origin = Origin::Span(call.name.span);
        let result = match word.call {
            Call::Limit(limit) => {
                limit(op);
                Ok(())
            }
            Call::Operation(record) => {
                self.count_operation(op, call.name.span)?;
                record(op, origin, self.take_arguments(first))
            }
            Call::Continuation(add) => match op.last_mut() {
                Some(operation) => add(operation, origin, self.take_arguments(first)),
                None => Ok(()),
            },
            Call::Constant(_) | Call::Function(_) | Call::Method(_) => return self.unknown_method(owner, call.name),
        };
        result.or_else(|mismatch| self.wrong_kind(word, call, &mismatch))
    }

    fn count_operation(&mut self, op: &Op, span: Span) -> Evaluation<()> {
        if op.recorded().len() < MAXIMUM_OPERATIONS {
            return Ok(());
        }
        let message = format!("the revision has more than {MAXIMUM_OPERATIONS} operations");
        self.exhaust(&message, span, "write several revisions")
    }
}
