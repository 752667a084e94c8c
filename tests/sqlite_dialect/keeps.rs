//! What a rebuild keeps.

use offprint::dialect::ForeignKeys as Declared;
use offprint::prelude::*;

use crate::{Revisions, own};

fn family(op: &mut Op) {
    op.create_table("parent")
        .column("id", big_integer().identity())
        .column("name", text())
        .column("boss_id", big_integer())
        .primary_key(["id"])
        .foreign_key(["boss_id"], "parent", ["id"])
        .on_delete(SetNull);
    op.create_table("cascading")
        .column("id", big_integer())
        .column("parent_id", big_integer().not_null())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(Cascade);
    op.create_table("nulling")
        .column("id", big_integer())
        .column("parent_id", big_integer())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(SetNull);
    op.create_table("defaulting")
        .column("id", big_integer())
        .column("parent_id", big_integer().default(1))
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(SetDefault);
    op.create_table("restricting")
        .column("id", big_integer())
        .column("parent_id", big_integer())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(Restrict);
    op.create_table("deferring")
        .column("id", big_integer())
        .column("parent_id", big_integer())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .initially_deferred();
}

const FAMILY: &str = "
    INSERT INTO parent VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 1), (40, 'gone', 2);
    DELETE FROM parent WHERE id = 40;
    INSERT INTO cascading VALUES (1, 2), (2, 3);
    INSERT INTO nulling VALUES (1, 2), (2, NULL);
    INSERT INTO defaulting VALUES (1, 3);
    INSERT INTO restricting VALUES (1, 2);
    INSERT INTO deferring VALUES (1, 3);";

const FAMILY_ROWS: &[(&str, &[&str])] = &[
    ("SELECT id, name, boss_id FROM parent", &["1|a|NULL", "2|b|1", "3|c|1"]),
    ("SELECT * FROM cascading", &["1|2", "2|3"]),
    ("SELECT * FROM nulling", &["1|2", "2|NULL"]),
    ("SELECT * FROM defaulting", &["1|3"]),
    ("SELECT * FROM restricting", &["1|2"]),
    ("SELECT * FROM deferring", &["1|3"]),
    ("SELECT seq FROM sqlite_sequence WHERE name = 'parent'", &["40"]),
    ("SELECT count(*) FROM sqlite_sequence", &["1"]),
];

#[test]
fn every_child_of_a_rebuilt_parent() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
    }
    Revisions::new(family, upgrade).run(FAMILY, FAMILY_ROWS, FAMILY_ROWS);
}

#[test]
fn the_parent_of_rebuilt_children() {
    fn upgrade(op: &mut Op) {
        for table in ["cascading", "nulling", "defaulting", "restricting", "deferring"] {
            op.create_check_constraint(table, "positive", "parent_id > 0");
        }
    }
    Revisions::new(family, upgrade).run(FAMILY, FAMILY_ROWS, FAMILY_ROWS);
}

#[test]
fn a_key_and_its_references_that_change_together() {
    fn base(op: &mut Op) {
        op.create_table("parent").column("id", text()).primary_key(["id"]);
        op.create_table("child")
            .column("parent_id", text())
            .foreign_key(["parent_id"], "parent", ["id"])
            .on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "id").set_type(integer());
        op.alter_column("child", "parent_id").set_type(integer());
    }
    Revisions::new(base, upgrade).run(
        "INSERT INTO parent VALUES ('1'), ('20'); INSERT INTO child VALUES ('20'), (NULL)",
        &[("SELECT typeof(parent_id), parent_id FROM child", &["text|20", "null|NULL"])],
        &[("SELECT typeof(parent_id), parent_id FROM child", &["integer|20", "null|NULL"])],
    );
}

#[test]
fn the_numbers_of_rows_without_a_key() {
    fn base(op: &mut Op) {
        op.create_table("note").column("body", text()).column("rowid", text());
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("note", "body").set_default("x");
    }
    let rows: &[(&str, &[&str])] = &[("SELECT _rowid_, body, \"rowid\" FROM note", &["2|b|R", "7|c|S"])];
    Revisions::new(base, upgrade).run(
        "INSERT INTO note (_rowid_, body, \"rowid\") VALUES (1, 'a', 'Q'), (2, 'b', 'R'), (7, 'c', 'S');
         DELETE FROM note WHERE body = 'a'",
        rows,
        rows,
    );
}

#[test]
fn triggers_views_and_indexes() {
    fn base(op: &mut Op) {
        op.create_table("job")
            .column("id", integer())
            .column("size", integer().not_null().default(1))
            .column("name", text().collation("NOCASE"))
            .column("double", integer().generated("job.size * 2"))
            .primary_key(["id"])
            .check("small", "job.size < 100 AND \"job\".\"name\" <> 'job.size'")
            .unique(["name"]);
        op.create_table("log").column("what", text());
        op.create_index("ix_job_expression", "job", [expression("lower(name)"), column("size").desc()])
            .filter("job.size > 1");
        op.create_view("big", "SELECT id, name FROM job WHERE size > 5");
        op.create_view("bigger", "SELECT * FROM big WHERE id > 1");
        op.sqlite().create_trigger(
            "tr_job",
            "job",
            "AFTER DELETE ON job BEGIN INSERT INTO log VALUES ('deleted ' || old.name); END;",
        );
        op.sqlite().create_trigger(
            "tr_log",
            "log",
            "AFTER INSERT ON log WHEN new.what = 'poke' BEGIN UPDATE job SET size = size + 1; END",
        );
        op.sqlite().create_trigger(
            "tr_big",
            "big",
            "INSTEAD OF INSERT ON big BEGIN INSERT INTO job (name, size) VALUES (new.name, 50); END",
        );
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").drop_default();
        op.alter_column("log", "what").set_default("-");
    }
    let kept: &[(&str, &[&str])] = &[
        ("SELECT id, typeof(size), size, name, \"double\" FROM job", &["1|integer|6|a|12", "2|integer|7|B|14"]),
        ("SELECT * FROM log", &[]),
        ("SELECT name FROM bigger", &["B"]),
    ];
    let seed = "INSERT INTO job (id, size, name) VALUES (1, 6, 'a'), (2, 7, 'B')";
    Revisions::new(base, upgrade).run(seed, kept, kept);
}

#[test]
fn strict_and_without_rowid() {
    fn base(op: &mut Op) {
        op.create_table("setting")
            .column("name", varchar(20))
            .column("value", native("ANY"))
            .column("on", boolean().not_null().default(true))
            .primary_key(["name"])
            .strict()
            .without_rowid();
        op.create_table("measure").column("id", integer()).column("value", double()).primary_key(["id"]).strict();
    }
    fn upgrade(op: &mut Op) {
        op.add_column("setting", "at", timestamptz().not_null().default(now()));
        op.alter_column("measure", "value").set_not_null();
    }
    let rows: &[(&str, &[&str])] = &[
        ("SELECT name, typeof(value), value, \"on\" FROM setting", &["a|text|007|1", "b|integer|7|0"]),
        ("SELECT * FROM measure", &["5|0.1"]),
    ];
    let seed = "INSERT INTO setting (name, value, \"on\") VALUES ('a', '007', 1), ('b', 7, 0);
        INSERT INTO measure VALUES (5, 0.1)";
    Revisions::new(base, upgrade).run(seed, rows, rows);
}

#[test]
fn rows_that_get_values_by_an_expression() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.add_column("job", "token", uuid().not_null().default(random_uuid()));
        op.add_column("job", "at", timestamptz().not_null().default(now()));
        op.add_column("job", "twice", integer().generated("id * 2"));
        op.add_column("job", "lazy", integer().not_null().default(-1));
    }
    let after: &[(&str, &[&str])] = &[
        ("SELECT count(DISTINCT token), min(length(token)), count(at) FROM job", &["3|36|3"]),
        ("SELECT twice, lazy FROM job", &["2|-1", "4|-1", "6|-1"]),
    ];
    Revisions::new(base, upgrade).run("INSERT INTO job VALUES (1), (2), (3)", &[], after);
}

#[test]
fn enums_with_their_tables_and_columns() {
    fn base(op: &mut Op) {
        op.create_enum("state", ["new", "done", "failed"]);
        op.create_table("job")
            .column("id", integer())
            .column("state", enumeration("state").not_null().default("new"))
            .column("before", enumeration("state"))
            .primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.rename_enum_value("state", "done", "finished");
        op.add_enum_value("state", "waiting").before("finished");
        op.rename_column("job", "before", "earlier");
        op.rename_table("job", "task");
    }
    Revisions::new(base, upgrade).run(
        "INSERT INTO job VALUES (1, 'done', 'failed'), (2, 'new', NULL)",
        &[("SELECT * FROM job", &["1|done|failed", "2|new|NULL"])],
        &[("SELECT * FROM task", &["1|finished|failed", "2|new|NULL"])],
    );
}

#[test]
fn columns_that_swap_their_names() {
    fn base(op: &mut Op) {
        op.create_table("pair")
            .column("id", integer())
            .column("a", text().not_null())
            .column("b", text())
            .primary_key(["id"])
            .unique(["a"]);
        op.create_table("child").column("a", text()).foreign_key(["a"], "pair", ["a"]).on_update(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("pair", "b").set_default("x");
        op.rename_column("pair", "a", "c");
        op.rename_column("pair", "b", "a");
        op.rename_column("pair", "c", "b");
        op.drop_column("pair", "a");
        op.rename_column("pair", "b", "a");
        op.add_column("pair", "b", text());
    }
    let seed = "INSERT INTO pair VALUES (1, 'A', 'B'); INSERT INTO child VALUES ('A')";
    let scripts = Revisions::new(base, upgrade);
    for place in crate::PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = scripts.scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        database.execute(seed);
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
        assert_eq!(crate::rows(&database, "SELECT id, a, b FROM pair"), ["1|A|NULL"], "{}", scripts.upgrade);
        assert_eq!(crate::rows(&database, "SELECT * FROM child"), ["A"]);
    }
}

#[test]
fn rows_between_rebuilds() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).column("size", integer()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.update("job").set("size", 0).filter("size IS NULL");
        op.alter_column("job", "size").set_not_null().set_default(0);
        op.insert("job", ["id"]).row((9,));
        op.irreversible("the old sizes are not known");
    }
    Revisions::new(base, upgrade).run(
        "INSERT INTO job VALUES (1, NULL), (2, 5)",
        &[],
        &[("SELECT * FROM job", &["1|0", "2|5", "9|0"])],
    );
}

#[test]
fn a_database_with_names_like_ours() {
    fn base(op: &mut Op) {
        op.create_table("offprint_x").column("id", integer()).primary_key(["id"]);
        op.create_index("OFFPRINT_REBUILD_job", "offprint_x", ["id"]);
        op.create_table("job").column("id", integer()).column("x", integer()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "x").set_default(1);
    }
    let scripts = Revisions::new(base, upgrade).scripts(own(Declared::Off));
    assert!(scripts.upgrade.contains("\"offprint_rebuild_job_2\""), "{}", scripts.upgrade);
}

/// What names a column that is dropped, and nothing else of the author's, goes along and comes back with it.
#[test]
fn what_goes_along_with_a_column() {
    fn base(op: &mut Op) {
        op.create_table("shelf").column("id", integer()).primary_key(["id"]);
        op.create_table("item")
            .column("id", integer())
            .column("size", integer())
            .column("label", text())
            .primary_key(["id"])
            .unique(["size", "label"])
            .check("small", "item.size < 10 AND label <> 'size'")
            .check("label", "label <> 'size'")
            .foreign_key(["size"], "shelf", ["id"]);
        op.create_index("ix_size", "item", ["size"]);
        op.create_index("ix_both", "item", ["label", "size"]).unique();
        op.create_index("ix_filtered", "item", ["label"]).filter("\"size\" > 1");
        op.create_index("ix_computed", "item", [expression("abs(size)")]);
        op.create_index("ix_label", "item", [expression("label || 'size'")]).filter("label <> 'size'");
        op.create_view("labels", "SELECT id, label AS size FROM item");
    }
    fn upgrade(op: &mut Op) {
        op.drop_column("item", "size");
    }
    let seed = "INSERT INTO shelf VALUES (2); INSERT INTO item VALUES (1, 2, 'a'), (2, NULL, 'b')";
    let view: (&str, &[&str]) = ("SELECT id, size FROM labels", &["1|a", "2|b"]);
    let indexes = "SELECT name FROM pragma_index_list('item') WHERE origin = 'c' ORDER BY name";
    let all: &[&str] = &["ix_both", "ix_computed", "ix_filtered", "ix_label", "ix_size"];
    Revisions::new(base, upgrade).run(
        seed,
        &[view, (indexes, all)],
        &[view, (indexes, &["ix_label"]), ("SELECT * FROM item", &["1|a", "2|b"])],
    );
}
