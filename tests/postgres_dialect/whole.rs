//! A whole schema, written out at once.

use offprint::dialect::{Settings, schema_sql};
use offprint::prelude::*;
use offprint::schema::{Dialect, Schema};

use crate::harness::replay;
use crate::support::expected::{ColumnOrder, drift_on_postgres};
use crate::support::postgres::PostgresDatabase;

#[test]
fn a_schema_is_created_in_an_order_that_works() {
    let Some(database) = PostgresDatabase::create("whole schema") else { return };
    let replayed = replay(&Schema::default(), |op| {
        op.create_enum("zebra", ["black", "white"]);
        op.create_table("parent").column("id", integer().not_null()).column("child_id", integer()).primary_key(["id"]);
        op.create_table("child")
            .column("id", big_integer().identity())
            .column("parent_id", integer().comment("it's the parent"))
            .column("stripe", enumeration("zebra").default("white").not_null())
            .column("doubled", integer().generated("parent_id * 2"))
            .column("name", varchar(20).collation("C"))
            .column("note", text())
            .primary_key(["id"])
            .unique(["parent_id"])
            .check("name", "name <> ''")
            .foreign_key(["parent_id"], "parent", ["id"])
            .on_delete(Cascade)
            .comment("a child");
        op.create_foreign_key("parent", ["child_id"], "child", ["parent_id"]).initially_deferred();
        op.create_table("aunt").column("code", integer()).column("own", integer());
        op.create_index("ux_aunt_code", "aunt", ["code"]).unique();
        op.create_foreign_key("aunt", ["own"], "aunt", ["code"]);
        op.create_table("aardvark").column("code", integer()).foreign_key(["code"], "aunt", ["code"]);
        op.create_index("ix_child_name", "child", [column("name").desc(), expression("lower(note)")])
            .filter("name IS NOT NULL")
            .include(["stripe"]);
        op.create_schema("zoo");
        op.create_extension("citext").schema("zoo");
        op.add_column("aunt", "word", native("zoo.citext"));
        op.grant(["usage"]).on_schema("zoo").to(["pg_monitor"]);
        op.grant(["select"]).on_table("aunt").columns(["code"]).to(["pg_monitor"]).with_grant_option();
        op.create_view("z_names", "SELECT name FROM child");
        op.create_view("a_names", "SELECT name FROM z_names");
        op.create_policy("named", "child").using("EXISTS (SELECT FROM public.a_names WHERE a_names.name = child.name)");
        op.enable_row_level_security("child");
        op.create_function("of_parent", "one integer")
            .returns("SETOF public.child")
            .language("sql")
            .body("SELECT * FROM public.child WHERE parent_id = one");
        op.create_view("first_names", "SELECT name FROM public.of_parent(1)");
        op.create_function("zeroed", "one integer")
            .returns("integer")
            .language("sql")
            .immutable()
            .body("SELECT coalesce(one, 0)");
        op.create_function("above", "one integer")
            .returns("integer")
            .language("sql")
            .immutable()
            .body("SELECT public.zeroed(one) + 1");
        op.add_column("child", "above", integer().generated("public.above(parent_id)"));
        op.create_procedure("clear", "").language("plpgsql").body("BEGIN DELETE FROM public.a_names; END");
        op.create_trigger("touch", "aunt", "BEFORE UPDATE ON public.aunt FOR EACH ROW EXECUTE FUNCTION public.touch()");
        op.create_function("touch", "").returns("trigger").language("plpgsql").body("BEGIN RETURN NEW; END");
    });
    let statements = schema_sql(Dialect::Postgres, &replayed.after, &Settings::default()).expect("the schema is valid");
    database.psql(&statements.join("\n\n")).expect_success();
    let drift = drift_on_postgres(&replayed.after, &database, ColumnOrder::Exact);
    assert!(drift.is_empty(), "{}\n{}", drift.join("\n"), statements.join("\n"));
}

#[test]
fn an_index_keeps_its_place_on_the_way_back() {
    let Some(database) = PostgresDatabase::create("drop and come back") else { return };
    let base = replay(&Schema::default(), |op| {
        op.create_table("job")
            .column("id", integer().comment("key"))
            .column("note", text())
            .primary_key(["id"])
            .comment("x");
        op.create_index("ix_job_note", "job", ["note"]);
    });
    let change = replay(&base.after, |op| {
        op.drop_table("job");
    });
    database.psql(&base.script()).expect_success();
    database.psql(&change.script()).expect_success();
    database.psql(&change.inverse().script()).expect_success();
    let drift = drift_on_postgres(&base.after, &database, ColumnOrder::Exact);
    assert!(drift.is_empty(), "{}", drift.join("\n"));
}
