//! A script runs only where it applies, and the history table says what ran.

use std::thread;

use ecow::EcoString;
use offprint::dialect::{Delivery, ForeignKeys, HistoryDirection, HistoryStep, Relative, Settings, stamp_sql};
use offprint::prelude::*;
use offprint::schema::{Dialect, Schema};

use crate::harness::{Replayed, replay, sql};
use crate::support::postgres::PostgresDatabase;

const OWN: Delivery = Delivery::Own { foreign_keys: ForeignKeys::Off };

fn step(revision: &str, from: &str, direction: HistoryDirection) -> HistoryStep {
    HistoryStep { from: from.into(), to: revision.into(), revision: revision.into(), direction }
}

fn relative(id: &str, implied_by: &[&str]) -> Relative {
    Relative { id: id.into(), implied_by: names(implied_by) }
}

fn names(all: &[&str]) -> Vec<EcoString> {
    all.iter().map(|name| EcoString::from(*name)).collect()
}

#[track_caller]
fn script(replayed: &Replayed, history: &HistoryStep) -> String {
    sql(&replayed.plan(Some(history), &Settings::default()).unwrap_or_else(|found| panic!("{found:#?}")))
}

fn root() -> Replayed {
    replay(&Schema::default(), |op| {
        op.create_enum("mood", ["happy"]);
        op.create_table("person").column("id", integer()).column("mood", enumeration("mood"));
        op.create_index("ix_person_id", "person", ["id"]);
        op.create_view("people", "SELECT id FROM person");
    })
}

fn from_base() -> HistoryStep {
    step("one", "base", HistoryDirection::UpFromBase { allowed: Vec::new() })
}

fn up(revision: &str, from: &str) -> HistoryStep {
    let direction = HistoryDirection::Up { predecessors: vec![relative(from, &[])], absent: names(&[revision]) };
    step(revision, from, direction)
}

fn nothing(before: &Schema) -> Replayed {
    replay(before, |_| ())
}

#[track_caller]
fn assert_at(database: &PostgresDatabase, expected: &[&str]) {
    let rows = database.rows("SELECT version_num FROM alembic_version ORDER BY 1");
    let found: Vec<String> = rows.into_iter().flatten().flatten().collect();
    assert_eq!(found, expected);
}

#[test]
fn the_first_revision_starts_from_an_empty_database() {
    let Some(database) = PostgresDatabase::create("from base") else { return };
    let script = script(&root(), &from_base());
    for object in [
        ("CREATE TABLE person ()", "table person"),
        ("CREATE TYPE mood AS ENUM ()", "enum mood"),
        ("CREATE VIEW people AS SELECT 1", "view people"),
        ("CREATE SEQUENCE ix_person_id", "index ix_person_id"),
    ] {
        database.execute(object.0);
        let words =
            format!("one creates the objects of a database at base, but this one has them already: {}", object.1);
        database.psql(&script).expect_failure(&words).expect_failure("`offprint stamp one --sql`");
        assert!(
            database
                .rows("SELECT to_regclass('alembic_version') WHERE to_regclass('alembic_version') IS NOT NULL")
                .is_empty()
        );
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    }
    database.psql(&script).expect_success();
    assert_at(&database, &["one"]);
    database
        .psql(&script)
        .expect_failure("offprint: one applies to a database at base, but this one is at one; nothing was changed");
}

#[test]
fn the_history_table_is_the_one_that_alembic_makes() {
    let Some(database) = PostgresDatabase::create("history table") else { return };
    database.psql(&script(&nothing(&Schema::default()), &from_base())).expect_success();
    let columns = database.rows(
        "SELECT column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns
         WHERE table_name = 'alembic_version'",
    );
    let column = ["version_num", "character varying", "32", "NO"].map(|word| Some(word.to_owned()));
    assert_eq!(columns, [column]);
    // From Postgres 18 on, NOT NULL is a constraint with a name too.
    let key = database
        .rows("SELECT conname FROM pg_constraint WHERE conrelid = 'alembic_version'::regclass AND contype <> 'n'");
    assert_eq!(key, [[Some("alembic_version_pkc".to_owned())]]);
}

#[test]
fn a_script_runs_only_from_its_start() {
    let Some(database) = PostgresDatabase::create("up") else { return };
    let two = script(&nothing(&Schema::default()), &up("two", "one"));
    database.psql(&two).expect_failure(
        "offprint: two applies to a database at one, but this one has no history table \"public\".\"alembic_version\"; nothing was changed",
    );
    database.psql(&stamp_sql(Dialect::Postgres, &[], &Settings::default(), OWN)).expect_success();
    database.psql(&two).expect_failure("but this one is at base; nothing was changed");
    database
        .psql(&stamp_sql(Dialect::Postgres, &names(&["other", "zero"]), &Settings::default(), OWN))
        .expect_success();
    database.psql(&two).expect_failure("but this one is at other, zero; nothing was changed");
    database.execute("DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('one')");
    database.psql(&two).expect_success();
    assert_at(&database, &["two"]);
    database.psql(&two).expect_failure("but this one is at two; nothing was changed");
}

#[test]
fn branches_and_merges_move_their_own_rows() {
    let Some(database) = PostgresDatabase::create("branches") else { return };
    let run = |history: &HistoryStep| database.psql(&script(&nothing(&Schema::default()), history));
    run(&from_base()).expect_success();
    let branch = |revision: &str, siblings: &[&str]| {
        let predecessors = vec![relative("one", siblings)];
        step(revision, "one", HistoryDirection::Up { predecessors, absent: names(&[revision]) })
    };
    run(&branch("left", &["right", "merge"])).expect_success();
    assert_at(&database, &["left"]);
    run(&branch("right", &["left", "merge"])).expect_success();
    assert_at(&database, &["left", "right"]);
    run(&branch("right", &["left", "merge"])).expect_failure("right applies to a database at one");
    let sides = vec![relative("left", &[]), relative("right", &[])];
    let merge = HistoryDirection::Up { predecessors: sides.clone(), absent: names(&["merge"]) };
    run(&step("merge", "left, right", merge)).expect_success();
    assert_at(&database, &["merge"]);
    let split = HistoryDirection::Down { predecessors: sides };
    run(&step("merge", "merge", split)).expect_success();
    assert_at(&database, &["left", "right"]);
    let down = |revision: &str, other: &str| {
        step(revision, revision, HistoryDirection::Down { predecessors: vec![relative("one", &[other])] })
    };
    run(&down("right", "left")).expect_success();
    assert_at(&database, &["left"]);
    run(&down("left", "right")).expect_success();
    assert_at(&database, &["one"]);
    run(&down("left", "right"))
        .expect_failure("the way down from left applies to a database at left, but this one is at one");
    run(&step("one", "one", HistoryDirection::Down { predecessors: Vec::new() })).expect_success();
    assert_at(&database, &[]);
    let second_root = step("free", "base", HistoryDirection::UpFromBase { allowed: names(&["one"]) });
    run(&from_base()).expect_success();
    run(&second_root).expect_success();
    assert_at(&database, &["free", "one"]);
    run(&second_root).expect_failure("but this one is at free, one");
}

#[test]
fn of_two_clients_at_once_one_stops() {
    let Some(database) = PostgresDatabase::create("two clients") else { return };
    let slow = replay(&Schema::default(), |op| {
        op.execute("SELECT pg_sleep(1)");
    });
    for history in [from_base(), up("two", "one")] {
        let script = script(&slow, &history);
        let outcomes = thread::scope(|scope| {
            let clients = [0, 1].map(|_| scope.spawn(|| database.psql(&script)));
            clients.map(|client| client.join().expect("the client ends"))
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.succeeded()).count(), 1, "{outcomes:#?}");
        assert_at(&database, &[history.revision.as_str()]);
    }
}

#[test]
fn a_stamp_is_for_a_database_without_a_history() {
    let Some(database) = PostgresDatabase::create("stamp") else { return };
    let stamp = |heads: &[&str]| stamp_sql(Dialect::Postgres, &names(heads), &Settings::default(), OWN);
    database.psql(&stamp(&["one", "it's"])).expect_success();
    assert_at(&database, &["it's", "one"]);
    database.psql(&stamp(&["one", "it's"])).expect_success();
    assert_at(&database, &["it's", "one"]);
    database.psql(&stamp(&["two"])).expect_failure("but this one is at it's, one; nothing was changed");
    assert_at(&database, &["it's", "one"]);
}

#[test]
fn the_history_may_live_elsewhere() {
    let Some(database) = PostgresDatabase::create("other schemas") else { return };
    database.execute("CREATE SCHEMA \"my app\"; CREATE SCHEMA ledger");
    let settings = Settings {
        postgres_schema: "my app".into(),
        history_schema: "ledger".into(),
        history_table: "revisions".into(),
        ..Settings::default()
    };
    let change = replay(&Schema::default(), |op| {
        op.create_enum("mood", ["happy"]);
        op.create_table("person")
            .column("id", integer().identity())
            .column("mood", enumeration("mood").default("happy"))
            .primary_key(["id"]);
        op.insert("person", ["id"]).row((5,));
        op.replace_enum_values("mood", ["sad", "happy"]);
        op.alter_column("person", "mood").set_not_null();
    });
    let script = sql(&change.plan(Some(&from_base()), &settings).expect("a plan"));
    database.psql(&script).expect_success();
    database.psql(&script).expect_failure("but this one is at one");
    database.execute("INSERT INTO \"my app\".person DEFAULT VALUES");
    let rows = database.rows("SELECT id FROM \"my app\".person ORDER BY id");
    assert_eq!(rows, [[Some("5".to_owned())], [Some("6".to_owned())]]);
    assert_eq!(database.rows("SELECT version_num FROM ledger.revisions"), [[Some("one".to_owned())]]);
}
