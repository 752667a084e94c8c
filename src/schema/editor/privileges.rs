//! Privileges of roles: grant, revoke, and what becomes of them when their object changes.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{
    Change, GrantTarget, GrantTargetKind, Level, ObjectKind, Permission, Privileges, Schema, SchemaObject,
    SchemaObjectKind,
};
use crate::source::{Located, Name, Origin};

/// What a role loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Privileges that were granted in this history.
    OfGrants,
    /// Privileges that the role has because of `ALTER DEFAULT PRIVILEGES`, or that were granted outside this history.
    OfDefaults,
    /// Only that the role may grant on what it may do.
    OfGrantOption,
}

/// Which permissions of which role are granted or revoked.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'g> {
    pub target: &'g GrantTarget,
    pub role: &'g Name,
    pub permissions: &'g [Located<Permission>],
}

impl Editor<'_> {
    /// Checks that there is an object that privileges can be about. Schemas are not objects of the history.
    ///
    /// # Errors
    ///
    /// There is none, or it has another kind.
    pub fn grant_target(&self, kind: GrantTargetKind, name: &Name) -> Result<GrantTarget> {
        match kind {
            GrantTargetKind::Relation if self.schema.view(name).is_some() => {}
            GrantTargetKind::Relation => drop(self.table(name)?),
            GrantTargetKind::Routine => {
                if self.schema.object(&SchemaObjectKind::Routine.key(name)).is_none() {
                    let title = format!("function `{name}`");
                    return Err(self.missing_object(SchemaObjectKind::Routine, name, &title, name.origin));
                }
            }
            GrantTargetKind::Type => {
                let kinds = [ObjectKind::Domain, ObjectKind::Composite];
                let other =
                    self.schema.occupant(name).filter(|one| one.name == name.value && kinds.contains(&one.kind));
                if other.is_none() {
                    self.enumeration(name)?;
                }
            }
            GrantTargetKind::Schema => super::check_spelling(name)?,
        }
        Ok(GrantTarget { kind, name: name.value.clone() })
    }

    /// Checks that the object has a column that privileges can be about. Those of a view are not known.
    ///
    /// # Errors
    ///
    /// The table has no such column.
    pub fn check_grant_column(&self, target: &GrantTarget, column: &Name) -> Result<()> {
        match self.schema.table(&target.name) {
            Some(table) => self.column(table, column).map(drop),
            None => super::check_spelling(column),
        }
    }

    /// Lets a role do something, up to this level.
    ///
    /// # Errors
    ///
    /// It may do all of it already.
    pub fn grant(&mut self, grant: Grant<'_>, level: Level) -> Result<()> {
        let Grant { target, role, permissions } = grant;
        let before = self.privileges(target, role);
        let mut after = before.clone();
        for permission in permissions {
            let (held, by_default) = after.level(permission);
            if held < level {
                after.set(permission.value.clone(), level, by_default);
            }
        }
        if after == before {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("`{role}` may do this with {target} already"))
                    .at(role.origin, "nothing to grant")
                    .help("leave the operation out"),
            ));
        }
        self.put_privileges(&before, after);
        Ok(())
    }

    /// Takes away what a role may do. What goes from the whole table goes from its columns, too, as in Postgres.
    ///
    /// # Errors
    ///
    /// The role does not have it, as far as the history knows.
    pub fn revoke(&mut self, grant: Grant<'_>, revocation: Revocation) -> Result<()> {
        let Grant { target, role, permissions } = grant;
        let before = self.privileges(target, role);
        let mut after = before.clone();
        for permission in permissions {
            let (held, by_default) = after.level(permission);
            match revocation {
                Revocation::OfGrantOption if held == Level::Grantable => {
                    after.set(permission.value.clone(), Level::Held, by_default);
                }
                Revocation::OfGrants if held > Level::Nothing => {
                    after.set(permission.value.clone(), Level::Nothing, by_default);
                }
                Revocation::OfDefaults if held == Level::Nothing && !by_default => {
                    after.set(permission.value.clone(), Level::Nothing, true);
                }
                Revocation::OfGrantOption | Revocation::OfGrants | Revocation::OfDefaults => {
                    return Err(not_held(target, role, permission, revocation));
                }
            }
            if permission.column.is_none() && revocation != Revocation::OfGrantOption {
                after.held.retain(|other, _| other.privilege != permission.privilege || other.column.is_none());
            }
        }
        self.put_privileges(&before, after);
        Ok(())
    }

    fn privileges(&self, target: &GrantTarget, role: &Name) -> Privileges {
        let none = Privileges::none(target.clone(), role.value.clone());
        match self.schema.object(&none.key()).map(|object| &**object) {
            Some(SchemaObject::Privileges(privileges)) => privileges.clone(),
            _ => none,
        }
    }

    fn put_privileges(&mut self, before: &Privileges, after: Privileges) {
        let key = after.key();
        let from = Arc::new(SchemaObject::Privileges(before.clone()));
        let keeps = !after.held.is_empty();
        let to = Arc::new(SchemaObject::Privileges(after));
        let change = match (before.held.is_empty(), keeps) {
            (true, _) => Change::CreateObject(to.clone()),
            (false, false) => Change::DropObject(from),
            (false, true) => Change::ReplaceObject { from, to: to.clone() },
        };
        self.record(change, |schema| if keeps { schema.put_object(to) } else { schema.remove_object(&key) });
    }

    /// Takes back the privileges on an object, before it is dropped.
    pub(super) fn drop_privileges_on(&mut self, kind: GrantTargetKind, name: &str) {
        let on_it = |privileges: &Privileges| privileges.target.kind == kind && privileges.target.name == name;
        for object in of(&self.schema, on_it) {
            let key = object.key();
            self.record(Change::DropObject(object), |schema| schema.remove_object(&key));
        }
    }

    /// Takes back the privileges on a column, before it is dropped.
    pub(super) fn drop_privileges_on_column(&mut self, table: &str, column: &str) {
        let of_column = |permission: &Permission| permission.column.as_deref() == Some(column);
        let on_it = |privileges: &Privileges| is_on(privileges, table) && privileges.held.keys().any(of_column);
        for object in of(&self.schema, on_it) {
            let SchemaObject::Privileges(before) = &*object else { continue };
            let mut after = before.clone();
            after.held.retain(|permission, _| !of_column(permission));
            self.put_privileges(before, after);
        }
    }
}

/// Lets privileges follow a column that got another name.
pub(super) fn follow_column(schema: &mut Schema, table: &str, from: &str, to: &EcoString) {
    let of_column = |permission: &Permission| permission.column.as_deref() == Some(from);
    let on_it = |privileges: &Privileges| is_on(privileges, table) && privileges.held.keys().any(of_column);
    for object in of(schema, on_it) {
        let SchemaObject::Privileges(privileges) = &*object else { continue };
        let mut followed = privileges.clone();
        followed.held = std::mem::take(&mut followed.held)
            .into_iter()
            .map(|(permission, holding)| {
                let column = if of_column(&permission) { Some(to.clone()) } else { permission.column };
                (Permission { column, ..permission }, holding)
            })
            .collect();
        schema.put_object(Arc::new(SchemaObject::Privileges(followed)));
    }
}

/// Lets privileges follow a type that got another name.
pub(super) fn follow_type(schema: &mut Schema, from: &str, to: &EcoString) {
    let on_it =
        |privileges: &Privileges| privileges.target.kind == GrantTargetKind::Type && privileges.target.name == from;
    for object in of(schema, on_it) {
        let SchemaObject::Privileges(privileges) = &*object else { continue };
        schema.remove_object(&object.key());
        let target = GrantTarget { name: to.clone(), ..privileges.target.clone() };
        schema.put_object(Arc::new(SchemaObject::Privileges(Privileges { target, ..privileges.clone() })));
    }
}

fn is_on(privileges: &Privileges, table: &str) -> bool {
    privileges.target.kind == GrantTargetKind::Relation && privileges.target.name == table
}

/// The objects of a schema that are such privileges.
fn of(schema: &Schema, wanted: impl Fn(&Privileges) -> bool) -> Vec<Arc<SchemaObject>> {
    let wanted = |object: &&Arc<SchemaObject>| match &***object {
        SchemaObject::Privileges(privileges) => wanted(privileges),
        _ => false,
    };
    schema.objects().filter(wanted).cloned().collect()
}

fn not_held(
    target: &GrantTarget,
    role: &Name,
    permission: &Located<Permission>,
    revocation: Revocation,
) -> Box<Diagnostic> {
    let keyword = permission.privilege.keyword();
    let on = match &permission.column {
        Some(column) => format!("column `{column}` of {target}"),
        None => target.to_string(),
    };
    let origin: Origin = permission.origin;
    Box::new(match revocation {
        Revocation::OfGrants => {
            let diagnostic = Diagnostic::new(
                Code::UnknownObject,
                format!("the history does not grant {keyword} on {on} to `{role}`"),
            )
            .at(origin, "not granted here");
            match permission.column {
                Some(_) => diagnostic.help("revoke it from the table: a table's privilege holds for every column"),
                None => diagnostic.help(
                    "if the role has it all the same, because of ALTER DEFAULT PRIVILEGES, say so with \
                     `.held_by_default()`",
                ),
            }
        }
        Revocation::OfDefaults => {
            Diagnostic::new(Code::InvalidValue, format!("`{role}` has {keyword} on {on} by what the history says"))
                .at(origin, "known to the history")
                .help("leave out `.held_by_default()`, or the operation")
        }
        Revocation::OfGrantOption => {
            Diagnostic::new(Code::NothingToDo, format!("`{role}` cannot grant on {keyword} on {on}"))
                .at(origin, "granted without the grant option")
                .help("leave the operation out")
        }
    })
}
