//! The statements that give privileges and take them away.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::quote::{Names, identifier, identifiers};
use super::statement::{Grant, Revoke, Statement};
use crate::schema::{GrantTarget, GrantTargetKind, Level, Permission, Privilege, Privileges};

/// The statements that give a role the privileges, where it has none.
pub fn give(privileges: &Privileges, names: Names<'_>) -> Vec<Statement> {
    change(&none(privileges), privileges, names)
}

/// The statements that take the privileges away from a role.
pub fn take(privileges: &Privileges, names: Names<'_>) -> Vec<Statement> {
    change(privileges, &none(privileges), names)
}

fn none(privileges: &Privileges) -> Privileges {
    Privileges::none(privileges.target.clone(), privileges.role.clone())
}

/// The statements after which a role has other privileges on the same object.
pub fn change(before: &Privileges, after: &Privileges, names: Names<'_>) -> Vec<Statement> {
    let (mut revoked, mut option_revoked) = (BTreeSet::new(), BTreeSet::new());
    let (mut granted, mut granted_with_option) = (BTreeSet::new(), BTreeSet::new());
    for permission in before.held.keys().chain(after.held.keys()) {
        // What is known on one side only is on the other side as it is by default.
        let default = |known: &Privileges| if known.level(permission).1 { Level::Held } else { Level::Nothing };
        let level = |one: &Privileges, other: &Privileges| match one.held.get(permission) {
            Some(holding) => holding.level(),
            None => default(other),
        };
        match (level(before, after), level(after, before)) {
            (Level::Grantable, Level::Held) => option_revoked.insert(permission),
            (Level::Held | Level::Grantable, Level::Nothing) => revoked.insert(permission),
            (Level::Nothing, Level::Held) => granted.insert(permission),
            (Level::Nothing | Level::Held, Level::Grantable) => granted_with_option.insert(permission),
            (Level::Nothing, Level::Nothing) | (Level::Held, Level::Held) | (Level::Grantable, Level::Grantable) => {
                false
            }
        };
    }
    // What is revoked from a table is revoked from each of its columns, too.
    let whole = |permission: &&Permission| permission.column.is_none();
    let lowered: BTreeSet<Privilege> =
        revoked.iter().chain(&option_revoked).copied().filter(whole).map(|permission| permission.privilege).collect();
    for (permission, holding) in &after.held {
        if permission.column.is_some() && lowered.contains(&permission.privilege) {
            match holding.level() {
                Level::Nothing => false,
                Level::Held => granted.insert(permission),
                Level::Grantable => granted_with_option.insert(permission),
            };
        }
    }
    let object = object(&after.target, names);
    let role = role(&after.role);
    let revoke = |option, permissions: &BTreeSet<&Permission>| {
        let (object, role) = (object.clone(), role.clone());
        list(permissions).map(|privileges| Revoke { option, privileges, object, role }.into())
    };
    let grant = |option, permissions: &BTreeSet<&Permission>| {
        let (object, role) = (object.clone(), role.clone());
        list(permissions).map(|privileges| Grant { privileges, object, role, option }.into())
    };
    let statements = [
        revoke("", &revoked),
        revoke("GRANT OPTION FOR ", &option_revoked),
        grant("", &granted),
        grant(" WITH GRANT OPTION", &granted_with_option),
    ];
    statements.into_iter().flatten().collect()
}

/// The role in quotes. `public` is no role but a word for all of them.
pub fn role(name: &EcoString) -> String {
    if name == "public" { "PUBLIC".into() } else { identifier(name) }
}

fn object(target: &GrantTarget, names: Names<'_>) -> String {
    match target.kind {
        GrantTargetKind::Relation => format!("TABLE {}", names.of(&target.name)),
        GrantTargetKind::Routine => format!("ROUTINE {}", names.of(&target.name)),
        GrantTargetKind::Type => format!("TYPE {}", names.of(&target.name)),
        GrantTargetKind::Schema => format!("SCHEMA {}", identifier(&target.name)),
    }
}

/// Permissions with commas, those on columns together; none for none.
fn list(permissions: &BTreeSet<&Permission>) -> Option<String> {
    let mut by_privilege: BTreeMap<(bool, Privilege), Vec<&EcoString>> = BTreeMap::new();
    for permission in permissions {
        let columns = by_privilege.entry((permission.column.is_some(), permission.privilege)).or_default();
        columns.extend(&permission.column);
    }
    let privileges = by_privilege.into_iter().map(|((_, privilege), columns)| match columns.as_slice() {
        [] => privilege.keyword().to_owned(),
        columns => format!("{} ({})", privilege.keyword(), identifiers(columns.iter().copied())),
    });
    let privileges: Vec<String> = privileges.collect();
    (!privileges.is_empty()).then(|| privileges.join(", "))
}
