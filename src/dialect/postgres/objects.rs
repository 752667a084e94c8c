//! The statements that create and drop the objects of the rarer kinds.

use super::author_sql;
use super::quote::{Names, identifier};
use super::statement::{AlterTable, CreatePolicy, DropPolicy, Statement};
use crate::schema::{Combination, SchemaObject, Subjects};

/// The statement that creates an object.
pub fn create(object: &SchemaObject, names: Names<'_>) -> Statement {
    match object {
        SchemaObject::RowSecurity(security) => {
            let mut actions = vec!["ENABLE ROW LEVEL SECURITY".to_owned()];
            match security.subjects {
                Subjects::AllButOwner => {}
                Subjects::OwnerToo => actions.push("FORCE ROW LEVEL SECURITY".into()),
            }
            AlterTable { table: names.of(&security.table), actions }.into()
        }
        SchemaObject::Policy(policy) => CreatePolicy {
            policy: identifier(&policy.name),
            table: names.of(&policy.table),
            combination: match policy.combination {
                Combination::Permissive => None,
                Combination::Restrictive => Some("RESTRICTIVE"),
            },
            command: policy.command.keyword(),
            roles: roles(&policy.roles),
            using: policy.using.as_ref().map(|text| author_sql::enclosed(text)),
            with_check: policy.with_check.as_ref().map(|text| author_sql::enclosed(text)),
        }
        .into(),
    }
}

/// The statement that drops an object.
pub fn drop(object: &SchemaObject, names: Names<'_>) -> Statement {
    match object {
        SchemaObject::RowSecurity(security) => {
            let mut actions = vec!["DISABLE ROW LEVEL SECURITY".to_owned()];
            match security.subjects {
                Subjects::AllButOwner => {}
                Subjects::OwnerToo => actions.push("NO FORCE ROW LEVEL SECURITY".into()),
            }
            AlterTable { table: names.of(&security.table), actions }.into()
        }
        SchemaObject::Policy(policy) => {
            DropPolicy { policy: identifier(&policy.name), table: names.of(&policy.table) }.into()
        }
    }
}

/// Roles in quotes with commas. `public` is no role but a word for all of them, which is `PUBLIC` when none is given.
fn roles(roles: &[ecow::EcoString]) -> String {
    if roles.is_empty() {
        return "PUBLIC".into();
    }
    let role = |name: &ecow::EcoString| if name == "public" { "PUBLIC".into() } else { identifier(name) };
    roles.iter().map(role).collect::<Vec<_>>().join(", ")
}
