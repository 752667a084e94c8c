//! What functions and procedures have in common, as an author defines them.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Editor, Routine, RoutineKind, RoutineLanguage, RoutineSecurity, SchemaObject, Sql};
use crate::source::{Located, Name};

/// A function or procedure without what only one of them has.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutineDefinition {
    pub name: Name,
    pub arguments: Sql,
    pub language: Option<Name>,
    pub body: Option<BodyDefinition>,
    pub security: RoutineSecurity,
    pub settings: Vec<(Name, Sql)>,
    pub existing: Existing,
}

/// What a routine does.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyDefinition {
    /// In its language, as a string.
    Text(Sql),
    /// In SQL that the server reads when the routine is created.
    Atomic(Sql),
}

/// What becomes of a view, function or procedure of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refused,
    Replaced,
}

impl RoutineDefinition {
    /// A routine of which nothing but the name and the arguments is known.
    pub fn new(name: Name, arguments: Sql) -> Self {
        RoutineDefinition {
            name,
            arguments,
            language: None,
            body: None,
            security: RoutineSecurity::Invoker,
            settings: Vec::new(),
            existing: Existing::Refused,
        }
    }

    /// Creates the routine, or puts it in the place of the one that has its name.
    ///
    /// # Errors
    ///
    /// A part is missing or cannot be, or the name is taken.
    pub fn apply(&self, editor: &mut Editor<'_>, kind: RoutineKind) -> Result<()> {
        editor.check_name(&self.name)?;
        let routine = Routine {
            name: self.name.value.clone(),
            arguments: self.arguments(editor)?,
            language: self.language()?,
            body: self.body(editor, &kind)?,
            security: self.security,
            settings: self.settings(editor)?,
            kind,
        };
        let object = Located::new(SchemaObject::Routine(routine), self.name.origin);
        match self.existing {
            Existing::Refused => editor.create_object(object),
            Existing::Replaced => editor.create_or_replace_object(object),
        }
    }

    /// The arguments, of which there may be none.
    ///
    /// # Errors
    ///
    /// There is no text for the dialect, or it would reach beyond its place.
    pub fn arguments(&self, editor: &Editor<'_>) -> Result<EcoString> {
        match editor.text(&self.arguments)? {
            text if text.trim().is_empty() => Ok(EcoString::new()),
            _ => editor.expression(&self.arguments).map(|text| text.value),
        }
    }

    fn language(&self) -> Result<RoutineLanguage> {
        let atomic = matches!(self.body, Some(BodyDefinition::Atomic(_)));
        let Some(name) = &self.language else {
            if atomic {
                return Ok(RoutineLanguage::AtomicSql);
            }
            return Err(
                self.incomplete("has no language", "say which: `.language(\"sql\")` or `.language(\"plpgsql\")`")
            );
        };
        if atomic && name.eq_ignore_ascii_case(RoutineLanguage::AtomicSql.name()) {
            return Ok(RoutineLanguage::AtomicSql);
        }
        if atomic {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("the body of `{}` is SQL, and not `{name}`", self.name))
                    .at(name.origin, "not the language of `.begin_atomic(…)`")
                    .help("leave `.language(…)` out, or write `.body(…)`"),
            ));
        }
        let known = RoutineLanguage::LIST.into_iter().find(|language| language.name().eq_ignore_ascii_case(name));
        known.ok_or_else(|| {
            Box::new(
                Diagnostic::new(Code::InvalidValue, format!("the language `{name}` is not known"))
                    .at(name.origin, "neither `sql` nor `plpgsql`")
                    .help("create it with `op.execute(…)` and `op.declare().nothing(\"…\")`"),
            )
        })
    }

    fn body(&self, editor: &Editor<'_>, kind: &RoutineKind) -> Result<EcoString> {
        match &self.body {
            Some(BodyDefinition::Text(body)) => editor.text(body).map(|text| text.value),
            Some(BodyDefinition::Atomic(body)) => editor.block(body).map(|text| text.value),
            None => Err(self.incomplete("has no body", &format!("say what the {} does: `.body(\"…\")`", kind.title()))),
        }
    }

    fn settings(&self, editor: &Editor<'_>) -> Result<Vec<(EcoString, EcoString)>> {
        let setting = |(parameter, value): &(Name, Sql)| {
            let spelled = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
            if parameter.is_empty() || !parameter.chars().all(spelled) {
                let message = format!("`{parameter}` cannot be a parameter of the session");
                return Err(Box::new(
                    Diagnostic::new(Code::InvalidName, message)
                        .at(parameter.origin, "not the name of a parameter")
                        .help("write one such as `search_path`"),
                ));
            }
            Ok((parameter.value.clone(), editor.expression(value)?.value))
        };
        self.settings.iter().map(setting).collect()
    }

    /// The mistake of a routine that lacks something.
    pub fn incomplete(&self, problem: &str, help: &str) -> Box<Diagnostic> {
        let message = format!("`{}` {problem}", self.name);
        Box::new(Diagnostic::new(Code::NothingToDo, message).at(self.name.origin, problem).help(help))
    }
}
