//! Alter a constraint.

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::vocabulary::operation;
use crate::schema::{Deferrability, Editor};
use crate::source::{Name, joined};

/// Changes when a foreign key is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct AlterConstraint {
    table: Name,
    name: Name,
    deferrability: Option<Deferrability>,
}

operation! {
    /// Changes when a foreign key is checked; say when behind it. Postgres reads no rows for it. SQLite rebuilds the table.
    ///
    /// `op.alter_constraint("job", "fk_job_owner_id_owner").deferrable();`
    fn alter_constraint(table: Name, name: Name) -> AlterConstraint {
        AlterConstraint { table, name, deferrability: None }
    }

    /// The constraint is checked at the end of each statement, and a transaction can put it off: `SET CONSTRAINTS … DEFERRED`.
    fn deferrable(this @ _) { this.deferrability = Some(Deferrability::InitiallyImmediate) }

    /// The constraint is checked at the end of the transaction.
    fn initially_deferred(this @ _) { this.deferrability = Some(Deferrability::InitiallyDeferred) }

    /// The constraint is checked at the end of each statement, and no transaction can put it off.
    fn not_deferrable(this @ _) { this.deferrability = Some(Deferrability::NotDeferrable) }
}

impl AlterConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let Some(deferrability) = self.deferrability else {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, "it does not say what changes in the constraint")
                    .at(self.name.origin, "stays as it is")
                    .help("add `.deferrable()`, `.initially_deferred()` or `.not_deferrable()`"),
            ));
        };
        editor.set_deferrability(&self.table, &self.name, deferrability)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["alter_constraint ", &self.table, ".", &self.name])
    }
}
