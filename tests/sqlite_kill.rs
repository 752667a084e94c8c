//! A client that is killed in the middle of a script leaves the old table whole, or the new one.
//!
//! The `sqlite3` shell rebuilds a table of many rows with child rows, and is killed (SIGKILL) at moments spread over
//! the time that it needs. Whatever is then in the file is one of the two revisions, complete, and the script can be
//! run again from there.

#![cfg(unix)]

mod support;

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use offprint::prelude::*;
use offprint::schema::Schema;
use support::engine::Place;
use support::expected::{ColumnOrder, drift_on_sqlite};
use support::random::Random;
use support::scripts::{self, Scripts};
use support::sqlite::{SqliteDatabase, shell_is_installed};

const ROWS: usize = 60_000;
const KILLS: u32 = 12;
/// How many of them at least must come while the script is writing.
const KILLS_IN_THE_MIDDLE: u32 = KILLS / 4;
/// On a busy machine the moments miss the script more often; more than these are not tried.
const MOST_KILLS: u32 = 20 * KILLS;
const SIGKILL: i32 = 9;

#[test]
fn with_a_rollback_journal() {
    kill_often("DELETE", "-journal");
}

#[test]
fn with_a_write_ahead_log() {
    kill_often("WAL", "-wal");
}

fn base(op: &mut Op) {
    op.create_table("reading")
        .column("id", integer().identity())
        .column("station", text())
        .column("value", text())
        .primary_key(["id"]);
    op.create_index("ix_reading_station", "reading", ["station", "value"]);
    op.create_table("remark")
        .column("id", integer())
        .column("reading_id", integer().not_null())
        .primary_key(["id"])
        .foreign_key(["reading_id"], "reading", ["id"])
        .on_delete(Cascade);
}

fn upgrade(op: &mut Op) {
    op.alter_column("reading", "value").set_type(integer()).set_not_null();
    op.add_column("reading", "unit", text().not_null().default("mm"));
    op.create_check_constraint("reading", "positive", "value >= 0");
}

fn kill_often(journal: &str, suffix: &str) {
    let case = format!("killed with journal_mode = {journal}");
    if !shell_is_installed(&case) {
        return;
    }
    let scripts = scripts::compile(base, upgrade, None, &Place::SqliteShell.target());
    let scripts = scripts.unwrap_or_else(|found| panic!("{found:#?}"));
    let filled = SqliteDatabase::create(&case);
    filled.shell(&scripts.base).expect_success();
    filled.execute(&format!(
        "PRAGMA journal_mode = {journal};
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {ROWS})
        INSERT INTO reading (id, station, value) SELECT n, 'station ' || (n % 100), CAST(n % 1000 AS TEXT) FROM number;
        INSERT INTO remark (reading_id) SELECT id FROM reading WHERE id % 10 = 0;
        PRAGMA wal_checkpoint(TRUNCATE);"
    ));
    let copy = || {
        let database = SqliteDatabase::create(&case);
        fs::copy(filled.path(), database.path()).expect("the database can be copied");
        database
    };

    let whole = copy();
    let start = Instant::now();
    assert!(shell(&whole, &scripts.upgrade).wait().expect("the shell ends").success());
    let duration = start.elapsed();

    let mut random = Random::new(20_261_125);
    let mut in_the_middle = 0;
    for kill in 0..MOST_KILLS {
        if kill >= KILLS && in_the_middle >= KILLS_IN_THE_MIDDLE {
            break;
        }
        let database = copy();
        let mut child = shell(&database, &scripts.upgrade);
        let moment = (f64::from(kill % KILLS) + random.below(1000) as f64 / 1000.0) / f64::from(KILLS);
        thread::sleep(duration.mul_f64(moment));
        let writes = size_of(&database, suffix) > 0;
        child.kill().expect("a child can be killed");
        let killed = child.wait().expect("the shell ends").signal() == Some(SIGKILL);
        in_the_middle += u32::from(killed && writes);
        is_whole(&database, &scripts, &format!("{journal}, killed at {moment:.2} of {duration:.1?}"));
    }
    assert!(in_the_middle >= KILLS_IN_THE_MIDDLE, "only {in_the_middle} kills came while the script was writing");
}

/// The shell with a script on its standard input, which it has read as a whole: the rest is its own time.
fn shell(database: &SqliteDatabase, script: &str) -> Child {
    let file = database.path().with_file_name("script.sql");
    fs::File::create(&file).and_then(|mut file| file.write_all(script.as_bytes())).expect("the script can be written");
    Command::new("sqlite3")
        .args(["-batch", "-bail"])
        .arg(database.path())
        .env("HOME", database.path().parent().expect("the database lies in a folder"))
        .stdin(fs::File::open(&file).expect("the script can be read"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the shell starts")
}

/// The bytes of the file beside the database that a transaction writes to.
fn size_of(database: &SqliteDatabase, suffix: &str) -> u64 {
    let name = format!("{}{suffix}", database.path().display());
    fs::metadata(Path::new(&name)).map_or(0, |found| found.len())
}

/// The database is at one of the two revisions, with all rows, and the script leads from there to the second one.
fn is_whole(database: &SqliteDatabase, scripts: &Scripts, when: &str) {
    let one = |query: &str| database.rows(query)[0][0].clone().unwrap_or_default();
    let revision = one("SELECT version_num FROM alembic_version");
    let state = |schema: &Schema| {
        assert_eq!(one("PRAGMA integrity_check"), "ok", "{when}");
        assert_eq!(one("SELECT count(*) FROM pragma_foreign_key_check"), "0", "{when}");
        assert_eq!(drift_on_sqlite(schema, database, ColumnOrder::Exact), [""; 0], "{when}");
        let rows = one("SELECT count(*) || ' ' || sum(id) || ' ' || sum(CAST(value AS INTEGER)) FROM reading");
        let ids = ROWS * (ROWS + 1) / 2;
        let values: usize = (1..=ROWS).map(|id| id % 1000).sum();
        assert_eq!(rows, format!("{ROWS} {ids} {values}"), "{when}");
        assert_eq!(one("SELECT count(*) FROM remark"), (ROWS / 10).to_string(), "{when}");
        assert_eq!(one("SELECT seq FROM sqlite_sequence WHERE name = 'reading'"), ROWS.to_string(), "{when}");
    };
    match revision.as_str() {
        scripts::BASE => {
            state(&scripts.before);
            database.shell(&scripts.upgrade).expect_success();
        }
        revision => assert_eq!(revision, scripts::UNDER_TEST, "{when}"),
    }
    state(&scripts.after);
}
