//! Let roles do something with an object.

use ecow::{EcoString, eco_format};

use super::definition::PrivilegesDefinition;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, GrantTargetKind, Level};
use crate::source::Name;

/// Lets roles do something with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    definition: PrivilegesDefinition,
    level: Level,
}

operation! {
    /// Lets roles do something with an object: `select`, `insert`, `update`, `delete`, `truncate`, `references` and `trigger` with a table or view, `execute` with a function, `usage` with a type, `usage` and `create` with a schema, or `all` of them.
    ///
    /// `op.postgres().grant(["select", "insert"]).on_table("job").to(["authenticated"]);`
    fn grant(privileges: Vec<Name>) -> Grant {
        Grant { definition: PrivilegesDefinition::new(privileges), level: Level::Held }
    }

    /// The table or view that the privileges are about.
    fn on_table(grant @ _, name: Name) { grant.definition.target = Some((GrantTargetKind::Relation, name)) }

    /// The function or procedure that the privilege is about. Without a revocation all roles may call it.
    fn on_function(grant @ _, name: Name) { grant.definition.target = Some((GrantTargetKind::Routine, name)) }

    /// The enum that the privilege is about. Without a revocation all roles may use it.
    fn on_type(grant @ _, name: Name) { grant.definition.target = Some((GrantTargetKind::Type, name)) }

    /// The schema that the privileges are about.
    fn on_schema(grant @ _, name: Name) { grant.definition.target = Some((GrantTargetKind::Schema, name)) }

    /// The only columns that the privileges are about.
    fn columns(grant @ _, columns: Vec<Name>) { grant.definition.columns = columns }

    /// The roles that get the privileges; `"public"` is all of them.
    fn to(grant @ _, roles: Vec<Name>) { grant.definition.roles = roles }

    /// The roles may grant the privileges on.
    fn with_grant_option(grant @ _) { grant.level = Level::Grantable }
}

impl Grant {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        self.definition.for_each_role(editor, "to", |editor, grant| editor.grant(grant, self.level))
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("grant on {}", self.definition.title())
    }
}
