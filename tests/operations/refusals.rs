//! What a dialect cannot do exactly is refused at the author's word, and never emitted half right.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    a_decimal_on_sqlite: jobs::unchanged(|op| {
        op.add_column("job", "price", numeric(10, 2));
    })
    .refused_on(Dialect::Sqlite, "numeric(10, 2)");

    an_interval_on_sqlite: jobs::unchanged(|op| {
        op.add_column("job", "length", interval());
    })
    .refused_on(Dialect::Sqlite, "interval()");

    an_array_on_sqlite: jobs::unchanged(|op| {
        op.add_column("job", "tags", array(text()));
    })
    .refused_on(Dialect::Sqlite, "array");

    an_unknown_collation_on_sqlite: jobs::unchanged(|op| {
        op.add_column("job", "code", text().collation("C"));
    })
    .refused_on(Dialect::Sqlite, "collation");

    an_identity_beside_the_key_on_sqlite: Case::new(jobs::tables, |op| {
        op.create_table("entry")
            .column("id", integer())
            .column("number", big_integer().identity())
            .primary_key(["id"]);
    })
    .refused_on(Dialect::Sqlite, "number");

    a_system_column_on_postgres: jobs::unchanged(|op| {
        op.add_column("job", "ctid", text());
    })
    .refused_on(Dialect::Postgres, "ctid");

    a_renamed_system_column_on_postgres: jobs::unchanged(|op| {
        op.rename_column("job", "title", "xmin");
    })
    .refused_on(Dialect::Postgres, "xmin")
    .only(Dialect::Postgres);

    a_reserved_table_on_sqlite: Case::new(jobs::tables, |op| {
        op.create_table("SQLite_jobs").column("id", integer()).primary_key(["id"]);
    })
    .refused_on(Dialect::Sqlite, "SQLite_jobs");

    a_reserved_index_on_sqlite: jobs::unchanged(|op| {
        op.create_index("sqlite_ix", "job", ["title"]);
    })
    .refused_on(Dialect::Sqlite, "sqlite_ix");

    a_type_below_a_view_of_all_columns_on_postgres: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("statuses", "SELECT * FROM job");
        },
        |op| {
            op.sqlite().create_index("ix_job_title", "job", ["title"]);
            op.postgres().alter_column("job", "status").set_type(varchar(30));
        },
    )
    .refused_on(Dialect::Postgres, "status");

    a_value_that_goes_away_and_a_check_names: loses_a_value_that_a_check_names()
        .refused_on(Dialect::Postgres, "ck_ticket_state")
        .only(Dialect::Postgres);

    a_value_that_goes_away_and_a_check_names_on_sqlite: loses_a_value_that_a_check_names()
        .refused_on(Dialect::Sqlite, "ck_ticket_state")
        .only(Dialect::Sqlite);
}

fn loses_a_value_that_a_check_names() -> Case {
    Case::new(
        |op| {
            op.create_enum("state", ["open", "closed"]);
            op.create_table("ticket")
                .column("id", integer())
                .column("state", enumeration("state").not_null())
                .primary_key(["id"])
                .check("state", "state <> 'closed' OR id > 0");
        },
        |op| {
            op.replace_enum_values("state", ["open"]).map([("closed", "open")]);
        },
    )
}
