//! What SQLite reports of a replayed schema.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use offprint::schema::{Column, ColumnType, Constraint, Index, IndexKey, IndexPart, Literal, Rule, Schema, Table};
use rusqlite::Connection;

use super::{default, foreign_key, order, string, timing, unique_nulls, uniqueness, unquoted};
use crate::support::observed::sqlite_text::{canonical, join, tokens};
use crate::support::observed::{
    ConstraintTiming, GeneratedStorage, IndexedValue, ObservedColumn, ObservedConstraint, ObservedGenerated,
    ObservedIdentity, ObservedIndex, ObservedIndexKey, ObservedRule, ObservedSchema, ObservedTable, ObservedTrigger,
    ObservedView,
};
use crate::support::sqlite::rows;

/// What a database has to report, when it has reported `found`.
pub fn expected(replayed: &Schema, found: &ObservedSchema) -> ObservedSchema {
    let mut schema = ObservedSchema::default();
    for table in replayed.tables() {
        let found = found.tables.get(table.name.as_str());
        schema.tables.insert(table.name.to_string(), expected_table(table, found, replayed));
    }
    for view in replayed.views() {
        let definition = canonical(&format!("AS {}", view.query));
        let (options, indexes, triggers) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        let observed = ObservedView { definition, options, indexes, triggers, comment: None };
        schema.views.insert(view.name.to_string(), observed);
    }
    for trigger in replayed.triggers() {
        let definition = canonical(trigger.definition.trim_end().trim_end_matches(';'));
        let observed = ObservedTrigger { definition, firing: "enabled".to_owned(), comment: None };
        let table = trigger.table.as_str();
        let triggers = match (schema.tables.get_mut(table), schema.views.get_mut(table)) {
            (Some(table), _) => &mut table.triggers,
            (None, Some(view)) => &mut view.triggers,
            (None, None) => panic!("trigger {} is on {table}, which the replayed schema does not have", trigger.name),
        };
        triggers.insert(trigger.name.to_string(), observed);
    }
    // A revision cannot say these; whatever raw SQL made of them is not drift.
    schema.others = found.others.clone();
    schema
}

fn expected_table(table: &Table, found: Option<&ObservedTable>, schema: &Schema) -> ObservedTable {
    let columns = table.columns.iter().map(|column| {
        let name = column.name.as_str();
        let found = found.and_then(|table| table.columns.get(name));
        (name.to_owned(), expected_column(column, table, found))
    });
    let columns = columns.collect();
    let enums = table.columns.iter().filter_map(|column| enum_check(column, table, schema));
    let options = [("STRICT", table.strict), ("WITHOUT ROWID", table.without_rowid)];
    ObservedTable {
        columns,
        column_order: table.columns.iter().map(|column| column.name.to_string()).collect(),
        constraints: table.constraints.iter().map(|one| expected_constraint(one, table)).chain(enums).collect(),
        indexes: table.indexes.iter().map(|index| expected_index(index, table)).collect(),
        triggers: BTreeMap::new(),
        options: options.into_iter().filter(|(_, holds)| *holds).map(|(option, _)| option.to_owned()).collect(),
        comment: None,
    }
}

fn expected_column(column: &Column, table: &Table, found: Option<&ObservedColumn>) -> ObservedColumn {
    let declared_type = declared_type(column, table);
    ObservedColumn {
        not_null: column.is_not_null(),
        on_null: None,
        default: default(column).map(|literal| {
            let words = literal_in_sqlite(literal);
            match found.and_then(|column| column.default.clone()) {
                Some(found) if has_effect(literal, &words, &found, &declared_type) => found,
                _ => words,
            }
        }),
        identity: column.identity.as_ref().map(|_| ObservedIdentity::Autoincrement),
        generated: column.generated.as_ref().map(|expression| ObservedGenerated {
            expression: without_qualifier(expression, &table.name),
            storage: GeneratedStorage::Stored,
        }),
        collation: column.collation.as_ref().map(|collation| unquoted(collation)),
        comment: None,
        declared_type,
    }
}

/// Whether a default that was found does what the literal says.
fn has_effect(literal: &Literal, words: &str, found: &str, declared_type: &str) -> bool {
    match literal {
        Literal::Sql(_) => canonical(words) == found,
        Literal::RandomUuid => {
            let uuid = stored(found, "TEXT");
            uuid.len() == 38 && uuid.as_bytes()[15] == b'4' && uuid != stored(found, "TEXT")
        }
        Literal::Now | Literal::CurrentDate => stored(words, "TEXT")[..11] == stored(found, "TEXT")[..11],
        _ => stored(words, declared_type) == stored(found, declared_type),
    }
}

/// The literal of what a column of this type holds after a row was inserted without a value for it.
fn stored(default: &str, declared_type: &str) -> String {
    let connection = Connection::open_in_memory().expect("a database in memory opens");
    let script = format!("CREATE TABLE t (a, c {declared_type} DEFAULT ({default})); INSERT INTO t (a) VALUES (1)");
    connection.execute_batch(&script).unwrap_or_else(|error| panic!("{error}\nin: {script}"));
    let values = rows(&connection, "SELECT quote(c) FROM t").expect("the row is there");
    values[0][0].clone().expect("a literal is not NULL")
}

fn expected_constraint(constraint: &Constraint, table: &Table) -> ObservedConstraint {
    let names = |columns: &[EcoString]| columns.iter().map(ToString::to_string).collect();
    let include = Vec::new();
    let rule = match &constraint.rule {
        Rule::PrimaryKey { columns } => ObservedRule::PrimaryKey { columns: names(columns), include },
        Rule::Unique { columns, nulls } => {
            let nulls = unique_nulls(*nulls);
            ObservedRule::Unique { columns: names(columns), include, nulls }
        }
        Rule::Check { expression } => {
            let expression = without_qualifier(expression, &table.name);
            ObservedRule::Check { expression }
        }
        Rule::ForeignKey(key) => foreign_key(key),
        Rule::Exclusion(_) => panic!("SQLite has no exclusion constraints"),
    };
    let name = constraint.name.as_ref().map(ToString::to_string);
    let checked = timing(constraint.deferrability);
    ObservedConstraint { name, rule, checked, validated: true, on_conflict: None, comment: None }
}

/// An expression of a table without the name of the table before its columns, which SQLite allows but may lose in a
/// rebuild.
fn without_qualifier(expression: &str, table: &str) -> String {
    let mut tokens = tokens(expression);
    while let Some(dot) =
        (1..tokens.len()).find(|&at| tokens[at].is_symbol(".") && tokens[at - 1].name().eq_ignore_ascii_case(table))
    {
        tokens.drain(dot - 1..=dot);
    }
    join(&tokens)
}

/// The check that keeps a column to the values of its enum.
fn enum_check(column: &Column, table: &Table, schema: &Schema) -> Option<ObservedConstraint> {
    let ColumnType::Enumeration(name) = &column.column_type else { return None };
    let enumeration = schema.enumeration(name).expect("the enum of a column exists");
    let values: Vec<String> = enumeration.values.iter().map(|value| string(value)).collect();
    // An enum has no order of its own, and no two spellings of a value.
    let by_bytes = match column.collation.as_deref() {
        None | Some("BINARY") => "",
        Some(_) => " COLLATE BINARY",
    };
    let expression = canonical(&format!("\"{}\"{by_bytes} IN ({})", column.name, values.join(", ")));
    Some(ObservedConstraint {
        name: Some(format!("ck_{}_{}", table.name, column.name)),
        rule: ObservedRule::Check { expression },
        checked: ConstraintTiming::NotDeferrable,
        validated: true,
        on_conflict: None,
        comment: None,
    })
}

fn expected_index(index: &Index, table: &Table) -> (String, ObservedIndex) {
    let keys = index.parts.iter().map(|part| {
        let (value, of_column) = match &part.key {
            IndexKey::Column(name) => {
                let column = table.column(name).and_then(|column| column.collation.as_ref());
                (IndexedValue::Column(name.to_string()), column)
            }
            IndexKey::Expression(expression) => (IndexedValue::Expression(canonical(expression)), None),
        };
        ObservedIndexKey {
            value,
            // NULL has one place in an index of SQLite.
            order: order(&IndexPart { nulls: None, ..part.clone() }),
            collation: part.collation.as_ref().or(of_column).map(|collation| unquoted(collation)),
            operator_class: None,
        }
    });
    let observed = ObservedIndex {
        unique: uniqueness(index),
        method: "btree".to_owned(),
        keys: keys.collect(),
        include: Vec::new(),
        predicate: index.filter.as_ref().map(|filter| canonical(filter)),
        options: BTreeSet::new(),
        comment: None,
    };
    (index.name.to_string(), observed)
}

/// The name under which SQLite holds a type: one whose affinity changes no value.
fn declared_type(column: &Column, table: &Table) -> String {
    // Only a column of exactly this type, alone in the key, is the number of the row.
    if column.identity.is_some() && table.primary_key() == [column.name.clone()] {
        return "INTEGER".to_owned();
    }
    let name = match &column.column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => "INTEGER",
        // A STRICT table knows five types; elsewhere names with the same affinity tell more.
        ColumnType::Boolean if table.strict => "INTEGER",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Varchar(length) if !table.strict => return format!("VARCHAR({length})"),
        ColumnType::Char(length) if !table.strict => return format!("CHAR({length})"),
        ColumnType::Float | ColumnType::Double => "REAL",
        ColumnType::Text
        | ColumnType::Varchar(_)
        | ColumnType::Char(_)
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Jsonb
        | ColumnType::Enumeration(_) => "TEXT",
        ColumnType::Bytes => "BLOB",
        ColumnType::Native(words) => words,
        other @ (ColumnType::Numeric { .. }
        | ColumnType::Interval
        | ColumnType::Domain { .. }
        | ColumnType::Composite(_)
        | ColumnType::Array(_)) => {
            panic!("SQLite cannot hold {other} exactly")
        }
    };
    name.to_owned()
}

fn literal_in_sqlite(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(truth) => u8::from(*truth).to_string(),
        Literal::Integer(number) => number.to_string(),
        Literal::Float(number) => format!("{number:?}"),
        Literal::Decimal(digits) => string(digits),
        Literal::Text(text) => string(text),
        Literal::Hex(digits) => format!("x'{digits}'"),
        Literal::Now => "CURRENT_TIMESTAMP".to_owned(),
        Literal::CurrentDate => "CURRENT_DATE".to_owned(),
        Literal::RandomUuid => "a random UUID".to_owned(),
        Literal::Sql(expression) => canonical(expression),
    }
}
