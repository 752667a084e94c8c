//! Random operations that fit a schema.

use offprint::operation::{ColumnDefinition, Op, Type};
use offprint::prelude::*;
use offprint::schema::{Column, ColumnType, Schema, Value};

use crate::support::random::Random;

pub fn create_table(random: &mut Random, enums: &[String], tables: &[String], schema: &Schema, op: &mut Op) {
    let table = op.create_table(format!("t{}", random.below(6))).column("id", integer());
    let count = 1 + random.below(4);
    for number in 0..count {
        let definition = random_column(random, enums, schema);
        table.column(format!("c{number}"), definition);
    }
    table.primary_key(["id"]);
    if random.chance(30) {
        table.unique(["c0", "id"]);
    }
    if random.chance(30) {
        table.check("id", "id >= 0");
    }
    if let Some(other) = tables.get(random.below(3)) {
        table.column("other_id", integer()).foreign_key(["other_id"], other, ["id"]).on_delete(Cascade);
    }
    if random.chance(10) {
        table.without_rowid();
    }
}

pub fn random_type(random: &mut Random, enums: &[String]) -> Type {
    match random.below(11) {
        0 => small_integer(),
        1 => integer(),
        2 => big_integer(),
        3 => text(),
        4 => varchar(3),
        5 => boolean(),
        6 => double(),
        7 => date(),
        8 => uuid(),
        9 => jsonb(),
        _ => match enums.first() {
            Some(name) => enumeration(name),
            None => text(),
        },
    }
}

pub fn random_column(random: &mut Random, enums: &[String], schema: &Schema) -> ColumnDefinition {
    let column_type = random_type(random, enums);
    let default = default_of(&column_type, schema);
    let column = ColumnDefinition::from(column_type);
    match random.below(4) {
        0 => column.not_null(),
        1 => column.not_null().default(default),
        2 => column.comment("it's"),
        _ => column,
    }
}

/// A default for a column that is yet to be.
pub fn default_of(column_type: &Type, schema: &Schema) -> Value {
    match column_type {
        Type::Plain(column_type) => value_of(column_type, schema),
        Type::Enumeration(name) => value_of(&ColumnType::Enumeration(name.value.clone()), schema),
        _ => Value::Text("d".into()),
    }
}

/// A value that a column of this type can have.
pub fn value_of(column_type: &ColumnType, schema: &Schema) -> Value {
    let words = |words: &str| Value::Text(words.into());
    match column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => Value::Integer(7),
        ColumnType::Double => Value::Float(0.5),
        ColumnType::Boolean => Value::Boolean(true),
        ColumnType::Date => words("2026-01-31"),
        ColumnType::Uuid => words("0e984725-c51c-4bf4-9960-e1c80e27aba0"),
        ColumnType::Jsonb => words("{}"),
        ColumnType::Enumeration(name) => words(&schema.enumeration(name).expect("the enum exists").values[0]),
        _ => words("d"),
    }
}

pub fn alter_column(random: &mut Random, table: &str, column: &Column, enums: &[String], schema: &Schema, op: &mut Op) {
    let alter = op.alter_column(table, column.name.as_str());
    match random.below(7) {
        0 | 1 => {
            let column_type = random_type(random, enums);
            alter.set_type(column_type);
        }
        2 => {
            alter.set_not_null();
        }
        3 => {
            alter.drop_not_null();
        }
        4 => {
            alter.set_default(value_of(&column.column_type, schema));
        }
        5 => {
            alter.drop_default();
        }
        _ => {
            alter.set_comment("it's -- said");
        }
    }
}

pub fn change_enum(random: &mut Random, name: &str, schema: &Schema, op: &mut Op) {
    let values: Vec<&str> =
        schema.enumeration(name).expect("the enum exists").values.iter().map(|v| v.as_str()).collect();
    let value = values[random.below(values.len())];
    let others: Vec<&str> = values.iter().copied().filter(|other| *other != value).collect();
    let new = format!("n{}", random.below(9));
    match random.below(7) {
        0 => {
            op.add_enum_value(name, new);
        }
        1 => {
            op.add_enum_value(name, new).before(value);
        }
        2 => {
            op.rename_enum_value(name, value, new);
        }
        3 if !others.is_empty() => {
            op.replace_enum_values(name, others.as_slice()).map([(value, others[0])]);
        }
        4 if !others.is_empty() => {
            op.replace_enum_values(name, others.as_slice());
        }
        5 => {
            let reversed: Vec<&str> = values.iter().rev().copied().collect();
            op.replace_enum_values(name, reversed);
        }
        6 => {
            op.rename_enum(name, format!("e{}", random.below(6)));
        }
        _ => {
            op.drop_enum(name);
        }
    }
}

/// A value for a row, in words that both engines read.
pub fn random_value(random: &mut Random, column: &Column, schema: &Schema) -> String {
    let string = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if random.chance(20) {
        return "NULL".to_owned();
    }
    match &column.column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => random.below(12).to_string(),
        ColumnType::Double => random.pick(&["0.5", "2", "-1e10"]).to_owned(),
        ColumnType::Boolean => random.pick(&["TRUE", "FALSE"]).to_owned(),
        ColumnType::Date => random.pick(&["'2026-01-31'", "'1999-12-31'"]).to_owned(),
        ColumnType::Uuid => string(&format!("0e984725-c51c-4bf4-9960-e1c80e27aba{}", random.below(9))),
        ColumnType::Jsonb => random.pick(&["'{\"a\": 1}'", "'[]'", "'1'"]).to_owned(),
        ColumnType::Enumeration(name) => {
            let values = &schema.enumeration(name).expect("the enum exists").values;
            string(&values[random.below(values.len())])
        }
        _ => random.pick(&["'a'", "'12'", "''", "'x y'", "'it''s'", "'true'", "'-7'"]).to_owned(),
    }
}
