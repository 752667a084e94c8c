//! Storage parameters of tables and indexes. SQLite has none, and says so in a comment.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// The parameters of a table or an index.
const PARAMETERS: (&str, &str) = (
    "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relnamespace = 'public'::regnamespace
        ORDER BY relname",
    "SELECT 0",
);

/// A table and an index with parameters, which SQLite leaves out.
fn stored(op: &mut Op) {
    jobs::tables(op);
    op.create_table("log")
        .column("id", integer())
        .column("line", text())
        .primary_key(["id"])
        .storage("fillfactor", 70)
        .storage("autovacuum_enabled", false)
        .storage("autovacuum_vacuum_scale_factor", 0.05);
    op.create_index("ix_log_line", "log", ["line"]).storage("fillfactor", 60);
}

const ROWS: &str = "INSERT INTO log (id, line) VALUES (1, 'x'), (2, 'y')";
const LOG: &str = "SELECT id, line FROM log ORDER BY id";

cases! {
    create_with_storage_parameters: jobs::unchanged(|op| {
        op.create_table("log")
            .column("id", integer())
            .primary_key(["id"])
            .storage("toast_tuple_target", 256)
            .storage("vacuum_index_cleanup", "auto");
        op.create_index("ix_job_title", "job", ["title"])
            .unique()
            .include(["attempts"])
            .storage("deduplicate_items", "off")
            .filter("attempts > 5");
    })
    .before((PARAMETERS.0, "SELECT 0 WHERE 0"), [])
    .accepts("INSERT INTO log (id) VALUES (1)");

    set_storage_parameter: Case::new(stored, |op| {
        op.set_storage_parameter("log", "fillfactor", 90);
        op.set_storage_parameter("log", "log_autovacuum_min_duration", -1);
        op.set_storage_parameter("log", "user_catalog_table", true);
        op.set_storage_parameter("ix_log_line", "fillfactor", 80);
        op.set_storage_parameter("job", "parallel_workers", 2);
    })
    .seed(ROWS)
    .keeps(LOG, ["1|x", "2|y"])
    .accepts("INSERT INTO log (id) VALUES (3)");

    reset_storage_parameter: Case::new(stored, |op| {
        op.reset_storage_parameter("log", "autovacuum_enabled");
        op.reset_storage_parameter("ix_log_line", "fillfactor");
    })
    .seed(ROWS)
    .keeps(LOG, ["1|x", "2|y"])
    .accepts("INSERT INTO log (id) VALUES (3)");

    storage_parameters_survive: Case::new(stored, |op| {
        op.rename_table("log", "line");
        op.rename_column("line", "line", "text");
        op.rename_index("ix_log_line", "ix_line");
        op.alter_column("line", "text").set_type(varchar(10)).set_default("-");
        op.alter_column("line", "id").set_type(big_integer());
    })
    .seed(ROWS)
    .before(LOG, ["1|x", "2|y"])
    .after("SELECT id, text FROM line ORDER BY id", ["1|x", "2|y"]);

    an_index_with_storage_parameters_is_made_again: Case::new(
        |op| {
            stored(op);
            op.create_index("ix_log_lower", "log", [expression("lower(line)")]).storage("fillfactor", 50);
        },
        |op| {
            op.alter_column("log", "line").set_type(varchar(10));
        },
    )
    .seed(ROWS)
    .keeps(LOG, ["1|x", "2|y"]);

    an_index_with_storage_parameters_comes_and_goes: Case::new(stored, |op| {
        op.drop_index("ix_log_line");
        op.create_index("ix_log_lower", "log", [expression("lower(line)")]).storage("fillfactor", 50);
    })
    .seed(ROWS)
    .keeps(LOG, ["1|x", "2|y"]);

    a_storage_parameter_that_is_so_already: Case::new(stored, |op| {
        op.set_storage_parameter("log", "fillfactor", 70);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "`fillfactor` of `log` is `70` already");

    a_storage_parameter_that_cannot_be_one: Case::new(stored, |op| {
        op.set_storage_parameter("log", "fillfactor) TO x; --", 70);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "is not the name of a storage parameter");

    a_storage_parameter_of_a_divided_table: Case::new(stored, |op| {
        op.create_table("event").column("day", date()).partition_by_range(["day"]).storage("fillfactor", 70);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "table `event` keeps its rows in partitions and has no storage parameters");
}
