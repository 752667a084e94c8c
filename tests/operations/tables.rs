//! Tables: create, drop, rename, comment.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    create_table_with_everything: jobs::unchanged(|op| {
        op.create_table("run")
            .column("id", big_integer().identity())
            .column("job_id", integer().not_null())
            .column("parent_id", big_integer())
            .column("key", varchar(20).not_null())
            .column("score", double().not_null().default(1.5))
            .column("started_at", timestamptz().not_null().default(now()))
            .column("note", text().comment("free text"))
            .primary_key(["id"])
            .unique(["job_id", "key"])
            .check("score", "score >= 0")
            .foreign_key(["job_id"], "job", ["id"])
            .on_delete(Cascade)
            .on_update(NoAction)
            .foreign_key(["parent_id"], "run", ["id"])
            .on_delete(SetNull)
            .on_update(Restrict)
            .comment("what was tried");
    })
    .after("SELECT count(*) FROM run", ["0"])
    .accepts("INSERT INTO run (job_id, key) VALUES (1, 'x'), (1, 'y')")
    .accepts("INSERT INTO run (job_id, key) VALUES (1, 'x'); DELETE FROM job WHERE id = 1")
    .refuses("INSERT INTO run (job_id, key) VALUES (1, 'x'), (1, 'x')")
    .refuses("INSERT INTO run (job_id, key) VALUES (99, 'x')")
    .refuses("INSERT INTO run (job_id, key, score) VALUES (1, 'x', -1)")
    .refuses("INSERT INTO run (job_id, key, started_at) VALUES (1, 'x', NULL)")
    .refuses("INSERT INTO run (job_id) VALUES (1)");

    create_table_that_refers_to_a_key_written_after: jobs::unchanged(|op| {
        op.create_table("node")
            .column("id", integer())
            .column("parent_id", integer())
            .column("code", text())
            .foreign_key(["parent_id"], "node", ["id"])
            .check("code", "code <> ''")
            .primary_key(["id"])
            .unique(["code"]);
    })
    .accepts("INSERT INTO node (id, parent_id, code) VALUES (1, NULL, 'a'), (2, 1, 'b')")
    .refuses("INSERT INTO node (id, parent_id, code) VALUES (1, 9, 'a')")
    .refuses("INSERT INTO node (id, parent_id, code) VALUES (1, NULL, '')")
    .refuses("INSERT INTO node (id, code) VALUES (1, 'a'), (2, 'a')");

    create_table_with_an_exclusion_constraint: jobs::unchanged(|op| {
        op.create_table("booking")
            .column("id", integer())
            .column("starts", date().not_null())
            .column("ends", date())
            .column("room", integer())
            .primary_key(["id"])
            .initially_deferred()
            .exclude([(expression("daterange(starts, ends)"), "&&")])
            .method("gist")
            .filter("room = 1")
            .initially_deferred()
            .unique(["room", "starts"])
            .nulls_not_distinct()
            .deferrable()
            .name("one start");
    })
    .refused_on(Dialect::Sqlite, "SQLite cannot defer the primary key `pk_booking`: only foreign keys")
    .accepts("INSERT INTO booking VALUES (1, '2026-01-01', '2026-01-03', 1), (2, '2026-01-03', NULL, 1), (3, '2026-01-02', NULL, 2)")
    .accepts("INSERT INTO booking VALUES (1, '2026-01-01', NULL, 1), (2, '2026-01-03', NULL, 1); DELETE FROM booking WHERE id = 2")
    .refuses("INSERT INTO booking VALUES (1, '2026-01-01', '2026-01-03', 1), (2, '2026-01-02', NULL, 1); SET CONSTRAINTS ALL IMMEDIATE");

    create_table_without_a_key: jobs::unchanged(|op| {
        op.create_table("line").column("text", text());
    })
    .accepts("INSERT INTO line (text) VALUES ('x'), ('x'), (NULL)");

    create_tables_with_advisory_options: jobs::unchanged(|op| {
        op.create_table("strict_one").column("id", integer()).column("n", integer()).primary_key(["id"]).strict();
        op.create_table("cache").column("key", text()).column("value", text()).primary_key(["key"]).without_rowid();
    })
    .refuses("INSERT INTO strict_one (id, n) VALUES (1, 'x')")
    .refuses("INSERT INTO cache (value) VALUES ('x')");

    create_table_with_names_that_need_care: jobs::unchanged(|op| {
        op.create_table("Order")
            .column("select", integer())
            .column("it's \"quoted\"", text().default("it's \"quoted\" -- not a comment\n;"))
            .column("ünïcödé", text())
            .primary_key(["select"])
            .unique(["ünïcödé", "it's \"quoted\""])
            .name("UQ \"of\" order");
        op.create_index("IX order", "Order", ["ünïcödé"]);
    })
    .accepts("INSERT INTO \"Order\" (\"select\", \"ünïcödé\") VALUES (1, 'x')")
    .refuses("INSERT INTO \"Order\" (\"select\", \"ünïcödé\") VALUES (1, 'x'), (2, 'x')");

    create_table_with_deferred_keys: jobs::unchanged(|op| {
        op.create_table("left_side")
            .column("id", integer())
            .column("job_id", integer().default(1))
            .primary_key(["id"])
            .foreign_key(["job_id"], "job", ["id"])
            .on_delete(SetDefault)
            .deferrable();
        op.create_table("right_side")
            .column("id", integer())
            .column("left_id", integer())
            .primary_key(["id"])
            .foreign_key(["left_id"], "left_side", ["id"])
            .initially_deferred();
    })
    .accepts("INSERT INTO right_side (id, left_id) VALUES (1, 5); INSERT INTO left_side (id, job_id) VALUES (5, 2)")
    .refuses("INSERT INTO left_side (id, job_id) VALUES (5, 99)");

    create_table_with_an_unnamed_constraint: jobs::unchanged(|op| {
        op.create_table("adopted")
            .column("id", integer())
            .column("code", text())
            .primary_key(["id"])
            .unnamed()
            .unique(["code"])
            .unnamed();
    })
    .refuses("INSERT INTO adopted (id, code) VALUES (1, 'x'), (2, 'x')");

    drop_table: Case::new(
        |op| {
            jobs::tables(op);
            op.create_table("tag")
                .column("id", integer())
                .column("job_id", integer())
                .column("word", text().not_null().default("x"))
                .primary_key(["id"])
                .unique(["job_id", "word"])
                .check("word", "word <> ''")
                .foreign_key(["job_id"], "job", ["id"])
                .on_delete(Cascade);
            op.create_index("ix_tag_word", "tag", ["word"]);
        },
        |op| {
            op.drop_table("tag");
        },
    )
    .seed((
        "INSERT INTO owner VALUES (1, 'Ada'); INSERT INTO job VALUES (1, 1, 'x', 'y', 0); INSERT INTO tag VALUES (1, 1, 'z')",
        "INSERT INTO owner VALUES (1, 'Ada'); INSERT INTO job VALUES (1, 1, 'x', 'y', 0); INSERT INTO tag VALUES (1, 1, 'z')",
    ))
    .keeps("SELECT id, title FROM job", ["1|x"])
    .before("SELECT id, job_id, word FROM tag", ["1|1|z"])
    .back("SELECT id, job_id, word FROM tag", []);

    drop_a_referred_table_after_its_foreign_key: jobs::case(|op| {
        op.drop_constraint("job", "fk_job_owner_id_owner");
        op.create_table("person").column("id", integer()).primary_key(["id"]);
        op.drop_table("person");
    })
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .after(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .accepts("INSERT INTO job (id, owner_id, title) VALUES (9, 99, 'x')");

    rename_table: Case::new(jobs::tables, |op| {
        op.rename_table("job", "task");
    })
    .seed(jobs::ROWS)
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"])
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .after(
        "SELECT id, owner_id, title, status, attempts FROM task ORDER BY id",
        ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"],
    )
    .refuses("INSERT INTO job_event (id, job_id) VALUES (9, 99)")
    .refuses("INSERT INTO task (id, owner_id, title) VALUES (9, 99, 'x')");

    rename_table_in_case_only: Case::new(jobs::tables, |op| {
        op.rename_table("job", "Job");
    })
    .seed(jobs::ROWS)
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"])
    .after("SELECT count(*) FROM \"Job\"", ["3"]);

    rename_table_that_refers_to_itself: Case::new(
        |op| {
            op.create_table("node")
                .column("id", integer())
                .column("parent_id", integer())
                .primary_key(["id"])
                .check("parent", "node.parent_id <> node.id")
                .foreign_key(["parent_id"], "node", ["id"])
                .on_delete(Cascade);
            op.create_index("ix_node_parent", "node", ["parent_id"]).filter("node.parent_id > 0");
        },
        |op| {
            op.rename_table("node", "knot");
        },
    )
    .seed("INSERT INTO node (id, parent_id) VALUES (1, NULL), (2, 1), (3, 2)")
    .before("SELECT id, parent_id FROM node ORDER BY id", ["1|NULL", "2|1", "3|2"])
    .after("SELECT id, parent_id FROM knot ORDER BY id", ["1|NULL", "2|1", "3|2"])
    .refuses("INSERT INTO knot (id, parent_id) VALUES (9, 9)")
    .refuses("INSERT INTO knot (id, parent_id) VALUES (9, 99)");

    set_table_comment: jobs::unchanged(|op| {
        op.set_table_comment("job", "what is to be done; it's --work");
    });

    drop_table_comment: Case::new(
        |op| {
            op.create_table("job").column("id", integer()).primary_key(["id"]).comment("old");
        },
        |op| {
            op.drop_table_comment("job");
        },
    )
    .seed("INSERT INTO job (id) VALUES (1)")
    .keeps("SELECT id FROM job", ["1"]);
}
