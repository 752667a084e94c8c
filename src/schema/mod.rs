//! The replayed schema: what exists at one point of the history, as one dialect knows it.
//!
//! A [`Schema`] is an immutable value that is cheap to copy; the [`Editor`] changes it and records the change in
//! one call, so that state and plan cannot disagree. Nothing here knows a revision, an operation or a dialect's SQL.

mod by_name;
mod change;
mod column;
mod column_type;
mod constraint;
mod data;
mod decimal;
mod dialect;
mod difference;
mod editor;
mod enumeration;
mod index;
mod misreading;
pub mod names;
pub mod naming;
mod object;
mod sql;
pub mod statements;
mod storage;
mod table;
pub mod tokens;
mod trigger;
mod value;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use by_name::ByName;
use ecow::EcoString;

pub use change::{Cause, Change, Conversion, Emission, Facet, Online, StorageOwner, Transition, Underivable};
pub use column::{Column, Generation, Identity, Nullability};
pub use column_type::ColumnType;
pub use constraint::{Action, Constraint, Deferrability, Exclusion, ExclusionElement, ForeignKey, Rule, Validity};
pub use data::{Delete, Execute, Insert, RowFilter, Update};
pub(crate) use decimal::DecimalDigits;
pub use dialect::Dialect;
pub(crate) use editor::with_column_renamed;
pub use editor::{ColumnFacets, DomainFacets, Editor, Grant, IndexedRows, Position, Revocation};
pub use enumeration::Enumeration;
pub use index::{Index, IndexKey, IndexPart, NullsOrder, Order, UniqueNulls, Uniqueness};
pub use object::{
    AtEnd, Attribute, Combination, CompositeType, Counting, Domain, DomainCheck, Extension, GrantTarget,
    GrantTargetKind, Holding, Level, Namespace, NullArguments, NumberType, Partition, PartitionBounds, PartitionMethod,
    Partitioning, Permission, Policy, PolicyCommand, Privilege, Privileges, Routine, RoutineKind, RoutineLanguage,
    RoutineSecurity, RowSecurity, SchemaObject, SchemaObjectKind, Sequence, SequenceOwner, Subjects, Volatility,
};
pub use sql::Sql;
pub use storage::Storage;
pub use table::Table;
pub use trigger::Trigger;
pub(crate) use value::is_hexadecimal;
pub use value::{Literal, Value};
pub use view::{Materialized, Population, View, ViewKind, ViewSecurity};

use crate::source::joined;

/// All objects that exist at one point of the history.
///
/// A copy costs one pointer. A change of a schema that has copies costs a few more: the maps share what stays.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    objects: Arc<Objects>,
}

#[derive(Debug, Clone, Default)]
struct Objects {
    /// The name that may stand in front of those of the objects; `public` without one.
    home: Option<EcoString>,
    tables: ByName<Arc<Table>>,
    enumerations: ByName<Arc<Enumeration>>,
    views: ByName<Arc<View>>,
    triggers: ByName<Arc<Trigger>>,
    /// The objects of the rarer kinds, by their keys.
    rare: ByName<Arc<SchemaObject>>,
    /// The objects that share one namespace, by their names in lower case.
    ///
    /// In Postgres tables, views, indexes and types share one, in SQLite tables, views and indexes do, and SQLite
    /// ignores case. One rule that is strict enough for both keeps a history usable on both.
    names: ByName<Occupant>,
    /// For each table and type, the tables that refer to it.
    users: ByName<Arc<BTreeSet<EcoString>>>,
    /// The revision in which an object went away, by kind and name, for messages.
    departed: ByName<EcoString>,
}

/// What bears a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    pub kind: ObjectKind,
    pub name: EcoString,
    /// The table of an index or of a constraint with an index; the materialized view of its index.
    pub table: Option<EcoString>,
}

/// The kinds of objects that share one namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    Table,
    View,
    MaterializedView,
    Index,
    Constraint,
    Enumeration,
    Partition,
    Sequence,
    Domain,
    Composite,
}

impl ObjectKind {
    /// The kind in words.
    pub fn title(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::View => "view",
            ObjectKind::MaterializedView => "materialized view",
            ObjectKind::Index => "index",
            ObjectKind::Constraint => "constraint",
            ObjectKind::Enumeration => "enum",
            ObjectKind::Partition => "partition",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Domain => "domain",
            ObjectKind::Composite => "composite type",
        }
    }

    /// The kind in words, as one of many.
    pub fn with_article(self) -> &'static str {
        match self {
            ObjectKind::Table => "a table",
            ObjectKind::View => "a view",
            ObjectKind::MaterializedView => "a materialized view",
            ObjectKind::Index => "an index",
            ObjectKind::Constraint => "a constraint",
            ObjectKind::Enumeration => "an enum",
            ObjectKind::Partition => "a partition",
            ObjectKind::Sequence => "a sequence",
            ObjectKind::Domain => "a domain",
            ObjectKind::Composite => "a composite type",
        }
    }
}

impl PartialEq for Schema {
    /// Whether the same objects exist. What went away before does not count.
    fn eq(&self, other: &Self) -> bool {
        self.objects.tables == other.objects.tables && self.equals_in_all_but_tables(other)
    }
}

impl Schema {
    /// A schema without objects, whose name may stand in front of theirs. Only Postgres lets it be chosen.
    pub fn named(home: EcoString) -> Self {
        Schema { objects: Arc::new(Objects { home: Some(home), ..Objects::default() }) }
    }

    /// The name that may stand in front of those of the objects, in Postgres.
    pub fn home(&self) -> &str {
        self.objects.home.as_deref().unwrap_or("public")
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.objects.tables.get(name)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Arc<Table>> {
        self.objects.tables.values()
    }

    /// The enum of this name.
    pub fn enumeration(&self, name: &str) -> Option<&Arc<Enumeration>> {
        self.objects.enumerations.get(name)
    }

    /// All enums, by name.
    pub fn enumerations(&self) -> impl Iterator<Item = &Arc<Enumeration>> {
        self.objects.enumerations.values()
    }

    /// The view of this name.
    pub fn view(&self, name: &str) -> Option<&Arc<View>> {
        self.objects.views.get(name)
    }

    /// All views, by name.
    pub fn views(&self) -> impl Iterator<Item = &Arc<View>> {
        self.objects.views.values()
    }

    /// The trigger of this name.
    pub fn trigger(&self, name: &str) -> Option<&Arc<Trigger>> {
        self.objects.triggers.get(name)
    }

    /// All triggers, by name.
    pub fn triggers(&self) -> impl Iterator<Item = &Arc<Trigger>> {
        self.objects.triggers.values()
    }

    /// The object of one of the rarer kinds that has this key.
    pub fn object(&self, key: &str) -> Option<&Arc<SchemaObject>> {
        self.objects.rare.get(key)
    }

    /// All objects of the rarer kinds, by their keys.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<SchemaObject>> {
        self.objects.rare.values()
    }

    /// The domain of this name.
    pub fn domain(&self, name: &str) -> Option<&Domain> {
        match self.object(&SchemaObjectKind::Domain.key(name)).map(|object| &**object) {
            Some(SchemaObject::Domain(domain)) => Some(domain),
            _ => None,
        }
    }

    /// All domains, by name.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.objects().filter_map(|object| match &**object {
            SchemaObject::Domain(domain) => Some(domain),
            _ => None,
        })
    }

    /// The domains whose values are those of an enum or arrays of them, each behind those that it is made of.
    pub fn domains_over(&self, enumeration: &str) -> Vec<&Domain> {
        let mut rest: Vec<&Domain> = self.domains().collect();
        rest.retain(|domain| domain.base.enumeration().is_some_and(|name| name == enumeration));
        // The fewer types a base is made of, the earlier it is there.
        rest.sort_by_key(|domain| domain.base.names().count());
        rest
    }

    /// The domains and composite types that are made of this type, directly or not, each behind those that it is made of.
    pub fn types_over(&self, name: &EcoString) -> Vec<&SchemaObject> {
        let is_of = |object: &SchemaObject, names: &BTreeSet<&EcoString>| {
            object.types().into_iter().any(|part| part.names().any(|used| names.contains(used)))
        };
        let mut names = BTreeSet::from([name]);
        let mut rest: Vec<&SchemaObject> = Vec::new();
        loop {
            let mut others = self.objects().map(|object| &**object);
            let next = others.find(|object| !names.contains(object.name()) && is_of(object, &names));
            let Some(object) = next else { break };
            names.insert(object.name());
            rest.push(object);
        }
        let mut ordered = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let waiting: BTreeSet<&EcoString> = rest.iter().map(|object| object.name()).collect();
            let next = rest.iter().position(|object| !is_of(object, &waiting)).unwrap_or(0);
            ordered.push(rest.remove(next));
        }
        ordered
    }

    /// Whether a type is a domain, or one over one, that has rules for its values.
    pub fn has_rules(&self, column_type: &ColumnType) -> bool {
        column_type.names().filter_map(|name| self.domain(name)).any(Domain::has_rules)
    }

    /// The value that a domain gives to rows that give none.
    pub fn default_of_domain(&self, column_type: &ColumnType) -> Option<&Literal> {
        let ColumnType::Domain { name, base } = column_type else { return None };
        self.domain(name).and_then(|domain| domain.default.as_ref()).or_else(|| self.default_of_domain(base))
    }

    /// The columns whose type is made of this type of the schema, with their tables.
    pub fn columns_of_type<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Arc<Table>, &'a Column)> {
        self.users(name).filter_map(|table| self.table(table)).flat_map(move |table| {
            let uses = move |column: &&Arc<Column>| column.column_type.names().any(|used| used == name);
            table.columns.iter().filter(uses).map(move |column| (table, column.as_ref()))
        })
    }

    /// The objects that are made of this type of the schema.
    pub fn objects_of_type<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<SchemaObject>> {
        self.objects()
            .filter(move |object| object.types().into_iter().any(|part| part.names().any(|used| used == name)))
    }

    /// All policies with their tables.
    pub fn policies(&self) -> impl Iterator<Item = (&Policy, &Arc<Table>)> {
        self.objects().filter_map(|object| match &**object {
            SchemaObject::Policy(policy) => Some((policy, self.table(&policy.table)?)),
            _ => None,
        })
    }

    /// All functions and procedures whose body the server has read, with the body.
    pub fn atomic_routines(&self) -> impl Iterator<Item = (&Routine, &EcoString)> {
        self.objects().filter_map(|object| match &**object {
            SchemaObject::Routine(routine) => Some((routine, routine.atomic_body()?)),
            _ => None,
        })
    }

    /// The objects of the rarer kinds that belong to a table.
    pub fn objects_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Arc<SchemaObject>> {
        self.objects().filter(move |object| object.table().is_some_and(|own| own == table))
    }

    /// The partitions of a table, by name.
    pub fn partitions_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Partition> {
        let partition = |object: &'a Arc<SchemaObject>| match &**object {
            SchemaObject::Partition(partition) => Some(partition),
            _ => None,
        };
        self.objects_of(table).filter_map(partition)
    }

    /// What bears this name, whatever its case.
    pub fn occupant(&self, name: &str) -> Option<&Occupant> {
        self.objects.names.get(&key_of(name))
    }

    /// The table that an index of this name belongs to, with the index.
    pub fn index(&self, name: &str) -> Option<(&Arc<Table>, &Arc<Index>)> {
        let table = self.table(self.occupant(name)?.table.as_ref()?)?;
        Some((table, table.index(name)?))
    }

    /// The materialized view that an index of this name belongs to, with the index.
    pub fn index_of_view(&self, name: &str) -> Option<(&Arc<View>, &Arc<Index>)> {
        let view = self.view(self.occupant(name)?.table.as_ref()?)?;
        Some((view, view.index(name)?))
    }

    /// The names of the tables that refer to this table or use this enum, themselves included.
    pub fn users(&self, name: &str) -> impl Iterator<Item = &EcoString> {
        self.objects.users.get(name).into_iter().flat_map(|users| users.iter())
    }

    /// The columns whose type is this enum or an array of it, with their tables.
    pub fn columns_of_enum<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Arc<Table>, &'a Column)> {
        self.users(name).filter_map(|table| self.table(table)).flat_map(move |table| {
            let uses = move |column: &&Arc<Column>| column.column_type.enumeration().is_some_and(|used| used == name);
            table.columns.iter().filter(uses).map(move |column| (table, column.as_ref()))
        })
    }

    /// The foreign keys of other tables, or of the table itself, that refer to this table.
    pub fn inbound_foreign_keys<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a Arc<Table>, &'a Constraint, &'a ForeignKey)> {
        self.users(name).filter_map(|table| self.table(table)).flat_map(move |table| {
            let keys = table.foreign_keys().filter(move |(_, key)| key.referred_table == name);
            keys.map(move |(constraint, key)| (table, constraint, key))
        })
    }

    /// The revision in which the object went away.
    pub fn departed(&self, kind: &str, name: &str) -> Option<&EcoString> {
        self.objects.departed.get(&joined(&[kind, " ", name]))
    }

    /// Whether both have the same objects, the order of columns aside.
    pub fn equals_ignoring_column_order(&self, other: &Schema) -> bool {
        let sorted = |table: &Table| {
            let mut table = table.clone();
            table.columns.sort_by(|left, right| left.name.cmp(&right.name));
            table.constraints.sort_by(|left, right| left.name.cmp(&right.name));
            table.indexes.sort_by(|left, right| left.name.cmp(&right.name));
            table
        };
        let mut tables = self.objects.tables.differences(&other.objects.tables);
        let tables_are_equal = tables.all(|name| match (self.table(name), other.table(name)) {
            (Some(one), Some(other)) => sorted(one) == sorted(other),
            _ => false,
        });
        tables_are_equal && self.equals_in_all_but_tables(other)
    }

    fn equals_in_all_but_tables(&self, other: &Schema) -> bool {
        self.objects.enumerations == other.objects.enumerations
            && self.objects.views == other.objects.views
            && self.objects.triggers == other.objects.triggers
            && self.objects.rare == other.objects.rare
    }

    /// Prepares for changes: what changed lately is put where it costs nothing to copy.
    pub(crate) fn settle(&mut self) {
        let objects = Arc::make_mut(&mut self.objects);
        objects.tables.settle();
        objects.enumerations.settle();
        objects.views.settle();
        objects.triggers.settle();
        objects.rare.settle();
        objects.names.settle();
        objects.users.settle();
        objects.departed.settle();
    }

    /// Takes from `other` the objects with these names, or their absence. For merges, whose sides are disjoint.
    pub(crate) fn adopt<'a>(&mut self, other: &Schema, names: impl Iterator<Item = &'a EcoString>) {
        for name in names {
            match other.objects.tables.get(name) {
                Some(table) => self.put_table(table.clone()),
                None => self.remove_table(name),
            }
            match other.objects.enumerations.get(name) {
                Some(enumeration) => self.put_enumeration(enumeration.clone()),
                None => self.remove_enumeration(name),
            }
            match other.objects.views.get(name) {
                Some(view) => self.put_view(view.clone()),
                None => self.remove_view(name),
            }
            match other.objects.triggers.get(name) {
                Some(trigger) => self.put_trigger(trigger.clone()),
                None => self.remove_trigger(name),
            }
            // What belongs to a table comes and goes with it.
            let belonging = self.objects_of(name).chain(other.objects_of(name)).map(|object| object.key());
            for key in belonging.chain([name.clone()]).collect::<Vec<_>>() {
                match other.object(&key) {
                    Some(object) => self.put_object(object.clone()),
                    None => self.remove_object(&key),
                }
            }
        }
        let departed = other.objects.departed.differences(&self.objects.departed);
        let theirs: Vec<EcoString> = departed.filter(|name| !self.objects.departed.contains(name)).cloned().collect();
        let objects = Arc::make_mut(&mut self.objects);
        for name in theirs {
            if let Some(revision) = other.objects.departed.get(&name) {
                objects.departed.insert(name, revision.clone());
            }
        }
    }

    pub(crate) fn put_table(&mut self, table: impl Into<Arc<Table>>) {
        let table = table.into();
        let objects = Arc::make_mut(&mut self.objects);
        let old = objects.tables.get(&table.name).cloned();
        // Most changes of a table leave its references and most of its names as they are, and the maps with them.
        match &old {
            Some(old) if refers_alike(old, &table) => {}
            _ => {
                old.iter().for_each(|old| objects.forget_references(old));
                objects.remember_references(&table);
            }
        }
        let names = || occupants_of(&table);
        let old_names = || old.iter().flat_map(|old| occupants_of(old));
        if !old_names().eq(names()) {
            old_names().filter(|name| !names().any(|other| other == *name)).for_each(|(_, name)| objects.vacate(name));
            for (kind, name) in names().filter(|name| !old_names().any(|other| other == *name)) {
                objects.occupy_for(&table, kind, name);
            }
        }
        objects.tables.insert(table.name.clone(), table);
    }

    pub(crate) fn remove_table(&mut self, name: &str) {
        let objects = Arc::make_mut(&mut self.objects);
        if let Some(table) = objects.tables.remove(name) {
            objects.forget_references(&table);
            occupants_of(&table).for_each(|(_, name)| objects.vacate(name));
        }
    }

    pub(crate) fn put_enumeration(&mut self, enumeration: Arc<Enumeration>) {
        let objects = Arc::make_mut(&mut self.objects);
        objects.occupy(ObjectKind::Enumeration, &enumeration.name, None);
        objects.enumerations.insert(enumeration.name.clone(), enumeration);
    }

    pub(crate) fn remove_enumeration(&mut self, name: &str) {
        let objects = Arc::make_mut(&mut self.objects);
        if objects.enumerations.remove(name).is_some() {
            objects.vacate(name);
        }
    }

    pub(crate) fn put_view(&mut self, view: Arc<View>) {
        self.remove_view(&view.name);
        let objects = Arc::make_mut(&mut self.objects);
        objects.occupy(view.object_kind(), &view.name, None);
        for index in view.indexes() {
            objects.occupy(ObjectKind::Index, &index.name, Some(view.name.clone()));
        }
        objects.views.insert(view.name.clone(), view);
    }

    pub(crate) fn remove_view(&mut self, name: &str) {
        let objects = Arc::make_mut(&mut self.objects);
        if let Some(view) = objects.views.remove(name) {
            objects.vacate(name);
            view.indexes().iter().for_each(|index| objects.vacate(&index.name));
        }
    }

    pub(crate) fn put_trigger(&mut self, trigger: Arc<Trigger>) {
        Arc::make_mut(&mut self.objects).triggers.insert(trigger.name.clone(), trigger);
    }

    pub(crate) fn remove_trigger(&mut self, name: &str) {
        Arc::make_mut(&mut self.objects).triggers.remove(name);
    }

    pub(crate) fn put_object(&mut self, object: Arc<SchemaObject>) {
        let objects = Arc::make_mut(&mut self.objects);
        if let Some(kind) = object.occupies() {
            objects.occupy(kind, object.name(), object.table().cloned());
        }
        objects.rare.insert(object.key(), object);
    }

    pub(crate) fn remove_object(&mut self, key: &str) {
        let objects = Arc::make_mut(&mut self.objects);
        if let Some(object) = objects.rare.remove(key)
            && object.occupies().is_some()
        {
            objects.vacate(object.name());
        }
    }

    pub(crate) fn note_departure(&mut self, kind: &str, name: &str, revision: &EcoString) {
        let objects = Arc::make_mut(&mut self.objects);
        objects.departed.insert(joined(&[kind, " ", name]), revision.clone());
    }
}

impl Objects {
    fn remember_references(&mut self, table: &Table) {
        for referred in referred_by(table) {
            let mut users = self.users.get(&referred).cloned().unwrap_or_default();
            Arc::make_mut(&mut users).insert(table.name.clone());
            self.users.insert(referred, users);
        }
    }

    fn forget_references(&mut self, table: &Table) {
        for referred in referred_by(table) {
            let Some(mut users) = self.users.remove(&referred) else { continue };
            Arc::make_mut(&mut users).remove(&table.name);
            if !users.is_empty() {
                self.users.insert(referred, users);
            }
        }
    }

    fn occupy_for(&mut self, table: &Table, kind: ObjectKind, name: &EcoString) {
        let owner = (kind != ObjectKind::Table).then(|| table.name.clone());
        self.occupy(kind, name, owner);
    }

    fn vacate(&mut self, name: &str) {
        self.names.remove(&key_of(name));
    }

    fn occupy(&mut self, kind: ObjectKind, name: &EcoString, table: Option<EcoString>) {
        self.names.insert(key_of(name), Occupant { kind, name: name.clone(), table });
    }
}

/// The name that stands for all that differ in case only.
fn key_of(name: &str) -> EcoString {
    EcoString::from(name).to_ascii_lowercase()
}

/// The tables and enums that a table refers to.
fn referred_by(table: &Table) -> impl Iterator<Item = EcoString> {
    references_of(table).cloned().collect::<BTreeSet<_>>().into_iter()
}

/// The same in the order of the table, where one may stand more than once.
fn references_of(table: &Table) -> impl Iterator<Item = &EcoString> {
    let tables = table.foreign_keys().map(|(_, key)| &key.referred_table);
    tables.chain(table.columns.iter().flat_map(|column| column.column_type.names()))
}

/// Whether two states of a table refer to the same, which is surely so when the lists are alike.
fn refers_alike(one: &Table, other: &Table) -> bool {
    references_of(one).eq(references_of(other))
}

/// The names that a table takes in the namespace: its own, its indexes', and those of constraints with an index.
fn occupants_of(table: &Table) -> impl Iterator<Item = (ObjectKind, &EcoString)> {
    let indexes = table.indexes.iter().map(|index| (ObjectKind::Index, &index.name));
    let indexed = table.constraints.iter().filter(|constraint| constraint.rule.has_index());
    let constraints = indexed.filter_map(|constraint| Some((ObjectKind::Constraint, constraint.name.as_ref()?)));
    std::iter::once((ObjectKind::Table, &table.name)).chain(indexes).chain(constraints)
}
