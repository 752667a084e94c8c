//! Create a function.

use ecow::{EcoString, eco_format};

use super::definition::{BodyDefinition, Existing, RoutineDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, NullArguments, RoutineKind, RoutineSecurity, Sql, Volatility, tokens};
use crate::source::Name;

/// Creates a function.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateFunction {
    routine: RoutineDefinition,
    returns: Option<Sql>,
    volatility: Volatility,
    nulls: NullArguments,
}

operation! {
    /// Creates a function. Its arguments are SQL, as they stand in parentheses behind its name.
    ///
    /// `op.postgres().create_function("touch", "").returns("trigger").language("plpgsql").body("BEGIN NEW.touched_at := now(); RETURN NEW; END");`
    fn create_function(name: Name, arguments: Sql) -> CreateFunction {
        CreateFunction {
            routine: RoutineDefinition::new(name, arguments),
            returns: None,
            volatility: Volatility::Volatile,
            nulls: NullArguments::Called,
        }
    }

    /// The type of the result, in SQL, such as `SETOF public.job` or `TABLE (id uuid, status text)`.
    fn returns(function @ _, result: Sql) { function.returns = Some(result) }

    /// The language of the body: `sql` or `plpgsql`.
    fn language(function @ _, name: Name) { function.routine.language = Some(name) }

    /// What the function does, in its language, without the quotes around it.
    fn body(function @ _, text: Sql) { function.routine.body = Some(BodyDefinition::Text(text)) }

    /// What the function does, in SQL that the server reads when it is created: statements with semicolons between them. What they name is followed when it is renamed, and cannot be dropped.
    fn begin_atomic(function @ _, statements: Sql) { function.routine.body = Some(BodyDefinition::Atomic(statements)) }

    /// The result depends on the arguments alone, and is always the same for the same ones.
    fn immutable(function @ _) { function.volatility = Volatility::Immutable }

    /// The result stays the same within a statement, and calls change nothing.
    fn stable(function @ _) { function.volatility = Volatility::Stable }

    /// The result is NULL, without a call, when an argument is NULL.
    fn strict(function @ _) { function.nulls = NullArguments::ReturnNull }

    /// The function runs with the privileges of its owner. Set its `search_path`, or callers choose what its names mean.
    fn security_definer(function @ _) { function.routine.security = RoutineSecurity::Definer }

    /// A parameter of the session has this value, in SQL, while the function runs: `.set("search_path", "''")`.
    fn set(function @ _, parameter: Name, value: Sql) { function.routine.settings.push((parameter, value)) }

    /// Takes the place of the function of this name, if there is one.
    fn or_replace(function @ _) { function.routine.existing = Existing::Replaced }
}

impl CreateFunction {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let returns = self.returns.as_ref().map(|result| editor.expression(result)).transpose()?;
        let arguments = self.routine.arguments(editor)?;
        if returns.is_none() && !["OUT", "INOUT"].iter().any(|word| tokens::mentions(&arguments, word)) {
            let help = "say it: `.returns(\"integer\")`, or `.returns(\"void\")` when nothing comes back";
            return Err(self.routine.incomplete("has no type for its result", help));
        }
        let kind = RoutineKind::Function {
            returns: returns.map(|text| text.value),
            volatility: self.volatility,
            nulls: self.nulls,
        };
        self.routine.apply(editor, kind)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("create_function {}", self.routine.name)
    }
}
