//! Install an extension of the server.

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, Extension, SchemaObject};
use crate::source::{Located, Name, joined};

/// Installs an extension of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateExtension {
    name: Name,
    schema: Option<Name>,
    version: Option<Name>,
}

operation! {
    /// Installs an extension, whose files the server has.
    ///
    /// `op.postgres().create_extension("pg_trgm").schema("extensions");`
    fn create_extension(name: Name) -> CreateExtension {
        CreateExtension { name, schema: None, version: None }
    }

    /// The schema that the objects of the extension are in, which must be there. Without this it is that of the project.
    fn schema(extension @ _, name: Name) { extension.schema = Some(name) }

    /// The version, such as `1.6`. Without this it is the one that the server has by default.
    fn version(extension @ _, version: Name) { extension.version = Some(version) }
}

impl CreateExtension {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        for name in [&self.name].into_iter().chain(&self.schema).chain(&self.version) {
            editor.check_foreign_name(name)?;
        }
        let extension = SchemaObject::Extension(Extension {
            name: self.name.value.clone(),
            schema: self.schema.as_ref().map(|name| name.value.clone()),
            version: self.version.as_ref().map(|version| version.value.clone()),
        });
        editor.create_object(Located::new(extension, self.name.origin))
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_extension ", &self.name])
    }
}
