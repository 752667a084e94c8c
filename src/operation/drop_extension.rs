//! Take an extension out of the database.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, SchemaObjectKind};
use crate::source::{Name, joined};

/// Takes an extension out of the database.
#[derive(Debug, Clone, PartialEq)]
pub struct DropExtension {
    name: Name,
}

operation! {
    /// Takes an extension out of the database. It stops while something uses its types, functions or operators.
    ///
    /// `op.postgres().drop_extension("pg_trgm");`
    fn drop_extension(name: Name) -> DropExtension {
        DropExtension { name }
    }
}

impl DropExtension {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let title = format!("extension `{}`", self.name);
        editor.drop_object(SchemaObjectKind::Extension, &self.name, &title, self.name.origin)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["drop_extension ", &self.name])
    }
}
