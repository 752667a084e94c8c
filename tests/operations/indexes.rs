//! Indexes: create, drop, rename.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    create_index: jobs::unchanged(|op| {
        op.create_index("ix_job_title", "job", ["title", "attempts"]);
    });

    rename_index_by_case_alone: Case::new(
        |op| {
            jobs::tables(op);
            op.create_index("ix_title", "job", ["title"]);
        },
        |op| {
            op.rename_index("ix_title", "IX_title");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT count(*) FROM job", ["3"]);

    create_index_with_an_order: jobs::unchanged(|op| {
        op.create_index("ix_job_recent", "job", [column("attempts").desc(), column("id")]);
    });

    create_unique_partial_index: jobs::unchanged(|op| {
        op.create_index("ix_job_running", "job", ["status"]).unique().filter("status = 'running'");
    })
    .refuses("INSERT INTO job (id, title, status) VALUES (9, 'x', 'running')")
    .accepts("INSERT INTO job (id, title, status) VALUES (9, 'x', 'queued')");

    create_unique_index_where_rows_are_equal: Case::new(jobs::tables, |op| {
        op.create_index("ix_job_owner", "job", ["owner_id"]).unique();
    })
    .seed(jobs::ROWS)
    .keeps("SELECT count(*) FROM job", ["3"])
    .stops("");

    create_index_on_an_expression: jobs::unchanged(|op| {
        op.create_index("ix_job_lower", "job", [expression("lower(title)"), expression("attempts + 1").desc()]).unique();
    })
    .refuses("INSERT INTO job (id, title, attempts) VALUES (9, 'FIRST', 0)");

    create_index_with_a_collation: jobs::unchanged(|op| {
        op.create_index("ix_job_title", "job", [column("title").collation(sql("\"C\"").sqlite("NOCASE"))]);
    });

    create_index_with_advisory_facets: jobs::unchanged(|op| {
        op.create_index("ix_job_pattern", "job", [column("title").operator_class("text_pattern_ops")]).include(["attempts"]);
        op.create_index("ix_job_hash", "job", ["status"]).method("hash");
    });

    create_index_with_an_order_of_null: jobs::unchanged(|op| {
        op.create_index("ix_job_recent", "job", [column("attempts").desc().nulls_last(), column("owner_id").nulls_first()]);
        op.create_index("ix_job_plain", "job", [column("owner_id").nulls_last(), column("status").desc().nulls_first()]);
    });

    create_index_in_which_nulls_are_equal: jobs::unchanged(|op| {
        op.create_index("ix_job_once", "job", ["owner_id", "title"]).nulls_not_distinct();
    })
    .refused_on(Dialect::Sqlite, "SQLite has no NULLS NOT DISTINCT: index `ix_job_once`")
    .accepts("INSERT INTO job (id, title) VALUES (9, 'x'), (10, 'y')")
    .refuses("INSERT INTO job (id, title) VALUES (9, 'x'), (10, 'x')");

    drop_index: jobs::unchanged(|op| {
        op.drop_index("ix_job_status");
    });

    drop_index_with_every_facet: Case::new(
        |op| {
            jobs::tables(op);
            op.create_index("ix_job_all", "job", [column("attempts").desc(), expression("lower(title)")])
                .unique()
                .filter("attempts > 0 AND status <> 'it''s'")
                .include(["status"]);
        },
        |op| {
            op.drop_index("ix_job_all");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT count(*) FROM job", ["3"]);

    rename_index: jobs::unchanged(|op| {
        op.rename_index("ix_job_status", "ix_job_state");
    });
}
