//! The statements that create and drop the objects of the rarer kinds.

use super::quote::{Names, dollar_tag, identifier, text};
use super::statement::{
    AlterTable, CreateCompositeType, CreateExtension, CreatePolicy, CreateRoutine, CreateSchema, DropDomain, DropEnum,
    DropExtension, DropPolicy, DropRoutine, DropSchema, DropSequence, DropTable, Statement,
};
use super::{author_sql, clauses, partitions, privileges, sequences, types};
use crate::schema::{
    Attribute, Combination, NullArguments, Partition, Routine, RoutineKind, RoutineLanguage, RoutineSecurity, Schema,
    SchemaObject, Subjects, Table, Volatility,
};

/// The statements that create an object of this schema.
///
/// # Errors
///
/// A value or a condition in it does not fit; says so in words.
pub fn create(object: &SchemaObject, schema: &Schema, names: Names<'_>) -> Result<Vec<Statement>, String> {
    let statement = match object {
        SchemaObject::Privileges(given) => return Ok(privileges::give(given, names)),
        SchemaObject::Namespace(namespace) => CreateSchema { schema: identifier(&namespace.name) }.into(),
        SchemaObject::Extension(extension) => CreateExtension {
            extension: identifier(&extension.name),
            schema: identifier(extension.schema.as_deref().unwrap_or(names.schema)),
            version: extension.version.as_deref().map(text),
        }
        .into(),
        SchemaObject::Domain(domain) => clauses::create_domain(domain, names)?.into(),
        SchemaObject::Composite(composite) => CreateCompositeType {
            name: names.of(&composite.name),
            attributes: composite.attributes.iter().map(|attribute| attribute_of(attribute, names)).collect(),
        }
        .into(),
        SchemaObject::Routine(routine) => create_routine("CREATE", routine, names).into(),
        SchemaObject::Sequence(sequence) => sequences::create(sequence, names).into(),
        SchemaObject::Partition(partition) => {
            partitions::create(partition, divided_table(partition, schema)?, names)?.into()
        }
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
    };
    Ok(vec![statement])
}

/// The table that a partition is a part of.
fn divided_table<'s>(partition: &Partition, schema: &'s Schema) -> Result<&'s Table, String> {
    let table = schema.table(&partition.parent).map(AsRef::as_ref);
    table.ok_or_else(|| format!("no table `{}` exists here", partition.parent))
}

fn attribute_of(attribute: &Attribute, names: Names<'_>) -> String {
    format!("{} {}", identifier(&attribute.name), types::sql(&attribute.attribute_type, names))
}

/// The statements that put an object in the place of another one, in one if what others rely on stays as it is.
///
/// # Errors
///
/// A value in it does not fit; says so in words.
pub fn replace(
    from: &SchemaObject,
    to: &SchemaObject,
    schema: &Schema,
    names: Names<'_>,
) -> Result<Vec<Statement>, String> {
    Ok(match (from, to) {
        (SchemaObject::Sequence(from), SchemaObject::Sequence(to)) => vec![sequences::replace(from, to, names).into()],
        (SchemaObject::Partition(from), SchemaObject::Partition(to)) => {
            partitions::replace(from, to, divided_table(to, schema)?, names)?
        }
        (SchemaObject::Privileges(before), SchemaObject::Privileges(after)) => privileges::change(before, after, names),
        (_, SchemaObject::Routine(routine)) if to.replaces(from) => {
            vec![create_routine("CREATE OR REPLACE", routine, names).into()]
        }
        _ => [drop(from, names), create(to, schema, names)?].concat(),
    })
}

fn create_routine(verb: &'static str, routine: &Routine, names: Names<'_>) -> CreateRoutine {
    let mut options = Vec::new();
    if let RoutineKind::Function { returns, volatility, nulls } = &routine.kind {
        options.extend(returns.as_ref().map(|result| format!("RETURNS {}", author_sql::clause(result))));
        options.push(format!("LANGUAGE {}", routine.language.name()));
        match volatility {
            Volatility::Volatile => {}
            Volatility::Stable => options.push("STABLE".into()),
            Volatility::Immutable => options.push("IMMUTABLE".into()),
        }
        match nulls {
            NullArguments::Called => {}
            NullArguments::ReturnNull => options.push("STRICT".into()),
        }
    } else {
        options.push(format!("LANGUAGE {}", routine.language.name()));
    }
    match routine.security {
        RoutineSecurity::Invoker => {}
        RoutineSecurity::Definer => options.push("SECURITY DEFINER".into()),
    }
    let settings = routine.settings.iter();
    options.extend(settings.map(|(parameter, value)| format!("SET {parameter} = {}", author_sql::clause(value))));
    CreateRoutine {
        verb,
        kind: keyword(&routine.kind),
        routine: names.of(&routine.name),
        arguments: author_sql::clause(&routine.arguments),
        options,
        body: match routine.atomic_body() {
            Some(statements) => format!("BEGIN ATOMIC\n{};\nEND", author_sql::clause(statements)),
            None => {
                let tag = dollar_tag(&[&routine.body]);
                format!("AS {tag}\n{}\n{tag}", routine.body)
            }
        },
    }
}

/// The statement that leaves nothing of a routine but its signature, so that it names nothing.
pub fn empty_routine(routine: &Routine, names: Names<'_>) -> Statement {
    let body = "BEGIN RAISE 'this is made again'; END".into();
    let empty = Routine { language: RoutineLanguage::PlPgSql, body, ..routine.clone() };
    create_routine("CREATE OR REPLACE", &empty, names).into()
}

/// The statement that gives a routine its body again.
pub fn fill_routine(routine: &Routine, names: Names<'_>) -> Statement {
    create_routine("CREATE OR REPLACE", routine, names).into()
}

fn keyword(kind: &RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Function { .. } => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    }
}

/// The statements that drop an object.
pub fn drop(object: &SchemaObject, names: Names<'_>) -> Vec<Statement> {
    let statement = match object {
        SchemaObject::Privileges(given) => return privileges::take(given, names),
        SchemaObject::Namespace(namespace) => DropSchema { schema: identifier(&namespace.name) }.into(),
        SchemaObject::Extension(extension) => DropExtension { extension: identifier(&extension.name) }.into(),
        SchemaObject::Domain(domain) => DropDomain { name: names.of(&domain.name) }.into(),
        // A type is dropped by the same words, whatever it consists of.
        SchemaObject::Composite(composite) => DropEnum { name: names.of(&composite.name) }.into(),
        SchemaObject::Routine(routine) => {
            DropRoutine { kind: keyword(&routine.kind), routine: names.of(&routine.name) }.into()
        }
        SchemaObject::Sequence(sequence) => DropSequence { sequence: names.of(&sequence.name) }.into(),
        SchemaObject::Partition(partition) => DropTable { table: names.of(&partition.name) }.into(),
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
    };
    vec![statement]
}

/// Roles in quotes with commas, and the word for all of them when none is given.
fn roles(roles: &[ecow::EcoString]) -> String {
    if roles.is_empty() {
        return "PUBLIC".into();
    }
    roles.iter().map(privileges::role).collect::<Vec<_>>().join(", ")
}
