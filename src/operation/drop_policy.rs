//! Drop a policy of row-level security.

use ecow::{EcoString, eco_format};

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, SchemaObjectKind};
use crate::source::Name;

/// Drops a policy of row-level security.
#[derive(Debug, Clone, PartialEq)]
pub struct DropPolicy {
    name: Name,
    table: Name,
}

operation! {
    /// Drops a policy of a table.
    ///
    /// `op.postgres().drop_policy("own_jobs", "job");`
    fn drop_policy(name: Name, table: Name) -> DropPolicy {
        DropPolicy { name, table }
    }
}

impl DropPolicy {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let table = editor.table(&self.table)?.name.clone();
        let title = format!("policy `{}` of `{table}`", self.name);
        let name = eco_format!("{table}.{}", self.name);
        editor.drop_object(SchemaObjectKind::Policy, &name, &title, self.name.origin)
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("drop_policy {} on {}", self.name, self.table)
    }
}
