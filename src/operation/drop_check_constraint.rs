//! Drop a check constraint, named or not.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::tokens::tokens;
use crate::schema::{Editor, Rule, Sql};
use crate::source::{Name, joined};

/// Drops the check with this condition, whatever its name. The condition is compared by its words.
#[derive(Debug, Clone, PartialEq)]
pub struct DropCheckConstraint {
    table: Name,
    expression: Sql,
}

operation! {
    /// Drops the check with this condition, whatever its name. The condition is compared by its words.
    ///
    /// `op.drop_check_constraint("job", "attempts >= 0");`
    fn drop_check_constraint(table: Name, expression: Sql) -> DropCheckConstraint {
        DropCheckConstraint { table, expression }
    }
}

impl DropCheckConstraint {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let wanted = editor.expression(&self.expression)?;
        let words = |text: &str| tokens(text).map(|token| token.text.to_lowercase()).collect::<Vec<_>>();
        editor.drop_constraint_where(
            &self.table,
            wanted.origin,
            "check with this condition",
            |rule| matches!(rule, Rule::Check { expression } if words(expression) == words(&wanted)),
        )
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_check_constraint ", &self.table])
    }
}
