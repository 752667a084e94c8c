//! What Postgres reports of the objects of the rarer kinds.

use std::collections::{BTreeMap, BTreeSet};

use offprint::schema::{
    AtEnd, Attribute, Combination, Domain, GrantTargetKind, Holding, NullArguments, Nullability, NumberType, Policy,
    PolicyCommand, Privileges, Routine, RoutineKind, RoutineLanguage, Schema, SchemaObject, Sequence, Subjects,
};
use postgres::{Client, SimpleQueryMessage};

use super::{is_plain, literal, quoted, string, type_name};
use crate::support::observed::{ObservedSchema, ObservedSequence};
use crate::support::postgres::explain;

/// The kinds that a revision can say, as the reader of the catalogue begins their keys.
const KINDS: [&str; 8] =
    ["domain ", "composite type ", "function ", "procedure ", "policy ", "privileges ", "schema ", "extension "];

/// Puts what the objects of the replayed schema look like into an expectation whose tables are complete.
///
/// Of a kind that no revision can say, whatever raw SQL made of it is not drift.
pub fn expect(schema: &mut ObservedSchema, replayed: &Schema, found: &ObservedSchema, client: &mut Client) {
    let sayable = |key: &str| KINDS.iter().any(|kind| key.starts_with(kind));
    let unsayable = found.others.iter().filter(|(key, _)| !sayable(key));
    schema.others = unsayable.map(|(key, definition)| (key.clone(), definition.clone())).collect();
    for object in replayed.objects() {
        match &**object {
            SchemaObject::Namespace(namespace) => {
                schema.others.insert(format!("schema {}", namespace.name), String::new());
            }
            SchemaObject::Extension(extension) => {
                let usual = format!(
                    "BEGIN; SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = {}",
                    string(&extension.name)
                );
                let version =
                    extension.version.as_ref().map_or_else(|| probe(&usual, client), |version| version.to_string());
                let place = extension.schema.as_deref().unwrap_or("public");
                schema.others.insert(format!("extension {}", extension.name), format!("{version} in {place}"));
            }
            SchemaObject::Domain(domain) => {
                schema.others.insert(format!("domain {}", domain.name), probe_domain(domain, client));
            }
            SchemaObject::Composite(composite) => {
                let attribute = |attribute: &Attribute| {
                    let name = &attribute.name;
                    let name = if is_plain(name) { name.to_string() } else { quoted(name) };
                    format!("{name} {}", type_name(&attribute.attribute_type))
                };
                let attributes: Vec<String> = composite.attributes.iter().map(attribute).collect();
                schema.others.insert(format!("composite type {}", composite.name), attributes.join(", "));
            }
            SchemaObject::Routine(routine) => {
                let (key, definition) = probe_routine(routine, client);
                schema.others.insert(key, definition);
            }
            SchemaObject::Sequence(sequence) => {
                schema.sequences.insert(sequence.name.to_string(), expected_sequence(sequence));
            }
            // A table of its own to the catalogue.
            SchemaObject::Partition(_) => {}
            SchemaObject::RowSecurity(security) => {
                let table = schema.tables.get_mut(security.table.as_str()).expect("the replayed schema has the table");
                table.options.insert("ROW LEVEL SECURITY".to_owned());
                if security.subjects == Subjects::OwnerToo {
                    table.options.insert("FORCE ROW LEVEL SECURITY".to_owned());
                }
            }
            SchemaObject::Policy(policy) => {
                let key = format!("policy {} on {}", policy.name, full_name(&policy.table));
                schema.others.insert(key, expected_policy(policy, client));
            }
            SchemaObject::Privileges(privileges) => schema.others.extend(expected_privileges(privileges)),
        }
    }
}

/// A sequence with what the server assumes where nothing is said.
fn expected_sequence(sequence: &Sequence) -> ObservedSequence {
    let counting = &sequence.counting;
    let (data_type, smallest, largest) = match sequence.number_type {
        NumberType::SmallInteger => ("smallint", i64::from(i16::MIN), i64::from(i16::MAX)),
        NumberType::Integer => ("integer", i64::from(i32::MIN), i64::from(i32::MAX)),
        NumberType::BigInteger => ("bigint", i64::MIN, i64::MAX),
    };
    let increment = counting.increment.unwrap_or(1);
    let upwards = increment > 0;
    let minimum = counting.minimum.unwrap_or(if upwards { 1 } else { smallest });
    let maximum = counting.maximum.unwrap_or(if upwards { largest } else { -1 });
    ObservedSequence {
        data_type: data_type.to_owned(),
        start: counting.start.unwrap_or(if upwards { minimum } else { maximum }),
        increment,
        minimum,
        maximum,
        cache: counting.cache.unwrap_or(1),
        cycle: counting.at_end == AtEnd::Cycle,
        owned_by: sequence.owner.as_ref().map(|owner| format!("{}.{}", owner.table, owner.column)),
    }
}

/// What a role has of an object, as words with a sign, for the whole of it and for each of its columns.
fn expected_privileges(privileges: &Privileges) -> BTreeMap<String, String> {
    let Privileges { target, role, held } = privileges;
    let kind = match target.kind {
        GrantTargetKind::Relation => "relation",
        GrantTargetKind::Routine => "routine",
        GrantTargetKind::Type => "type",
        GrantTargetKind::Schema => "schema",
    };
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (permission, holding) in held {
        let keyword = permission.privilege.keyword();
        let word = match holding {
            Holding::Granted => format!("+{keyword}"),
            Holding::Grantable | Holding::DefaultGrantable => format!("+{keyword}*"),
            Holding::DefaultRevoked if role == "public" && target.open_to_all(permission.privilege) => {
                format!("-{keyword}")
            }
            // The defaults of the database are not in the catalogue of its objects.
            Holding::DefaultRevoked => continue,
        };
        let column = permission.column.as_ref().map(|column| format!(".{column}")).unwrap_or_default();
        let key = format!("privileges of {role} on {kind} {}{column}", target.name);
        words.entry(key).or_default().insert(word);
    }
    words.into_iter().map(|(key, words)| (key, words.into_iter().collect::<Vec<_>>().join(", "))).collect()
}

fn expected_policy(policy: &Policy, client: &mut Client) -> String {
    let combination = match policy.combination {
        Combination::Permissive => "PERMISSIVE",
        Combination::Restrictive => "RESTRICTIVE",
    };
    let command = match policy.command {
        PolicyCommand::All => "*",
        PolicyCommand::Select => "r",
        PolicyCommand::Insert => "a",
        PolicyCommand::Update => "w",
        PolicyCommand::Delete => "d",
    };
    // The server keeps one word for all roles, whatever stands beside it.
    let everyone = policy.roles.is_empty() || policy.roles.iter().any(|role| role == "public");
    let roles: BTreeSet<&str> =
        if everyone { ["public"].into() } else { policy.roles.iter().map(|role| role.as_str()).collect() };
    let mut text = format!("{combination} FOR {command} TO {{{}}}", roles.into_iter().collect::<Vec<_>>().join(","));
    if let Some(using) = &policy.using {
        text.push_str(&format!(" USING ({})", probe_condition(&policy.table, using, client)));
    }
    if let Some(check) = &policy.with_check {
        text.push_str(&format!(" WITH CHECK ({})", probe_condition(&policy.table, check, client)));
    }
    text
}

/// What the server makes of a condition over the rows of a table: a policy is created, and that is rolled back.
fn probe_condition(table: &str, condition: &str, client: &mut Client) -> String {
    let script = format!(
        "BEGIN; SET LOCAL search_path = public;
         CREATE POLICY offprint_probe ON public.{table} USING ({condition}
         );
         SET LOCAL search_path = '';
         SELECT pg_catalog.pg_get_expr(p.polqual, p.polrelid) FROM pg_catalog.pg_policy p
         WHERE p.polname = 'offprint_probe'",
        table = quoted(table),
        condition = condition.trim_end_matches(';'),
    );
    probe(&script, client)
}

/// What the server makes of the rules of a domain: another one is created with them, and that is rolled back.
fn probe_domain(domain: &Domain, client: &mut Client) -> String {
    let base = type_name(&domain.base);
    let default = domain.default.as_ref().map(|default| format!(" DEFAULT {}", literal(default))).unwrap_or_default();
    let checks = domain.checks.iter().map(|check| {
        format!(" CONSTRAINT {} CHECK ({}\n)", quoted(&check.name), check.expression.trim_end_matches(';'))
    });
    let create = format!(
        "BEGIN; SET LOCAL search_path = public; CREATE DOMAIN public.offprint_probe AS {base}{default}{};
         SET LOCAL search_path = '';",
        checks.collect::<String>()
    );
    let of_this = "FROM pg_catalog.pg_type t WHERE t.typname = 'offprint_probe'";
    let rules = format!(
        "{create} SELECT coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(t.typdefaultbin, 0), '') || coalesce((
             SELECT string_agg(' CONSTRAINT ' || k.conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
             FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '') {of_this}"
    );
    let not_null = match domain.nullability {
        Nullability::NotNull => " NOT NULL",
        Nullability::Nullable => "",
    };
    format!("{base}{not_null}{}", probe(&rules, client))
}

/// How the server calls a routine, and what it makes of its definition: it is created anew, and that is rolled back.
fn probe_routine(routine: &Routine, client: &mut Client) -> (String, String) {
    let Routine { name, arguments, kind, language, body, security, settings } = routine;
    let (word, facets) = match kind {
        RoutineKind::Procedure => ("PROCEDURE", String::new()),
        RoutineKind::Function { returns, volatility, nulls } => {
            let returns = returns.as_ref().map(|result| format!("RETURNS {result}")).unwrap_or_default();
            (
                "FUNCTION",
                format!(
                    "{returns} {volatility:?} {}",
                    match nulls {
                        NullArguments::Called => "CALLED ON NULL INPUT",
                        NullArguments::ReturnNull => "RETURNS NULL ON NULL INPUT",
                    }
                ),
            )
        }
    };
    let settings: String = settings.iter().map(|(parameter, value)| format!(" SET {parameter} TO {value}")).collect();
    let create = format!(
        "BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL search_path = public;
         DROP {word} IF EXISTS public.{name} CASCADE;
         CREATE {word} public.{name} ({arguments}) {facets} SECURITY {security:?} {settings} LANGUAGE {language}
         {body};
         SET LOCAL search_path = '';",
        name = quoted(name),
        language = language.name(),
        body = match language {
            RoutineLanguage::AtomicSql => format!("BEGIN ATOMIC {body}\n; END"),
            RoutineLanguage::Sql | RoutineLanguage::PlPgSql => format!("AS {}", string(&format!("\n{body}\n"))),
        },
    );
    let query = "FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname =";
    let arguments = "pg_catalog.pg_get_function_identity_arguments(p.oid)";
    let of_this = format!("{query} {}", string(name));
    let key = probe(
        &format!("{create} SELECT '{} ' || p.proname || '(' || {arguments} || ')' {of_this}", word.to_lowercase()),
        client,
    );
    let definition = probe(&format!("{create} SELECT pg_catalog.pg_get_functiondef(p.oid) {of_this}"), client);
    (key, definition)
}

/// The only value that the last query of a script gives. The script is rolled back.
fn probe(script: &str, client: &mut Client) -> String {
    let answer = client.simple_query(script).map(|messages| {
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        rows.last().expect("the query gives a row")
    });
    client.batch_execute("ROLLBACK").expect("the probe is rolled back");
    answer.unwrap_or_else(|error| panic!("cannot be probed: {}\n{script}", explain(&error)))
}

/// The name of a table of the project as the server prints it under an empty search path.
fn full_name(name: &str) -> String {
    if is_plain(name) { format!("public.{name}") } else { format!("public.{}", quoted(name)) }
}
