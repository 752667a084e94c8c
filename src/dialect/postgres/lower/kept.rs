//! What raw SQL or an administrator has given to objects that are dropped and made again: owners, privileges, comments,
//! options. The schema does not know it, so it is read in the database and given back there.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::super::quote::{dollar_tag, text, texts};
use super::super::statement::{GiveBack, Remember};
use super::Lowering;
use super::dependants::Dependant;
use crate::schema::{Cause, Schema, SchemaObject, View};

/// An object that goes and comes back, as `pg_get_object_address` wants to be asked for it.
pub(super) struct Thing {
    kind: &'static str,
    name: Vec<EcoString>,
}

impl Thing {
    /// The kind in the words of the server, which knows these as types.
    fn address_kind(&self) -> &'static str {
        if ["domain", "composite type"].contains(&self.kind) { "type" } else { self.kind }
    }
}

impl Lowering<'_> {
    /// What is remembered of a dependant.
    pub(super) fn things(&self, dependant: &Dependant, schema: &Schema) -> Vec<Thing> {
        let (kind, name) = match dependant {
            Dependant::ForeignKey { table, name } | Dependant::Constraint { table, name } => {
                return vec![self.constraint_thing(table, name)];
            }
            Dependant::Trigger { name } => {
                let Some(trigger) = schema.trigger(name) else { return Vec::new() };
                ("trigger", vec![&trigger.table, name])
            }
            Dependant::Policy { table, name } => ("policy", vec![table, name]),
            Dependant::View { name } => {
                let Some(view) = schema.view(name) else { return Vec::new() };
                let own = self.in_schema(view.object_kind().title(), [name]);
                let indexes = view.indexes().iter().map(|index| self.in_schema("index", [&index.name]));
                return std::iter::once(own).chain(indexes).collect();
            }
            // It stays what it is, but for its body.
            Dependant::Routine { .. } => return Vec::new(),
            Dependant::Index { name, .. } => ("index", vec![name]),
            Dependant::Generated { table, column } => ("table column", vec![table, column]),
        };
        vec![self.in_schema(kind, name)]
    }

    /// An object of the project's schema.
    fn in_schema<'n>(&self, kind: &'static str, name: impl IntoIterator<Item = &'n EcoString>) -> Thing {
        Thing { kind, name: std::iter::once(self.names.schema.into()).chain(name.into_iter().cloned()).collect() }
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

    /// What is remembered of a domain or composite type.
    pub(super) fn made_type_thing(&self, made: &SchemaObject) -> Thing {
        Thing { kind: made.kind().title(), name: vec![self.names.of(made.name()).into()] }
    }

    /// Remembers what the objects have, until it is given back in the same transaction. The materialized views among
    /// them stand behind those that they read.
    pub(super) fn remember(&mut self, things: &[Thing], materialized: &[&View], cause: &Arc<Cause>) {
        if things.is_empty() {
            return;
        }
        let kinds: BTreeSet<&'static str> = things.iter().map(|thing| thing.kind).collect();
        let things: Vec<String> = things
            .iter()
            .map(|thing| format!("({}, ARRAY[{}])", text(thing.address_kind()), texts(&thing.name)))
            .collect();
        let tag = dollar_tag(&things.iter().map(String::as_str).collect::<Vec<_>>());
        let comment = "remembers the owners, privileges, comments and options of what is made again";
        let materialized = texts(&materialized.iter().map(|view| self.names.of(&view.name)).collect::<Vec<_>>());
        let statement = Remember { tag, things, kinds, materialized, lost: None, decided: None };
        self.push_with(cause, statement, [comment]);
        self.remembered = Some(cause.clone());
    }

    /// Remembers what a view has that becomes another one, which lacks these columns.
    pub(super) fn remember_replaced(&mut self, view: &str, lost: Vec<EcoString>, cause: &Arc<Cause>) {
        let kind = "view";
        let things = vec![format!("({}, ARRAY[{}])", text(kind), texts(&[self.names.schema, view]))];
        let lost = (!lost.is_empty()).then(|| texts(&lost));
        let tag = dollar_tag(&[&things[0], lost.as_deref().unwrap_or_default()]);
        let decided = Some("'security_invoker', 'check_option'");
        let comment = "remembers the owner, privileges, comments and options of the view";
        let kinds = BTreeSet::from([kind]);
        self.push_with(cause, Remember { tag, things, kinds, materialized: String::new(), lost, decided }, [comment]);
        self.remembered = Some(cause.clone());
    }

    /// Gives back what is remembered.
    pub(super) fn give_back(&mut self) {
        let remade = std::mem::take(&mut self.remade);
        let Some(cause) = self.remembered.take() else { return };
        let views = (!remade.is_empty()).then(|| texts(&remade));
        let tag = dollar_tag(&[views.as_deref().unwrap_or_default()]);
        self.push_with(&cause, GiveBack { tag, views }, ["gives back what was remembered"]);
    }
}
