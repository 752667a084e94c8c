//! Calls of the vocabulary: functions, and methods of values.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Origin;

use super::super::dictionary;
use super::super::syntax::{Call as CallSyntax, Word};
use super::super::vocabulary::{Arguments, Call, Mismatch, Object, Owner, Word as Entry};
use super::value::{Evaluated, type_name};
use super::{Evaluation, Evaluator};

/// The arguments of a call that was not made yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pushed {
    /// Where they begin among all that wait.
    pub first: usize,
    /// How deep the deepest of them is nested.
    pub depth: usize,
}

impl<'source> Evaluator<'_, 'source> {
    /// `name(…)`
    pub(super) fn function_call(&mut self, call: &CallSyntax<'source>) -> Evaluation<Evaluated> {
        let name = call.name;
        if self.scope.contains(name.text) || self.constants.index(name.text).is_some() {
            let message = format!("`{}` is the name of a value here, not of a function", name.text);
            let diagnostic = Diagnostic::new(Code::WrongKind, message)
                .at(Origin::Span(name.span), "a value is not called")
                .help("give the value another name");
            return self.report(diagnostic);
        }
        let Some(word) = dictionary::find(Owner::Free, name.text) else {
            return self.unknown_function(name);
        };
        let Call::Function(function) = word.call else {
            let diagnostic = Diagnostic::new(Code::WrongKind, format!("`{}` is not a function", name.text))
                .at(Origin::Span(name.span), "a value is not called")
                .help(format!("write `{}` without parentheses", name.text));
            return self.report(diagnostic);
        };
        let Pushed { first, depth } = self.push_arguments(word, call)?;
        let origin = Origin::Span(call.span);
        match function(origin, self.take_arguments(first)) {
            Ok(object) => {
                let value = Evaluated { object, origin, depth: depth + 1 };
                self.check_depth(&value, call.span)?;
                Ok(value)
            }
            Err(mismatch) => self.wrong_kind(word, call, &mismatch),
        }
    }

    /// `value.method(…)`
    pub(super) fn method_call(&mut self, value: Evaluated, call: &CallSyntax<'source>) -> Evaluation<Evaluated> {
        let owner = match &value.object {
            Object::Reference(inner) if inner.owner().is_some() => {
                let message =
                    format!("a method uses up its value, and this is only a reference to {}", inner.description());
                let diagnostic = Diagnostic::new(Code::UsedTwice, message)
                    .at(Origin::Span(call.name.span), "called on a reference")
                    .help(format!("write `.clone().{}(…)`", call.name.text));
                return self.report(diagnostic);
            }
            object => object.owner(),
        };
        let Some(owner) = owner else {
            return self.no_methods(&value.object, call.name);
        };
        let Some(word) = dictionary::find(owner, call.name.text) else {
            return self.unknown_method(owner, call.name);
        };
        let Call::Method(method) = word.call else {
            return self.unknown_method(owner, call.name);
        };
        let Pushed { first, depth } = self.push_arguments(word, call)?;
        let origin = value.origin;
        let depth = depth.max(value.depth) + 1;
        match method(value.object, self.take_arguments(first)) {
            Ok(object) => Ok(Evaluated { object, origin, depth }),
            Err(mismatch) => self.wrong_kind(word, call, &mismatch),
        }
    }

    /// Evaluates the arguments of a call, as many as the word takes, and leaves them for [`Self::take_arguments`].
    pub(super) fn push_arguments(&mut self, word: &Entry, call: &CallSyntax<'source>) -> Evaluation<Pushed> {
        let expected = word.parameters.len();
        if call.arguments.len() != expected {
            let count = match expected {
                0 => "no arguments".to_owned(),
                1 => "1 argument".to_owned(),
                _ => format!("{expected} arguments"),
            };
            let message = format!("`{}` takes {count}, not {}", word.name, call.arguments.len());
            let diagnostic = Diagnostic::new(Code::WrongArguments, message)
                .at(Origin::Span(call.span), format!("takes {count}"))
                .help(format!("write `{}`", word.signature()));
            return self.report(diagnostic);
        }
        // The parameters of the vocabulary say what numbers are.
        let outer = std::mem::replace(&mut self.inferred, false);
        let first = self.arguments.len();
        let mut depth = 0;
        let mut result = Ok(());
        for id in call.arguments.expressions() {
            match self.expression(id) {
                Ok(value) => {
                    depth = depth.max(value.depth);
                    self.arguments.push(value.located());
                }
                Err(reported) => result = Err(reported),
            }
        }
        self.inferred = outer;
        if result.is_err() {
            self.arguments.truncate(first);
        }
        result.map(|()| Pushed { first, depth })
    }

    /// The arguments that were pushed for a call.
    pub(super) fn take_arguments(&mut self, first: usize) -> Arguments<'_> {
        Arguments::new(self.arguments.drain(first..))
    }

    pub(super) fn wrong_kind<T>(
        &mut self,
        word: &Entry,
        call: &CallSyntax<'source>,
        mismatch: &Mismatch,
    ) -> Evaluation<T> {
        let Mismatch { found, origin, expects } = *mismatch;
        let mut diagnostic = Diagnostic::new(Code::WrongKind, format!("`{}` cannot take {found} here", word.name))
            .at(origin, format!("this is {found}"));
        let inside = origin.span().is_some_and(|span| span.start >= call.span.start && span.end <= call.span.end);
        if !inside {
            diagnostic = diagnostic.at(Origin::Span(call.name.span), "used here");
        }
        self.report(diagnostic.help(format!("write {expects}")).help(format!("as in `{}`", word.signature())))
    }

    fn unknown_function<T>(&mut self, name: Word<'source>) -> Evaluation<T> {
        let text = name.text;
        let words = dictionary::words_of(Owner::Free).filter(|word| !dictionary::is_constant(word));
        let mut diagnostic = Diagnostic::new(Code::UnknownWord, format!("the vocabulary has no function `{text}`"))
            .at(Origin::Span(name.span), "not known")
            .did_you_mean(text, words.map(|word| word.name));
        if diagnostic.helps.is_empty() {
            diagnostic = match dictionary::find(Owner::Operations, text) {
                Some(_) => diagnostic.help(format!("operations are called on `op`: write `op.{text}(…);`")),
                None => {
                    diagnostic.help("column types are `text()`, `integer()`, `uuid()` and more; SQL is `sql(\"…\")`")
                }
            };
        }
        self.report(diagnostic)
    }

    /// A method that the operation or value does not have.
    pub(super) fn unknown_method<T>(&mut self, owner: Owner, name: Word<'source>) -> Evaluation<T> {
        let text = name.text;
        let (what, message) = match owner {
            Owner::Operations => ("an operation", format!("no operation is called `{text}`")),
            Owner::Builder(builder) => {
                let operation = dictionary::operation_of(builder);
                ("this operation", format!("`{operation}` has no method `{text}`"))
            }
            Owner::Free | Owner::Value(_) => {
                ("this value", format!("{} has no method `{text}`", self.described(owner)))
            }
        };
        let mut diagnostic = Diagnostic::new(Code::UnknownWord, message)
            .at(Origin::Span(name.span), "not known")
            .did_you_mean(text, dictionary::words_of(owner).map(|word| word.name));
        if diagnostic.helps.is_empty() {
            if matches!(owner, Owner::Builder(_)) && dictionary::find(Owner::Operations, text).is_some() {
                diagnostic = diagnostic.help(format!("write `op.{text}(…);` as a statement of its own"));
            } else {
                let names: Vec<String> = dictionary::words_of(owner).map(|word| format!("`{}`", word.name)).collect();
                diagnostic = match names.len() {
                    0 => diagnostic.help("delete the call"),
                    _ => diagnostic.help(format!("{what} has {}", names.join(", "))),
                };
            }
        }
        self.report(diagnostic)
    }

    fn described(&self, owner: Owner) -> &'static str {
        match owner {
            Owner::Value("Type") => "a column type",
            Owner::Value("Column") => "a column definition",
            Owner::Value("Sql") => "SQL",
            Owner::Value("IndexColumn") => "a part of an index",
            Owner::Value("Action") => "a foreign key action",
            _ => "this value",
        }
    }

    fn no_methods<T>(&mut self, object: &Object, name: Word<'source>) -> Evaluation<T> {
        let text = name.text;
        let message = format!("{} has no method `{text}`", object.description());
        let help = match text {
            "to_string" | "to_owned" | "into" | "as_str" | "as_ref" => {
                format!("delete `.{text}()`; texts are taken as they are")
            }
            "iter" | "into_iter" | "to_vec" => format!("delete `.{text}()`; lists are taken as they are"),
            _ => "methods belong to column types, SQL, parts of indexes and operations".to_owned(),
        };
        let diagnostic = Diagnostic::new(Code::UnknownWord, message)
            .at(Origin::Span(name.span), format!("called on {}", type_name(object)))
            .help(help);
        self.report(diagnostic)
    }
}
