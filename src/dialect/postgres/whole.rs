//! A whole schema as SQL, in an order in which every object finds what it needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Settings;
use crate::schema::names::{Answer, Reading};
use crate::schema::{
    Constraint, Dialect, ForeignKey, Rule, Schema, SchemaObject, SchemaObjectKind, Sequence, Table, Validity, View,
    tokens,
};
use crate::source::Origin;

use super::quote::{Names, identifier, text};
use super::statement::{AlterTable, CommentOn, CreateEnum, CreateTable, CreateTrigger, Statement};
use super::{author_sql, clauses, objects, partitions, sequences};

/// The statements, in order.
///
/// # Errors
///
/// A default or an expression in the schema cannot be written.
pub fn schema_sql(schema: &Schema, settings: &Settings) -> Result<Vec<String>, Vec<Diagnostic>> {
    let statements = statements(schema, Names { schema: &settings.postgres_schema });
    let statements = statements.map_err(|problem| {
        Diagnostic::new(Code::InvalidValue, problem)
            .at(Origin::Unknown, "in the schema")
            .help("change the default or the expression in a new revision")
    })?;
    Ok(statements.iter().map(ToString::to_string).collect())
}

fn statements(schema: &Schema, names: Names<'_>) -> Result<Vec<Statement>, String> {
    let mut statements: Vec<Statement> = Vec::new();
    let of_database = |object: &&Arc<SchemaObject>| {
        matches!(object.kind(), SchemaObjectKind::Namespace | SchemaObjectKind::Extension)
    };
    let mut first: Vec<_> = schema.objects().filter(of_database).collect();
    first.sort_by_key(|object| object.kind());
    let create = |object: &SchemaObject| objects::create(object, schema, names);
    for object in first {
        statements.extend(create(object)?);
    }
    for enumeration in schema.enumerations() {
        let values = enumeration.values.iter().map(|value| text(value)).collect();
        statements.push(CreateEnum { name: names.of(&enumeration.name), values }.into());
    }
    let sequences: Vec<&Sequence> = schema.objects().filter_map(|object| sequence(object)).collect();
    for sequence in &sequences {
        let free = Sequence { owner: None, ..Sequence::clone(sequence) };
        statements.push(sequences::create(&free, names).into());
    }
    let (early, late) = routines(schema);
    for object in types_and_routines(schema, early) {
        statements.extend(create(object)?);
    }
    let mut created = BTreeSet::new();
    let mut later: Vec<(&Table, &Constraint)> = Vec::new();
    for table in tables_in_order(schema) {
        created.insert(table.name.clone());
        let mut parts: Vec<String> =
            table.columns.iter().map(|column| clauses::column(column, names)).collect::<Result<_, _>>()?;
        for constraint in &table.constraints {
            match &constraint.rule {
                _ if constraint.validity == Validity::NotValid => later.push((table, constraint)),
                Rule::ForeignKey(key) if !created.contains(&key.referred_table) || !is_key(schema, key) => {
                    later.push((table, constraint))
                }
                Rule::ForeignKey(_)
                | Rule::PrimaryKey { .. }
                | Rule::Unique { .. }
                | Rule::Check { .. }
                | Rule::Exclusion(_) => {
                    parts.push(clauses::constraint(constraint, names)?);
                }
            }
        }
        let partitioning = table.partitioning.as_ref().map(|how| partitions::partitioning(how)).transpose()?;
        statements.push(
            CreateTable {
                table: names.of(&table.name),
                parts,
                partitioning,
                storage: clauses::storage(&table.storage),
            }
            .into(),
        );
        for partition in schema.partitions_of(&table.name) {
            statements.push(partitions::create(partition, table, names)?.into());
        }
    }
    for owned in sequences.into_iter().filter(|sequence| sequence.owner.is_some()) {
        let free = Sequence { owner: None, ..owned.clone() };
        statements.push(sequences::replace(&free, owned, names).into());
    }
    // A foreign key may rely on a unique index, so the indexes of all tables come first.
    for table in schema.tables() {
        for index in &table.indexes {
            statements.push(clauses::create_index(&table.name, index, names)?.into());
        }
    }
    for (table, constraint) in later {
        let actions = vec![format!("ADD {}", clauses::constraint(constraint, names)?)];
        statements.push(AlterTable { table: names.of(&table.name), actions }.into());
    }
    for query in queries_in_order(schema, late) {
        match query {
            Query::Routine(routine) => statements.extend(create(routine)?),
            Query::View(view) => {
                statements.push(clauses::create_view(view, names));
                for index in view.indexes() {
                    statements.push(clauses::create_index(&view.name, index, names)?.into());
                }
            }
        }
    }
    for trigger in schema.triggers() {
        let definition = author_sql::clause(&trigger.definition);
        statements.push(CreateTrigger { trigger: identifier(&trigger.name), definition }.into());
    }
    let mut objects: Vec<_> = schema.objects().filter(|object| object.kind() > SchemaObjectKind::Partition).collect();
    objects.sort_by_key(|object| object.kind());
    for object in objects {
        statements.extend(create(object)?);
    }
    statements.extend(schema.tables().flat_map(|table| comments(table, names)));
    Ok(statements)
}

fn sequence(object: &SchemaObject) -> Option<&Sequence> {
    match object {
        SchemaObject::Sequence(sequence) => Some(sequence),
        _ => None,
    }
}

/// Whether a foreign key refers to a primary key or unique constraint, and not merely to a unique index.
fn is_key(schema: &Schema, key: &ForeignKey) -> bool {
    let same = |columns: &[EcoString]| {
        columns.len() == key.referred_columns.len() && columns.iter().all(|name| key.referred_columns.contains(name))
    };
    let constraints = schema.table(&key.referred_table).into_iter().flat_map(|table| &table.constraints);
    constraints.into_iter().any(|constraint| constraint.rule.key().is_some_and(same))
}

/// Each table behind those that it refers to, as far as they do not refer to each other in a circle.
fn tables_in_order(schema: &Schema) -> Vec<&Arc<Table>> {
    let mut rest: Vec<&Arc<Table>> = schema.tables().collect();
    let mut ordered: Vec<&Arc<Table>> = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let waits = |table: &Table| {
            table.foreign_keys().any(|(_, key)| {
                key.referred_table != table.name && rest.iter().any(|other| other.name == key.referred_table)
            })
        };
        let next = rest.iter().position(|table| !waits(table)).unwrap_or(0);
        ordered.push(rest.remove(next));
    }
    ordered
}

/// Each view behind those that its query mentions.
pub fn views_in_order(schema: &Schema) -> Vec<&Arc<View>> {
    in_order(schema.views().collect(), |view| &view.name, |view, name| reads(&view.query, name, schema))
}

/// Whether a query reads this view, or may do so.
fn reads(query: &str, view: &str, schema: &Schema) -> bool {
    let read = || Reading::of_query(query, schema, Dialect::Postgres);
    tokens::mentions(query, view) && read().relation(view) != Answer::Absent
}

/// What the server reads when it is created, and which has to find there what it names.
#[derive(Clone, Copy)]
enum Query<'s> {
    View(&'s View),
    Routine(&'s SchemaObject),
}

impl Query<'_> {
    fn name(&self) -> &str {
        match self {
            Query::View(view) => &view.name,
            Query::Routine(routine) => routine.name(),
        }
    }

    /// Whether it needs the view or routine of this name.
    fn needs(&self, name: &str, schema: &Schema) -> bool {
        match self {
            Query::View(view) => view.texts().any(|text| tokens::calls(text, name)) || reads(&view.query, name, schema),
            Query::Routine(routine) => names_in(routine, name),
        }
    }
}

/// Whether a routine names this, in its signature or its body.
fn names_in(routine: &SchemaObject, name: &str) -> bool {
    routine.texts().chain(routine.body()).any(|text| tokens::mentions(text, name))
}

/// The routines: those that tables may call, and those that name a table or a view, directly or through another one.
fn routines(schema: &Schema) -> (Vec<&SchemaObject>, Vec<&SchemaObject>) {
    let mut early: Vec<&SchemaObject> =
        schema.objects().map(|object| &**object).filter(|object| object.kind() == SchemaObjectKind::Routine).collect();
    let mut late: Vec<&SchemaObject> = Vec::new();
    loop {
        let waits = |routine: &SchemaObject| {
            schema.tables().any(|table| names_in(routine, &table.name))
                || schema.views().any(|view| names_in(routine, &view.name))
                || late.iter().any(|other| names_in(routine, other.name()))
        };
        let Some(position) = early.iter().position(|routine| waits(routine)) else { break };
        late.push(early.remove(position));
    }
    let early = in_order(early, |routine| routine.name(), |routine, name| names_in(routine, name));
    (early, late)
}

/// Domains, composite types and these routines, each behind those that it is made of or names.
fn types_and_routines<'s>(schema: &'s Schema, routines: Vec<&'s SchemaObject>) -> Vec<&'s SchemaObject> {
    let is_type =
        |object: &&SchemaObject| matches!(object.kind(), SchemaObjectKind::Domain | SchemaObjectKind::Composite);
    let all = schema.objects().map(|object| &**object).filter(is_type).chain(routines).collect();
    let needs = |object: &&SchemaObject, name: &str| {
        object.types().into_iter().any(|part| part.names().any(|used| used == name)) || names_in(object, name)
    };
    in_order(all, |object| object.name(), needs)
}

/// Views and routines, each behind those that it mentions.
fn queries_in_order<'s>(schema: &'s Schema, routines: Vec<&'s SchemaObject>) -> Vec<Query<'s>> {
    let views = schema.views().map(|view| Query::View(view));
    let all = views.chain(routines.into_iter().map(Query::Routine)).collect();
    in_order(all, |query| query.name(), |query, name| query.needs(name, schema))
}

/// Each thing behind those that it mentions, as far as they do not mention each other in a circle.
fn in_order<T>(mut rest: Vec<T>, name: impl Fn(&T) -> &str, mentions: impl Fn(&T, &str) -> bool) -> Vec<T> {
    let mut ordered = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let waits = |one: &T| rest.iter().any(|other| name(other) != name(one) && mentions(one, name(other)));
        let next = rest.iter().position(|one| !waits(one)).unwrap_or(0);
        ordered.push(rest.remove(next));
    }
    ordered
}

fn comments(table: &Table, names: Names<'_>) -> Vec<Statement> {
    let full = names.of(&table.name);
    let on = |object: String, comment: &str| Statement::from(CommentOn { object, comment: text(comment) });
    let own = table.comment.iter().map(|comment| on(format!("TABLE {full}"), comment));
    let columns = table
        .columns
        .iter()
        .filter_map(|column| Some(on(format!("COLUMN {full}.{}", identifier(&column.name)), column.comment.as_ref()?)));
    own.chain(columns).collect()
}
