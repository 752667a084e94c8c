//! What raw SQL or an administrator has given to objects that are dropped and made again: owners, privileges, comments,
//! options. The schema does not know it, so it is read in the database and given back there.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::super::quote::{dollar_tag, text, texts};
use super::super::statement::{GiveBack, Remember};
use super::Lowering;
use super::dependants::Dependant;
use crate::schema::{Cause, Schema};

/// An object that goes and comes back, as `pg_get_object_address` wants to be asked for it.
pub(super) struct Thing {
    kind: &'static str,
    name: Vec<EcoString>,
}

impl Lowering<'_> {
    /// What is remembered of a dependant.
    pub(super) fn thing(&self, dependant: &Dependant, schema: &Schema) -> Option<Thing> {
        let (kind, name) = match dependant {
            Dependant::ForeignKey { table, name } | Dependant::Constraint { table, name } => {
                return Some(self.constraint_thing(table, name));
            }
            Dependant::Trigger { name } => ("trigger", vec![schema.trigger(name)?.table.clone(), name.clone()]),
            Dependant::Policy { table, name } => ("policy", vec![table.clone(), name.clone()]),
            Dependant::View { name } => ("view", vec![name.clone()]),
            Dependant::Index { name, .. } => ("index", vec![name.clone()]),
            Dependant::Generated { table, column } => ("table column", vec![table.clone(), column.clone()]),
        };
        let name = [self.names.schema.into()].into_iter().chain(name).collect();
        Some(Thing { kind, name })
    }

    /// What is remembered of a constraint.
    pub(super) fn constraint_thing(&self, table: &str, name: &str) -> Thing {
        let name = [self.names.schema, table, name].into_iter().map(EcoString::from).collect();
        Thing { kind: "table constraint", name }
    }

    /// What is remembered of an enum.
    pub(super) fn type_thing(&self, name: &str) -> Thing {
        Thing { kind: "type", name: vec![self.names.of(name).into()] }
    }

    /// Remembers what the objects have, until it is given back in the same transaction.
    pub(super) fn remember(&mut self, things: &[Thing], cause: &Arc<Cause>) {
        if things.is_empty() {
            return;
        }
        let kinds: BTreeSet<&'static str> = things.iter().map(|thing| thing.kind).collect();
        let things: Vec<String> =
            things.iter().map(|thing| format!("({}, ARRAY[{}])", text(thing.kind), texts(&thing.name))).collect();
        let tag = dollar_tag(&things.iter().map(String::as_str).collect::<Vec<_>>());
        let comment = "remembers the owners, privileges, comments and options of what is made again";
        self.push_with(cause, Remember { tag, things, kinds }, [comment]);
        self.remembered = Some(cause.clone());
    }

    /// Gives back what is remembered. These views among it are new.
    pub(super) fn give_back(&mut self, views: &[String]) {
        let Some(cause) = self.remembered.take() else { return };
        let views = (!views.is_empty()).then(|| texts(views));
        let tag = dollar_tag(&[views.as_deref().unwrap_or_default()]);
        self.push_with(&cause, GiveBack { tag, views }, ["gives back what was remembered"]);
    }
}
