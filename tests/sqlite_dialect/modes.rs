//! Who runs a script decides its shape, and it refuses to be run by another.

use offprint::dialect::{Delivery, ForeignKeys as Declared};
use offprint::prelude::*;

use crate::support::sqlite::{ForeignKeys, SqliteDatabase};
use crate::{Place, Revisions, dump, own, rows};

fn pair(op: &mut Op) {
    op.create_table("job").column("id", integer()).column("size", text()).primary_key(["id"]);
    op.create_table("event")
        .column("job_id", integer())
        .column("note", text())
        .foreign_key(["job_id"], "job", ["id"])
        .on_delete(Cascade);
}

const PAIR: &str = "INSERT INTO job VALUES (1, '1'), (2, '2'); INSERT INTO event VALUES (1, 'a'), (2, 'b')";

fn default_of_size(op: &mut Op) {
    op.alter_column("job", "size").set_default("1");
}

#[test]
fn only_the_owner_of_the_transaction_speaks_of_it() {
    for delivery in [Delivery::Wrapped, Delivery::Hosted] {
        let script = Revisions::new(pair, default_of_size).scripts(delivery).upgrade;
        for word in ["PRAGMA foreign_keys", "BEGIN", "SAVEPOINT", "COMMIT", "TEMP"] {
            assert!(!script.contains(word), "{script}");
        }
    }
}

/// Runs the upgrade in a way that it is not made for: it refuses with these words and changes nothing.
#[track_caller]
fn refuses(delivery: Delivery, words: &str, run: impl Fn(&SqliteDatabase, &str) -> Result<(), String>) {
    let scripts = Revisions::new(pair, default_of_size).scripts(delivery);
    let database = SqliteDatabase::create("sqlite modes");
    // The base has no rows to lose; it is run in a transaction that is right for it.
    let base = Revisions::new(pair, default_of_size).scripts(own(Declared::Off)).base;
    database.execute(&base);
    database.execute(PAIR);
    let before = dump(&database);
    let error = run(&database, &scripts.upgrade).expect_err("a refusal");
    assert!(error.contains(words), "{error}\n{}", scripts.upgrade);
    assert_eq!(dump(&database), before);
}

#[test]
fn a_wrapped_script_without_a_transaction() {
    for foreign_keys in [ForeignKeys::On, ForeignKeys::Off] {
        refuses(Delivery::Wrapped, "opens a transaction around the script, and none is open", |database, script| {
            database.execute_batch(foreign_keys, script)
        });
    }
    refuses(Delivery::Wrapped, "and none is open", |database, script| {
        let outcome = database.shell(script);
        if outcome.succeeded() { Ok(()) } else { Err(outcome.stderr) }
    });
}

#[test]
fn a_hosted_script_without_foreign_keys() {
    refuses(Delivery::Hosted, "foreign keys are on in its client, and they are off", |database, script| {
        database.execute_wrapped(ForeignKeys::Off, script)
    });
}

#[test]
fn a_script_that_opens_its_transaction_within_another() {
    for (declared, foreign_keys) in [(Declared::On, ForeignKeys::On), (Declared::Off, ForeignKeys::Off)] {
        refuses(own(declared), "cannot start a transaction within a transaction", |database, script| {
            database.execute_wrapped(foreign_keys, script)
        });
    }
    // Where the client goes on after that error, foreign keys are still on.
    refuses(own(Declared::On), "cannot be switched off, since a transaction is open already", |database, script| {
        database.execute_wrapped(ForeignKeys::On, &script.replace("BEGIN IMMEDIATE;", ""))
    });
}

#[test]
fn a_client_that_renames_in_the_old_way() {
    let old_way = |database: &SqliteDatabase, script: &str, close: &str| {
        let outcome = database.shell(&format!("PRAGMA legacy_alter_table = ON;\n{script}\n{close}"));
        if outcome.succeeded() { Ok(()) } else { Err(outcome.stderr) }
    };
    refuses(own(Declared::Off), "the client renames tables in the old way", |database, script| {
        old_way(database, script, "")
    });
    refuses(Delivery::Wrapped, "the client renames tables in the old way", |database, script| {
        old_way(database, &format!("BEGIN;\n{script}"), "COMMIT;")
    });
    let renamed = |op: &mut Op| {
        op.rename_table("job", "task");
    };
    let rename = Revisions::new(pair, renamed).scripts(own(Declared::Off)).upgrade;
    assert!(rename.contains("pragma_legacy_alter_table"), "{rename}");
    let column = |op: &mut Op| {
        op.add_column("job", "note", text());
    };
    let add = Revisions::new(pair, column).scripts(own(Declared::Off)).upgrade;
    assert!(!add.contains("legacy_alter_table"), "{add}");
}

#[test]
fn tables_that_refer_to_each_other_and_to_themselves() {
    fn base(op: &mut Op) {
        op.create_table("team")
            .column("id", integer().identity())
            .column("lead_id", integer())
            .column("name", text())
            .primary_key(["id"]);
        op.create_table("person")
            .column("id", integer())
            .column("team_id", integer().not_null())
            .column("boss_id", integer())
            .primary_key(["id"])
            .foreign_key(["team_id"], "team", ["id"])
            .on_delete(Cascade)
            .foreign_key(["boss_id"], "person", ["id"])
            .on_delete(Restrict);
        op.create_foreign_key("team", ["lead_id"], "person", ["id"]).on_delete(SetNull);
        op.create_table("badge")
            .column("person_id", integer())
            .primary_key(["person_id"])
            .foreign_key(["person_id"], "person", ["id"])
            .on_delete(Cascade);
        op.create_table("log").column("what", text());
        op.sqlite().create_trigger(
            "tr_person",
            "person",
            "AFTER DELETE ON person BEGIN INSERT INTO log VALUES ('deleted ' || old.id); END",
        );
        op.create_view("leads", "SELECT person.id FROM person JOIN team ON team.lead_id = person.id");
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("team", "name").set_not_null();
        op.alter_column("person", "boss_id").set_default(1);
    }
    let kept: &[(&str, &[&str])] = &[
        ("SELECT id, lead_id, name FROM team", &["1|1|a", "2|3|b"]),
        ("SELECT id, team_id, boss_id FROM person", &["1|1|NULL", "2|1|1", "3|2|1"]),
        ("SELECT * FROM badge", &["1", "3"]),
        ("SELECT * FROM leads ORDER BY 1", &["1", "3"]),
        ("SELECT * FROM log", &[]),
        ("SELECT seq FROM sqlite_sequence WHERE name = 'team'", &["9"]),
    ];
    let seed =
        "INSERT INTO team VALUES (1, NULL, 'a'), (2, NULL, 'b'), (9, NULL, 'gone'); DELETE FROM team WHERE id = 9;
        INSERT INTO person VALUES (1, 1, NULL), (2, 1, 1), (3, 2, 1);
        UPDATE team SET lead_id = iif(id = 1, 1, 3); INSERT INTO badge VALUES (1), (3);";
    Revisions::new(base, upgrade).run(seed, kept, kept);
}

/// Each of these is nothing to a script that can switch foreign keys off.
#[test]
fn what_no_revision_knows_and_foreign_keys_would_reach() {
    let unknown = [
        (
            "CREATE TABLE other (job_id REFERENCES job ON DELETE CASCADE); INSERT INTO other VALUES (1)",
            "table `other` refers to `job`",
        ),
        ("CREATE VIEW other AS SELECT * FROM \"job\"", "the view `other` seems to mention `job`"),
        (
            "CREATE TABLE other (a); CREATE TRIGGER tr AFTER INSERT ON other BEGIN DELETE FROM job; END",
            "the trigger `tr` seems to mention `job`",
        ),
    ];
    for place in [Place::Wrapped(ForeignKeys::On), Place::Wrapped(ForeignKeys::Off), Place::Hosted, Place::Library] {
        for (sql, words) in unknown {
            let scripts = Revisions::new(pair, default_of_size).scripts(place.delivery());
            let database = SqliteDatabase::create("sqlite modes");
            place.run(&database, &scripts.base).expect("the base");
            database.execute(PAIR);
            database.execute(sql);
            let before = dump(&database);
            let outcome = place.run(&database, &scripts.upgrade);
            // A service has foreign keys on for sure, so references follow by themselves, and nothing else has to.
            let is_seen = match place {
                Place::Library => false,
                Place::Hosted => words.starts_with("table"),
                _ => true,
            };
            if !is_seen {
                outcome.expect("the upgrade");
                assert_eq!(
                    rows(&database, "SELECT count(*) FROM sqlite_schema WHERE name IN ('other', 'tr')"),
                    [if sql.contains("TRIGGER") { "2" } else { "1" }]
                );
                continue;
            }
            let error = outcome.expect_err("a refusal");
            assert!(error.contains(words), "{error}\n{}", scripts.upgrade);
            assert_eq!(dump(&database), before);
        }
    }
}

#[test]
fn rows_that_referred_to_nothing_before() {
    for place in crate::PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(pair, default_of_size).scripts(place.delivery());
        place.run(&database, &scripts.base).unwrap_or_else(|error| panic!("{error}"));
        database.execute(PAIR);
        database.execute("INSERT INTO event VALUES (77, 'lost')");
        place
            .run(&database, &scripts.upgrade)
            .unwrap_or_else(|error| panic!("{error} ({place:?})\n{}", scripts.upgrade));
        assert_eq!(rows(&database, "SELECT * FROM event"), ["1|a", "2|b", "77|lost"], "{place:?}");
    }
}

#[test]
fn a_table_that_goes_with_the_reference_to_it() {
    fn upgrade(op: &mut Op) {
        op.drop_constraint("event", "fk_event_job_id_job");
        op.drop_table("job");
        op.create_table("tree")
            .column("id", integer())
            .column("up", integer())
            .primary_key(["id"])
            .foreign_key(["up"], "tree", ["id"])
            .on_delete(Restrict);
        op.insert("tree", ["id", "up"]).row((1, null())).row((2, 1));
        op.drop_table("tree");
        op.irreversible("the jobs are gone");
    }
    Revisions::new(pair, upgrade).run(PAIR, &[], &[("SELECT * FROM event", &["1|a", "2|b"])]);
}

/// What someone has added behind the back of the revisions would be lost with the table.
#[test]
fn clauses_that_no_revision_knows() {
    let table = |columns: &str| format!("DROP TABLE event; DROP TABLE job; CREATE TABLE job ({columns})");
    let known = "id INTEGER NOT NULL PRIMARY KEY";
    let clauses = [
        ("size TEXT CHECK (size <> '')", "of `job` the revisions know 0 checks, and the database seems to have 1"),
        ("size TEXT COLLATE NOCASE", "know 0 collations, and the database seems to have 1"),
        ("size TEXT, UNIQUE (size) ON CONFLICT REPLACE", "know 0 conflict clauses, and the database seems to have 1"),
        ("size TEXT, UNIQUE (size)", "know 0 unique constraints, and the database seems to have 1"),
        ("size TEXT AS ('x')", "know 0 generated columns, and the database seems to have 1"),
        (
            "size TEXT REFERENCES event ON DELETE CASCADE",
            "`job.size` refers to `event` ON DELETE CASCADE ON UPDATE NO ACTION",
        ),
        ("size TEXT, more TEXT", "`job` has the column `more`"),
    ];
    let case = Revisions::new(pair, default_of_size);
    for (clause, words) in clauses {
        case.stops(&table(&format!("{known}, {clause}")), words);
    }
    case.stops(&format!("{} WITHOUT ROWID, STRICT", table(&format!("{known}, size TEXT"))), "know 0 options");
    case.stops(
        &table("id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, size TEXT"),
        "know 0 AUTOINCREMENT, and the database seems to have 1",
    );
}

/// Another action of a known reference is one that no revision knows.
#[test]
fn an_action_that_no_revision_knows() {
    fn upgrade(op: &mut Op) {
        op.alter_column("event", "note").set_not_null();
    }
    let seed = "DROP TABLE event;
        CREATE TABLE event (job_id INTEGER REFERENCES job (id) ON DELETE SET NULL, note TEXT);";
    Revisions::new(pair, upgrade).stops(seed, "`event.job_id` refers to `job.id` ON DELETE SET NULL");
}
