//! From the syntax tree to a revision.
//!
//! Each statement is carried out once for each round of its loops, with Rust's rules for types and moves: since a
//! revision has no decisions and no empty loops, what the rules say of the run is what rustc says of the text.

mod call;
mod constant;
mod expression;
mod scope;
mod statement;
mod value;

use std::collections::HashMap;

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Op, Recorded};
use crate::revision::Revision;
use crate::source::{Located, Name, Origin, Span};

use super::syntax::{Function, Syntax, Type};
use super::vocabulary::Object;
use constant::Constants;
use scope::Scope;

/// The most steps that a revision may take: values, rounds of loops, copies.
const MAXIMUM_STEPS: usize = 100_000;
/// The most operations that a revision may have.
const MAXIMUM_OPERATIONS: usize = 10_000;
/// The most bytes that all `format!` of a revision may make.
const MAXIMUM_FORMATTED: usize = 16 * 1024 * 1024;
/// The most mistakes that are reported for one file.
const MAXIMUM_MISTAKES: usize = 20;

/// Reads the file that `include_str!` names, relative to the folder of the revision. The path is plain: relative, with
/// forward slashes, without `.` and `..`. The error is a reason to show to the user, such as "no such file".
pub type IncludedTexts<'a> = dyn Fn(&str) -> Result<EcoString, String> + 'a;

/// The mark of a mistake that has been reported.
#[derive(Debug)]
struct Reported;

type Evaluation<T> = Result<T, Reported>;

/// Evaluates a revision. `stem` is the name of its file without the extension.
///
/// # Errors
///
/// All mistakes that the revision has by itself, without the schema, in the order in which they were found.
pub fn evaluate(syntax: &Syntax<'_>, stem: &str, included: &IncludedTexts<'_>) -> Result<Revision, Vec<Diagnostic>> {
    let mut evaluator = Evaluator {
        syntax,
        included,
        included_texts: HashMap::new(),
        constants: Constants::default(),
        scope: Scope::default(),
        arguments: Vec::with_capacity(16),
        diagnostics: Vec::new(),
        statement: 0,
        loops: 0,
        steps: 0,
        formatted: 0,
        exhausted: false,
        inferred: false,
    };
    let revision = evaluator.revision(stem);
    match revision {
        Ok(revision) if evaluator.diagnostics.is_empty() => Ok(revision),
        Ok(_) | Err(Reported) => Err(evaluator.diagnostics),
    }
}

/// The type of a constant that Offprint knows.
#[derive(Debug, Clone, Copy)]
enum KnownKind {
    /// `&str`
    Text,
    /// `&[&str]`
    Texts,
}

impl KnownKind {
    fn is(self, kind: &Type) -> bool {
        match self {
            KnownKind::Text => *kind == Type::Text,
            KnownKind::Texts => matches!(kind, Type::Slice(element) if **element == Type::Text),
        }
    }

    /// How such a constant is written.
    fn example(self, name: &str) -> String {
        match self {
            KnownKind::Text => format!("pub const {name}: &str = \"…\";"),
            KnownKind::Texts => format!("pub const {name}: &[&str] = &[\"…\"];"),
        }
    }
}

struct Evaluator<'syntax, 'source> {
    syntax: &'syntax Syntax<'source>,
    included: &'syntax IncludedTexts<'syntax>,
    included_texts: HashMap<EcoString, EcoString>,
    constants: Constants<'source>,
    scope: Scope<'source>,
    /// The arguments of calls that are not made yet, those of the innermost call last.
    arguments: Vec<Located<Object>>,
    diagnostics: Vec<Diagnostic>,
    /// The number of the statement that is carried out, for borrows.
    statement: u32,
    /// How many loops the statement is in.
    loops: usize,
    steps: usize,
    formatted: usize,
    /// Whether a budget is used up, so that nothing more is to be done.
    exhausted: bool,
    /// Whether rustc infers the type of integers here, and takes `i32` when nothing else says what they are.
    inferred: bool,
}

impl<'source> Evaluator<'_, 'source> {
    // Mistakes and budgets.

    /// Reports a mistake after which there is no value.
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Evaluation<T> {
        self.record(diagnostic);
        Err(Reported)
    }

    /// Reports a mistake. One that is found in each round of a loop is shown once.
    fn record(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAXIMUM_MISTAKES && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn step(&mut self, count: usize, span: Span) -> Evaluation<()> {
        self.steps = self.steps.saturating_add(count);
        if self.steps <= MAXIMUM_STEPS {
            return Ok(());
        }
        let message = format!("the revision takes more than {MAXIMUM_STEPS} steps");
        self.exhaust(&message, span, "write shorter lists, or several revisions")
    }

    /// Reports that a budget is used up, and ends the evaluation.
    fn exhaust<T>(&mut self, message: &str, span: Span, help: &str) -> Evaluation<T> {
        if !self.exhausted {
            self.exhausted = true;
            self.record(
                Diagnostic::new(Code::Budget, message).at(Origin::Span(span), "here it was too much").help(help),
            );
        }
        Err(Reported)
    }

    // The revision.

    fn revision(&mut self, stem: &str) -> Evaluation<Revision> {
        let constants = self.evaluate_constants();
        let id = self.known_text("REVISION", true);
        let parents = self.known_list("REVISES", true);
        let labels = self.known_list("BRANCH_LABELS", false);
        let depends_on = self.known_list("DEPENDS_ON", false);
        let upgrade = match &self.syntax.upgrade {
            Some(function) => self.function(function),
            None => self.missing_item("`pub fn upgrade`", "write `pub fn upgrade(op: &mut Op) { … }`"),
        };
        let downgrade = self.syntax.downgrade.as_ref().map(|function| self.function(function)).transpose();
        constants?;
        let (message, documentation) = match self.syntax.documentation.split_first() {
            Some((message, rest)) => (*message, rest.join("\n")),
            None => ("", String::new()),
        };
        Ok(Revision {
            id: id?,
            parents: parents?,
            labels: labels?,
            depends_on: depends_on?,
            message: message.trim().into(),
            documentation: documentation.trim_matches('\n').into(),
            stem: stem.into(),
            upgrade: upgrade?,
            downgrade: downgrade?,
        })
    }

    fn function(&mut self, function: &Function) -> Evaluation<Vec<Recorded>> {
        let mut op = Op::default();
        let mistakes = self.diagnostics.len();
        self.scope.truncate(0);
        self.block(function.body, &mut op);
        if self.exhausted || self.diagnostics.len() > mistakes { Err(Reported) } else { Ok(op.into_recorded()) }
    }

    fn missing_item<T>(&mut self, item: &str, help: &str) -> Evaluation<T> {
        let span = Span { source: self.syntax.source, start: 0, end: 0 };
        let diagnostic = Diagnostic::new(Code::MissingItem, format!("the revision has no {item}"))
            .at(Origin::Span(span), "in this file")
            .help(help);
        self.report(diagnostic)
    }

    /// The value of a constant that Offprint knows by its name. None if an optional one is missing.
    fn known_constant(&mut self, name: &str, kind: KnownKind, required: bool) -> Evaluation<Option<Object>> {
        let syntax = self.syntax;
        let Some(constant) = syntax.constants.iter().find(|constant| constant.name.text == name) else {
            if required {
                return self.missing_item(&format!("`pub const {name}`"), &format!("write `{}`", kind.example(name)));
            }
            return Ok(None);
        };
        let wrong = |message: &str, span: Span, label: &str| {
            let diagnostic = Diagnostic::new(Code::WrongItem, format!("`{name}` {message}"));
            diagnostic.at(Origin::Span(span), label).help(format!("write `{}`", kind.example(name)))
        };
        if !constant.public {
            return self.report(wrong("is not `pub`", constant.name.span, "needs `pub` before its `const`"));
        }
        if !kind.is(&constant.kind) {
            return self.report(wrong("has another type than it must have", constant.kind_span, "this type"));
        }
        self.constants.value(name).cloned().map(Some).ok_or(Reported)
    }

    fn known_text(&mut self, name: &str, required: bool) -> Evaluation<Name> {
        match self.known_constant(name, KnownKind::Text, required)? {
            Some(Object::Str(text)) => Ok(Located::new(text, self.constants.origin(name))),
            _ => Err(Reported),
        }
    }

    fn known_list(&mut self, name: &str, required: bool) -> Evaluation<Vec<Name>> {
        let Some(list) = self.known_constant(name, KnownKind::Texts, required)? else {
            return Ok(Vec::new());
        };
        let Object::Slice(elements) = list.dereferenced() else { return Err(Reported) };
        let mut texts = Vec::with_capacity(elements.len());
        for element in elements {
            match element.value {
                Object::Str(text) => texts.push(Located::new(text, element.origin)),
                _ => return Err(Reported),
            }
        }
        Ok(texts)
    }
}
