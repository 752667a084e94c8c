//! Create a composite type.

use ecow::EcoString;

use super::definition::Type;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Attribute, CompositeType, Editor};
use crate::source::{Name, joined};

/// Creates a composite type.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCompositeType {
    name: Name,
    attributes: Vec<(Name, Type)>,
}

operation! {
    /// Creates a composite type: its values are rows of other ones. Postgres only: SQLite has none.
    ///
    /// `op.postgres().create_composite_type("address").attribute("street", text()).attribute("zip", varchar(9));`
    fn create_composite_type(name: Name) -> CreateCompositeType {
        CreateCompositeType { name, attributes: Vec::new() }
    }

    /// One part of the values, behind the others.
    fn attribute(composite @ _, name: Name, attribute_type: Type) { composite.attributes.push((name, attribute_type)) }
}

impl CreateCompositeType {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        let attribute = |(name, attribute_type): &(Name, Type)| {
            editor.check_name(name)?;
            Ok(Attribute { name: name.value.clone(), attribute_type: attribute_type.resolve(editor)? })
        };
        let attributes = self.attributes.iter().map(attribute).collect::<Result<_>>()?;
        editor.create_composite_type(CompositeType { name: self.name.value.clone(), attributes }, &self.name)
    }

    pub(crate) fn title(&self) -> EcoString {
        joined(&["create_composite_type ", &self.name])
    }
}
