//! Row-level security and its policies, which only Postgres has.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// What a role sees that may read everything but what row-level security hides.
const SEEN: &str = "SET LOCAL ROLE pg_read_all_data; SELECT id FROM job ORDER BY id";

/// Tables of which the jobs have row-level security and a policy, on Postgres.
fn secured(op: &mut Op) {
    jobs::tables(op);
    op.postgres().enable_row_level_security("job");
    op.postgres().create_policy("open_jobs", "job").using("status <> 'done'");
}

cases! {
    enable_row_level_security: jobs::unchanged(|op| {
        op.enable_row_level_security("job");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no row-level security")
    .before(SEEN, ["1", "2", "3"])
    .after(SEEN, []);

    disable_row_level_security: Case::new(secured, |op| {
        op.disable_row_level_security("job");
    })
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no row-level security of `job` exists here")
    .before(SEEN, ["1", "3"])
    .after(SEEN, ["1", "2", "3"]);

    create_policy: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().enable_row_level_security("job").force();
        },
        |op| {
            op.create_policy("open_jobs", "job").for_command("select").using("status <> 'done'");
        },
    )
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "SQLite has no policies")
    .before(SEEN, [])
    .after(SEEN, ["1", "3"]);

    drop_policy: Case::new(secured, |op| {
        op.drop_policy("open_jobs", "job");
    })
    .seed(jobs::ROWS)
    .refused_on(Dialect::Sqlite, "no policy `open_jobs` of `job` exists here")
    .before(SEEN, ["1", "3"])
    .after(SEEN, []);

    force_row_level_security: jobs::unchanged(|op| {
        op.postgres().enable_row_level_security("job").force();
        op.postgres().enable_row_level_security("owner");
    });

    policies_of_every_shape: Case::new(secured, |op| {
        op.postgres()
            .create_policy("titled; it's \"quoted\"", "job")
            .restrictive()
            .to(["pg_read_all_data", "pg_monitor"])
            .using("length(title) < 6 OR EXISTS (SELECT FROM public.owner WHERE owner.id = job.owner_id AND name = 'Ada') -- why");
        op.postgres().create_policy("writes", "job").for_command("INSERT").with_check("attempts >= 0");
        op.postgres()
            .create_policy("moves", "job")
            .for_command("update")
            .to(["public"])
            .using("attempts = 0")
            .with_check("attempts > 0;");
        op.postgres().create_policy("removals", "job").for_command("delete").using("true");
    })
    .seed(jobs::ROWS)
    .before((SEEN, "SELECT 0"), ["1", "3"])
    .after((SEEN, "SELECT 0"), ["1", "3"])
    .only(Dialect::Postgres);

    replace_policy: Case::new(secured, |op| {
        op.postgres().drop_policy("open_jobs", "job");
        op.postgres().create_policy("open_jobs", "job").using("status = 'done'");
    })
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before(SEEN, ["1", "3"])
    .after(SEEN, ["2"]);

    policies_follow_their_table: Case::new(
        |op| {
            secured(op);
            op.postgres().create_policy("qualified", "job").using("job.attempts > 3");
        },
        |op| {
            op.rename_table("job", "task");
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before(SEEN, ["1", "3"])
    .after("SET LOCAL ROLE pg_read_all_data; SELECT id FROM task ORDER BY id", ["1", "3"]);

    policies_follow_names_in_their_queries: Case::new(
        |op| {
            secured(op);
            op.postgres().create_policy("busy", "owner").using(
                "EXISTS (SELECT 1 FROM public.job WHERE owner_id = owner.id AND status <> 'status' /* status */) \
                 OR name IN (SELECT name FROM (SELECT j.title AS name FROM job j WHERE public.owner.id > 0) status)",
            );
            op.postgres()
                .create_policy("repeated", "job_event")
                .restrictive()
                .using("job_event.id > (SELECT max(other.id) FROM public.job_event AS other WHERE other.id > job_event.id)")
                .with_check("public.job_event.id NOT IN (SELECT id FROM job WHERE status = '' AND job.id = job_id)");
            op.postgres().enable_row_level_security("owner");
        },
        |op| {
            op.rename_column("job", "status", "Select");
            op.rename_column("job", "owner_id", "owner");
            op.rename_table("job", "task");
            op.rename_column("owner", "id", "key");
            op.rename_table("owner", "job");
            op.rename_table("job_event", "event");
            op.rename_column("event", "id", "status");
            op.alter_column("task", "Select").set_type(varchar(40));
            op.alter_column("job", "key").set_type(big_integer());
            op.alter_column("task", "owner").set_type(big_integer());
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before(SEEN, ["1", "3"])
    .before("SET LOCAL ROLE pg_read_all_data; SELECT name FROM owner", ["Ada"])
    .after("SET LOCAL ROLE pg_read_all_data; SELECT id FROM task ORDER BY id", ["1", "3"])
    .after("SET LOCAL ROLE pg_read_all_data; SELECT name FROM job", ["Ada"]);

    an_enum_that_a_policy_casts_to_is_renamed: Case::new(
        |op| {
            op.create_enum("state", ["open", "closed"]);
            op.create_table("reply").column("id", integer()).column("word", text()).primary_key(["id"]);
            op.postgres().create_policy("open_words", "reply").using("word::public.state = 'open'");
        },
        |op| {
            op.rename_enum("state", "State of it");
        },
    );

    policies_go_with_their_table: Case::new(
        |op| {
            op.create_table("note").column("id", integer()).column("body", text()).primary_key(["id"]);
            op.postgres().enable_row_level_security("note").force();
            op.postgres().create_policy("short", "note").using("length(body) < 9");
        },
        |op| {
            op.drop_table("note");
        },
    );

    a_column_that_a_policy_reads_is_dropped: Case::new(secured, |op| {
        op.drop_column("job", "status");
    })
    .refused_on(Dialect::Postgres, "column `job.status` is used by policy `open_jobs` of `job`");

    a_column_whose_name_a_policy_only_has_elsewhere_is_dropped: Case::new(
        |op| {
            secured(op);
            op.postgres()
                .create_policy("titles", "owner")
                .using("name <> 'attempts' AND id NOT IN (SELECT attempts FROM (SELECT id AS attempts FROM public.job) o)");
        },
        |op| {
            op.drop_column("job", "attempts");
        },
    )
    .seed(jobs::ROWS)
    .back("SELECT id, attempts FROM job ORDER BY id", ["1|NULL", "2|NULL", "3|NULL"]);

    a_table_that_a_policy_reads_is_dropped: Case::new(
        |op| {
            jobs::tables(op);
            op.create_table("ban").column("id", integer()).primary_key(["id"]);
            op.postgres().create_policy("unbanned", "job").using("id NOT IN (SELECT id FROM public.ban)");
        },
        |op| {
            op.drop_table("ban");
        },
    )
    .refused_on(Dialect::Postgres, "table `ban` is used by policy `unbanned` of `job`");

    the_type_of_a_column_that_a_policy_reads: Case::new(
        |op| {
            secured(op);
            op.create_view("done_titles", "SELECT title FROM job WHERE status = 'done'");
            op.postgres().create_policy("titled", "owner").using("name NOT IN (SELECT title FROM public.done_titles)");
            op.postgres().create_policy("started", "job").restrictive().using("attempts IS NOT NULL");
        },
        |op| {
            op.alter_column("job", "status").set_type(varchar(30));
            op.alter_column("job", "attempts").set_type(big_integer());
        },
    )
    .seed(jobs::ROWS)
    .before((SEEN, "SELECT 0"), ["1", "3"])
    .after((SEEN, "SELECT 0"), ["1", "3"])
    .only(Dialect::Postgres);

    an_enum_value_that_a_policy_names_goes_away: Case::new(
        |op| {
            op.create_enum("state", ["open", "closed"]);
            op.create_table("ticket").column("id", integer()).column("state", enumeration("state")).primary_key(["id"]);
            op.postgres().create_policy("open_ones", "ticket").using("state <> 'closed'");
        },
        |op| {
            op.replace_enum_values("state", ["open", "done"]).map([("closed", "done")]);
        },
    )
    .refused_on(Dialect::Postgres, "policy `open_ones` of `ticket` depends on it");

    an_enum_that_a_policy_casts_to_loses_a_value: Case::new(
        |op| {
            op.create_enum("state", ["open", "closed", "lost"]);
            op.create_table("ticket").column("id", integer()).column("state", enumeration("state")).primary_key(["id"]);
            op.create_table("reply").column("id", integer()).column("word", text()).primary_key(["id"]);
            op.postgres().create_policy("open_words", "reply").using("word::public.state = 'open'");
        },
        |op| {
            op.replace_enum_values("state", ["open", "closed"]).map([("lost", "closed")]);
        },
    )
    .seed("INSERT INTO ticket (id, state) VALUES (1, 'lost')")
    .before("SELECT state FROM ticket", ["lost"])
    .after("SELECT state FROM ticket", ["closed"])
    .back("SELECT state FROM ticket", ["closed"]);

    a_policy_without_a_condition: Case::new(jobs::tables, |op| {
        op.postgres().create_policy("empty", "job");
        op.sqlite().create_index("ix_job_title", "job", ["title"]);
    })
    .refused_on(Dialect::Postgres, "policy `empty` has no condition");

    a_policy_for_no_command: Case::new(jobs::tables, |op| {
        op.postgres().create_policy("odd", "job").for_command("truncate").using("true");
        op.sqlite().create_index("ix_job_title", "job", ["title"]);
    })
    .refused_on(Dialect::Postgres, "a policy cannot be for `truncate`");

    a_condition_that_is_never_asked: Case::new(jobs::tables, |op| {
        op.postgres().create_policy("odd", "job").for_command("insert").using("true");
        op.sqlite().create_index("ix_job_title", "job", ["title"]);
    })
    .refused_on(Dialect::Postgres, "a policy for INSERT looks at no rows that are there");

    a_policy_that_leaves_its_place: Case::new(jobs::tables, |op| {
        op.postgres().create_policy("odd", "job").using("true); DROP TABLE job; SELECT (1");
        op.sqlite().create_index("ix_job_title", "job", ["title"]);
    })
    .refused_on(Dialect::Postgres, "without a semicolon in it");
}
