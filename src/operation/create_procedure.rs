//! Create a procedure.

use ecow::{EcoString, eco_format};

use super::definition::{BodyDefinition, Existing, RoutineDefinition};
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, RoutineKind, RoutineSecurity, Sql};
use crate::source::Name;

/// Creates a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateProcedure {
    routine: RoutineDefinition,
}

operation! {
    /// Creates a procedure, which is called with `CALL`. Its arguments are SQL, as they stand in parentheses behind its name.
    ///
    /// `op.postgres().create_procedure("requeue", "failed_before timestamptz").language("sql").body("UPDATE public.job SET status = 'queued' WHERE failed_at < failed_before");`
    fn create_procedure(name: Name, arguments: Sql) -> CreateProcedure {
        CreateProcedure { routine: RoutineDefinition::new(name, arguments) }
    }

    /// The language of the body: `sql` or `plpgsql`.
    fn language(procedure @ _, name: Name) { procedure.routine.language = Some(name) }

    /// What the procedure does, in its language, without the quotes around it.
    fn body(procedure @ _, text: Sql) { procedure.routine.body = Some(BodyDefinition::Text(text)) }

    /// What the procedure does, in SQL that the server reads when it is created: statements with semicolons between them. What they name is followed when it is renamed, and cannot be dropped.
    fn begin_atomic(procedure @ _, statements: Sql) { procedure.routine.body = Some(BodyDefinition::Atomic(statements)) }

    /// The procedure runs with the privileges of its owner. Set its `search_path`, or callers choose what its names mean.
    fn security_definer(procedure @ _) { procedure.routine.security = RoutineSecurity::Definer }

    /// A parameter of the session has this value, in SQL, while the procedure runs: `.set("search_path", "''")`.
    fn set(procedure @ _, parameter: Name, value: Sql) { procedure.routine.settings.push((parameter, value)) }

    /// Takes the place of the procedure of this name, if there is one.
    fn or_replace(procedure @ _) { procedure.routine.existing = Existing::Replaced }
}

impl CreateProcedure {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        self.routine.apply(editor, RoutineKind::Procedure)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("create_procedure {}", self.routine.name)
    }
}
