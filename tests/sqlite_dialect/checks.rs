//! Checks: those of enums go and come with SQLite 3.53 without a rebuild, by their names, and compare byte by byte.

use offprint::dialect::{Delivery, ForeignKeys as Declared};
use offprint::prelude::*;
use rusqlite::Connection;

use crate::support::sqlite::SqliteDatabase;
use crate::{Revisions, own, rows};

/// Two columns of an enum, in a table that another one refers to, and in one without row numbers.
fn family(op: &mut Op) {
    op.create_enum("kind", ["a", "b"]);
    op.create_table("t")
        .column("id", integer())
        .column("k", enumeration("kind").not_null().default("a"))
        .column("other", enumeration("kind"))
        .column("x", text())
        .primary_key(["id"])
        .check("x", "x <> ''")
        .strict();
    op.create_table("child")
        .column("t_id", integer())
        .column("k", enumeration("kind"))
        .primary_key(["t_id"])
        .without_rowid()
        .foreign_key(["t_id"], "t", ["id"])
        .on_delete(Cascade);
    op.create_view("shown", "SELECT id, k FROM t");
    op.sqlite().create_trigger("tr", "t", "AFTER UPDATE ON t BEGIN DELETE FROM child; END");
}

const SEED: &str =
    "INSERT INTO t VALUES (1, 'a', NULL, 'q'), (2, 'b', 'a', 'q'); INSERT INTO child VALUES (1, 'b'), (2, NULL)";
const TABLES: [(&str, &[&str]); 2] =
    [("SELECT id, k, other FROM t", &["1|a|NULL", "2|b|a"]), ("SELECT * FROM child", &["1|b", "2|NULL"])];

/// Whether the upgrade and the downgrade, for SQLite 3.53 and later, change the tables in place.
#[track_caller]
fn in_place(base: fn(&mut Op), upgrade: fn(&mut Op)) -> [bool; 2] {
    let scripts = Revisions::new(base, upgrade).floor(3, 53).scripts(own(Declared::On));
    [scripts.upgrade, scripts.downgrade.expect("a way back")].map(|script| !script.contains("INSERT OR ABORT"))
}

/// Runs a change that moves no row, in place from 3.53 on and by rebuilds before.
#[track_caller]
fn changes_in_place(base: fn(&mut Op), upgrade: fn(&mut Op), before: &[(&str, &[&str])], after: &[(&str, &[&str])]) {
    assert_eq!(in_place(base, upgrade), [true, true]);
    for floor in [(3, 40), (3, 53)] {
        Revisions::new(base, upgrade).floor(floor.0, floor.1).run(SEED, before, after);
    }
}

/// Runs the upgrade over tables that another tool has made.
#[track_caller]
fn over(case: &Revisions, adopted: &str, check: impl Fn(&SqliteDatabase)) {
    for place in crate::PLACES {
        let Some(database) = case.database(place) else { continue };
        let scripts = case.scripts(place.delivery());
        place.run(&database, &scripts.base).unwrap_or_else(|error| panic!("{error}"));
        database.execute(adopted);
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
        check(&database);
    }
}

#[test]
fn a_value_is_added() {
    fn upgrade(op: &mut Op) {
        op.add_enum_value("kind", "c").after("a");
    }
    changes_in_place(family, upgrade, &TABLES, &TABLES);
    let script = Revisions::new(family, upgrade).floor(3, 53).scripts(own(Declared::On)).upgrade;
    assert!(script.contains("ALTER TABLE \"t\" DROP CONSTRAINT \"ck_t_k\""), "{script}");
    let added = "ALTER TABLE \"t\" ADD CONSTRAINT \"ck_t_k\" CHECK (\"k\" IN ('a', 'c', 'b'))";
    assert!(script.contains(added), "{script}");
    // The way back looks for the value first.
    let database = SqliteDatabase::create("sqlite checks");
    let scripts = Revisions::new(family, upgrade).floor(3, 53).scripts(Delivery::Hosted);
    for script in [&scripts.base, &scripts.upgrade] {
        database.execute_hosted(script).unwrap_or_else(|error| panic!("{error}\n{script}"));
    }
    database.execute(&format!("{SEED}; INSERT INTO t VALUES (3, 'c', 'c', NULL)"));
    let error = database.execute_hosted(&scripts.downgrade.expect("a way back")).expect_err("the value is in use");
    assert!(error.contains("values of `t.k` that have no place in the enum `kind`: 1, for example `c`"), "{error}");
    assert_eq!(rows(&database, "SELECT k FROM t"), ["a", "b", "c"]);
}

#[test]
fn values_go() {
    fn three(op: &mut Op) {
        family(op);
        op.add_enum_value("kind", "c");
    }
    fn unmapped(op: &mut Op) {
        op.replace_enum_values("kind", ["b", "a"]);
    }
    changes_in_place(three, unmapped, &TABLES, &TABLES);
    let seed = format!("{SEED}; INSERT INTO t (id, k, other) VALUES (3, 'a', 'c')");
    let words = "values of `t.other` that have no place in the enum `kind`: 1, for example `c`";
    Revisions::new(three, unmapped).floor(3, 53).stops(&seed, words);
    // What becomes another value takes a rebuild: an UPDATE would fire triggers.
    fn mapped(op: &mut Op) {
        op.replace_enum_values("kind", ["b", "a"]).map([("c", "b")]);
    }
    assert_eq!(in_place(three, mapped), [false, true]);
    fn renamed(op: &mut Op) {
        op.rename_enum_value("kind", "c", "d");
    }
    assert_eq!(in_place(three, renamed), [false, false]);
}

#[test]
fn names_that_the_checks_bear() {
    fn column(op: &mut Op) {
        op.rename_column("t", "k", "sort");
    }
    let after: [(&str, &[&str]); 2] = [("SELECT id, sort, other FROM t", TABLES[0].1), TABLES[1]];
    changes_in_place(family, column, &TABLES, &after);
    fn table(op: &mut Op) {
        op.rename_table("t", "u");
    }
    let after: [(&str, &[&str]); 2] = [("SELECT id, k, other FROM u", TABLES[0].1), TABLES[1]];
    changes_in_place(family, table, &TABLES, &after);
    fn constraint(op: &mut Op) {
        op.rename_constraint("t", "ck_t_x", "ck_t_more");
    }
    changes_in_place(family, constraint, &TABLES, &TABLES);
    fn all(op: &mut Op) {
        column(op);
        op.add_enum_value("kind", "c");
        table(op);
        op.rename_constraint("u", "ck_t_x", "ck_u_more");
        op.rename_column("u", "sort", "way");
        op.drop_constraint("u", "ck_u_more");
    }
    let after: [(&str, &[&str]); 2] = [("SELECT id, way, other FROM u", TABLES[0].1), TABLES[1]];
    changes_in_place(family, all, &TABLES, &after);
}

#[test]
fn text_becomes_an_enum_and_back() {
    fn base(op: &mut Op) {
        family(op);
        op.create_table("note").column("id", integer()).column("k", text()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("note", "k").set_type(enumeration("kind"));
    }
    assert_eq!(in_place(base, upgrade), [true, true]);
    let kept: &[(&str, &[&str])] = &[("SELECT k FROM note", &["a", "NULL"])];
    let case = Revisions::new(base, upgrade).floor(3, 53);
    case.run("INSERT INTO note VALUES (1, 'a'), (2, NULL)", kept, kept);
    case.stops(
        "INSERT INTO note VALUES (1, 'A')",
        "values of `note.k` that have no place in enumeration(\"kind\"): 1, for example `A`",
    );
}

/// A check behind the columns, as other tools write it, stays when its column goes, and SQLite then refuses.
#[test]
fn a_column_goes_with_the_check_of_its_enum() {
    fn base(op: &mut Op) {
        op.create_enum("kind", ["a"]);
        op.create_table("t").column("id", integer()).column("k", enumeration("kind")).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.drop_column("t", "k");
    }
    assert_eq!(in_place(base, upgrade), [true, true]);
    let adopted = "DROP TABLE t; CREATE TABLE t (id INTEGER NOT NULL, k VARCHAR(1), CONSTRAINT pk_t PRIMARY KEY (id),
        CONSTRAINT ck_t_k CHECK (k IN ('a'))); INSERT INTO t VALUES (1, 'a'), (2, NULL)";
    for floor in [(3, 40), (3, 53)] {
        let case = Revisions::new(base, upgrade).floor(floor.0, floor.1);
        case.run("INSERT INTO t VALUES (1, 'a')", &[("SELECT id FROM t", &["1"])], &[("SELECT * FROM t", &["1"])]);
        over(&case, adopted, |database| assert_eq!(rows(database, "SELECT * FROM t"), ["1", "2"]));
    }
}

/// What bears the name of a known check and demands something else is not dropped.
#[test]
fn a_check_that_is_another_one_than_its_name_says() {
    fn base(op: &mut Op) {
        op.create_enum("kind", ["a"]);
        op.create_table("t")
            .column("id", integer())
            .column("k", enumeration("kind"))
            .primary_key(["id"])
            .check("odd", "id > 0");
    }
    fn add(op: &mut Op) {
        op.add_enum_value("kind", "b");
    }
    fn drop(op: &mut Op) {
        op.drop_constraint("t", "ck_t_odd");
    }
    let table =
        |checks: &str| format!("DROP TABLE t; CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, k TEXT{checks})");
    for (upgrade, checks, name) in [
        (
            add as fn(&mut Op),
            ", CONSTRAINT ck_t_k CHECK (k IN ('a', 'z')), CONSTRAINT ck_t_odd CHECK (id > 0)",
            "ck_t_k",
        ),
        (add, ", CHECK (k IN ('a'))", "ck_t_k"),
        (drop, ", CONSTRAINT ck_t_k CHECK (k IN ('a')), CONSTRAINT ck_t_odd CHECK (id > 1)", "ck_t_odd"),
    ] {
        let words = format!("`t` has no check `{name}`, or another one than the revisions know; nothing was changed");
        Revisions::new(base, upgrade).floor(3, 53).stops(&table(checks), &words);
    }
}

/// A client that goes on after the failure of one statement ends with what was there before.
#[test]
fn a_change_of_a_rule_that_fails_takes_everything_back() {
    fn base(op: &mut Op) {
        family(op);
        op.alter_column("t", "x").set_not_null();
    }
    fn upgrade(op: &mut Op) {
        op.add_enum_value("kind", "c");
        op.create_check_constraint("t", "more", "id > 0");
        op.alter_column("t", "other").set_not_null();
        op.alter_column("t", "x").drop_not_null();
        op.drop_constraint("t", "ck_t_x");
    }
    let scripts = Revisions::new(base, upgrade).floor(3, 53).scripts(own(Declared::Off));
    let statements: Vec<&str> = scripts.upgrade.split_inclusive(";\n").collect();
    let alterations: Vec<usize> =
        (0..statements.len()).filter(|&number| statements[number].contains("ALTER TABLE")).collect();
    // An exchange for each of the three columns of the enum, and the other four.
    assert_eq!(alterations.len(), 10, "{}", scripts.upgrade);
    let run = |left_out: Option<usize>| {
        let connection = Connection::open_in_memory().expect("a database in memory");
        connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {}", scripts.base)).expect("the base");
        connection.execute_batch("INSERT INTO t VALUES (1, 'a', 'a', 'q')").expect("a row");
        let text = || -> String {
            let query = "SELECT group_concat(sql) || (SELECT version_num FROM alembic_version) FROM sqlite_schema";
            connection.query_row(query, [], |row| row.get(0)).expect("the schema can be read")
        };
        let before = text();
        for (number, statement) in statements.iter().enumerate() {
            if left_out != Some(number) {
                // Such a client tells of the error, and goes on.
                drop(connection.execute_batch(statement));
            }
        }
        text() == before
    };
    assert!(!run(None), "nothing has failed");
    for number in alterations {
        assert!(run(Some(number)), "{} has not run, and something has changed", statements[number]);
    }
}

/// Whatever the collation of a column, the values of its enum are these and no others.
#[test]
fn the_values_of_a_collated_enum() {
    fn base(op: &mut Op) {
        op.create_enum("kind", ["queued", "done"]);
        op.create_table("t")
            .column("id", integer())
            .column("k", enumeration("kind").collation("NOCASE").not_null())
            .column("r", enumeration("kind").collation("RTRIM"))
            .primary_key(["id"])
            .unique(["k"]);
    }
    fn add(op: &mut Op) {
        op.add_enum_value("kind", "lost");
    }
    fn default(op: &mut Op) {
        op.alter_column("t", "k").set_default("done");
    }
    let kept: &[(&str, &[&str])] =
        &[("SELECT * FROM t", &["1|queued|done"]), ("SELECT id FROM t WHERE k = 'QUEUED'", &["1"])];
    for upgrade in [add as fn(&mut Op), default] {
        for floor in [(3, 40), (3, 53)] {
            Revisions::new(base, upgrade).floor(floor.0, floor.1).run(
                "INSERT INTO t VALUES (1, 'queued', 'done')",
                kept,
                kept,
            );
        }
    }
    let database = SqliteDatabase::create("sqlite checks");
    database.execute(&Revisions::new(base, add).scripts(own(Declared::Off)).base);
    for (value, padded) in [("'QUEUED'", "NULL"), ("'queued'", "'done '")] {
        let insert = format!("INSERT INTO t VALUES (1, {value}, {padded})");
        let error = database.execute_batch(crate::ForeignKeys::Off, &insert).expect_err("it is none of the values");
        assert!(error.contains("CHECK constraint failed"), "{error}");
    }
    // Another tool has made the check without a word of how it compares, and lets other spellings in.
    let adopted =
        "DROP TABLE t; CREATE TABLE t (id INTEGER NOT NULL, k TEXT COLLATE NOCASE NOT NULL, r TEXT COLLATE RTRIM,
        CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT uq_t_k UNIQUE (k),
        CONSTRAINT ck_t_k CHECK (k IN ('queued', 'done')), CONSTRAINT ck_t_r CHECK (r IN ('queued', 'done')))";
    for floor in [(3, 40), (3, 53)] {
        let case = Revisions::new(base, add).floor(floor.0, floor.1);
        over(&case, &format!("{adopted}; INSERT INTO t VALUES (1, 'queued', 'done')"), |database| {
            assert_eq!(rows(database, kept[0].0), kept[0].1);
        });
        let seed = format!("{adopted}; INSERT INTO t VALUES (1, 'QUEUED', 'done ')");
        case.stops(&seed, "rows of `t` that the check `ck_t_k` refuses: 1");
    }
}
