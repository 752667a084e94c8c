//! Privileges that the database gives by itself.

use offprint::prelude::*;
use offprint::schema::Schema;

use crate::harness::replay;

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
