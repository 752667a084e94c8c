//! What is committed by itself: leftovers of a failed build, names that others have, and what an applier is given.

use offprint::dialect::{self, Delivery, Request, Settings, Timeouts};
use offprint::plan::Segment;
use offprint::prelude::*;
use offprint::schema::{Dialect, Schema};

use crate::harness::{Replayed, replay, segment_sql, sql};
use crate::support::postgres::PostgresDatabase;

fn jobs() -> Replayed {
    replay(&Schema::default(), |op| {
        op.create_table("job").column("id", integer()).column("owner", text());
        op.create_table("event").column("id", integer());
    })
}

fn indexed(before: &Schema) -> Replayed {
    replay(before, |op| {
        op.create_index("ix_job_owner", "job", ["owner"]).unique().concurrently();
    })
}

/// The indexes of the test, and whether they are valid.
fn indexes(database: &PostgresDatabase) -> Vec<Option<String>> {
    let query = "SELECT concat_ws(' ', indrelid::regclass, indexrelid::regclass, indisvalid) FROM pg_index
        WHERE indrelid IN ('job'::regclass, 'event'::regclass) ORDER BY 1";
    database.rows(query).into_iter().flatten().collect()
}

#[test]
fn what_a_failed_build_leaves_is_built_again() {
    let Some(database) = PostgresDatabase::create("segments: a failed build") else { return };
    let base = jobs();
    database.execute(&base.script());
    database.execute("INSERT INTO job VALUES (1, 'ann'), (2, 'ann')");
    let script = sql(&indexed(&base.after).plan(None, &Settings::default()).expect("a plan"));
    database.psql(&script).expect_failure("could not create unique index");
    assert_eq!(indexes(&database), [Some("job ix_job_owner f".into())]);
    database.psql(&script).expect_failure("could not create unique index");
    database.execute("UPDATE job SET owner = 'bob' WHERE id = 2");
    database.psql(&script).expect_success();
    assert_eq!(indexes(&database), [Some("job ix_job_owner t".into())]);
}

#[test]
fn a_valid_index_is_not_built_again() {
    let Some(database) = PostgresDatabase::create("segments: a valid index") else { return };
    let base = jobs();
    database.execute(&base.script());
    let script = sql(&indexed(&base.after).plan(None, &Settings::default()).expect("a plan"));
    database.psql(&script).expect_success();
    let file = || database.rows("SELECT pg_relation_filenode('ix_job_owner')");
    let first = file();
    database.psql(&script).expect_success();
    assert_eq!(file(), first);
}

#[test]
fn another_index_of_the_name_stops_the_script() {
    let base = jobs();
    let script = sql(&indexed(&base.after).plan(None, &Settings::default()).expect("a plan"));
    for other in [
        "CREATE UNIQUE INDEX ix_job_owner ON event (id)",
        "CREATE INDEX ix_job_owner ON job (owner)",
        "CREATE UNIQUE INDEX ix_job_owner ON job (id)",
        "CREATE UNIQUE INDEX ix_job_owner ON job (owner, id)",
        "CREATE UNIQUE INDEX ix_job_owner ON job (lower(owner))",
        "CREATE TABLE ix_job_owner (id integer)",
    ] {
        let Some(database) = PostgresDatabase::create(&format!("segments: {other}")) else { return };
        database.execute(&base.script());
        database.execute(other);
        database.psql(&script).expect_failure("index ix_job_owner is not the one that this revision builds");
    }
}

#[test]
fn an_applier_that_opens_transactions_gets_a_file_for_each_segment() {
    let base = jobs();
    let revision = replay(&base.after, |op| {
        op.create_index("ix_job_owner", "job", ["owner"]).concurrently();
        op.drop_index("ix_job_owner").concurrently();
        op.add_column("job", "note", text());
    });
    let settings = Settings::default();
    let request = Request {
        before: &revision.before,
        transitions: &revision.transitions,
        after: &revision.after,
        history: None,
        settings: &settings,
        delivery: Delivery::Wrapped,
    };
    let plan = dialect::plan(Dialect::Postgres, &request).expect("a plan");
    let files: Vec<String> = plan.segments.iter().map(segment_sql).collect();
    let [build, drop, rest] = files.as_slice() else { panic!("three files: {files:#?}") };
    // All versions of the Supabase CLI run such a statement behind a bare COMMIT, and not otherwise.
    assert!(build.contains("\n\nCOMMIT;\n\nCREATE INDEX CONCURRENTLY IF NOT EXISTS \"ix_job_owner\""), "{build}");
    assert_eq!(drop, "COMMIT;\n\nDROP INDEX CONCURRENTLY IF EXISTS \"public\".\"ix_job_owner\";\n");
    assert!(rest.contains("ADD COLUMN") && !rest.contains("COMMIT"), "{rest}");
}

#[test]
fn an_index_that_is_built_and_dropped_again_is_not_missed() {
    let Some(database) = PostgresDatabase::create("segments: built and dropped") else { return };
    let base = jobs();
    database.execute(&base.script());
    let revision = replay(&base.after, |op| {
        op.create_index("ix_job_owner", "job", ["owner"]).concurrently();
        op.drop_index("ix_job_owner").concurrently();
    });
    let script = sql(&revision.plan(None, &Settings::default()).expect("a plan"));
    database.psql(&script).expect_success();
    assert_eq!(indexes(&database), []);
}

/// The settings of a project that waits for a lock only so long.
fn impatient() -> Settings {
    let timeouts = Timeouts { lock: Some("80ms".into()), statement: Some("10s".into()) };
    Settings { timeouts, ..Settings::default() }
}

#[test]
fn a_script_does_not_wait_longer_than_it_may() {
    let Some(database) = PostgresDatabase::create("segments: a lock that is taken") else { return };
    let base = jobs();
    database.execute(&base.script());
    let change = replay(&base.after, |op| {
        op.add_column("job", "note", text());
    });
    for revision in [&change, &indexed(&base.after)] {
        let script = sql(&revision.plan(None, &impatient()).expect("a plan"));
        let mut reader = database.connect();
        reader.batch_execute("BEGIN; LOCK TABLE job IN SHARE UPDATE EXCLUSIVE MODE").expect("nobody else is here");
        database.psql(&script).expect_failure("canceling statement due to lock timeout");
        reader.batch_execute("COMMIT").expect("the lock is given back");
        database.psql(&script).expect_success();
    }
}

#[test]
fn a_session_has_its_limits_back_after_the_script() {
    let Some(database) = PostgresDatabase::create("segments: limits of the session") else { return };
    let base = jobs();
    let all = replay(&base.after, |op| {
        op.create_index("ix_job_owner", "job", ["owner"]).concurrently();
        op.add_column("job", "note", text());
    });
    database.execute(&base.script());
    let plan = all.plan(None, &impatient()).expect("a plan");
    let shown = "SELECT 'limits ' || current_setting('lock_timeout') || ' ' || current_setting('statement_timeout');";
    let inside = |segment: &Segment| {
        let Segment { opening, closing, .. } = segment;
        format!("{}\n{shown}\n{}\n{shown}\n", opening.join("\n"), closing.join("\n"))
    };
    let [build, rest] = plan.segments.as_slice() else { panic!("two segments") };
    assert!(database.psql(&inside(build)).expect_success().stdout.contains("limits 80ms 0"));
    let outcome = database.psql(&inside(rest)).expect_success();
    assert!(outcome.stdout.contains("limits 80ms 10s") && outcome.stdout.contains("limits 0 0"), "{}", outcome.stdout);
    let script = format!("{}{shown}", sql(&plan));
    assert!(database.psql(&script).expect_success().stdout.contains("limits 0 0"));
}
