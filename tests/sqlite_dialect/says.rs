//! What a script says, and how often.

use ecow::EcoString;
use offprint::dialect::{self, Delivery, ForeignKeys as Declared, Settings};
use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::support::expected::{ColumnOrder, drift_on_sqlite};
use crate::support::sqlite::{ForeignKeys, SqliteDatabase};
use crate::{PLACES, Revisions, own};

fn job(op: &mut Op) {
    op.create_enum("state", ["new", "done"]);
    op.create_table("job").column("id", integer()).column("state", text()).column("size", text()).primary_key(["id"]);
}

/// How often a text stands in the upgrade.
#[track_caller]
fn count(case: &Revisions, text: &str, expected: usize) {
    let script = case.scripts(own(Declared::On)).upgrade;
    assert_eq!(script.matches(text).count(), expected, "`{text}` in\n{script}");
}

#[test]
fn several_changes_of_a_table_are_one_rebuild() {
    fn upgrade(op: &mut Op) {
        op.add_column("job", "more", text());
        op.alter_column("job", "state")
            .set_type(enumeration("state"))
            .map([("DONE", "done")])
            .set_not_null()
            .set_default("new");
        op.create_index("ix_job_state", "job", ["state"]);
        op.alter_column("job", "size").set_type(integer());
        op.create_check_constraint("job", "small", "size < 10");
        op.rename_column("job", "size", "extent");
        op.drop_column("job", "more");
        op.create_unique_constraint("job", ["extent"]);
    }
    let case = Revisions::new(job, upgrade);
    count(&case, "INSERT OR ABORT", 1);
    count(&case, "ADD COLUMN", 0);
    count(&case, "DROP COLUMN", 0);
    count(&case, "RENAME COLUMN", 1);
    count(&case, "PRAGMA foreign_keys", 2);
    case.run(
        "INSERT INTO job VALUES (1, 'DONE', '5'), (2, 'new', NULL)",
        &[("SELECT id, size FROM job", &["1|5", "2|NULL"])],
        &[("SELECT id, state, typeof(extent), extent FROM job", &["1|done|integer|5", "2|new|null|NULL"])],
    );
}

#[test]
fn a_table_of_the_same_revision_is_created_as_it_ends() {
    fn upgrade(op: &mut Op) {
        op.create_table("event").column("id", integer()).column("job_id", integer()).primary_key(["id"]);
        op.add_column("event", "created_at", timestamptz().not_null().default(now()));
        op.create_foreign_key("event", ["job_id"], "job", ["id"]);
        op.create_index("ix_event_job_id", "event", ["job_id"]);
    }
    let case = Revisions::new(job, upgrade);
    count(&case, "CREATE TABLE \"event\"", 1);
    count(&case, "ALTER TABLE", 0);
    count(&case, "INSERT OR ABORT", 0);
    count(&case, "PRAGMA", 0);
    case.run("INSERT INTO job VALUES (1, 'a', 'b')", &[], &[("SELECT count(*) FROM event", &["0"])]);
}

#[test]
fn what_can_be_done_in_place_is() {
    fn upgrade(op: &mut Op) {
        op.add_column("job", "more", varchar(10).not_null().default("-"));
        op.add_column("job", "kind", enumeration("state").default("new"));
        op.rename_column("job", "size", "extent");
        op.rename_table("job", "Job");
        op.drop_column("Job", "extent");
        op.alter_column("Job", "id").set_type(big_integer());
    }
    fn plain(op: &mut Op) {
        op.add_column("job", "more", varchar(10).not_null().default("-"));
        op.rename_column("job", "size", "extent");
        op.rename_table("job", "Job");
        op.drop_column("Job", "extent");
        op.alter_column("Job", "id").set_type(big_integer());
    }
    let case = Revisions::new(job, plain);
    count(&case, "INSERT OR ABORT", 0);
    count(&case, "SQLite holds both as INTEGER", 1);
    // The check of an enum bears the name of its table.
    count(&Revisions::new(job, upgrade), "INSERT OR ABORT", 1);
    let rows: &[(&str, &[&str])] = &[("SELECT id, state FROM Job", &["1|a"])];
    case.run("INSERT INTO job VALUES (1, 'a', NULL)", rows, rows);
}

#[test]
fn a_newer_sqlite_changes_rules_in_place() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).column("size", integer()).primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").set_not_null();
        op.create_check_constraint("job", "small", "job.size < 10");
    }
    let case = Revisions::new(base, upgrade).floor(3, 53);
    count(&case, "INSERT OR ABORT", 0);
    let scripts = case.scripts(own(Declared::On));
    let database = SqliteDatabase::create("sqlite dialect");
    let run = |script: &str| database.execute_batch(ForeignKeys::On, script);
    run(&scripts.base).expect("the base");
    database.execute("INSERT INTO job VALUES (1, NULL)");
    let error = run(&scripts.upgrade).expect_err("there is a NULL");
    assert!(error.contains("rows of `job` that would have NULL in `size`"), "{error}");
    database.execute("UPDATE job SET size = 50");
    let error = run(&scripts.upgrade).expect_err("the check refuses it");
    assert!(error.contains("rows of `job` that the check `ck_job_small` refuses: 1"), "{error}");
    database.execute("UPDATE job SET size = 5");
    run(&scripts.upgrade).expect("the upgrade");
    assert_eq!(drift_on_sqlite(&scripts.after, &database, ColumnOrder::Exact), [""; 0]);
    run(&scripts.downgrade.expect("a way back")).expect("the downgrade");
    assert_eq!(drift_on_sqlite(&scripts.before, &database, ColumnOrder::Exact), [""; 0]);
}

#[test]
fn a_newer_sqlite_drops_foreign_keys_in_place() {
    fn base(op: &mut Op) {
        op.create_table("parent").column("id", integer()).primary_key(["id"]);
        op.create_table("child")
            .column("parent_id", integer())
            .foreign_key(["parent_id"], "parent", ["id"])
            .on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.drop_constraint("child", "fk_child_parent_id_parent");
    }
    let case = Revisions::new(base, upgrade).floor(3, 54);
    count(&case, "INSERT OR ABORT", 0);
    let scripts = case.scripts(own(Declared::On));
    let database = SqliteDatabase::create("sqlite dialect");
    let run = |script: &str| database.execute_batch(ForeignKeys::On, script);
    run(&scripts.base).expect("the base");
    run(&scripts.upgrade).expect("the upgrade");
    assert_eq!(drift_on_sqlite(&scripts.after, &database, ColumnOrder::Exact), [""; 0]);
    run(&scripts.downgrade.expect("a way back")).expect("the downgrade");
    assert_eq!(drift_on_sqlite(&scripts.before, &database, ColumnOrder::Exact), [""; 0]);
}

#[test]
fn nothing_is_left_out_in_silence() {
    fn upgrade(op: &mut Op) {
        op.set_table_comment("job", "jobs");
        op.create_index("ix_job_state", "job", [column("state").operator_class("text_pattern_ops")])
            .method("gin")
            .include(["size"]);
        op.rename_enum("state", "status");
    }
    let case = Revisions::new(job, upgrade);
    for words in [
        "keeps no comments",
        "has no operator classes",
        "has no INCLUDE",
        "gin means nothing",
        "keeps the values of an enum",
    ] {
        count(&case, words, 1);
    }
}

#[test]
fn a_long_insert_comes_in_pieces() {
    fn upgrade(op: &mut Op) {
        let rows: Vec<(i64, String, &str)> = (0..1201).map(|id| (id, format!("it's\n{id}"), "x")).collect();
        op.insert("job", ["id", "state", "size"]).rows(rows);
    }
    let case = Revisions::new(job, upgrade);
    count(&case, "INSERT INTO \"job\"", 3);
    case.run("", &[], &[("SELECT count(*), max(id), length(max(state)) FROM job", &["1201|1200|8"])]);
}

#[test]
fn raw_sql_stays_whole() {
    fn upgrade(op: &mut Op) {
        op.execute("CREATE TRIGGER tr AFTER INSERT ON job BEGIN UPDATE job SET size = '; --'; SELECT 1; END -- done");
        op.declare().create_trigger(
            "tr",
            "job",
            "AFTER INSERT ON job BEGIN UPDATE job SET size = '; --'; SELECT 1; END -- done",
        );
        op.execute("INSERT INTO job (id) VALUES (1);");
        op.irreversible("raw SQL");
    }
    Revisions::new(job, upgrade).run("", &[], &[("SELECT size FROM job", &["; --"])]);
}

#[test]
fn the_whole_schema_is_what_the_revisions_lead_to() {
    fn upgrade(op: &mut Op) {
        op.create_view("a_view", "SELECT * FROM z_view");
        op.irreversible("a view that cannot be read");
    }
    fn base(op: &mut Op) {
        job(op);
        op.create_view("z_view", "SELECT id FROM job");
        op.create_index("ix", "job", ["state"]);
        op.sqlite().create_trigger("tr", "z_view", "INSTEAD OF INSERT ON z_view BEGIN SELECT 1; END;");
    }
    let scripts = Revisions::new(base, upgrade).scripts(own(Declared::Off));
    let statements = dialect::schema_sql(Dialect::Sqlite, &scripts.after, &Settings::default());
    let statements = statements.unwrap_or_else(|found| panic!("{found:#?}"));
    let database = SqliteDatabase::create("sqlite dialect");
    database.execute(&statements.join("\n"));
    assert_eq!(drift_on_sqlite(&scripts.after, &database, ColumnOrder::Exact), [""; 0]);
}

#[test]
fn a_stamp_records_and_refuses() {
    for place in PLACES {
        let stamp = |heads: &[&str]| {
            let heads: Vec<EcoString> = heads.iter().map(|&head| head.into()).collect();
            dialect::stamp_sql(Dialect::Sqlite, &heads, &Settings::default(), place.delivery())
        };
        let Some(database) = place.database() else { continue };
        let run = |script: &str| place.run(&database, script);
        run(&stamp(&["a", "b"])).expect("an empty database");
        run(&stamp(&["a", "b"])).expect("the same again");
        let found = || crate::rows(&database, "SELECT version_num FROM alembic_version ORDER BY 1");
        assert_eq!(found(), ["a", "b"], "{place:?}");
        let error = run(&stamp(&["c"])).expect_err("it is elsewhere");
        assert!(error.contains("the history table says a, b, which is not c"), "{error}");
        assert_eq!(found(), ["a", "b"], "{place:?}");
        for word in ["BEGIN", "COMMIT", "SAVEPOINT", "temp."] {
            assert_eq!(
                stamp(&["a"]).contains(word),
                matches!(place.delivery(), Delivery::Own { .. }),
                "{word}, {place:?}"
            );
        }
    }
}

/// A stamp for someone who opens the transaction runs nowhere else.
#[test]
fn a_stamp_stays_with_its_mode() {
    let stamp = |delivery| dialect::stamp_sql(Dialect::Sqlite, &["a".into()], &Settings::default(), delivery);
    let database = SqliteDatabase::create("sqlite dialect");
    let error = database.execute_batch(ForeignKeys::On, &stamp(Delivery::Wrapped)).expect_err("no transaction is open");
    assert!(error.contains("the applier opens a transaction around the script"), "{error}");
    let error = database.execute_batch(ForeignKeys::Off, &stamp(Delivery::Hosted)).expect_err("foreign keys are off");
    assert!(error.contains("the target says that foreign keys are on"), "{error}");
    let error = database.execute_wrapped(ForeignKeys::Off, &stamp(own(Declared::Off))).expect_err("it opens its own");
    assert!(error.contains("within a transaction"), "{error}");
    assert_eq!(crate::rows(&database, "SELECT name FROM sqlite_schema"), [""; 0]);
}
