//! A function or a procedure.

use ecow::EcoString;

/// A function or a procedure, of which a schema has one of each name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    pub name: EcoString,
    /// The arguments in SQL, without the parentheses around them.
    pub arguments: EcoString,
    pub kind: RoutineKind,
    pub language: RoutineLanguage,
    pub body: EcoString,
    pub security: RoutineSecurity,
    /// Parameters of the session that have these values, in SQL, while the routine runs.
    pub settings: Vec<(EcoString, EcoString)>,
}

/// What is called how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoutineKind {
    Function {
        /// The type of the result in SQL; none when the arguments say it with `OUT`.
        returns: Option<EcoString>,
        volatility: Volatility,
        nulls: NullArguments,
    },
    Procedure,
}

impl RoutineKind {
    /// The kind in words, which are also the SQL keyword in lower case.
    pub fn title(&self) -> &'static str {
        match self {
            RoutineKind::Function { .. } => "function",
            RoutineKind::Procedure => "procedure",
        }
    }
}

/// The languages that every server has. Others come with extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutineLanguage {
    /// SQL that the server reads when the routine runs.
    Sql,
    /// SQL that the server reads when the routine is created, and whose names it follows: `BEGIN ATOMIC`.
    AtomicSql,
    PlPgSql,
}

impl RoutineLanguage {
    /// Those of bodies that the server keeps as text.
    pub const LIST: [RoutineLanguage; 2] = [RoutineLanguage::Sql, RoutineLanguage::PlPgSql];

    /// The name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            RoutineLanguage::Sql | RoutineLanguage::AtomicSql => "sql",
            RoutineLanguage::PlPgSql => "plpgsql",
        }
    }
}

/// Whose privileges a routine runs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutineSecurity {
    /// Those of the role that calls it.
    Invoker,
    /// Those of the role that owns it.
    Definer,
}

/// What the result of a function depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volatility {
    /// It may change at any time, and calls may change rows.
    Volatile,
    /// It stays the same within a statement.
    Stable,
    /// It depends on the arguments alone.
    Immutable,
}

/// What a function does when an argument is NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullArguments {
    /// It is called.
    Called,
    /// The result is NULL, without a call.
    ReturnNull,
}

impl Routine {
    /// The body, if the server reads it when the routine is created.
    pub fn atomic_body(&self) -> Option<&EcoString> {
        (self.language == RoutineLanguage::AtomicSql).then_some(&self.body)
    }

    /// Whether `CREATE OR REPLACE` can make this routine of the other one: what callers see of it is the same.
    ///
    /// Postgres lets a little more through, such as a new default; that is not worth a second reader of arguments.
    pub fn replaces(&self, other: &Routine) -> bool {
        let result = |kind: &RoutineKind| match kind {
            RoutineKind::Function { returns, .. } => Some(returns.clone()),
            RoutineKind::Procedure => None,
        };
        self.name == other.name && self.arguments == other.arguments && result(&self.kind) == result(&other.kind)
    }
}
