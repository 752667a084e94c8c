//! Merges: what both sides touch is found, also where a rename goes on in other objects, and what one side alone touches
//! is taken from it.

#[path = "support/recorded.rs"]
mod recorded;

use offprint::diagnostic::{Code, Diagnostic};
use offprint::history::History;
use offprint::prelude::*;
use offprint::replay::{Replay, Replayed};
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Dialect, Schema};
use recorded::revision;

fn root(op: &mut Op) {
    op.create_enum("state", ["open", "done"]);
    op.create_table("owner").column("id", integer()).column("name", text()).primary_key(["id"]);
    op.create_table("job")
        .column("id", integer())
        .column("owner_id", integer())
        .column("status", text())
        .column("state", enumeration("state").not_null().default("open"))
        .primary_key(["id"])
        .foreign_key(["owner_id"], "owner", ["id"]);
    op.create_view("open_job", "SELECT id, status, name FROM JOB JOIN owner USING (id) WHERE status <> ''");
    op.create_view("owners", "SELECT name FROM owner");
    op.sqlite().create_trigger("log", "owner", "AFTER UPDATE ON owner BEGIN UPDATE job SET status = new.name; END");
}

/// The schema of a merge of two sides, or the mistake in it.
fn merged(left: fn(&mut Op), right: fn(&mut Op)) -> Result<Schema, Vec<Diagnostic>> {
    let revisions = [
        revision("root", &[], root),
        revision("left", &["root"], left),
        revision("right", &["root"], right),
        revision("merge", &["left", "right"], |_| {}),
    ];
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
    let naming = NamingConvention::default();
    let mut last: Option<Replayed> = None;
    Replay {
        history: &history,
        revisions: &revisions,
        dialect: Dialect::Sqlite,
        naming: &naming,
        home: &"public".into(),
    }
    .run(|replayed| {
        last = Some(replayed);
        Ok(())
    })?;
    Ok(last.expect("four revisions are replayed").after)
}

/// Both orders of the sides have to find that both touch the object.
#[track_caller]
fn assert_conflict(left: fn(&mut Op), right: fn(&mut Op), object: &str) {
    for (one, other) in [(left, right), (right, left)] {
        let found = merged(one, other).expect_err("the sides touch the same object");
        let [conflict] = found.as_slice() else { panic!("one mistake: {found:#?}") };
        assert_eq!(conflict.code, Code::MergeConflict, "{conflict:#?}");
        assert!(conflict.message.contains(&format!("`{object}`")), "{}", conflict.message);
    }
}

fn rename_column(op: &mut Op) {
    op.rename_column("job", "status", "progress");
}

fn rename_table(op: &mut Op) {
    op.rename_table("owner", "person");
}

#[test]
fn a_rename_touches_the_views_that_follow_it() {
    assert_conflict(
        rename_column,
        |op| {
            op.sqlite().create_trigger("keep", "open_job", "INSTEAD OF DELETE ON open_job BEGIN SELECT 1; END");
        },
        "open_job",
    );
    assert_conflict(
        rename_table,
        |op| {
            op.create_view("names", "SELECT name FROM owners");
        },
        "owners",
    );
}

#[test]
fn a_rename_touches_the_triggers_that_follow_it() {
    assert_conflict(
        rename_column,
        |op| {
            op.rename_column("owner", "name", "title");
        },
        "log",
    );
}

#[test]
fn a_rename_touches_the_tables_that_refer_to_it() {
    assert_conflict(
        rename_table,
        |op| {
            op.add_column("job", "note", text());
        },
        "job",
    );
    assert_conflict(
        |op| {
            op.rename_enum_value("state", "open", "ready");
        },
        |op| {
            op.add_column("job", "note", text());
        },
        "job",
    );
}

#[test]
fn a_name_in_another_case_is_the_same() {
    assert_conflict(
        rename_column,
        |op| {
            op.sqlite().create_view("late", "SELECT id FROM JOB WHERE owner_id > 7");
        },
        "job",
    );
}

#[test]
fn what_one_side_renames_is_renamed_after_the_merge() {
    for sides in [
        (
            rename_column as fn(&mut Op),
            (|op: &mut Op| {
                op.create_table("note").column("id", integer());
            }) as fn(&mut Op),
        ),
        (
            |op: &mut Op| {
                op.create_table("note").column("id", integer());
            },
            rename_column,
        ),
    ] {
        let schema = merged(sides.0, sides.1).unwrap_or_else(|found| panic!("{found:#?}"));
        assert!(
            schema.table("note").is_some() && schema.table("job").is_some_and(|job| job.column("progress").is_some())
        );
        let view = schema.view("open_job").expect("nobody drops it");
        assert_eq!(
            view.query,
            "SELECT id, progress AS status, name FROM JOB JOIN owner USING (id) WHERE progress <> ''"
        );
        let trigger = schema.trigger("log").expect("nobody drops it");
        assert_eq!(trigger.definition, "AFTER UPDATE ON owner BEGIN UPDATE job SET progress = new.name; END");
        let engine = rusqlite::Connection::open_in_memory().expect("SQLite opens a database in memory");
        let tables = "CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE job (id INTEGER PRIMARY KEY, owner_id INTEGER, progress TEXT, state TEXT);
            INSERT INTO job VALUES (1, 1, 'x', 'open'); INSERT INTO owner VALUES (1, 'Ada');";
        let texts = format!("CREATE VIEW open_job AS {}; CREATE TRIGGER log {};", view.query, trigger.definition);
        engine
            .execute_batch(&format!("{tables}{texts} UPDATE owner SET name = 'Grace'"))
            .expect("SQLite takes the texts");
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let found = engine.query_row("SELECT status, name FROM open_job", [], row).expect("a row");
        assert_eq!(found, ("Grace".into(), "Grace".into()));
    }
}
