//! What follows a rename by itself, what stands in the way of a drop, and words that only look like names.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

/// Everything that can name `job.status`, beside strings, comments and other columns that are called the same.
fn named_everywhere(op: &mut Op) {
    op.create_table("owner").column("id", integer()).column("status", text()).primary_key(["id"]);
    op.create_table("job")
        .column("id", integer())
        .column("owner_id", integer())
        .column("status", text().not_null().default("status"))
        .column("note", text())
        .column("shout", text().generated("upper(status) || ' status'"))
        .primary_key(["id"])
        .foreign_key(["owner_id"], "owner", ["id"])
        .check("known", "status <> 'status ''status''' /* status */ AND job.status <> ''")
        .check("note", "note <> 'status'");
    op.create_table("event").column("id", integer()).column("status", text()).primary_key(["id"]);
    op.create_index("ix_lower", "job", [expression("lower(status)")]).filter("status <> 'status'");
    op.create_index("uq_status", "job", ["id", "status"]).unique();
    op.create_view("open_job", "SELECT id, status, note AS comment FROM job WHERE status <> 'status' -- status");
    op.create_view("open_status", "SELECT status FROM open_job ORDER BY status");
    op.create_view(
        "pair",
        "WITH own AS (SELECT j.id, j.status AS first, o.status FROM job j LEFT JOIN owner AS o ON o.id = j.owner_id) \
         SELECT id, first, status, (SELECT count(*) FROM event WHERE status = first) AS events FROM own",
    );
    op.create_view("events", "SELECT status FROM event WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.id = event.id)");
    op.sqlite().create_trigger(
        "log_status",
        "job",
        "AFTER UPDATE OF status ON job WHEN new.status <> old.status \
         BEGIN INSERT INTO event (id, status) VALUES (new.id + 100, 'status ' || new.status); END",
    );
    op.sqlite().create_trigger(
        "close_jobs",
        "owner",
        "AFTER UPDATE OF status ON owner \
         BEGIN UPDATE job SET status = new.status, note = 'by status' WHERE owner_id = new.id AND status = old.status; END",
    );
    op.postgres().create_trigger(
        "log_status",
        "job",
        "BEFORE UPDATE OF status ON job FOR EACH ROW WHEN (NEW.status = OLD.status AND NEW.note <> 'status') \
         EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    );
}

const NAMED: &str = "
    INSERT INTO owner (id, status) VALUES (1, 'here');
    INSERT INTO job (id, owner_id, status, note) VALUES (1, 1, 'here', NULL), (2, NULL, 'done', 'x');
    INSERT INTO event (id, status) VALUES (1, 'here'), (7, 'late');
";

/// A case on them, whose views publish the same columns throughout.
fn published(upgrade: fn(&mut Op)) -> Case {
    Case::new(named_everywhere, upgrade)
        .seed(NAMED)
        .keeps("SELECT id, status, comment FROM open_job ORDER BY id", ["1|here|NULL", "2|done|x"])
        .keeps("SELECT status FROM open_status", ["done", "here"])
        .keeps("SELECT id, first, status, events FROM pair ORDER BY id", ["1|here|here|1", "2|done|NULL|0"])
        .keeps("SELECT status FROM events", ["late"])
}

cases! {
    rename_a_column_that_everything_names: published(|op| {
        op.rename_column("job", "status", "state");
    })
    .before("SELECT id, status, shout FROM job ORDER BY id", ["1|here|HERE status", "2|done|DONE status"])
    .after("SELECT id, state, shout FROM job ORDER BY id", ["1|here|HERE status", "2|done|DONE status"])
    .accepts("UPDATE job SET state = 'new' WHERE id = 1")
    .accepts("UPDATE owner SET status = 'gone'")
    .refuses("UPDATE job SET state = ''");

    rename_a_column_to_a_keyword: published(|op| {
        op.rename_column("job", "status", "Select");
    })
    .after("SELECT id, \"Select\" FROM job ORDER BY id", ["1|here", "2|done"]);

    rename_a_column_and_rebuild_its_table: published(|op| {
        op.rename_column("job", "status", "state");
        op.alter_column("job", "note").set_default("none");
        op.create_check_constraint("job", "state", "state <> 'status'");
    })
    .after("SELECT id, state FROM job ORDER BY id", ["1|here", "2|done"])
    .refuses("INSERT INTO job (id, state) VALUES (5, 'status')");

    rename_a_column_there_and_back: published(|op| {
        op.rename_column("job", "status", "state");
    })
    .downgrade(|op| {
        op.rename_column("job", "state", "status");
    })
    .after("SELECT id, state FROM job ORDER BY id", ["1|here", "2|done"]);

    rename_a_table_that_everything_names: published(|op| {
        op.rename_table("job", "task");
    })
    .before("SELECT id, status FROM job ORDER BY id", ["1|here", "2|done"])
    .after("SELECT id, status FROM task ORDER BY id", ["1|here", "2|done"])
    .accepts("UPDATE task SET status = 'new' WHERE id = 1")
    .accepts("UPDATE owner SET status = 'gone'")
    .refuses("UPDATE task SET status = ''");

    rename_a_table_and_rebuild_it: published(|op| {
        op.rename_table("job", "task");
        op.alter_column("task", "note").set_default("none");
    })
    .after("SELECT id, status FROM task ORDER BY id", ["1|here", "2|done"])
    .accepts("UPDATE owner SET status = 'gone'");

    rename_a_table_by_its_case_alone: published(|op| {
        op.rename_table("event", "Event");
    })
    .after("SELECT id, status FROM \"Event\" ORDER BY id", ["1|here", "7|late"]);

    rename_constraints_and_values_by_their_case_alone: Case::new(
        |op| {
            jobs::tables(op);
            op.create_unique_constraint("job", ["title"]);
            op.create_check_constraint("job", "attempts", "attempts >= 0");
            op.create_enum("mood", ["good", "bad"]);
            op.add_column("owner", "mood", enumeration("mood").not_null().default("good"));
        },
        |op| {
            op.rename_constraint("job", "pk_job", "PK_job");
            op.rename_constraint("job", "uq_job_title", "UQ_job_title");
            op.rename_constraint("job", "ck_job_attempts", "CK_job_attempts");
            op.rename_enum_value("mood", "good", "Good");
        },
    )
    .seed(jobs::ROWS)
    .keeps(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .before("SELECT id, mood FROM owner ORDER BY id", ["1|good", "2|good"])
    .after("SELECT id, mood FROM owner ORDER BY id", ["1|Good", "2|Good"])
    .back("SELECT id, mood FROM owner ORDER BY id", ["1|good", "2|good"])
    .refuses("UPDATE job SET title = 'same'")
    .refuses("UPDATE job SET attempts = -1")
    .refuses("UPDATE owner SET mood = 'good'");

    drop_a_column_whose_name_stands_in_strings: Case::new(
        |op| {
            jobs::tables(op);
            op.create_check_constraint("job", "title", "title <> 'attempts' /* attempts */");
            op.create_view("titles", "SELECT id, title AS attempts FROM job WHERE title <> 'attempts' -- attempts");
            op.create_index("ix_title", "job", ["title"]).filter("title <> 'attempts'");
            op.sqlite().create_trigger(
                "touch",
                "job",
                "AFTER UPDATE OF title ON job BEGIN UPDATE job_event SET note = 'attempts' WHERE job_id = new.id; END",
            );
        },
        |op| {
            op.drop_column("job", "attempts");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT id, attempts FROM titles ORDER BY id", ["1|first", "2|second", "3|it's"])
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"])
    .before("SELECT attempts FROM job ORDER BY id", ["0", "NULL", "7"])
    .back("SELECT attempts FROM job ORDER BY id", ["NULL", "NULL", "NULL"])
    .refuses("UPDATE job SET title = 'attempts'");

    drop_a_table_whose_name_stands_in_strings: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("job_event_count", "SELECT id AS job_event, 'job_event' AS kind FROM job -- job_event");
        },
        |op| {
            op.drop_table("job_event");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT job_event, kind FROM job_event_count ORDER BY job_event", ["1|job_event", "2|job_event", "3|job_event"])
    .before("SELECT count(*) FROM job_event", ["3"])
    .back("SELECT count(*) FROM job_event", ["0"]);

    names_in_double_quotes_that_are_columns: Case::new(
        |op| {
            jobs::tables(op);
            op.create_view("named", "SELECT \"job\".\"status\" AS \"is\" FROM \"job\" ORDER BY \"is\"");
            op.sqlite().create_view("numbered", "SELECT \"rowid\" AS number, \"ID\" AS id FROM job");
            op.sqlite().create_view("pairs", "SELECT \"id:1\" AS other FROM (SELECT job.id, e.id FROM job, job_event e)");
            op.sqlite().create_view("listed", "SELECT \"value\" AS v FROM json_each('[5, 6]')");
        },
        |op| {
            op.sqlite().create_view("keys", "SELECT max(\"atom\") AS v FROM json_each('[5, 6]')");
            op.postgres().create_view("keys", "SELECT 6 AS v");
        },
    )
    .seed(jobs::ROWS)
    .keeps("SELECT \"is\" FROM named WHERE \"is\" = 'queued'", ["queued"])
    .keeps(("SELECT 5 UNION SELECT 6", "SELECT v FROM listed"), ["5", "6"])
    .keeps(("SELECT 3", "SELECT max(other) FROM pairs"), ["3"])
    .keeps(("SELECT 0", "SELECT count(*) FROM numbered WHERE number <> id"), ["0"])
    .after("SELECT v FROM keys", ["6"]);

    rename_a_table_that_an_upsert_fills: Case::new(
        |op| {
            op.create_table("job").column("id", integer()).column("status", text()).primary_key(["id"]);
            op.create_table("event").column("id", integer()).column("status", text()).primary_key(["id"]);
            op.create_trigger(
                "log",
                "event",
                "AFTER INSERT ON event BEGIN INSERT INTO job (id, status) VALUES (new.id % 10, new.status) \
                 ON CONFLICT (id) DO UPDATE SET status = excluded.status || job.status; END",
            );
        },
        |op| {
            op.rename_table("job", "task");
            op.execute("INSERT INTO event (id, status) VALUES (11, 'new ')");
        },
    )
    .seed("INSERT INTO event (id, status) VALUES (1, 'old')")
    .downgrade(|op| {
        op.rename_table("task", "job");
        op.execute("DELETE FROM event WHERE id = 11");
        op.execute("UPDATE job SET status = 'old'");
    })
    .before("SELECT id, status FROM job", ["1|old"])
    .after("SELECT id, status FROM task", ["1|new old"])
    .only(Dialect::Sqlite);
}
