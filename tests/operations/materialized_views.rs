//! Materialized views and their indexes, which only Postgres has.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

const COUNTS: &str = "SELECT status, jobs FROM job_count ORDER BY status";

/// A materialized view with indexes, and one that reads it.
fn counted(op: &mut Op) {
    jobs::tables(op);
    op.postgres()
        .create_materialized_view("job_count", "SELECT status, count(*) AS jobs FROM job GROUP BY status -- each")
        .with_no_data();
    op.postgres().create_index("uq_job_count", "job_count", ["status"]).unique();
    op.postgres()
        .create_index("ix_job_count", "job_count", [column("jobs").desc(), expression("upper(status)")])
        .filter("jobs > 0");
    op.postgres().refresh_materialized_view("job_count");
    op.postgres().create_materialized_view("a_job_total", "SELECT sum(jobs) AS jobs FROM job_count");
    op.postgres().create_view("status", "SELECT status FROM job_count WHERE jobs > 0");
    op.postgres().grant(["select"]).on_table("job_count").to(["pg_monitor"]);
}

fn on_counts(upgrade: fn(&mut Op)) -> Case {
    // The views are filled before the table.
    Case::new(counted, upgrade).seed((FILLED, jobs::ROWS)).only(Dialect::Postgres)
}

const FILLED: &str = "
    INSERT INTO job (id, title, status, attempts) VALUES (1, 'first', 'queued', 0), (2, 'second', 'done', NULL);
    REFRESH MATERIALIZED VIEW job_count;
    REFRESH MATERIALIZED VIEW a_job_total;
    INSERT INTO job (id, title, status, attempts) VALUES (3, 'third', 'done', 7);
";

cases! {
    create_materialized_view: jobs::unchanged(|op| {
        op.create_materialized_view("job_count", "SELECT status, count(*) AS jobs FROM job GROUP BY status;");
    })
    .refused_on(Dialect::Sqlite, "SQLite has no materialized views: materialized view `job_count`")
    .after(COUNTS, ["done|1", "queued|1", "running|1"]);

    a_materialized_view_without_rows: jobs::unchanged(|op| {
        op.postgres().create_materialized_view("titles", "SELECT title FROM job").with_no_data();
        op.postgres().create_index("ix_titles", "titles", ["title"]);
    })
    .only(Dialect::Postgres)
    .refuses("SELECT title FROM titles");

    drop_materialized_view: Case::new(counted, |op| {
        op.drop_materialized_view("a_job_total");
    })
    .seed((FILLED, jobs::ROWS))
    .refused_on(Dialect::Sqlite, "no materialized view `a_job_total` exists here")
    .before("SELECT jobs FROM a_job_total", ["2"])
    .back("SELECT jobs FROM a_job_total", ["2"]);

    drop_materialized_views_with_all_that_they_have: on_counts(|op| {
        op.postgres().drop_view("status");
        op.postgres().drop_materialized_view("a_job_total");
        op.postgres().drop_materialized_view("job_count");
    })
    .before(COUNTS, ["done|1", "queued|1"])
    .back(COUNTS, ["done|2", "queued|1"])
    .back("SELECT has_table_privilege('pg_monitor', 'job_count', 'select')", ["t"]);

    refresh_materialized_view: Case::new(counted, |op| {
        op.refresh_materialized_view("job_count");
    })
    .seed((FILLED, jobs::ROWS))
    .refused_on(Dialect::Sqlite, "no materialized view `job_count` exists here")
    .before(COUNTS, ["done|1", "queued|1"])
    .after(COUNTS, ["done|2", "queued|1"])
    .back(COUNTS, ["done|2", "queued|1"]);

    refresh_a_view_while_others_read_it: on_counts(|op| {
        op.postgres().refresh_materialized_view("job_count").concurrently();
    })
    .after(COUNTS, ["done|2", "queued|1"])
    .back(COUNTS, ["done|2", "queued|1"]);

    the_way_back_empties_what_was_empty: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_materialized_view("titles", "SELECT title FROM job").with_no_data();
        },
        |op| {
            op.postgres().refresh_materialized_view("titles");
        },
    )
    .seed(jobs::ROWS)
    .only(Dialect::Postgres)
    .before("SELECT relispopulated FROM pg_class WHERE relname = 'titles'", ["f"])
    .after("SELECT count(*) FROM titles", ["3"]);

    indexes_of_a_materialized_view: on_counts(|op| {
        op.postgres().drop_index("ix_job_count");
        op.postgres().rename_index("uq_job_count", "uq_count");
        op.postgres().create_index("ix_jobs", "job_count", ["jobs"]).include(["status"]).method("btree");
    })
    .keeps(COUNTS, ["done|1", "queued|1"])
    .refuses("INSERT INTO job (id, title, status) VALUES (4, 'x', 'lost'); SELECT 1 / (count(*) - 2) FROM job_count");

    an_index_that_is_built_concurrently: on_counts(|op| {
        op.postgres().create_index("ix_jobs", "job_count", ["jobs"]).concurrently();
    })
    .keeps(COUNTS, ["done|1", "queued|1"]);

    a_type_under_materialized_views_changes: on_counts(|op| {
        op.alter_column("job", "status").set_type(varchar(30));
    })
    .before(COUNTS, ["done|1", "queued|1"])
    .after(COUNTS, ["done|2", "queued|1"])
    .back(COUNTS, ["done|2", "queued|1"])
    .keeps("SELECT has_table_privilege('pg_monitor', 'job_count', 'select')", ["t"]);

    a_type_in_an_index_of_a_materialized_view_is_renamed: Case::new(
        |op| {
            counted(op);
            op.create_enum("mood", ["good", "bad", "odd"]);
            op.add_column("job", "mood", enumeration("mood"));
            op.postgres().create_materialized_view("moods", "SELECT id, mood, 'good'::mood AS best FROM job");
            op.postgres().create_index("ix_moods", "moods", [expression("(mood = 'bad'::mood)")]).filter("mood <> 'good'::mood");
        },
        |op| {
            op.rename_enum("mood", "temper");
            op.rename_column("job", "mood", "temper");
            op.rename_table("job", "task");
            op.replace_enum_values("temper", ["bad", "good"]);
        },
    )
    .seed((FILLED, jobs::ROWS))
    .only(Dialect::Postgres)
    .before("SELECT best FROM moods", [])
    .after("SELECT best FROM moods", ["good", "good", "good"])
    .back("SELECT best FROM moods", ["good", "good", "good"]);

    a_value_in_an_index_of_a_materialized_view_is_renamed: Case::new(
        |op| {
            op.create_enum("mood", ["good", "bad"]);
            op.create_table("day").column("id", integer()).column("mood", enumeration("mood"));
            op.postgres().create_materialized_view("moods", "SELECT id, mood FROM day");
            op.postgres().create_index("ix_moods", "moods", ["id"]).filter("mood <> 'good'");
        },
        |op| {
            op.rename_enum_value("mood", "good", "fine");
        },
    )
    .refused_on(Dialect::Postgres, "value `good` of enum `mood` cannot be renamed while view `moods` names it")
    .only(Dialect::Postgres);

    a_materialized_view_is_no_view: on_counts(|op| {
        op.postgres().drop_view("job_count");
    })
    .refused_on(Dialect::Postgres, "no view `job_count` exists here");

    a_materialized_view_that_another_reads_is_dropped: on_counts(|op| {
        op.postgres().drop_materialized_view("job_count");
    })
    .refused_on(Dialect::Postgres, "materialized view `job_count` is used by view");

    a_trigger_of_a_materialized_view: on_counts(|op| {
        op.postgres().create_trigger("t", "job_count", "AFTER INSERT ON job_count EXECUTE FUNCTION f()");
    })
    .refused_on(Dialect::Postgres, "materialized view `job_count` can have no triggers");

    an_index_of_a_column_that_the_view_does_not_have: on_counts(|op| {
        op.postgres().create_index("ix", "job_count", ["title"]);
    })
    .refused_on(Dialect::Postgres, "materialized view `job_count` has no column `title`");

    an_index_of_an_ordinary_view: on_counts(|op| {
        op.postgres().create_index("ix", "status", ["status"]);
    })
    .refused_on(Dialect::Postgres, "no table `status` exists here");

    a_refresh_that_cannot_be_concurrent: on_counts(|op| {
        op.postgres().refresh_materialized_view("a_job_total").concurrently();
    })
    .refused_on(Dialect::Postgres, "cannot be refreshed concurrently: it has no unique index");

    a_concurrent_refresh_of_an_empty_view: on_counts(|op| {
        op.postgres().create_materialized_view("titles", "SELECT title FROM job").with_no_data();
        op.postgres().create_index("ix_titles", "titles", ["title"]).unique();
        op.postgres().refresh_materialized_view("titles").concurrently();
    })
    .refused_on(Dialect::Postgres, "cannot be refreshed concurrently: it is empty");
}
