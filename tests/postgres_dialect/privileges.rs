//! Privileges that the database gives by itself.

use offprint::prelude::*;
use offprint::schema::Schema;

use crate::harness::{Replayed, replay};
use crate::support::postgres::PostgresDatabase;

#[test]
fn what_was_held_by_default_comes_back() {
    let base = replay(&Schema::default(), |op| {
        op.create_table("job").column("id", integer()).primary_key(["id"]);
    });
    let taken = replay(&base.after, |op| {
        op.revoke(["select", "insert"]).on_table("job").from(["anon"]).held_by_default();
    });
    assert!(taken.script().contains(r#"REVOKE SELECT, INSERT ON TABLE "public"."job" FROM "anon";"#));
    assert!(taken.inverse().script().contains(r#"GRANT SELECT, INSERT ON TABLE "public"."job" TO "anon";"#));

    let given = replay(&taken.after, |op| {
        op.grant(["select"]).on_table("job").to(["anon"]).with_grant_option();
    });
    assert!(given.script().contains(r#"GRANT SELECT ON TABLE "public"."job" TO "anon" WITH GRANT OPTION;"#));
    assert!(given.inverse().script().contains(r#"REVOKE SELECT ON TABLE "public"."job" FROM "anon";"#));

    let as_before = replay(&taken.after, |op| {
        op.grant(["select", "insert"]).on_table("job").to(["anon"]);
    });
    assert_eq!(as_before.after, base.after, "what is as it is by default is nothing to keep");
}

/// Tables that belong to somebody whom row-level security may bind.
fn owned(what: &str) -> Option<(PostgresDatabase, Replayed)> {
    let database = PostgresDatabase::create(what)?;
    let base = replay(&Schema::default(), |op| {
        op.create_table("job").column("id", integer().not_null()).column("note", varchar(9));
        op.enable_row_level_security("job").force();
        op.create_policy("short", "job").using("length(note) < 4");
    });
    database.psql(&base.script()).expect_success();
    database.execute("INSERT INTO job VALUES (1, 'abc'), (7, 'abcdefg')");
    database.execute(
        "DO $$ BEGIN CREATE ROLE bound_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         GRANT ALL ON SCHEMA public TO bound_owner; ALTER TABLE job OWNER TO bound_owner",
    );
    Some((database, base))
}

#[test]
fn rows_that_are_hidden_stop_what_has_to_see_them() {
    let Some((database, base)) = owned("hidden rows") else { return };
    let as_owner = |change: &Replayed| format!("SET ROLE bound_owner;\n{}", change.script());
    let narrower = replay(&base.after, |op| {
        op.alter_column("job", "note").set_type(varchar(3));
    });
    let numbered = replay(&base.after, |op| {
        op.alter_column("job", "id").add_identity();
    });
    let required = replay(&base.after, |op| {
        op.add_column("job", "more", integer().not_null());
    });
    for change in [&narrower, &numbered, &required] {
        let told =
            "offprint: row-level security hides rows of \"public\".\"job\" from bound_owner; nothing was changed";
        database.psql(&as_owner(change)).expect_failure(told);
    }
    assert_eq!(database.rows("SELECT note FROM job WHERE id = 7"), [[Some("abcdefg".to_owned())]]);
    database.execute("ALTER TABLE job NO FORCE ROW LEVEL SECURITY");
    database.psql(&as_owner(&narrower)).expect_failure("'abcdefg' (1)");
    database.psql(&as_owner(&numbered)).expect_success();
    database.execute("INSERT INTO job (note) VALUES ('new')");
    assert_eq!(database.rows("SELECT id FROM job WHERE note = 'new'"), [[Some("8".to_owned())]]);
}
