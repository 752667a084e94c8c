//! Views and triggers: create and drop, and tables that they depend on.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

const TRIGGER_OF_POSTGRES: &str =
    "BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()";
const TRIGGER_OF_SQLITE: &str =
    "AFTER UPDATE OF title ON job BEGIN UPDATE job_event SET note = 'it''s; changed' WHERE job_id = new.id; END";

cases! {
    create_view: jobs::unchanged(|op| {
        op.create_view("open_job", "SELECT id, title FROM job WHERE status <> 'done'");
        op.create_view("open_title", "SELECT title FROM open_job");
    })
    .after("SELECT id, title FROM open_job ORDER BY id", ["1|first", "3|it's"])
    .after("SELECT title FROM open_title ORDER BY title", ["first", "it's"]);

    a_view_with_the_privileges_of_its_reader: jobs::case(|op| {
        op.create_view("open_job", "SELECT id, title FROM job WHERE status <> 'done'").security_invoker();
        op.create_view("all_job", "SELECT id, title FROM job");
        op.postgres().enable_row_level_security("job");
        op.postgres().create_policy("first", "job").using("title = 'first'");
        op.alter_column("job", "status").set_type(varchar(30));
    })
    .after(
        ("SET LOCAL ROLE pg_read_all_data; SELECT id FROM open_job ORDER BY id", "SELECT id FROM open_job WHERE id = 1"),
        ["1"],
    )
    .after(
        ("SET LOCAL ROLE pg_read_all_data; SELECT id FROM all_job ORDER BY id", "SELECT id FROM all_job ORDER BY id"),
        ["1", "2", "3"],
    );

    drop_view: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id, title FROM job WHERE status <> 'done'");
        },
        |op| {
            op.drop_view("open_job");
        },
    )
    .seed(jobs::ROWS)
    .before("SELECT id, title FROM open_job ORDER BY id", ["1|first", "3|it's"])
    .after("SELECT count(*) FROM job", ["3"]);

    replace_view: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id, title AS name, upper(title) AS loud FROM job WHERE status <> 'done'");
            op.create_view("open_name", "SELECT name FROM open_job");
        },
        |op| {
            op.create_view("open_job", "SELECT id, title AS name, upper(title) AS loud, owner_id FROM job").or_replace();
            op.create_view("new_job", "SELECT id FROM job").or_replace().security_invoker();
        },
    )
    .seed(jobs::ROWS)
    .before("SELECT name FROM open_name ORDER BY name", ["first", "it's"])
    .before("SELECT * FROM open_job ORDER BY id", ["1|first|FIRST", "3|it's|IT'S"])
    .after("SELECT name FROM open_name ORDER BY name", ["first", "it's", "second"])
    .after("SELECT * FROM open_job ORDER BY id", ["1|first|FIRST|1", "2|second|SECOND|1", "3|it's|IT'S|NULL"]);

    replace_view_by_one_with_other_columns: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id, title, status FROM job WHERE status <> 'done'").security_invoker();
            op.create_view("open_title", "SELECT title FROM open_job WHERE id > 0");
            op.postgres().create_policy("open_ones", "owner").using("id IN (SELECT id FROM open_title, public.open_job)");
            op.postgres().grant(["select", "update"]).on_table("open_job").to(["pg_monitor"]);
            op.postgres().grant(["update"]).on_table("open_job").columns(["title", "status"]).to(["pg_read_all_data"]);
            op.create_trigger(
                "instead",
                "open_job",
                postgres("INSTEAD OF DELETE ON open_job FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()")
                    .sqlite("INSTEAD OF DELETE ON open_job BEGIN DELETE FROM job WHERE id = OLD.id; END"),
            );
        },
        |op| {
            op.create_view("open_job", "SELECT title, id * 2 AS id FROM job WHERE status = 'done'").or_replace();
        },
    )
    .seed(jobs::ROWS)
    .before("SELECT title FROM open_title ORDER BY title", ["first", "it's"])
    .after("SELECT title FROM open_title", ["second"])
    .after("SELECT * FROM open_job", ["second|4"]);

    replace_view_by_one_that_lacks_what_is_read: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id, title FROM job");
            op.create_view("open_title", "SELECT title FROM open_job");
        },
        |op| {
            op.create_view("open_job", "SELECT id FROM job").or_replace();
        },
    )
    .refused_on(offprint::schema::Dialect::Postgres, "column `open_job.title` is used by view `open_title`")
    .only(offprint::schema::Dialect::Postgres);

    replace_view_by_one_that_reads_itself: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id FROM job");
            op.create_view("open_id", "SELECT id FROM open_job");
        },
        |op| {
            op.create_view("open_job", "SELECT id FROM open_id").or_replace();
        },
    )
    .refused_on(offprint::schema::Dialect::Sqlite, "view `open_job` would read itself")
    .only(offprint::schema::Dialect::Sqlite);

    drop_and_create_view: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("open_job", "SELECT id, title FROM job WHERE status <> 'done'");
        },
        |op| {
            op.drop_view("open_job");
            op.create_view("open_job", "SELECT title FROM job WHERE status = 'done'");
        },
    )
    .seed(jobs::ROWS)
    .before("SELECT title FROM open_job ORDER BY title", ["first", "it's"])
    .after("SELECT * FROM open_job", ["second"]);

    create_trigger: jobs::unchanged(|op| {
        op.create_trigger("touch_job", "job", postgres(TRIGGER_OF_POSTGRES).sqlite(TRIGGER_OF_SQLITE));
    })
    .accepts("UPDATE job SET title = title");

    drop_trigger: Case::new(
        |op| {
            jobs::tables(op);
            op.postgres().create_trigger("touch_job", "job", TRIGGER_OF_POSTGRES);
            op.sqlite().create_trigger("touch_job", "job", TRIGGER_OF_SQLITE);
        },
        |op| {
            op.drop_trigger("touch_job");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"]);

    change_a_table_with_a_trigger: Case::new(
        |op| {
            jobs::tables(op);
            op.create_trigger("touch_job", "job", sqlite(TRIGGER_OF_SQLITE).postgres(TRIGGER_OF_POSTGRES));
        },
        |op| {
            op.alter_column("job", "attempts").set_type(big_integer()).set_default(0);
            op.add_column("job", "priority", integer().not_null().default(1));
        },
    )
    .seed(jobs::ROWS)
    .keeps(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"]);

    change_a_table_beside_a_view: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("names", "SELECT name FROM owner");
        },
        |op| {
            op.alter_column("job", "attempts").set_default(0);
            op.alter_column("job", "title").drop_not_null();
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT name FROM names ORDER BY name", ["Ada", "Grace"])
    .keeps(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"]);
}
