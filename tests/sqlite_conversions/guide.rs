//! `docs/types.md` says what becomes of values; here every row of that table is run.

use std::fs;
use std::path::Path;

use offprint::operation::{Op, Type};
use offprint::prelude::*;

use crate::compiled::compile;
use crate::prediction::Kind;
use crate::support::engine::{Engine, Place};
use crate::words::type_of;

/// The types by the words that the guide uses.
fn type_named(words: &str) -> Type {
    let kinds = [
        ("integer()", Kind::Integer),
        ("big_integer()", Kind::BigInteger),
        ("double()", Kind::Double),
        ("boolean()", Kind::Boolean),
        ("text()", Kind::Text),
        ("date()", Kind::Date),
        ("timestamp()", Kind::Timestamp),
        ("timestamptz()", Kind::Timestamptz),
        ("json()", Kind::Json),
        ("enumeration(\"mood\")", Kind::Mood),
        ("bytes()", Kind::Bytes),
    ];
    let found = kinds.iter().find(|(known, _)| *known == words);
    type_of(found.unwrap_or_else(|| panic!("`{words}` is no type that this test knows")).1)
}

/// What the guide says is wrong with a row, if anything.
fn wrong(row: &[String], place: Place) -> Option<String> {
    let [from, value, to, becomes] = row else { return Some(format!("{row:?} has not four cells")) };
    let base = |op: &mut Op| {
        op.create_enum("mood", ["ok", "sad"]);
        op.create_table("t").column("id", integer()).column("c", type_named(from)).primary_key(["id"]);
    };
    let upgrade = |op: &mut Op| {
        op.alter_column("t", "c").set_type(type_named(to));
    };
    let compiled = compile(&place.target(), base, upgrade);
    let up = match (compiled.up, becomes.strip_prefix("refused: ")) {
        (Err(found), Some(code)) if found[0].code.number() == code => return None,
        (Err(found), _) => return Some(format!("{row:?}: {found:#?}")),
        (Ok(script), Some(_)) => return Some(format!("{row:?} is not refused\n{script}")),
        (Ok(script), None) => script,
    };
    let engine = Engine::create("the guide", place)?;
    engine.run(&compiled.base).unwrap_or_else(|error| panic!("{error}\n{}", compiled.base));
    engine.execute(&format!("INSERT INTO t VALUES (1, {value})")).unwrap_or_else(|error| panic!("{error}: {value}"));
    let result = engine.run(&up);
    let expected = if becomes == "stops" { value } else { becomes };
    let query = format!("SELECT typeof(c) = typeof({expected}) AND c = {expected}, quote(c) FROM t");
    let found = engine.rows(&query);
    let as_told = result.is_err() == (becomes == "stops") && found[0].starts_with("1|");
    (!as_told).then(|| format!("{row:?} ({place:?}): {result:?}, {found:?}"))
}

#[test]
fn the_table_of_conversions_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/types.md");
    let text = fs::read_to_string(path).expect("the guide is readable");
    let rows = text.lines().skip_while(|line| !line.starts_with("| From | Value |")).skip(2);
    let rows: Vec<Vec<String>> = rows
        .take_while(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect();
    assert!(rows.len() > 20, "the guide has {} rows", rows.len());
    let places = [Place::SqliteLibrary, Place::SqliteShell];
    let wrong: Vec<String> = places.iter().flat_map(|place| rows.iter().filter_map(|row| wrong(row, *place))).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
