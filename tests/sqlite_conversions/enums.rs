//! Enums on SQLite: the checks of all columns stay in step with the type, in keys, references and indexes too.

use offprint::diagnostic::Code;
use offprint::operation::Op;
use offprint::prelude::*;

use crate::compiled::compile;
use crate::support::engine::{Engine, Place};
use crate::support::expected::ColumnOrder;

const PLACES: [Place; 2] = [Place::SqliteLibrary, Place::SqliteShell];

/// Tables that use one enum in a primary key, a foreign key to it, a cycle, a unique constraint and an index.
fn family(op: &mut Op) {
    op.create_enum("kind", ["a", "b", "c"]);
    op.create_table("parent")
        .column("k", enumeration("kind").not_null().default("b"))
        .column("best", integer())
        .primary_key(["k"]);
    op.create_table("child")
        .column("id", integer())
        .column("k", enumeration("kind").default("b"))
        .column("alone", enumeration("kind"))
        .primary_key(["id"])
        .unique(["alone"])
        .foreign_key(["k"], "parent", ["k"])
        .on_delete(Cascade)
        .on_update(Cascade);
    op.create_foreign_key("parent", ["best"], "child", ["id"]);
    op.create_table("peer")
        .column("k", enumeration("kind"))
        .column("other", enumeration("kind"))
        .primary_key(["k"])
        .foreign_key(["other"], "peer", ["k"]);
    op.create_index("ix_child_k", "child", [column("k").desc()]);
    op.create_index("uq_child_k_alone", "child", ["k", "alone"]).unique();
}

const SEED: &str = "INSERT INTO parent VALUES ('a', NULL), ('b', NULL);
    INSERT INTO child VALUES (1, 'a', 'b'), (2, 'b', 'c'), (3, NULL, NULL);
    UPDATE parent SET best = 2 WHERE k = 'b';
    INSERT INTO peer VALUES ('a', NULL), ('b', 'a'), ('c', 'b')";

/// The values of all columns, in order.
const VALUES: &str = "SELECT group_concat(k || ':' || coalesce(best, '-'), ' ') FROM (SELECT * FROM parent ORDER BY k)
    UNION ALL SELECT group_concat(coalesce(k, '-') || coalesce(alone, '-'), ' ') FROM (SELECT * FROM child ORDER BY id)
    UNION ALL SELECT group_concat(k || coalesce(other, '-'), ' ') FROM (SELECT * FROM peer ORDER BY k)";

/// Runs a change up, down and up again.
#[track_caller]
fn there_and_back(change: fn(&mut Op), after: [&str; 3]) {
    for place in PLACES {
        let compiled = compile(&place.target(), family, change);
        let (up, down) = (compiled.up.expect("a way"), compiled.down.expect("a way back"));
        let Some(engine) = Engine::create("enums", place) else { continue };
        let [first, second] = &compiled.replayed;
        engine.run(&compiled.base).expect("the base");
        engine.execute(SEED).expect("rows");
        let before = engine.rows(VALUES);
        for (script, schema, rows) in [
            (&up, &second.after, &after.map(str::to_owned)[..]),
            (&down, &first.after, &before),
            (&up, &second.after, &after.map(str::to_owned)[..]),
        ] {
            engine.run(script).unwrap_or_else(|error| panic!("{error} ({place:?})\n{script}"));
            assert_eq!(engine.rows(VALUES), rows, "{place:?}\n{script}");
            assert_eq!(engine.drift(schema, ColumnOrder::Exact), [""; 0], "{place:?}\n{script}");
            assert_eq!(engine.rows("SELECT * FROM pragma_foreign_key_check"), [""; 0], "{script}");
        }
    }
}

/// The script stops with these words and nothing has changed; `down` runs the upgrade first.
#[track_caller]
fn stops(change: fn(&mut Op), down: bool, more: &str, words: &str) {
    for place in PLACES {
        let compiled = compile(&place.target(), family, change);
        let (up, back) = (compiled.up.expect("a way"), compiled.down.expect("a way back"));
        let Some(engine) = Engine::create("enums", place) else { continue };
        engine.run(&compiled.base).expect("the base");
        engine.execute(SEED).expect("rows");
        if down {
            engine.run(&up).expect("the upgrade");
        }
        engine.execute(more).expect("more rows");
        let before = engine.rows(VALUES);
        let error = engine.run(if down { &back } else { &up }).expect_err("a value fits nowhere");
        assert!(error.contains(words) && error.contains("; nothing was changed"), "{error}");
        assert_eq!(engine.rows(VALUES), before);
    }
}

#[test]
fn a_value_is_added() {
    fn change(op: &mut Op) {
        op.add_enum_value("kind", "aa").after("a");
    }
    there_and_back(change, ["a:- b:2", "ab bc --", "a- ba cb"]);
    let more = "UPDATE child SET alone = 'aa' WHERE id = 3";
    stops(change, true, more, "values of `child.alone` that have no place in the enum `kind`: 1, for example `aa`");
}

#[test]
fn a_value_is_renamed_with_its_default() {
    there_and_back(
        |op| {
            op.rename_enum_value("kind", "b", "it's b");
        },
        ["a:- it's b:2", "ait's b it's bc --", "a- cit's b it's ba"],
    );
}

#[test]
fn a_value_goes() {
    fn unmapped(op: &mut Op) {
        op.replace_enum_values("kind", ["b", "a"]);
    }
    stops(
        unmapped,
        false,
        "SELECT 1",
        "values of `child.alone` that have no place in the enum `kind`: 1, for example `c`",
    );
    fn mapped(op: &mut Op) {
        op.replace_enum_values("kind", ["d", "b", "a"]).map([("c", "d")]);
    }
    let words = "that have no place in the enum `kind`: 1, for example `d`";
    stops(mapped, true, "SELECT 1", words);
    fn merged(op: &mut Op) {
        op.replace_enum_values("kind", ["b", "a"]).otherwise("b");
    }
    stops(merged, false, "SELECT 1", "values that stand more than once in `");
}

/// Postgres lets expressions follow a value; on SQLite it stands in their text.
#[test]
fn a_value_that_stands_in_an_expression() {
    fn base(op: &mut Op) {
        op.create_enum("kind", ["a", "b"]);
        op.create_table("t").column("id", integer()).column("k", enumeration("kind")).primary_key(["id"]);
    }
    type Change = fn(&mut Op);
    let objects: [(&str, Change); 5] = [
        ("the check constraint `ck_t_not_b`", |op| {
            op.create_check_constraint("t", "not_b", "k <> 'b' OR id > 0");
        }),
        ("the index `ix`", |op| {
            op.create_index("ix", "t", ["id"]).filter("k = 'b'");
        }),
        ("the generated column `t.g`", |op| {
            op.add_column("t", "g", boolean().generated("t.k = 'b'"));
        }),
        ("the view `v`", |op| {
            op.create_view("v", "SELECT id FROM t WHERE k = 'b'");
        }),
        ("the trigger `tr`", |op| {
            op.sqlite().create_trigger("tr", "t", "AFTER INSERT ON t WHEN new.k = 'b' BEGIN SELECT 1; END");
        }),
    ];
    fn rename(op: &mut Op) {
        op.rename_enum_value("kind", "b", "z");
    }
    fn remove(op: &mut Op) {
        op.replace_enum_values("kind", ["a"]).otherwise("a");
    }
    fn add(op: &mut Op) {
        op.add_enum_value("kind", "z");
    }
    let target = Place::SqliteLibrary.target();
    for (named, object) in objects {
        let with_object = |op: &mut Op| {
            base(op);
            object(op);
        };
        for change in [rename as Change, remove] {
            let found = compile(&target, with_object, change).up.expect_err("the value is in use");
            assert_eq!(found[0].code, Code::InUse);
            assert!(found[0].message.contains(named), "{}", found[0].message);
        }
        // Another value of the same enum does not matter, nor does a new one.
        assert!(
            compile(&target, with_object, |op| {
                op.rename_enum_value("kind", "a", "y");
            })
            .up
            .is_ok()
        );
        assert!(compile(&target, with_object, add).up.is_ok());
    }
}
