//! What stops a script before anything has changed, and in which words.

use offprint::diagnostic::Code;
use offprint::dialect::ForeignKeys as Declared;
use offprint::prelude::*;

use crate::support::sqlite::{ForeignKeys, SqliteDatabase};
use crate::{PLACES, Revisions, own};

fn job(op: &mut Op) {
    op.create_table("job").column("id", integer()).column("size", text()).column("kind", text()).primary_key(["id"]);
}

const ROWS: &str = "INSERT INTO job VALUES (1, '5', 'a'), (2, NULL, 'b'), (3, '1x', 'a')";

#[test]
fn values_that_do_not_fit() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").set_type(integer());
    }
    let words = "values of `job.size` that have no place in integer(): 1, for example `1x`; nothing was changed";
    Revisions::new(job, upgrade).stops(ROWS, words);
}

#[test]
fn values_that_do_not_fit_a_type_of_the_same_storage() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").set_type(date());
    }
    Revisions::new(job, upgrade).stops(ROWS, "values of `job.size` that have no place in date(): 2");
}

#[test]
fn null_in_a_required_column() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "size").set_not_null();
    }
    Revisions::new(job, upgrade).stops(ROWS, "rows of `job` that would have NULL in `size`, which is NOT NULL: 1");
    Revisions::new(job, upgrade).floor(3, 53).scripts(own(Declared::Off));
}

#[test]
fn rows_without_a_value_for_a_new_column() {
    fn upgrade(op: &mut Op) {
        op.add_column("job", "need", text().not_null());
    }
    Revisions::new(job, upgrade).stops(ROWS, "rows of `job` without a value for the new column `job.need`");
}

#[test]
fn the_same_key_twice() {
    fn constraint(op: &mut Op) {
        op.create_unique_constraint("job", ["kind"]);
    }
    fn index(op: &mut Op) {
        op.create_index("uq_job_kind", "job", ["kind"]).unique();
    }
    fn collation(op: &mut Op) {
        op.create_unique_constraint("job", ["kind"]);
        op.alter_column("job", "kind").set_collation("NOCASE");
    }
    let words = "values that stand more than once in `kind` of `job`, which is unique: 1";
    Revisions::new(job, constraint).stops(ROWS, words);
    Revisions::new(job, index).stops(ROWS, words);
    Revisions::new(job, collation).stops("INSERT INTO job VALUES (1, '1', 'a'), (2, '1', 'A')", words);
}

#[test]
fn values_that_meet_in_a_conversion() {
    fn upgrade(op: &mut Op) {
        op.create_unique_constraint("job", ["kind"]);
        op.create_enum("kind", ["x"]);
        op.alter_column("job", "kind").set_type(enumeration("kind")).map([("a", "x"), ("b", "x")]);
    }
    let seed = "INSERT INTO job VALUES (1, '1', 'a'), (2, '1', 'b')";
    Revisions::new(job, upgrade).stops(seed, "values that stand more than once in `kind` of `job`");
}

#[test]
fn rows_that_a_new_check_refuses() {
    fn upgrade(op: &mut Op) {
        op.create_check_constraint("job", "known", "job.kind IN ('a')");
    }
    let words = "rows of `job` that the check `ck_job_known` refuses: 1";
    Revisions::new(job, upgrade).stops(ROWS, words);
}

#[test]
fn rows_that_refer_to_nothing() {
    fn base(op: &mut Op) {
        job(op);
        op.create_table("kind").column("name", text()).primary_key(["name"]);
    }
    fn upgrade(op: &mut Op) {
        op.create_foreign_key("job", ["kind"], "kind", ["name"]);
    }
    let seed = format!("{ROWS}; INSERT INTO kind VALUES ('b')");
    Revisions::new(base, upgrade).stops(&seed, "rows of `job` whose `kind` refers to no row of `kind`: 2");
}

#[test]
fn references_that_a_rebuild_would_break() {
    fn base(op: &mut Op) {
        op.create_table("kind").column("name", text()).primary_key(["name"]);
        op.create_table("job").column("kind", text()).foreign_key(["kind"], "kind", ["name"]).on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("kind", "name").set_type(text()).map([("a", "z")]);
    }
    let seed = "INSERT INTO kind VALUES ('a'), ('b'); INSERT INTO job VALUES ('a'), ('b')";
    let words = "rows of `job` would refer to nothing that did not before; nothing was changed";
    Revisions::new(base, upgrade).stops(seed, words);
    // An orphan that was there before stops nothing.
    fn unrelated(op: &mut Op) {
        op.alter_column("kind", "name").set_default("-");
    }
    for place in PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(base, unrelated).scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        database.execute("INSERT INTO job VALUES ('orphan')");
        place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
    }
}

#[test]
fn what_no_revision_knows() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "kind").set_default("a");
    }
    let case = Revisions::new(job, upgrade);
    let trigger = "CREATE TRIGGER mine AFTER INSERT ON job BEGIN SELECT 1; END";
    case.stops(trigger, "`job` has the trigger `mine`, which no revision knows");
    case.stops("CREATE INDEX mine ON job (kind)", "`job` has the index `mine`, which no revision knows");
    case.stops("ALTER TABLE job ADD COLUMN mine", "`job` has the column `mine`, which no revision knows");
}

#[test]
fn a_database_at_another_place() {
    fn upgrade(op: &mut Op) {
        op.create_table("log").column("id", integer());
    }
    let case = Revisions::new(job, upgrade);
    case.stops(
        "UPDATE alembic_version SET version_num = 'elsewhere'",
        "second applies to a database at first, but this one is at elsewhere; nothing was changed",
    );
    case.stops("DROP TABLE alembic_version", "second applies to a database at first, but this one is at base");
    for place in PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = case.scripts(place.delivery());
        database.execute("CREATE TABLE JOB (id)");
        let error = place.run(&database, &scripts.base).expect_err("a table is there");
        assert!(error.contains("first creates the table `JOB`, which exists already"), "{error}");
        assert!(error.contains("`offprint stamp`"), "{error}");
    }
}

#[test]
fn a_client_with_other_foreign_keys() {
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "kind").set_default("a");
    }
    let case = Revisions::new(job, upgrade);
    for (declared, client) in [(Declared::Off, ForeignKeys::On), (Declared::On, ForeignKeys::Off)] {
        let database = SqliteDatabase::create("sqlite dialect");
        let scripts = case.scripts(own(declared));
        let error = database.execute_batch(client, &scripts.upgrade).expect_err("not as declared");
        assert!(error.contains("the target says that foreign keys are"), "{error}");
    }
}

#[test]
fn a_delete_that_would_not_cascade() {
    fn base(op: &mut Op) {
        op.create_table("parent").column("id", integer()).column("x", text()).primary_key(["id"]);
        op.create_table("child")
            .column("parent_id", integer())
            .foreign_key(["parent_id"], "parent", ["id"])
            .on_delete(Cascade);
    }
    fn upgrade(op: &mut Op) {
        op.delete("parent").filter("id = 1");
        op.alter_column("parent", "x").set_default("x");
        op.irreversible("rows are deleted");
    }
    let database = SqliteDatabase::create("sqlite dialect");
    let scripts = Revisions::new(base, upgrade).scripts(own(Declared::On));
    database.execute_batch(ForeignKeys::On, &scripts.base).expect("the base");
    database.execute("INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1)");
    let error = database.execute_batch(ForeignKeys::On, &scripts.upgrade).expect_err("a row would be left alone");
    assert!(error.contains("change the rows in a revision of its own"), "{error}");
    database.execute("DELETE FROM child");
    database.execute_batch(ForeignKeys::On, &scripts.upgrade).expect("nothing is left alone");
}

#[test]
fn what_sqlite_cannot_hold() {
    fn numeric_column(op: &mut Op) {
        op.create_table("t").column("a", numeric(10, 2));
    }
    fn strict(op: &mut Op) {
        op.create_table("t").column("a", native("DECIMAL(10,2)")).strict();
    }
    fn collation(op: &mut Op) {
        op.create_table("t").column("a", text().collation("de_DE"));
    }
    fn identity(op: &mut Op) {
        op.create_table("t").column("a", integer().identity()).column("b", integer()).primary_key(["a", "b"]);
    }
    fn no_way(op: &mut Op) {
        op.alter_column("job", "size").set_type(bytes());
    }
    let own = own(Declared::Off);
    for upgrade in [numeric_column as fn(&mut Op), strict, collation, identity] {
        let (code, message) = Revisions::new(job, upgrade).refusal(own);
        assert_eq!(code, Code::NotInDialect, "{message}");
    }
    assert_eq!(Revisions::new(job, no_way).refusal(own).0, Code::CannotConvert);
    fn nothing(op: &mut Op) {
        op.create_table("t").column("a", text());
    }
    assert_eq!(Revisions::new(job, nothing).floor(3, 30).refusal(own).0, Code::VersionFloor);
}
