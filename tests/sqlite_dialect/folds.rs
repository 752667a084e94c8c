//! Changes of several tables in one revision, in an order that one rebuild for each must respect.

use offprint::diagnostic::Code;
use offprint::dialect::ForeignKeys as Declared;
use offprint::prelude::*;

use crate::{Revisions, own};

fn pair(op: &mut Op) {
    op.create_table("parent").column("id", integer()).column("x", text()).primary_key(["id"]);
    op.create_table("child")
        .column("id", integer())
        .column("parent_id", integer())
        .column("y", text())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(Cascade);
}

const PAIR: &str = "INSERT INTO parent VALUES (1, '10'), (2, '20'); INSERT INTO child VALUES (1, 1, 'a'), (2, 2, NULL)";

#[test]
fn a_rename_of_the_parent_between_changes_of_the_child() {
    fn upgrade(op: &mut Op) {
        op.alter_column("child", "y").set_default("z");
        op.rename_table("parent", "elder");
        op.rename_column("elder", "id", "key");
        op.alter_column("child", "y").drop_default();
        op.alter_column("elder", "x").set_type(integer());
        op.create_check_constraint("child", "y", "y <> 'q'");
    }
    Revisions::new(pair, upgrade).run(
        PAIR,
        &[
            ("SELECT * FROM child", &["1|1|a", "2|2|NULL"]),
            ("SELECT typeof(x), x FROM parent", &["text|10", "text|20"]),
        ],
        &[
            ("SELECT * FROM child", &["1|1|a", "2|2|NULL"]),
            ("SELECT key, typeof(x), x FROM elder", &["1|integer|10", "2|integer|20"]),
        ],
    );
}

#[test]
fn an_expression_reads_what_was_changed_before_it() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "x").set_type(integer());
        op.add_column("parent", "more", text().default("m"));
        op.alter_column("parent", "more")
            .set_type(varchar(20))
            .using("more || '-' || typeof(x) || (SELECT count(*) FROM child)");
        op.drop_column("child", "y");
        op.irreversible("the old text is not known");
    }
    Revisions::new(pair, upgrade).run(
        PAIR,
        &[],
        &[("SELECT x, more FROM parent", &["10|m-integer2", "20|m-integer2"])],
    );
}

#[test]
fn tables_of_one_revision_that_refer_to_each_other() {
    fn upgrade(op: &mut Op) {
        op.create_table("a").column("id", integer()).column("b_id", integer()).primary_key(["id"]);
        op.create_table("b").column("id", integer()).column("a_id", integer()).primary_key(["id"]).foreign_key(
            ["a_id"],
            "a",
            ["id"],
        );
        op.create_foreign_key("a", ["b_id"], "b", ["id"]);
        op.create_index("ix_a_b_id", "a", ["b_id"]);
        op.rename_index("ix_a_b_id", "ix_a_b");
        op.create_index("ix_gone", "a", ["id"]);
        op.drop_index("ix_gone");
        op.sqlite().create_trigger("tr_a", "a", "AFTER INSERT ON a BEGIN SELECT 1; END");
        op.sqlite().create_trigger("tr_b", "b", "AFTER INSERT ON b BEGIN SELECT 1; END");
        op.alter_column("a", "b_id").set_not_null();
        op.drop_trigger("tr_a");
    }
    let after: &[(&str, &[&str])] = &[(
        "SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND name LIKE '__\\_%' ESCAPE '\\' ORDER BY 1",
        &["ix_a_b", "tr_b"],
    )];
    Revisions::new(pair, upgrade).run(PAIR, &[], after);
}

#[test]
fn a_table_that_goes_and_another_of_its_name() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "x").set_default("x");
        op.drop_constraint("child", "fk_child_parent_id_parent");
        op.drop_table("parent");
        op.create_table("parent").column("id", integer()).column("name", text()).primary_key(["id"]);
        op.add_column("parent", "at", timestamptz().default(now()));
        op.insert("parent", ["id", "name"]).row((1, "one")).row((2, "two"));
        op.create_foreign_key("child", ["parent_id"], "parent", ["id"]);
        op.irreversible("the old rows are gone");
    }
    Revisions::new(pair, upgrade).run(
        PAIR,
        &[],
        &[("SELECT id, name FROM parent", &["1|one", "2|two"]), ("SELECT * FROM child", &["1|1|a", "2|2|NULL"])],
    );
}

#[test]
fn a_view_that_makes_way() {
    fn base(op: &mut Op) {
        pair(op);
        op.create_view("v", "SELECT id, x FROM parent");
        op.create_view("w", "SELECT * FROM v JOIN child ON parent_id = v.id");
    }
    fn upgrade(op: &mut Op) {
        op.drop_view("w");
        op.drop_view("v");
        op.rename_column("parent", "x", "z");
        op.alter_column("parent", "z").set_type(integer());
        op.alter_column("child", "y").set_default("-");
        op.create_view("v", "SELECT id, z FROM parent");
        op.create_view("w", "SELECT * FROM v JOIN child ON parent_id = v.id");
        op.alter_column("child", "y").drop_default();
    }
    Revisions::new(base, upgrade).run(
        PAIR,
        &[("SELECT x, y FROM w", &["10|a", "20|NULL"])],
        &[("SELECT z, y FROM w", &["10|a", "20|NULL"])],
    );
}

#[test]
fn numbers_of_rows_that_begin_and_end() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "id").add_identity();
    }
    let rows: &[(&str, &[&str])] =
        &[("SELECT * FROM parent", &["1|10", "2|20"]), ("SELECT count(*) FROM child", &["2"])];
    Revisions::new(pair, upgrade).run(PAIR, rows, rows);
}

#[test]
fn a_key_that_goes_and_comes() {
    fn base(op: &mut Op) {
        op.create_table("t").column("a", text()).column("b", integer()).primary_key(["a"]).without_rowid();
        op.create_table("u").column("id", integer()).column("b", text()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.drop_constraint("t", "pk_t");
        op.create_primary_key("t", ["b", "a"]);
        op.drop_constraint("u", "pk_u");
    }
    let seed = "INSERT INTO t VALUES ('x', 1), ('y', 2); INSERT INTO u VALUES (3, 'c'), (9, 'd')";
    let rows: &[(&str, &[&str])] =
        &[("SELECT a, b FROM t ORDER BY a", &["x|1", "y|2"]), ("SELECT rowid, id, b FROM u", &["3|3|c", "9|9|d"])];
    Revisions::new(base, upgrade).run(seed, rows, rows);

    fn alone(op: &mut Op) {
        op.drop_constraint("t", "pk_t");
    }
    let own = own(Declared::Off);
    assert_eq!(Revisions::new(base, alone).refusal(own).0, Code::NotInDialect);
}

#[test]
fn generated_columns_follow_what_they_are_made_of() {
    fn base(op: &mut Op) {
        op.create_table("t")
            .column("id", integer())
            .column("a", text())
            .column("b", text().generated("a || '!'"))
            .primary_key(["id"])
            .unique(["b"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("t", "a").set_type(text()).map([("x", "it's\na \"line\"")]);
        op.alter_column("t", "b").drop_generated();
        op.irreversible("the old values are not known");
    }
    Revisions::new(base, upgrade).run(
        "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y')",
        &[],
        &[("SELECT replace(a, char(10), '/'), replace(b, char(10), '/') FROM t", &["it's/a \"line\"|x!", "y|y!"])],
    );
}

#[test]
fn types_there_and_back() {
    fn base(op: &mut Op) {
        op.create_table("t")
            .column("id", integer())
            .column("a", integer())
            .column("b", boolean())
            .column("c", double())
            .column("d", date())
            .column("e", text())
            .column("f", text())
            .primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.create_enum("kind", ["x", "y"]);
        op.alter_column("t", "a").set_type(text());
        op.alter_column("t", "b").set_type(text());
        op.alter_column("t", "c").set_type(text());
        op.alter_column("t", "d").set_type(timestamp());
        op.alter_column("t", "e").set_type(enumeration("kind"));
        op.alter_column("t", "f").set_type(json());
    }
    let seed =
        "INSERT INTO t VALUES (1, -5, 1, 0.1, '2026-01-31', 'x', '[1]'), (2, NULL, NULL, NULL, NULL, NULL, NULL),
        (3, 9223372036854775807, 0, 1e300, '1999-12-31', 'y', '\"s\"')";
    Revisions::new(base, upgrade).run(
        seed,
        &[
            ("SELECT a, b, c, d, e, f FROM t WHERE id = 1", &["-5|1|0.1|2026-01-31|x|[1]"]),
            ("SELECT a, b, c, d FROM t WHERE id = 3", &["9223372036854775807|0|1e300|1999-12-31"]),
            ("SELECT typeof(a), typeof(b), typeof(c) FROM t WHERE id = 3", &["integer|integer|real"]),
        ],
        &[
            ("SELECT a, b, c, d FROM t WHERE id = 1", &["-5|true|0.1|2026-01-31 00:00:00"]),
            ("SELECT typeof(a), typeof(b), typeof(c) FROM t WHERE id = 3", &["text|text|text"]),
            ("SELECT a FROM t WHERE id = 2", &["NULL"]),
        ],
    );
}

#[test]
fn the_values_of_an_enum_that_several_tables_use() {
    fn base(op: &mut Op) {
        op.create_enum("kind", ["a", "b", "c"]);
        op.create_table("t").column("id", integer()).column("k", enumeration("kind").default("a")).primary_key(["id"]);
        op.create_table("u").column("k", enumeration("kind").not_null()).primary_key(["k"]).without_rowid();
        op.create_table("v").column("k", enumeration("kind")).foreign_key(["k"], "u", ["k"]).on_update(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.replace_enum_values("kind", ["b", "a", "d"]).map([("c", "d")]);
    }
    fn merge(op: &mut Op) {
        op.replace_enum_values("kind", ["a"]).otherwise("a");
    }
    let seed =
        "INSERT INTO t VALUES (1, 'c'), (2, NULL); INSERT INTO u VALUES ('a'), ('c'); INSERT INTO v VALUES ('c')";
    Revisions::new(base, merge).stops(seed, "values that stand more than once in `k` of `u`");
    let case = Revisions::new(base, upgrade);
    let scripts = case.scripts(own(Declared::On));
    assert_eq!(scripts.upgrade.matches("INSERT OR ABORT").count(), 3, "{}", scripts.upgrade);
    for place in crate::PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = case.scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        database.execute(seed);
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
        assert_eq!(
            crate::rows(&database, "SELECT k FROM u UNION ALL SELECT k FROM v UNION ALL SELECT k FROM t"),
            ["a", "d", "d", "d", "NULL"]
        );
        let down = scripts.downgrade.expect("a way back");
        let error = place.run(&database, &down).expect_err("`d` has no place in the old enum");
        assert!(error.contains("that have no place in the enum `kind`: 1, for example `d`"), "{error}");
    }
}
