//! Rows: insert, update, delete.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    insert: jobs::unchanged(|op| {
        op.create_table("person")
            .column("id", integer())
            .column("email", text())
            .column("note", text().default("none"))
            .primary_key(["id"]);
        op.insert("person", ["id", "email"]).row((1, "it's@example.com")).row((2, null())).rows([(3, "x\n-- y"), (4, "")]);
    })
    .after(
        "SELECT id, email, note FROM person ORDER BY id",
        ["1|it's@example.com|none", "2|NULL|none", "3|x\n-- y|none", "4||none"],
    );

    insert_into_a_table_with_rows: Case::new(jobs::tables, |op| {
        op.insert("owner", ["id", "name"]).row((10, "Barbara")).row((11, "Katherine"));
    })
    .seed(jobs::ROWS)
    .before("SELECT id, name FROM owner ORDER BY id", ["1|Ada", "2|Grace"])
    .after("SELECT id, name FROM owner ORDER BY id", ["1|Ada", "2|Grace", "10|Barbara", "11|Katherine"]);

    insert_values_of_every_kind: jobs::unchanged(|op| {
        op.create_enum("mood", ["good", "bad"]);
        op.create_table("kind")
            .column("id", integer())
            .column("truth", boolean())
            .column("number", big_integer())
            .column("fraction", double())
            .column("amount", numeric(12, 3).sqlite("TEXT"))
            .column("data", bytes())
            .column("document", json())
            .column("token", uuid())
            .column("at", timestamptz())
            .column("day", date())
            .column("mood", enumeration("mood"))
            .column("computed", text())
            .primary_key(["id"]);
        op.insert("kind", ["id", "truth", "number", "fraction", "amount", "data", "document", "token", "at", "day", "mood", "computed"])
            .row((1, true, -9_000_000_000_i64, -0.125, decimal("-1.100"), hex("00ff10"), "{\"a\": \"it's\"}", random_uuid(), now(), current_date(), "bad", sql("upper('x')")))
            .row((2, false, 0, 1e100, decimal("0.001"), hex(""), "[]", "0e984725-c51c-4bf4-9960-e1c80e27aba0", "2026-01-31 12:00:00+00:00", "2026-01-31", "good", null()));
    })
    .after(
        "SELECT id, CASE WHEN truth THEN 'yes' ELSE 'no' END, number, amount, document, mood, computed FROM kind ORDER BY id",
        ["1|yes|-9000000000|-1.100|{\"a\": \"it's\"}|bad|X", "2|no|0|0.001|[]|good|NULL"],
    )
    .after("SELECT count(*) FROM kind WHERE fraction IN (-0.125, 1e100)", ["2"])
    .after("SELECT count(DISTINCT token), count(at), count(day) FROM kind", ["2|2|2"])
    .after(("SELECT encode(data, 'hex') FROM kind ORDER BY id", "SELECT lower(hex(data)) FROM kind ORDER BY id"), ["00ff10", ""]);

    insert_many_rows: jobs::unchanged(|op| {
        op.create_table("number").column("id", integer()).primary_key(["id"]);
        let mut insert = op.insert("number", ["id"]);
        for id in 1..=2000 {
            insert = insert.row((id,));
        }
    })
    .after("SELECT count(*), sum(id) FROM number", ["2000|2001000"]);

    update: jobs::case(|op| {
        op.update("job").set("attempts", 1).set("title", sql("title || '!'")).filter("attempts IS NULL OR title = 'it''s'");
        op.update("owner").set("name", sql("name"));
    })
    .downgrade(|op| {
        op.update("job").set("attempts", null()).filter("attempts = 1");
    })
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .after(jobs::JOBS, ["1|1|first|queued|0", "2|1|second!|done|1", "3|NULL|it's!|running|1"])
    .back(jobs::JOBS, ["1|1|first|queued|0", "2|1|second!|done|NULL", "3|NULL|it's!|running|NULL"]);

    delete: Case::new(jobs::tables, |op| {
        op.delete("job").filter("status = 'done'");
    })
    .downgrade(|op| {
        op.insert("job", ["id", "owner_id", "title", "status"]).row((2, 1, "second", "done"));
    })
    .seed("INSERT INTO owner (id, name) VALUES (1, 'Ada');
        INSERT INTO job (id, owner_id, title, status, attempts) VALUES (1, 1, 'first', 'queued', 0), (2, 1, 'second', 'done', NULL)")
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL"])
    .after(jobs::JOBS, ["1|1|first|queued|0"]);

    delete_all: Case::new(jobs::tables, |op| {
        op.delete("job_event");
        op.irreversible("events are gone");
    })
    .seed(jobs::ROWS)
    .before("SELECT count(*) FROM job_event", ["3"])
    .after("SELECT count(*) FROM job_event", ["0"])
    .irreversible();
}
