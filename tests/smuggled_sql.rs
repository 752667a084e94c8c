//! SQL of an author stays in its place: an expression, a query or a definition cannot begin another statement.

use offprint::diagnostic::Code;
use offprint::prelude::*;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Cause, Dialect, Editor, Emission, Schema};
use offprint::source::Origin;

/// The first mistake that the replay of the operations finds.
fn mistake(write: fn(&mut Op)) -> Option<Code> {
    let mut op = Op::default();
    op.create_table("job").column("id", integer()).column("name", text()).primary_key(["id"]);
    write(&mut op);
    let naming = NamingConvention::default();
    let mut editor = Editor::new(Schema::default(), Dialect::Postgres, &naming, "r".into());
    op.recorded().iter().find_map(|recorded| {
        editor.begin(Cause {
            number: 1,
            title: "t".into(),
            origin: Origin::Unknown,
            emission: Emission::Emitted,
            online: Default::default(),
        });
        recorded.operation.apply(&mut editor).err().map(|diagnostic| diagnostic.code)
    })
}

#[track_caller]
fn assert_refused(write: fn(&mut Op)) {
    assert_eq!(mistake(write), Some(Code::RefusedSql));
}

#[test]
fn no_text_reaches_beyond_its_place() {
    assert_refused(|op| {
        op.create_view("v", "SELECT 1; DROP TABLE job");
    });
    assert_refused(|op| {
        op.create_view("v", "SELECT 1) AS x; COMMIT");
    });
    assert_refused(|op| {
        op.create_trigger("g", "job", "AFTER INSERT ON job EXECUTE FUNCTION f(); DROP TABLE job");
    });
    assert_refused(|op| {
        op.create_trigger("g", "job", "AFTER INSERT ON job BEGIN SELECT 1; END; DROP TABLE job");
    });
    assert_refused(|op| {
        op.create_check_constraint("job", "c", "id > 0); DROP TABLE job; SELECT (1");
    });
    assert_refused(|op| {
        op.create_check_constraint("job", "c", "id > (0");
    });
    assert_refused(|op| {
        op.add_column("job", "x", integer().default(sql("1); DELETE FROM job; SELECT (1")));
    });
    assert_refused(|op| {
        op.add_column("job", "x", integer().generated("id)"));
    });
    assert_refused(|op| {
        op.create_index("i", "job", [expression("lower(name)) ; SELECT (1")]);
    });
    assert_refused(|op| {
        op.create_index("i", "job", ["name"]).filter("true; SELECT 1");
    });
    assert_refused(|op| {
        op.delete("job").filter("true; DROP TABLE job");
    });
    assert_refused(|op| {
        op.update("job").set("name", "x").filter("true; DROP TABLE job");
    });
    assert_refused(|op| {
        op.alter_column("job", "name").set_type(integer()).using("1; SELECT 1");
    });
    assert_refused(|op| {
        op.create_function("f", "").returns("integer").begin_atomic("SELECT 1; END; DROP TABLE job");
    });
    assert_refused(|op| {
        op.create_function("f", "").returns("integer").begin_atomic("SELECT (1; END");
    });
    assert_refused(|op| {
        op.create_function("f", "").returns("integer").begin_atomic("SELECT CASE WHEN true THEN 1; END");
    });
    assert_refused(|op| {
        op.create_function("f", "").returns("integer").begin_atomic(";");
    });
    assert_refused(|op| {
        op.execute("SELECT 1; -- one\rCREATE TABLE hidden (id integer)");
    });
    assert_refused(|op| {
        op.execute("\u{feff}CREATE TABLE hidden (id integer)");
    });
    assert_refused(|op| {
        op.create_check_constraint("job", "c", "id > 0 -- \r); DROP TABLE job");
    });
}

#[test]
fn values_are_nothing_but_values() {
    let assert_refused = |write| assert_eq!(mistake(write), Some(Code::InvalidValue));
    assert_refused(|op| {
        op.add_column("job", "x", bytes().default(hex("'); DROP TABLE job; --")));
    });
    assert_refused(|op| {
        op.add_column("job", "x", bytes().default(hex("0")));
    });
    assert_refused(|op| {
        op.add_column("job", "x", double().default(decimal("1); DROP TABLE job; --")));
    });
    assert_refused(|op| {
        op.insert("job", ["id"]).row((decimal("1); DROP TABLE job; --"),));
    });
    assert_refused(|op| {
        op.update("job").set("id", decimal("1 WHERE 0; DROP TABLE job; --"));
    });
    assert_refused(|op| {
        op.set_table_comment("job", "one\0two");
    });
    assert_refused(|op| {
        op.alter_column("job", "name").set_type(bytes()).map([("a", hex("' OR 1"))]);
    });
}

#[test]
fn what_stays_in_its_place_is_taken() {
    let taken = |write| assert_eq!(mistake(write), None);
    taken(|op| {
        op.create_view("v", "SELECT ';' AS semicolon, (1 + 2) AS three FROM job;");
    });
    taken(|op| {
        op.create_trigger("g", "job", "AFTER INSERT ON job BEGIN SELECT 1; SELECT 2; END");
    });
    taken(|op| {
        op.create_check_constraint("job", "c", "name <> ')'");
    });
    taken(|op| {
        op.delete("job").filter("name = 'a;b' -- a comment;");
    });
}
