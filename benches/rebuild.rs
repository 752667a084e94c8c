//! What the care of a rebuild costs: a table of a million rows with two indexes, rebuilt by the compiled script and by
//! the bare steps written by hand.
//!
//! `cargo bench --bench rebuild` runs both on copies of one database file, in turns, and prints the fastest of each.
//! The steps by hand are the least that gives the same table: create, copy, drop, rename, and the indexes after the
//! copy, in one transaction. They check nothing, count nothing and keep no sequence. It asserts nothing: speed is shown,
//! never tested.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use offprint::applier::{Applier, Target};
use offprint::compile::Compiler;
use offprint::dialect::{Delivery, ForeignKeys, Settings};
use offprint::history::{Direction, History};
use offprint::operation::Op;
use offprint::prelude::*;
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::source::{Name, Origin};
use rusqlite::Connection;

const ROWS: u32 = 1_000_000;
const TURNS: usize = 7;

const BY_HAND: &str = "
BEGIN IMMEDIATE;
CREATE TABLE new_reading (
    id INTEGER NOT NULL,
    station TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    value REAL,
    note TEXT,
    CONSTRAINT pk_reading PRIMARY KEY (id)
);
INSERT INTO new_reading (id, station, taken_at, value, note) SELECT id, station, taken_at, value, note FROM reading;
DROP TABLE reading;
ALTER TABLE new_reading RENAME TO reading;
CREATE INDEX ix_reading_station ON reading (station, taken_at);
CREATE INDEX ix_reading_value ON reading (value);
COMMIT;";

fn base(op: &mut Op) {
    op.create_table("reading")
        .column("id", integer())
        .column("station", text())
        .column("taken_at", text().not_null())
        .column("value", double())
        .column("note", text())
        .primary_key(["id"]);
    op.create_index("ix_reading_station", "reading", ["station", "taken_at"]);
    op.create_index("ix_reading_value", "reading", ["value"]);
}

fn upgrade(op: &mut Op) {
    op.alter_column("reading", "station").set_not_null();
}

fn main() {
    let folder = std::env::temp_dir().join(format!("offprint-rebuild-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder of the benchmark can be made");
    let [create, rebuild] = scripts();
    let filled = folder.join("filled.sqlite");
    open(&filled).execute_batch(&format!("{create}{}", fill())).expect("the table is filled");

    let compiled = |_: usize| run(&folder, &filled, &rebuild);
    let by_hand = |_: usize| run(&folder, &filled, BY_HAND);
    let turns: Vec<[Duration; 2]> = (0..TURNS).map(|turn| [compiled(turn), by_hand(turn)]).collect();
    let fastest = |which: usize| turns.iter().map(|turn| turn[which]).min().expect("there are turns");
    let [compiled, by_hand] = [fastest(0), fastest(1)];
    println!("SQLite {}, {ROWS} rows, two indexes, the fastest of {TURNS} turns", rusqlite::version());
    println!("compiled script: {compiled:.2?}");
    println!("by hand:         {by_hand:.2?}");
    println!("ratio:           {:.3}", compiled.as_secs_f64() / by_hand.as_secs_f64());
    fs::remove_dir_all(&folder).expect("the folder of the benchmark can be deleted");
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("the database opens");
    connection.pragma_update(None, "foreign_keys", false).expect("the pragma is known");
    connection
}

/// How long a script takes on a copy of the database.
fn run(folder: &Path, filled: &Path, script: &str) -> Duration {
    let path = folder.join("turn.sqlite");
    fs::copy(filled, &path).expect("the database can be copied");
    let connection = open(&path);
    let start = Instant::now();
    connection.execute_batch(script).expect("the script runs");
    start.elapsed()
}

fn fill() -> String {
    format!(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {ROWS})
        INSERT INTO reading (id, station, taken_at, value, note)
        SELECT n, 'station ' || (n * 7919 % 1000), date('2020-01-01', '+' || (n % 2000) || ' days'),
            (n * 104729 % 1000003) / 7.0, 'a note of some forty letters for the row ' || n
        FROM number;"
    )
}

/// The scripts of the two revisions.
fn scripts() -> [String; 2] {
    let revisions = [revision("first", &[], base), revision("second", &["first"], upgrade)];
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).expect("a chain is a valid history");
    let (naming, settings) = (NamingConvention::default(), Settings::default());
    let compiler = Compiler { history: &history, revisions: &revisions, naming: &naming, settings: &settings };
    let target = Target {
        name: "sqlite3".into(),
        applier: Applier::Sqlite3,
        folder: "out".into(),
        delivery: Delivery::Own { foreign_keys: ForeignKeys::Off },
        timeouts: Default::default(),
    };
    let mut scripts = Vec::new();
    compiler
        .replay(target.applier.dialect(), |replayed| {
            let section = compiler.section(&target, &replayed, Direction::Up)?;
            scripts.push(section.expect("there is a way up").script());
            Ok(())
        })
        .expect("the revisions compile");
    scripts.try_into().expect("there are two revisions")
}

fn revision(id: &str, parents: &[&str], upgrade: fn(&mut Op)) -> Revision {
    let name = |text: &str| Name::new(text.into(), Origin::Unknown);
    let mut op = Op::default();
    upgrade(&mut op);
    Revision {
        id: name(id),
        parents: parents.iter().map(|parent| name(parent)).collect(),
        labels: Vec::new(),
        depends_on: Vec::new(),
        message: id.into(),
        documentation: Default::default(),
        stem: id.into(),
        upgrade: op.into_recorded(),
        downgrade: None,
    }
}
