//! Changes that let others go on working: built concurrently, or checked later.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    create_index_concurrently: jobs::unchanged(|op| {
        op.create_index("ix_job_title", "job", [column("title"), expression("attempts + 1").desc()])
            .unique()
            .filter("attempts > 0")
            .concurrently();
    })
    .refuses("INSERT INTO job (id, title, attempts) VALUES (8, 'x', 1), (9, 'x', 1)");

    create_index_concurrently_for_a_new_table: jobs::unchanged(|op| {
        op.create_table("note").column("id", integer()).primary_key(["id"]).column("text", text());
        op.create_index("ix_note_text", "note", ["text"]).concurrently();
    });

    create_index_concurrently_behind_others: jobs::unchanged(|op| {
        op.add_column("job", "priority", integer());
        op.create_index("ix_job_priority", "job", ["priority"]).concurrently();
    })
    .refused_on(Dialect::Postgres, "cannot run twice");

    create_index_concurrently_before_others: jobs::unchanged(|op| {
        op.create_index("ix_job_title", "job", ["title"]).concurrently();
        op.create_index("ix_job_attempts", "job", ["attempts"]).concurrently();
        op.drop_index("ix_job_status").concurrently();
        op.add_column("job", "priority", integer());
        op.alter_column("job_event", "note").set_default("none");
    })
    .keeps("SELECT count(*) FROM job", ["3"]);

    drop_index_concurrently: jobs::unchanged(|op| {
        op.drop_index("ix_job_status").concurrently();
    });

    create_unique_constraint_concurrently: jobs::unchanged(|op| {
        op.create_unique_constraint("job", ["title"]).concurrently();
        op.create_unique_constraint("job_event", ["job_id", "note"]).name("one_note").concurrently();
    })
    .refuses("INSERT INTO job (id, title) VALUES (9, 'first')");

    create_keys_of_every_shape_concurrently: jobs::unchanged(|op| {
        op.postgres().create_unique_constraint("job", ["owner_id", "title"]).nulls_not_distinct().concurrently();
        op.postgres().create_unique_constraint("job_event", ["job_id", "note"]).initially_deferred().concurrently();
    })
    .only(Dialect::Postgres)
    .refuses("INSERT INTO job (id, title) VALUES (9, 'x'), (10, 'x')")
    .accepts("UPDATE job_event SET note = note");

    create_primary_key_concurrently: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).column("code", text());
        },
        |op| {
            op.create_primary_key("entry", ["id"]).concurrently();
        },
    )
    .seed("INSERT INTO entry VALUES (1, 'a'), (2, NULL)")
    .keeps("SELECT id, code FROM entry ORDER BY id", ["1|a", "2|NULL"])
    .refuses("INSERT INTO entry VALUES (1, 'b')");

    create_check_constraint_not_valid: jobs::unchanged(|op| {
        op.create_check_constraint("job", "attempts", "attempts >= 0").not_valid();
    })
    .refuses("INSERT INTO job (id, title, attempts) VALUES (9, 'x', -1)");

    create_foreign_key_not_valid: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).primary_key(["id"]);
            op.create_table("child").column("id", integer()).column("entry_id", integer()).primary_key(["id"]);
        },
        |op| {
            op.create_foreign_key("child", ["entry_id"], "entry", ["id"]).on_delete(Cascade).not_valid();
        },
    )
    .seed("INSERT INTO entry VALUES (1); INSERT INTO child VALUES (1, 1), (2, NULL)")
    .keeps("SELECT id, entry_id FROM child ORDER BY id", ["1|1", "2|NULL"])
    .refuses("INSERT INTO child VALUES (3, 3)");

    validate_constraint: Case::new(
        |op| {
            jobs::tables(op);
            op.create_check_constraint("job", "attempts", "attempts >= 0").not_valid();
        },
        |op| {
            op.validate_constraint("job", "ck_job_attempts");
        },
    )
    .seed(jobs::ROWS)
    .keeps(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .refuses("INSERT INTO job (id, title, attempts) VALUES (9, 'x', -1)");

    validate_constraint_that_a_row_breaks: Case::new(
        |op| {
            jobs::tables(op);
            op.create_check_constraint("job", "attempts", "attempts >= 0").not_valid();
        },
        |op| {
            op.validate_constraint("job", "ck_job_attempts");
        },
    )
    .only(Dialect::Postgres)
    .seed(
        "ALTER TABLE job DROP CONSTRAINT ck_job_attempts;
         INSERT INTO job (id, title, attempts) VALUES (1, 'x', -1);
         ALTER TABLE job ADD CONSTRAINT ck_job_attempts CHECK (attempts >= 0) NOT VALID",
    )
    .keeps("SELECT count(*) FROM job", ["1"])
    .stops("violated by some row");

    not_null_by_a_check_that_is_checked_later: jobs::unchanged(|op| {
        op.create_check_constraint("job", "status_given", "status IS NOT NULL").not_valid();
        op.create_foreign_key("job_event", ["id"], "job", ["id"]).name("same").not_valid();
        op.create_check_constraint("job_event", "job_given", "(job_id IS NOT NULL)").not_valid();
        op.validate_constraint("job", "ck_job_status_given");
        op.validate_constraint("job_event", "same");
        op.validate_constraint("job_event", "ck_job_event_job_given");
    })
    .refuses("INSERT INTO job (id, title, status) VALUES (9, 'x', NULL)");

    set_not_null_where_a_check_proves_it: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).column("code", text()).primary_key(["id"]);
        },
        |op| {
            op.create_check_constraint("entry", "code_given", "code IS NOT NULL").not_valid();
            op.validate_constraint("entry", "ck_entry_code_given");
            op.alter_column("entry", "code").set_not_null();
            op.drop_constraint("entry", "ck_entry_code_given");
        },
    )
    .seed("INSERT INTO entry VALUES (1, 'a')")
    .keeps("SELECT id, code FROM entry", ["1|a"])
    .refuses("INSERT INTO entry VALUES (2, NULL)");

    not_valid_behind_others: jobs::unchanged(|op| {
        op.add_column("job", "priority", integer());
        op.create_check_constraint("job", "priority", "priority > 0").not_valid();
        op.validate_constraint("job", "ck_job_priority");
    })
    .refused_on(Dialect::Postgres, "cannot run twice");
}
