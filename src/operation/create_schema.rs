//! Create a schema.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Namespace, SchemaObject};
use crate::source::{Located, Name, joined};

/// Creates a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSchema {
    name: Name,
}

operation! {
    /// Creates a schema, for extensions and for what raw SQL keeps there. Tables and views live in the schema of the project.
    ///
    /// `op.postgres().create_schema("extensions");`
    fn create_schema(name: Name) -> CreateSchema {
        CreateSchema { name }
    }
}

impl CreateSchema {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        editor.check_name(&self.name)?;
        let schema = SchemaObject::Namespace(Namespace { name: self.name.value.clone() });
        editor.create_object(Located::new(schema, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_schema ", &self.name])
    }
}
