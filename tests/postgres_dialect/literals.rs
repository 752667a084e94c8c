//! Values of every type come back from the server as they were written.

use offprint::operation::Type;
use offprint::prelude::*;
use offprint::schema::{Schema, Value};

use crate::harness::replay;
use crate::support::postgres::PostgresDatabase;

#[test]
fn a_value_is_read_back_as_it_was_written() {
    let Some(database) = PostgresDatabase::create("literals") else { return };
    let text_value = |text: &str| Value::Text(text.into());
    let values: Vec<(Type, Value, &str)> = vec![
        (text(), text_value("it's \\n $offprint$ %s :name \"q\" ü\n--"), "it's \\n $offprint$ %s :name \"q\" ü\n--"),
        (varchar(3), text_value("äöü"), "äöü"),
        (small_integer(), Value::Integer(-32768), "-32768"),
        (big_integer(), Value::Integer(i64::MIN), "-9223372036854775808"),
        (float(), Value::Float(0.1), "0.1"),
        (double(), Value::Float(1.797_693_134_862_315_7e308), "1.7976931348623157e+308"),
        (double(), Value::Float(5e-324), "5e-324"),
        (double(), Value::Float(-0.0), "-0"),
        (double(), Value::Float(0.1 + 0.2), "0.30000000000000004"),
        (double(), Value::Integer(7), "7"),
        (numeric(20, 10), decimal("-0.1234567891"), "-0.1234567891"),
        (numeric(5, 2), Value::Integer(5), "5.00"),
        (boolean(), Value::Boolean(true), "true"),
        (bytes(), hex("00FFabcd"), "\\x00ffabcd"),
        (uuid(), text_value("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        (json(), text_value("{\"a\" : 'b'}".replace('\'', "\"").as_str()), "{\"a\" : \"b\"}"),
        (jsonb(), text_value("[1]"), "[1]"),
        (date(), text_value("2026-01-31"), "2026-01-31"),
        (time(), text_value("10:30"), "10:30:00"),
        (timestamp(), text_value("2026-01-31 10:00:00.5"), "2026-01-31 10:00:00.5"),
        (timestamptz(), text_value("2026-01-31 10:00:00+02"), "2026-01-31 08:00:00+00"),
        (interval(), text_value("1 day"), "1 day"),
        (enumeration("odd mood"), text_value("it's"), "it's"),
        (array(text()), text_value("{a,\"b c\"}"), "{a,\"b c\"}"),
        (array(enumeration("odd mood")), text_value("{it's}"), "{it's}"),
        (native("point"), text_value("(1,2)"), "(1,2)"),
        (integer(), Value::Sql(sql("1 + 1")), "2"),
        (text(), Value::Integer(5), "5"),
    ];
    let schema = replay(&Schema::default(), |op| {
        op.create_enum("odd mood", ["it's", "b"]);
        let table = op.create_table("entry").column("id", integer());
        for (index, (column_type, ..)) in values.iter().enumerate() {
            table.column(format!("column {index}"), column_type.clone());
        }
        for (index, (column_type, value, _)) in values.iter().enumerate() {
            table.column(format!("default {index}"), column_type.clone().default(value.clone()));
        }
    });
    database.psql(&schema.script()).expect_success();
    let rows = replay(&schema.after, |op| {
        for (index, (_, value, _)) in values.iter().enumerate() {
            op.insert("entry", [format!("column {index}")]).row((value.clone(),));
        }
    });
    database.psql(&rows.script()).expect_success();
    for prefix in ["column", "default"] {
        for (index, (column_type, _, expected)) in values.iter().enumerate() {
            let column = format!("\"{prefix} {index}\"");
            let found = database.rows(&format!("SELECT DISTINCT {column}::text FROM entry WHERE {column} IS NOT NULL"));
            assert_eq!(found, [[Some((*expected).to_owned())]], "{prefix} of {column_type:?}");
        }
    }
}
