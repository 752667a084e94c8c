//! What Postgres reports of a replayed schema.

mod objects;
mod partitions;

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use offprint::schema::{
    Column, ColumnType, Constraint, Counting, Deferrability, Exclusion, Generation, Index, IndexKey, IndexPart,
    Literal, Population, Rule, Schema, Storage, Table, Validity, ViewKind, ViewSecurity,
};
use postgres::{Client, SimpleQueryMessage};

use super::{default, foreign_key, order, quoted, string, timing, unique_nulls, uniqueness, unquoted};
use crate::support::observed::{
    self, GeneratedStorage, IndexedValue, ObservedColumn, ObservedConstraint, ObservedEnum, ObservedGenerated,
    ObservedIdentity, ObservedIndex, ObservedIndexKey, ObservedRule, ObservedSchema, ObservedSequence, ObservedTable,
    ObservedTrigger, ObservedView,
};
use crate::support::postgres::{PostgresDatabase, explain};

/// The schema in which the server is asked what it makes of an author's words; it is never committed.
const PROBE: &str = "offprint_probe";

/// What a database has to report, when it has reported `found`.
pub fn expected(replayed: &Schema, found: &ObservedSchema, database: &PostgresDatabase) -> ObservedSchema {
    let mut client = database.connect();
    let probed = probe(replayed, &mut client);
    let mut schema = ObservedSchema::default();
    for table in replayed.tables() {
        let probed = probed.tables.get(&format!("{PROBE}.{}", table.name)).expect("the table was probed");
        let found = found.tables.get(table.name.as_str());
        schema.tables.insert(table.name.to_string(), expected_table(table, probed, found, &mut client));
    }
    for view in replayed.views() {
        let probed = probed.views.get(&format!("{PROBE}.{}", view.name)).expect("the view was probed");
        let definition = probed.definition.clone();
        let triggers = BTreeMap::new();
        let options: &[&str] = match &view.kind {
            ViewKind::Plain { security: ViewSecurity::Owner } => &[],
            ViewKind::Plain { security: ViewSecurity::Invoker } => &["security_invoker=true"],
            ViewKind::Materialized(materialized) => match materialized.population {
                Population::Filled => &["MATERIALIZED"],
                Population::Empty => &["MATERIALIZED", "NO DATA"],
            },
        };
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let index = |index: &Arc<Index>| {
            let probed = &probed.indexes[index.name.as_str()];
            // The collation of a column is that of a column of a table, which the query leads to.
            let collation = |name: &str| {
                let key =
                    probed.keys.iter().find(|key| matches!(&key.value, IndexedValue::Column(column) if column == name));
                key.and_then(|key| key.collation.clone())
            };
            (index.name.to_string(), expected_index(index, probed, collation))
        };
        let indexes = view.indexes().iter().map(index).collect();
        let view_of_model = ObservedView { definition, options, indexes, triggers, comment: None };
        schema.views.insert(view.name.to_string(), view_of_model);
    }
    for trigger in replayed.triggers() {
        let definition = probe_trigger(&trigger.name, &trigger.table, &trigger.definition, &mut client);
        let observed = ObservedTrigger { definition, firing: "enabled".to_owned(), comment: None };
        let table = trigger.table.as_str();
        let triggers = match (schema.tables.get_mut(table), schema.views.get_mut(table)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => panic!("trigger {} is on {table}, which the replayed schema does not have", trigger.name),
        };
        triggers.insert(trigger.name.to_string(), observed);
    }
    for enumeration in replayed.enumerations() {
        let values = enumeration.values.iter().map(ToString::to_string).collect();
        schema.enums.insert(enumeration.name.to_string(), ObservedEnum { values, comment: None });
    }
    partitions::expect(&mut schema, replayed, &probed, found);
    objects::expect(&mut schema, replayed, found, &mut client);
    schema
}

/// Lets the server parse and print the author's expressions, in tables and views of the same names in another schema.
fn probe(replayed: &Schema, client: &mut Client) -> ObservedSchema {
    let mut script = format!("BEGIN; SET LOCAL search_path = public; CREATE SCHEMA {PROBE};\n");
    for table in replayed.tables() {
        let name = format!("{PROBE}.{}", quoted(&table.name));
        let mut parts: Vec<String> = table.columns.iter().map(|column| probe_column(column)).collect();
        for (number, constraint) in table.constraints.iter().enumerate() {
            let rule = match &constraint.rule {
                Rule::Check { expression } => format!("CHECK ({expression})"),
                Rule::Exclusion(exclusion) => probe_exclusion(exclusion, constraint.deferrability),
                Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => continue,
            };
            parts.push(format!("CONSTRAINT {} {rule}", quoted(&probe_name(number))));
        }
        let divided = partitions::probe_key(table);
        script.push_str(&format!("CREATE TABLE {name} ({}){divided};\n", parts.join(", ")));
        for index in &table.indexes {
            script.push_str(&probe_index(index, &name));
        }
        for partition in replayed.partitions_of(&table.name) {
            script.push_str(&partitions::probe(partition, &name));
        }
    }
    let mut views: Vec<_> = replayed.views().collect();
    // A view stands behind the views that it reads; the names of those are in its text.
    while !views.is_empty() {
        let names: Vec<_> = views.iter().map(|view| view.name.clone()).collect();
        let ready = views
            .iter()
            .position(|view| !names.iter().any(|other| *other != view.name && view.query.contains(other.as_str())))
            .unwrap_or_default();
        let view = views.remove(ready);
        let (kind, name) = (view.object_kind().title(), format!("{PROBE}.{}", quoted(&view.name)));
        script.push_str(&format!("CREATE {kind} {name} AS {}\n;\n", view.query));
        for index in view.indexes() {
            script.push_str(&probe_index(index, &name));
        }
    }
    if let Err(error) = client.batch_execute(&script) {
        panic!("the replayed schema cannot be probed: {}\n{script}", explain(&error));
    }
    let probed = observed::postgres::read(client, &[]);
    client.batch_execute("ROLLBACK").expect("the probe is rolled back");
    probed
}

fn probe_column(column: &Column) -> String {
    let mut text = format!("{} {}", quoted(&column.name), type_name(&column.column_type));
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {}", quoted(&unquoted(collation))));
    }
    if let Some(default) = default(column) {
        text.push_str(&format!(" DEFAULT {}", literal(default)));
    }
    if let Some(expression) = &column.generated {
        text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) STORED"));
    }
    text
}

/// The expressions of an index alone; the rest of it is converted directly.
fn probe_index(index: &Index, table: &str) -> String {
    let keys: Vec<String> = index.parts.iter().map(probe_part).collect();
    let method = index.method.as_ref().map(|method| format!(" USING {method}")).unwrap_or_default();
    let filter = index.filter.as_ref().map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
    format!("CREATE INDEX {} ON {table}{method} ({}){filter};\n", quoted(&index.name), keys.join(", "))
}

fn probe_part(part: &IndexPart) -> String {
    let key = match &part.key {
        IndexKey::Column(name) => quoted(name),
        IndexKey::Expression(expression) => format!("({expression})"),
    };
    let collation = part.collation.as_ref().map(|name| format!(" COLLATE {}", quoted(&unquoted(name))));
    let class = part.operator_class.as_ref().map(|class| format!(" {class}"));
    key + &collation.unwrap_or_default() + &class.unwrap_or_default()
}

fn probe_exclusion(exclusion: &Exclusion, deferrability: Deferrability) -> String {
    let elements = exclusion.elements.iter();
    let elements: Vec<String> =
        elements.map(|element| format!("{} WITH {}", probe_part(&element.part), element.operator)).collect();
    let method = exclusion.method.as_ref().map(|method| format!(" USING {method}")).unwrap_or_default();
    let filter = exclusion.filter.as_ref().map(|filter| format!(" WHERE ({filter})")).unwrap_or_default();
    let timing = match deferrability {
        Deferrability::NotDeferrable => "",
        Deferrability::InitiallyImmediate => " DEFERRABLE",
        Deferrability::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    };
    format!("EXCLUDE{method} ({}){filter}{timing}", elements.join(", "))
}

fn probe_name(number: usize) -> String {
    format!("probe_{number}")
}

fn expected_table(
    table: &Table,
    probed: &ObservedTable,
    found: Option<&ObservedTable>,
    client: &mut Client,
) -> ObservedTable {
    let columns = table.columns.iter().map(|column| {
        let name = column.name.as_str();
        let found = found.and_then(|table| table.columns.get(name));
        (name.to_owned(), expected_column(column, &probed.columns[name], found, client))
    });
    let columns = columns.collect();
    let constraints = table.constraints.iter().enumerate();
    let collation = |name: &str| table.column(name)?.collation.as_ref().map(|collation| unquoted(collation));
    let index = |index: &Arc<Index>| {
        (index.name.to_string(), expected_index(index, &probed.indexes[index.name.as_str()], collation))
    };
    ObservedTable {
        columns,
        column_order: table.columns.iter().map(|column| column.name.to_string()).collect(),
        constraints: constraints.map(|(number, one)| expected_constraint(one, number, table, probed, found)).collect(),
        indexes: table.indexes.iter().map(index).collect(),
        triggers: BTreeMap::new(),
        options: partitions::dividing(probed).into_iter().chain(storage(&table.storage)).collect(),
        comment: table.comment.as_ref().map(ToString::to_string),
    }
}

fn expected_column(
    column: &Column,
    probed: &ObservedColumn,
    found: Option<&ObservedColumn>,
    client: &mut Client,
) -> ObservedColumn {
    ObservedColumn {
        declared_type: match &column.column_type {
            // The server knows how it calls the author's own words.
            ColumnType::Native(_) => probed.declared_type.clone(),
            other => type_name(other),
        },
        not_null: column.is_not_null(),
        on_null: None,
        default: default(column).map(|literal| {
            let probed = probed.default.clone().expect("the default was probed");
            match found.and_then(|column| column.default.clone()) {
                // One constant can be written in many ways.
                Some(found) if literal.is_constant() && same_value(&probed, &found, &column.column_type, client) => {
                    found
                }
                _ => probed,
            }
        }),
        identity: column.identity.as_ref().map(|identity| {
            let sequence = identity_sequence(&column.column_type, identity.counting.as_deref());
            match identity.generation {
                Generation::ByDefault => ObservedIdentity::ByDefault(sequence),
                Generation::Always => ObservedIdentity::Always(sequence),
            }
        }),
        generated: column.generated.as_ref().map(|_| ObservedGenerated {
            expression: probed.generated.as_ref().expect("the expression was probed").expression.clone(),
            storage: GeneratedStorage::Stored,
        }),
        collation: column.collation.as_ref().map(|collation| unquoted(collation)),
        comment: column.comment.as_ref().map(ToString::to_string),
    }
}

fn same_value(left: &str, right: &str, column_type: &ColumnType, client: &mut Client) -> bool {
    let name = type_name(column_type);
    let query = format!("SELECT (({left})::{name})::text = (({right})::{name})::text");
    let messages = client.simple_query(&query).unwrap_or_else(|error| panic!("{}\nin: {query}", explain(&error)));
    messages.iter().any(|message| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some("t")))
}

/// The sequence that an identity column has; an author says no more than where it starts and how it goes on.
fn identity_sequence(column_type: &ColumnType, counting: Option<&Counting>) -> ObservedSequence {
    let (data_type, maximum) = match column_type {
        ColumnType::SmallInteger => ("smallint", i64::from(i16::MAX)),
        ColumnType::Integer => ("integer", i64::from(i32::MAX)),
        ColumnType::BigInteger => ("bigint", i64::MAX),
        other => panic!("a column of type {other} cannot be an identity"),
    };
    let data_type = data_type.to_owned();
    let start = counting.and_then(|counting| counting.start).unwrap_or(1);
    let increment = counting.and_then(|counting| counting.increment).unwrap_or(1);
    ObservedSequence { data_type, start, increment, minimum: 1, maximum, cache: 1, cycle: false, owned_by: None }
}

fn expected_constraint(
    constraint: &Constraint,
    number: usize,
    table: &Table,
    probed: &ObservedTable,
    found: Option<&ObservedTable>,
) -> ObservedConstraint {
    let names = |columns: &[EcoString]| columns.iter().map(ToString::to_string).collect();
    let include = Vec::new();
    let rule = match &constraint.rule {
        Rule::PrimaryKey { columns } => ObservedRule::PrimaryKey { columns: names(columns), include },
        Rule::Unique { columns, nulls } => {
            let nulls = unique_nulls(*nulls);
            ObservedRule::Unique { columns: names(columns), include, nulls }
        }
        Rule::Check { .. } | Rule::Exclusion(_) => {
            let name = Some(probe_name(number));
            let probed = probed.constraints.iter().find(|constraint| constraint.name == name);
            probed.expect("the constraint was probed").rule.clone()
        }
        Rule::ForeignKey(key) => foreign_key(key),
    };
    let name = match &constraint.name {
        Some(name) => Some(name.to_string()),
        // Postgres gives every constraint a name; this one is any that no other constraint has.
        None => found.map(|found| {
            let same = found.constraints.iter().filter(|found| found.rule == rule);
            let free = same.filter_map(|found| found.name.clone()).find(|name| table.constraint(name).is_none());
            free.unwrap_or_default()
        }),
    };
    let validated = constraint.validity == Validity::Valid;
    let checked = timing(constraint.deferrability);
    ObservedConstraint { name, rule, checked, validated, on_conflict: None, comment: None }
}

/// An index, when `collation_of` knows the collations of columns.
/// The storage parameters that have a value.
fn storage(storage: &Storage) -> impl Iterator<Item = String> {
    storage.iter().map(|(parameter, value)| format!("{parameter}={value}"))
}

fn expected_index(
    index: &Index,
    probed: &ObservedIndex,
    collation_of: impl Fn(&str) -> Option<String>,
) -> ObservedIndex {
    let keys = index.parts.iter().zip(&probed.keys).map(|(part, probed)| {
        let value = match &part.key {
            IndexKey::Column(name) => IndexedValue::Column(name.to_string()),
            IndexKey::Expression(_) => probed.value.clone(),
        };
        let of_column = match &part.key {
            IndexKey::Column(name) => collation_of(name),
            IndexKey::Expression(_) => None,
        };
        ObservedIndexKey {
            value,
            order: order(part),
            collation: part.collation.as_ref().map(|collation| unquoted(collation)).or(of_column),
            operator_class: part.operator_class.as_ref().map(|class| unquoted(class)),
        }
    });
    ObservedIndex {
        unique: uniqueness(index),
        method: index.method.as_ref().map_or_else(|| "btree".to_owned(), |method| unquoted(method)),
        keys: keys.collect(),
        include: index.include.iter().map(ToString::to_string).collect(),
        predicate: probed.predicate.clone(),
        options: storage(&index.storage).collect(),
        comment: None,
    }
}

/// What the server makes of a trigger's words: the trigger is created again, and that is rolled back.
fn probe_trigger(name: &str, table: &str, words: &str, client: &mut Client) -> String {
    let (name, table) = (quoted(name), format!("public.{}", quoted(table)));
    let words = words.trim_end().trim_end_matches(';');
    let script = format!(
        "BEGIN; SET LOCAL search_path = public; DROP TRIGGER IF EXISTS {name} ON {table}; CREATE TRIGGER {name} {words};
         SET LOCAL search_path = '';
         SELECT pg_catalog.pg_get_triggerdef(t.oid, false) FROM pg_catalog.pg_trigger t
         WHERE t.tgrelid = {relation}::regclass AND t.tgname = {trigger}",
        relation = string(&table),
        trigger = string(&unquoted(&name)),
    );
    let definition = client.simple_query(&script).map(|messages| {
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        rows.last().expect("the trigger was created")
    });
    client.batch_execute("ROLLBACK").expect("the probe is rolled back");
    definition.unwrap_or_else(|error| panic!("trigger {name} cannot be probed: {}\n{script}", explain(&error)))
}

/// The name of a type as `format_type` prints it with an empty search path.
fn type_name(column_type: &ColumnType) -> String {
    let name = match column_type {
        ColumnType::SmallInteger => "smallint",
        ColumnType::Integer => "integer",
        ColumnType::BigInteger => "bigint",
        ColumnType::Float => "real",
        ColumnType::Double => "double precision",
        ColumnType::Numeric { precision, scale } => return format!("numeric({precision},{scale})"),
        ColumnType::Text => "text",
        ColumnType::Varchar(length) => return format!("character varying({length})"),
        ColumnType::Char(length) => return format!("character({length})"),
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Time => "time without time zone",
        ColumnType::Timestamp => "timestamp without time zone",
        ColumnType::Timestamptz => "timestamp with time zone",
        ColumnType::Interval => "interval",
        ColumnType::Uuid => "uuid",
        ColumnType::Json => "json",
        ColumnType::Jsonb => "jsonb",
        ColumnType::Bytes => "bytea",
        // The server quotes a name only where it has to.
        ColumnType::Enumeration(name) | ColumnType::Domain { name, .. } | ColumnType::Composite(name) => {
            return if is_plain(name) { format!("public.{name}") } else { format!("public.{}", quoted(name)) };
        }
        ColumnType::Array(element) => return format!("{}[]", type_name(element)),
        ColumnType::Native(words) => words,
    };
    name.to_owned()
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(truth) => truth.to_string(),
        Literal::Integer(number) => number.to_string(),
        Literal::Float(number) => format!("{number:?}"),
        Literal::Decimal(digits) => digits.to_string(),
        Literal::Text(text) => string(text),
        Literal::Hex(digits) => format!("'\\x{digits}'"),
        Literal::Now => "now()".to_owned(),
        Literal::CurrentDate => "CURRENT_DATE".to_owned(),
        Literal::RandomUuid => "gen_random_uuid()".to_owned(),
        Literal::Sql(expression) => format!("({expression})"),
    }
}
