//! Raw SQL, what is declared about it, and operations for one dialect.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    execute: Case::new(jobs::tables, |op| {
        op.execute(sql("UPDATE job SET attempts = 1 WHERE id = 1").postgres("UPDATE job SET attempts = 2 WHERE id = 1;"));
    })
    .downgrade(|op| {
        op.execute("UPDATE job SET attempts = 0\nWHERE id = 1 -- back\n");
    })
    .seed(jobs::ROWS)
    .before("SELECT attempts FROM job WHERE id = 1", ["0"])
    .after(("SELECT attempts - 1 FROM job WHERE id = 1", "SELECT attempts FROM job WHERE id = 1"), ["1"]);

    execute_several_statements: Case::new(jobs::tables, |op| {
        op.execute("UPDATE job SET title = 'a;b' WHERE id = 1; UPDATE job SET title = 'c' WHERE id = 2");
    })
    .downgrade(|op| {
        op.execute("UPDATE job SET title = 'first' WHERE id = 1; UPDATE job SET title = 'second' WHERE id = 2;");
    })
    .seed(jobs::ROWS)
    .before("SELECT title FROM job ORDER BY id", ["first", "second", "it's"])
    .after("SELECT title FROM job ORDER BY id", ["a;b", "c", "it's"]);

    execute_what_is_declared: jobs::unchanged(|op| {
        op.execute("CREATE INDEX ix_job_title ON job (title)");
        op.declare().create_index("ix_job_title", "job", ["title"]);
    })
    .downgrade(|op| {
        op.execute("DROP INDEX ix_job_title");
        op.declare().drop_index("ix_job_title");
    });

    execute_what_changes_no_schema: jobs::unchanged(|op| {
        op.execute("ANALYZE job");
        op.declare().nothing("statistics only");
    })
    .downgrade(|op| {
        op.execute("ANALYZE job");
        op.declare().nothing("statistics only");
    });

    operations_for_one_dialect: jobs::unchanged(|op| {
        op.postgres().create_index("ix_job_postgres", "job", ["title"]);
        op.sqlite().create_index("ix_job_sqlite", "job", ["title"]);
        op.sqlite().add_column("job", "only_here", text());
    });

    irreversible: jobs::unchanged(|op| {
        op.add_column("job", "extra", text());
        op.irreversible("no way back");
    })
    .after("SELECT count(extra) FROM job", ["0"])
    .irreversible();
}
