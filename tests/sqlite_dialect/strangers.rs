//! What stands in the way outside of the table that changes: views that cannot be read, and references of strangers.

use offprint::prelude::*;

use crate::{PLACES, Place, Revisions};

fn job(op: &mut Op) {
    op.create_table("job").column("id", integer()).column("size", text()).column("kind", text()).primary_key(["id"]);
}

#[test]
fn a_view_that_cannot_be_read() {
    fn base(op: &mut Op) {
        job(op);
        op.create_view("sizes", "SELECT size FROM job");
    }
    fn rename(op: &mut Op) {
        op.rename_column("job", "kind", "sort");
    }
    fn rename_table(op: &mut Op) {
        op.drop_view("sizes");
        op.rename_table("job", "task");
    }
    fn drop(op: &mut Op) {
        op.drop_column("job", "kind");
    }
    let words =
        "a view of the database cannot be read, and SQLite alters no table until it is dropped or mended: `broken`";
    for upgrade in [rename as fn(&mut Op), rename_table, drop] {
        Revisions::new(base, upgrade).stops("CREATE VIEW broken AS SELECT absent FROM nowhere", words);
        Revisions::new(base, upgrade).stops("CREATE VIEW broken AS SELECT absent FROM job", words);
        let views =
            "CREATE VIEW broken AS SELECT one FROM \"second\"; CREATE VIEW \"second\" AS SELECT one FROM broken";
        Revisions::new(base, upgrade).stops(views, "a view of the database cannot be read");
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

#[test]
fn a_rebuild_with_foreign_keys_off_minds_no_view() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "kind").set_default("a");
    }
    for place in [Place::Shell, Place::ShellThatGoesOn, Place::Library] {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(job, upgrade).scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        database.execute("CREATE VIEW broken AS SELECT absent FROM nowhere");
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
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
