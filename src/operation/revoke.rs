//! Take away what roles may do with an object.

use ecow::{EcoString, eco_format};

use super::definition::PrivilegesDefinition;
use crate::diagnostic::Result;
use crate::language::vocabulary::operation;
use crate::schema::{Editor, GrantTargetKind, Revocation};
use crate::source::Name;

/// Takes away what roles may do with an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Revoke {
    definition: PrivilegesDefinition,
    revocation: Revocation,
}

operation! {
    /// Takes away what roles may do with an object. What goes from a whole table goes from its columns, too.
    ///
    /// `op.postgres().revoke(["execute"]).on_function("requeue").from(["public"]);`
    fn revoke(privileges: Vec<Name>) -> Revoke {
        Revoke { definition: PrivilegesDefinition::new(privileges), revocation: Revocation::OfGrants }
    }

    /// The table or view that the privileges are about.
    fn on_table(revoke @ _, name: Name) { revoke.definition.target = Some((GrantTargetKind::Relation, name)) }

    /// The function or procedure that the privilege is about. All roles may call it until it is revoked from `"public"`.
    fn on_function(revoke @ _, name: Name) { revoke.definition.target = Some((GrantTargetKind::Routine, name)) }

    /// The enum that the privilege is about. All roles may use it until it is revoked from `"public"`.
    fn on_type(revoke @ _, name: Name) { revoke.definition.target = Some((GrantTargetKind::Type, name)) }

    /// The schema that the privileges are about.
    fn on_schema(revoke @ _, name: Name) { revoke.definition.target = Some((GrantTargetKind::Schema, name)) }

    /// The only columns that the privileges are about.
    fn columns(revoke @ _, columns: Vec<Name>) { revoke.definition.columns = columns }

    /// The roles that lose the privileges; `"public"` is what all of them have.
    fn from(revoke @ _, roles: Vec<Name>) { revoke.definition.roles = roles }

    /// The roles have the privileges although the history does not grant them: by `ALTER DEFAULT PRIVILEGES`, as `anon`, `authenticated` and `service_role` have on Supabase. The way back grants them again.
    fn held_by_default(revoke @ _) { revoke.revocation = Revocation::OfDefaults }

    /// The roles keep the privileges, but may not grant them on any longer.
    fn only_grant_option(revoke @ _) { revoke.revocation = Revocation::OfGrantOption }
}

impl Revoke {
    pub(crate) fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
        self.definition.for_each_role(editor, "from", |editor, grant| editor.revoke(grant, self.revocation))
    }

    pub(crate) fn title(&self) -> EcoString {
        eco_format!("revoke on {}", self.definition.title())
    }
}
