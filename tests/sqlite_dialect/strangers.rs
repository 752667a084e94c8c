//! What stands in the way outside of the table that changes: what is broken, and references of strangers.

use offprint::prelude::*;

use crate::{PLACES, Place, Revisions};

fn job(op: &mut Op) {
    op.create_table("job").column("id", integer()).column("size", text()).column("kind", text()).primary_key(["id"]);
}

/// Objects that are broken, and what SQLite says of each.
const BROKEN: [(&str, &str); 6] = [
    ("CREATE VIEW broken AS SELECT absent FROM nowhere", "error in view broken: no such table"),
    ("CREATE VIEW broken AS SELECT absent FROM job", "error in view broken: no such column: absent"),
    ("CREATE VIEW broken(a, b) AS SELECT absent, 1 FROM nowhere", "error in view broken: no such table"),
    ("CREATE VIEW broken AS SELECT a FROM loop_; CREATE VIEW loop_ AS SELECT a FROM broken", "is circularly defined"),
    (
        "CREATE TABLE other (a); CREATE TRIGGER broken AFTER INSERT ON other BEGIN DELETE FROM nowhere; END",
        "error in trigger broken: no such table",
    ),
    (
        "CREATE TABLE other (a); CREATE TRIGGER broken AFTER INSERT ON other BEGIN SELECT new.absent; END",
        "error in trigger broken: no such column: new.absent",
    ),
];

/// SQLite itself alters nothing while something is broken, names it, and takes the whole script back.
#[test]
fn what_is_broken_stops_alterations_in_place() {
    fn base(op: &mut Op) {
        job(op);
        op.create_view("sizes", "SELECT size FROM job");
    }
    fn rename(op: &mut Op) {
        op.add_column("job", "more", text());
        op.rename_column("job", "kind", "sort");
    }
    fn rename_table(op: &mut Op) {
        op.drop_view("sizes");
        op.rename_table("job", "task");
    }
    fn drop(op: &mut Op) {
        op.drop_column("job", "kind");
    }
    for upgrade in [rename as fn(&mut Op), rename_table, drop] {
        for (broken, words) in BROKEN {
            Revisions::new(base, upgrade).stops(&format!("INSERT INTO job (id) VALUES (1); {broken}"), words);
        }
    }
}

/// What only this client cannot run is not broken: an application brings functions and collations of its own.
#[test]
fn what_another_client_can_run_stops_nothing() {
    fn upgrade(op: &mut Op) {
        op.drop_column("job", "size");
        op.rename_column("job", "kind", "sort");
        op.rename_table("job", "task");
    }
    let strange = [
        "CREATE VIEW mine AS SELECT its_own(kind) AS kind FROM job",
        "CREATE VIEW mine AS SELECT kind FROM job ORDER BY kind COLLATE its_own",
        "CREATE TABLE other (a); CREATE TRIGGER mine AFTER INSERT ON other BEGIN SELECT its_own(new.a); END",
    ];
    for place in PLACES {
        for sql in strange {
            let Some(database) = place.database() else { continue };
            let scripts = Revisions::new(job, upgrade).scripts(place.delivery());
            place.run(&database, &scripts.base).expect("the base");
            database.execute(sql);
            place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
        }
    }
}

#[test]
fn a_view_that_cannot_be_read_may_be_dropped_by_the_revision_that_alters() {
    fn base(op: &mut Op) {
        job(op);
        op.create_view("sizes", "SELECT size FROM job");
        op.execute("CREATE TABLE source (size)");
        op.declare().nothing("a table of someone else");
        op.create_view("elsewhere", "SELECT size FROM source");
        op.irreversible("raw SQL");
    }
    fn upgrade(op: &mut Op) {
        op.drop_view("elsewhere");
        op.rename_column("job", "kind", "sort");
    }
    for place in PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(base, upgrade).scripts(place.delivery());
        place.run(&database, &scripts.base).unwrap_or_else(|error| panic!("{error}\n{}", scripts.base));
        database.execute("DROP TABLE source");
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
    }
}

/// A rebuild has no need that SQLite reads what is broken, unless references have to follow where foreign keys may be off.
#[test]
fn what_is_broken_stops_rebuilds_of_tables_that_refer_to_each_other_in_wrapped_scripts_only() {
    fn family(op: &mut Op) {
        job(op);
        op.create_table("event").column("job_id", integer()).foreign_key(["job_id"], "job", ["id"]).on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "kind").set_default("a");
    }
    let rows = "INSERT INTO job VALUES (1, 's', 'k'); INSERT INTO event VALUES (1)";
    for place in PLACES {
        for (broken, words) in BROKEN {
            for (base, rows) in [(job as fn(&mut Op), "INSERT INTO job VALUES (1, 's', 'k')"), (family, rows)] {
                let Some(database) = place.database() else { continue };
                let scripts = Revisions::new(base, upgrade).scripts(place.delivery());
                place.run(&database, &scripts.base).expect("the base");
                database.execute(&format!("{rows}; {broken}"));
                let before = crate::dump(&database);
                let together = matches!(place, Place::Wrapped(_)) && rows.contains("event");
                match place.run(&database, &scripts.upgrade) {
                    Ok(()) => assert!(!together, "{place:?}: {broken}\n{}", scripts.upgrade),
                    Err(error) => {
                        // A view that mentions the table is one that would have to make way.
                        let told = error.contains(words) || error.contains("the view `broken` seems to mention `job`");
                        assert!(together && told, "{place:?}: {error}\n{}", scripts.upgrade);
                        assert_eq!(crate::dump(&database), before);
                    }
                }
                assert_eq!(crate::rows(&database, "SELECT * FROM job"), ["1|s|k"], "{place:?}");
            }
        }
    }
}

const REFERENCE: &str = "CREATE TABLE mine (kind TEXT REFERENCES job (kind))";

#[test]
fn a_reference_of_no_revision_to_a_key_that_goes() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).column("kind", text()).primary_key(["id"]).unique(["kind"]);
    }
    fn index_base(op: &mut Op) {
        job(op);
        op.create_index("ix_job_kind", "job", ["kind"]).unique();
    }
    fn constraint(op: &mut Op) {
        op.drop_constraint("job", "uq_job_kind");
    }
    fn index(op: &mut Op) {
        op.drop_index("ix_job_kind");
    }
    fn collation(op: &mut Op) {
        op.alter_column("job", "kind").set_collation("NOCASE");
    }
    fn table(op: &mut Op) {
        op.drop_table("job");
        op.irreversible("the rows are gone");
    }
    let words = "table `mine` refers to `job`, which no revision knows";
    for upgrade in [constraint as fn(&mut Op), collation, table] {
        Revisions::new(base, upgrade).stops(REFERENCE, words);
    }
    Revisions::new(index_base, index).stops(REFERENCE, words);
    // One that names no column leads to the primary key.
    fn primary_key(op: &mut Op) {
        op.drop_primary_key("job");
    }
    let words = "table `mine` refers to `JOB`, which no revision knows";
    Revisions::new(job, primary_key).stops("CREATE TABLE mine (job_id REFERENCES JOB)", words);
}

#[test]
fn a_reference_of_no_revision_to_a_key_that_stays_stops_nothing_where_foreign_keys_are_off() {
    fn base(op: &mut Op) {
        op.create_table("job").column("id", integer()).column("kind", text()).primary_key(["id"]).unique(["kind"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "kind").set_default("a");
    }
    for place in [Place::Shell, Place::Library] {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(base, upgrade).scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        let rows = "INSERT INTO job VALUES (1, 'a'); INSERT INTO mine VALUES ('a')";
        database.execute(&format!("{REFERENCE}; {rows}"));
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
        database.execute("PRAGMA foreign_keys = ON; INSERT INTO mine VALUES ('a')");
        assert_eq!(crate::rows(&database, "SELECT * FROM pragma_foreign_key_check"), [""; 0]);
    }
}
