//! Privileges of roles, which only Postgres has. The roles are some that every server has.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// A table, a view over it, an enum and a function, and roles that may do something with them.
fn granted(op: &mut Op) {
    op.create_enum("state", ["open", "closed"]);
    op.create_table("ticket")
        .column("id", integer())
        .column("state", enumeration("state").not_null())
        .column("note", text())
        .primary_key(["id"]);
    op.create_view("open_ticket", "SELECT id, note FROM ticket WHERE state = 'open'");
    op.postgres()
        .create_function("tickets", "")
        .returns("bigint")
        .language("sql")
        .body("SELECT count(*) FROM public.ticket");
    op.postgres().grant(["select", "insert"]).on_table("ticket").to(["pg_monitor", "pg_checkpoint"]);
    op.postgres().grant(["update", "select"]).on_table("ticket").columns(["note", "id"]).to(["pg_monitor"]);
    op.postgres().grant(["select"]).on_table("open_ticket").to(["pg_monitor"]).with_grant_option();
    op.postgres().revoke(["execute"]).on_function("tickets").from(["public"]);
    op.postgres().grant(["execute"]).on_function("tickets").to(["pg_monitor"]);
    op.postgres().revoke(["usage"]).on_type("state").from(["public"]);
    op.postgres().grant(["usage"]).on_type("state").to(["pg_monitor"]);
}

const TICKETS: (&str, &str) = ("INSERT INTO ticket (id, state, note) VALUES (1, 'open', 'n')", "");
/// What the role of the cases may do.
const MAY: (&str, &str) = (
    "SELECT has_table_privilege('pg_monitor', 'ticket', 'select'),
        has_column_privilege('pg_monitor', 'ticket', 'note', 'update'),
        has_table_privilege('pg_monitor', 'open_ticket', 'select with grant option'),
        has_function_privilege('pg_monitor', 'tickets()', 'execute'),
        has_function_privilege('pg_signal_backend', 'tickets()', 'execute'),
        has_type_privilege('pg_monitor', 'state', 'usage'), has_type_privilege('pg_signal_backend', 'state', 'usage')",
    "SELECT 0",
);
const ALL_OF_IT: &str = "t|t|t|t|f|t|f";
/// Reads the jobs as a role.
const READ: &str = "SET LOCAL ROLE pg_monitor; SELECT count(*) FROM job";

cases! {
    grant: jobs::unchanged(|op| {
        op.grant(["select"]).on_table("job").to(["pg_monitor"]);
    })
    .refused_on(Dialect::Sqlite, "SQLite has no privileges of roles: privileges of `pg_monitor` on table `job`")
    .accepts(READ);

    revoke: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().grant(["select"]).on_table("job").to(["pg_monitor"]);
        },
        |op| {
            op.revoke(["select"]).on_table("job").from(["pg_monitor"]);
        },
    )
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "the history does not grant SELECT on table `job` to `pg_monitor`")
    .refuses(READ);

    grants_of_every_shape: Case::new(jobs::tables, |op| {
        op.postgres().grant(["ALL"]).on_table("job").to(["pg_monitor"]);
        op.postgres().grant(["select", "update"]).on_table("owner").columns(["name"]).to(["pg_monitor", "public"]);
        op.postgres().grant(["usage", "create"]).on_schema("public").to(["pg_monitor"]).with_grant_option();
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .accepts("SET LOCAL ROLE pg_monitor; DELETE FROM job; UPDATE owner SET name = name WHERE name = 'x'")
    .refuses("SET LOCAL ROLE pg_monitor; SELECT id FROM owner");

    revocations_of_every_shape: Case::new(granted, |op| {
        op.postgres().revoke(["select"]).on_table("ticket").from(["pg_monitor"]);
        op.postgres().revoke(["update"]).on_table("ticket").columns(["id"]).from(["pg_monitor"]);
        op.postgres().revoke(["select"]).on_table("open_ticket").from(["pg_monitor"]).only_grant_option();
        op.postgres().revoke(["execute"]).on_function("tickets").from(["pg_monitor"]);
        op.postgres().revoke(["usage"]).on_type("state").from(["pg_monitor"]);
        op.postgres().revoke(["usage"]).on_schema("public").from(["public"]);
        op.postgres().grant(["execute"]).on_function("tickets").to(["public"]);
    })
    .seed(TICKETS)
    .only(Dialect::Postgres)
    .before(MAY, [ALL_OF_IT])
    .after(MAY, ["f|t|f|t|t|f|f"]);

    a_grant_of_columns_stays_when_the_table_is_taken_back: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().grant(["select"]).on_table("job").columns(["id"]).to(["pg_monitor"]).with_grant_option();
        },
        |op| {
            op.postgres().grant(["select"]).on_table("job").to(["pg_monitor"]);
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .accepts(READ)
    .keeps("SET LOCAL ROLE pg_monitor; SELECT id FROM job WHERE id = 1", ["1"]);

    privileges_follow_their_objects: Case::new(granted, |op| {
        op.postgres().drop_view("open_ticket");
        op.rename_table("ticket", "issue");
        op.rename_column("issue", "note", "remark");
        op.rename_enum("state", "phase");
    })
    .seed(TICKETS)
    .only(Dialect::Postgres)
    .before(MAY, [ALL_OF_IT])
    .after(
        (
            "SELECT has_table_privilege('pg_monitor', 'issue', 'insert'),
                has_column_privilege('pg_monitor', 'issue', 'remark', 'update'),
                has_type_privilege('pg_monitor', 'phase', 'usage')",
            "",
        ),
        ["t|t|t"],
    );

    privileges_go_with_their_objects: Case::new(granted, |op| {
        op.drop_view("open_ticket");
        op.postgres().drop_function("tickets");
        op.drop_column("ticket", "note");
        op.drop_table("ticket");
        op.drop_enum("state");
    })
    .only(Dialect::Postgres)
    .before(MAY, [ALL_OF_IT]);

    privileges_outlive_what_is_made_again: Case::new(granted, |op| {
        op.replace_enum_values("state", ["open", "done"]).map([("closed", "done")]);
        op.alter_column("ticket", "note").set_type(varchar(90));
        op.postgres().create_function("tickets", "").returns("integer").language("sql").body("SELECT 1").or_replace();
    })
    .seed(TICKETS)
    .only(Dialect::Postgres)
    .before(MAY, [ALL_OF_IT])
    .after(MAY, [ALL_OF_IT]);

    a_default_privilege_stays_away_from_a_table_that_comes_back: Case::new(
        |op| {
            op.create_table("secret").column("id", integer()).primary_key(["id"]);
            op.postgres().revoke(["select"]).on_table("secret").from(["pg_monitor"]).held_by_default();
        },
        |op| {
            op.drop_table("secret");
        },
    )
    .only(Dialect::Postgres)
    .before("SELECT has_table_privilege('pg_monitor', 'secret', 'select')", ["f"]);

    a_privilege_that_is_held_already: Case::new(granted, |op| {
        op.postgres().grant(["insert"]).on_table("ticket").to(["pg_monitor"]);
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "`pg_monitor` may do this with table `ticket` already");

    a_privilege_that_is_no_one_of_its_object: Case::new(granted, |op| {
        op.postgres().grant(["execute"]).on_table("ticket").to(["pg_monitor"]);
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "there is no privilege `execute` on table `ticket`");

    a_privilege_on_columns_of_a_function: Case::new(granted, |op| {
        op.postgres().grant(["execute"]).on_function("tickets").columns(["id"]).to(["pg_monitor"]);
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "function `tickets` has no columns that privileges could be about");

    a_privilege_on_a_missing_column: Case::new(granted, |op| {
        op.postgres().grant(["select"]).on_table("ticket").columns(["nope"]).to(["pg_monitor"]);
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "table `ticket` has no column `nope`");

    a_privilege_for_nobody: Case::new(granted, |op| {
        op.postgres().grant(["select"]).on_table("ticket");
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "privileges need more to be said: say to whom");

    a_privilege_on_nothing: Case::new(granted, |op| {
        op.postgres().grant(["select"]).to(["pg_monitor"]);
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "privileges need more to be said: say on what");

    a_default_that_the_history_knows: Case::new(granted, |op| {
        op.postgres().revoke(["select"]).on_table("ticket").from(["pg_monitor"]).held_by_default();
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "`pg_monitor` has SELECT on table `ticket` by what the history says");

    a_grant_option_that_was_not_given: Case::new(granted, |op| {
        op.postgres().revoke(["select"]).on_table("ticket").from(["pg_monitor"]).only_grant_option();
        op.sqlite().create_index("ix_note", "ticket", ["note"]);
    })
    .refused_on(Dialect::Postgres, "`pg_monitor` cannot grant on SELECT on table `ticket`");
}
