//! The `sqlite3` shell without `-bail` goes on after an error, and still nothing changes unless everything does.
//!
//! All other cases are run in that way too; here are the errors that no guard sees coming, and those of the engine.

use offprint::dialect::ForeignKeys as Declared;
use offprint::prelude::*;

use crate::support::sqlite::{ForeignKeys, SqliteDatabase, shell_is_installed};
use crate::{Revisions, Scripts, dump, own, rows};

fn family(op: &mut Op) {
    op.create_table("parent")
        .column("id", integer())
        .column("size", integer())
        .column("twice", integer().generated("size * 2"))
        .column("name", text())
        .primary_key(["id"]);
    op.create_table("child")
        .column("id", integer())
        .column("parent_id", integer())
        .primary_key(["id"])
        .foreign_key(["parent_id"], "parent", ["id"])
        .on_delete(Cascade);
}

const FAMILY: &str = "
    INSERT INTO parent (id, size, name) VALUES (1, 5, 'a'), (2, 50, 'A');
    INSERT INTO child VALUES (1, 1), (2, 2);";

/// A database with the base and its rows, what is in it, and the scripts.
fn prepared(upgrade: fn(&mut Op)) -> Option<(SqliteDatabase, Vec<String>, Scripts)> {
    if !shell_is_installed("sqlite goes on") {
        return None;
    }
    let scripts = Revisions::new(family, upgrade).scripts(own(Declared::Off));
    let database = SqliteDatabase::create("sqlite goes on");
    database.shell(&scripts.base).expect_success();
    database.execute(FAMILY);
    let before = dump(&database);
    Some((database, before, scripts))
}

/// The script reports an error, and the database is as it was.
#[track_caller]
fn changes_nothing(database: &SqliteDatabase, before: &[String], script: &str, words: &str) {
    let outcome = database.shell_that_goes_on(script);
    assert!(outcome.stderr.contains(words), "{}\n{script}", outcome.stderr);
    assert_eq!(dump(database), before, "{}\n{script}", outcome.stderr);
}

#[test]
fn a_copy_that_fails() {
    fn upgrade(op: &mut Op) {
        op.rename_column("child", "parent_id", "elder_id");
        op.create_check_constraint("parent", "small", "twice < 20");
        op.add_column("child", "more", text());
        op.update("child").set("more", "x");
        op.irreversible("the rows are not looked at on the way back");
    }
    let Some((database, before, scripts)) = prepared(upgrade) else { return };
    changes_nothing(&database, &before, &scripts.upgrade, "CHECK constraint failed: ck_parent_small");
}

#[test]
fn an_index_that_fails() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
        op.create_index("uq_parent_name", "parent", [expression("lower(name)")]).unique();
    }
    let Some((database, before, scripts)) = prepared(upgrade) else { return };
    changes_nothing(&database, &before, &scripts.upgrade, "UNIQUE constraint failed");
}

#[test]
fn rows_that_cannot_change() {
    fn update(op: &mut Op) {
        op.create_table("later").column("id", integer()).primary_key(["id"]);
        op.update("parent").set("id", 1);
        op.irreversible("the old keys are gone");
    }
    fn insert(op: &mut Op) {
        op.insert("child", ["id", "parent_id"]).row((3, 1)).row((2, 1));
        op.create_table("later").column("id", integer()).primary_key(["id"]);
    }
    for upgrade in [update as fn(&mut Op), insert] {
        let Some((database, before, scripts)) = prepared(upgrade) else { return };
        changes_nothing(&database, &before, &scripts.upgrade, "UNIQUE constraint failed");
    }
}

#[test]
fn rows_that_are_not_there() {
    fn upgrade(op: &mut Op) {
        op.update("parent").set("name", "b").filter("size > 1000");
        op.delete("child").filter("id > 1000");
        op.irreversible("the rows were never there");
    }
    Revisions::new(family, upgrade).run(FAMILY, &[], &[("SELECT count(*) FROM child", &["2"])]);
}

#[test]
fn several_sections_of_which_one_fails() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "size").set_not_null();
    }
    let Some((database, _, scripts)) = prepared(upgrade) else { return };
    database.execute("UPDATE parent SET size = NULL WHERE id = 2");
    let before = dump(&database);
    let downgrade = scripts.downgrade.expect("a way back");
    // The way back, and the way again, begin where the upgrade has not arrived.
    let script = [scripts.upgrade.as_str(), &downgrade, &scripts.base].join("\n");
    changes_nothing(&database, &before, &script, "would have NULL in `size`, which is NOT NULL: 1");
}

#[test]
fn a_client_with_other_foreign_keys() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
    }
    let Some((database, before, scripts)) = prepared(upgrade) else { return };
    let script = format!("PRAGMA foreign_keys = ON;\n{}", scripts.upgrade);
    changes_nothing(&database, &before, &script, "foreign keys are off in its client, and they are on");
    let scripts = Revisions::new(family, upgrade).scripts(own(Declared::On));
    changes_nothing(&database, &before, &scripts.upgrade, "foreign keys are on in its client, and they are off");
}

#[test]
fn a_disk_that_is_full() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
        op.create_index("ix_parent_name", "parent", ["name"]);
    }
    let Some((database, _, scripts)) = prepared(upgrade) else { return };
    database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO parent (id, name) SELECT i, hex(zeroblob(50)) FROM n",
    );
    let before = dump(&database);
    let pages: u32 = rows(&database, "PRAGMA page_count")[0].parse().expect("a number");
    for more in [0, 2, 5, 20, 40] {
        let script = format!("PRAGMA max_page_count = {};\n{}", pages + more, scripts.upgrade);
        changes_nothing(&database, &before, &script, "full");
    }
}

/// Some errors of the engine roll the transaction back, and what follows is run nevertheless.
#[test]
fn a_transaction_that_was_rolled_back_or_never_begun() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
        op.alter_column("child", "parent_id").set_not_null();
        op.delete("child");
        op.irreversible("the rows are gone");
    }
    let Some((database, before, scripts)) = prepared(upgrade) else { return };
    let script = &scripts.upgrade;
    let copies: Vec<usize> = script.match_indices("INSERT OR ABORT").map(|(place, _)| place).collect();
    assert_eq!(copies.len(), 2, "{script}");
    for place in copies {
        let broken = format!("{}ROLLBACK; {}", &script[..place], &script[place..]);
        changes_nothing(&database, &before, &broken, "no such table");
    }
    let broken = script.replace("BEGIN IMMEDIATE;", "").replace("INSERT OR ABORT INTO", "INSERT OR ABORT INTO main.");
    let broken = broken.replace("main. \"offprint_rebuild_child\"", "nowhere");
    changes_nothing(&database, &before, &broken, "no such table: nowhere");
}

#[test]
fn a_database_that_is_locked() {
    fn upgrade(op: &mut Op) {
        op.alter_column("parent", "name").set_not_null();
    }
    let Some((database, before, scripts)) = prepared(upgrade) else { return };
    let other = database.connect(ForeignKeys::Off);
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    changes_nothing(&database, &before, &scripts.upgrade, "database is locked");
}
