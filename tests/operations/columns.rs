//! Columns: add, drop, rename. What is altered has a file of its own.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

cases! {
    add_column_that_may_be_null: jobs::unchanged(|op| {
        op.add_column("job", "priority", integer());
    })
    .after("SELECT id, priority FROM job ORDER BY id", ["1|NULL", "2|NULL", "3|NULL"]);

    add_column_with_a_default: jobs::unchanged(|op| {
        op.add_column("job", "label", text().not_null().default("it's"));
        op.add_column("job", "flag", boolean().not_null().default(false));
        op.add_column("job", "factor", double().default(0.25));
    })
    .after(
        "SELECT id, label, CASE WHEN flag THEN 'yes' ELSE 'no' END, factor FROM job ORDER BY id",
        ["1|it's|no|0.25", "2|it's|no|0.25", "3|it's|no|0.25"],
    )
    .refuses("UPDATE job SET label = NULL");

    add_column_with_a_computed_default: jobs::unchanged(|op| {
        op.add_column("job", "created_at", timestamptz().not_null().default(now()));
        op.add_column("job", "token", uuid().not_null().default(random_uuid()));
        op.add_column("job", "day", date().default(current_date()));
        op.add_column("job", "sum", integer().not_null().default(sql("(1 + 1)")));
    })
    .after(
        "SELECT count(*), count(created_at), count(day), count(DISTINCT token), min(sum) FROM job",
        ["3|3|3|3|2"],
    )
    .accepts("INSERT INTO job (id, title) VALUES (9, 'x')");

    add_column_that_is_required: jobs::case(|op| {
        op.create_table("empty").column("id", integer()).primary_key(["id"]);
        op.add_column("empty", "name", text().not_null());
    })
    .accepts("INSERT INTO empty (id, name) VALUES (1, 'x')")
    .refuses("INSERT INTO empty (id) VALUES (1)");

    add_required_column_to_a_table_with_rows: jobs::unchanged(|op| {
        op.add_column("job", "name", text().not_null());
    })
    .stops("name");

    add_generated_column: jobs::unchanged(|op| {
        op.add_column("job", "doubled", integer().generated("attempts * 2"));
    })
    .after("SELECT id, doubled FROM job ORDER BY id", ["1|0", "2|NULL", "3|14"]);

    add_column_with_collation_and_comment: jobs::unchanged(|op| {
        op.add_column("job", "code", text().collation(sql("\"C\"").sqlite("NOCASE")).comment("short"));
    })
    .after("SELECT count(code) FROM job", ["0"]);

    add_column_of_an_enum: jobs::unchanged(|op| {
        op.create_enum("mood", ["calm", "it's bad"]);
        op.add_column("job", "mood", enumeration("mood").not_null().default("calm"));
        op.add_column("job_event", "mood", enumeration("mood"));
    })
    .after("SELECT id, mood FROM job ORDER BY id", ["1|calm", "2|calm", "3|calm"])
    .accepts("UPDATE job SET mood = 'it''s bad'")
    .refuses("UPDATE job SET mood = 'other'")
    .refuses("UPDATE job_event SET mood = 'other'");

    add_column_with_a_foreign_key: jobs::unchanged(|op| {
        op.add_column("job", "follows", integer());
        op.create_foreign_key("job", ["follows"], "job", ["id"]).on_delete(SetNull);
    })
    .after("SELECT count(follows) FROM job", ["0"])
    .accepts("UPDATE job SET follows = 1 WHERE id = 2")
    .refuses("UPDATE job SET follows = 99 WHERE id = 2");

    add_columns_of_every_type: jobs::unchanged(|op| {
        op.add_column("job", "a_small_integer", small_integer().default(1));
        op.add_column("job", "a_big_integer", big_integer().default(9_000_000_000));
        op.add_column("job", "a_float", float().default(0.5));
        op.add_column("job", "a_numeric", numeric(10, 2).sqlite("TEXT").default(decimal("1.10")));
        op.add_column("job", "a_varchar", varchar(30).default("x"));
        op.add_column("job", "a_char", char(3).default("abc"));
        op.add_column("job", "a_date", date().default("2026-01-31"));
        op.add_column("job", "a_time", time().default("12:30:00"));
        op.add_column("job", "a_timestamp", timestamp().default("2026-01-31 12:30:00"));
        op.add_column("job", "an_interval", interval().sqlite("TEXT").default("01:00:00"));
        op.add_column("job", "a_json", json().default("{\"a\": 1}"));
        op.add_column("job", "a_jsonb", jsonb().default("[]"));
        op.add_column("job", "a_bytes", bytes().default(hex("00ff")));
        op.add_column("job", "an_array", array(text()).sqlite("TEXT").default("{}"));
        op.add_column("job", "a_native", native("inet").sqlite("TEXT").default("127.0.0.1"));
        op.add_column("job", "an_overridden", text().postgres("name"));
    })
    .after(
        "SELECT a_small_integer, a_big_integer, a_float, a_numeric, a_varchar, a_char, a_date, a_time, a_timestamp,
            an_interval, a_json, a_jsonb, an_array, a_native, an_overridden FROM job WHERE id = 1",
        ["1|9000000000|0.5|1.10|x|abc|2026-01-31|12:30:00|2026-01-31 12:30:00|01:00:00|{\"a\": 1}|[]|{}|127.0.0.1|NULL"],
    )
    .after(("SELECT encode(a_bytes, 'hex') FROM job WHERE id = 1", "SELECT lower(hex(a_bytes)) FROM job WHERE id = 1"), ["00ff"]);

    drop_column: jobs::case(|op| {
        op.drop_column("job", "attempts");
    })
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .after("SELECT * FROM job ORDER BY id", ["1|1|first|queued", "2|1|second|done", "3|NULL|it's|running"])
    .back(jobs::JOBS, ["1|1|first|queued|NULL", "2|1|second|done|NULL", "3|NULL|it's|running|NULL"]);

    drop_required_column_with_a_default_and_an_index: jobs::case(|op| {
        op.drop_column("job", "status");
    })
    .before("SELECT id, status FROM job ORDER BY id", ["1|queued", "2|done", "3|running"])
    .after("SELECT * FROM job ORDER BY id", ["1|1|first|0", "2|1|second|NULL", "3|NULL|it's|7"])
    .back("SELECT id, status FROM job ORDER BY id", ["1|queued", "2|queued", "3|queued"]);

    drop_column_with_a_foreign_key: jobs::case(|op| {
        op.drop_column("job", "owner_id");
    })
    .after("SELECT * FROM job ORDER BY id", ["1|first|queued|0", "2|second|done|NULL", "3|it's|running|7"])
    .back(jobs::JOBS, ["1|NULL|first|queued|0", "2|NULL|second|done|NULL", "3|NULL|it's|running|7"]);

    drop_column_that_constraints_use: Case::new(
        |op| {
            op.create_table("stock")
                .column("id", integer())
                .column("site", text())
                .column("amount", integer())
                .column("doubled", integer().generated("id * 2"))
                .primary_key(["id"])
                .unique(["site", "amount"])
                .check("amount", "amount > 0");
            op.create_index("ix_stock_amount", "stock", ["site"]).filter("amount > 1");
        },
        |op| {
            op.drop_column("stock", "amount");
        },
    )
    .seed("INSERT INTO stock (id, site, amount) VALUES (1, 'a', 1), (2, 'a', 2)")
    .after("SELECT id, site, doubled FROM stock ORDER BY id", ["1|a|2", "2|a|4"])
    .accepts("INSERT INTO stock (id, site) VALUES (3, 'a')")
    .back("SELECT id, site, amount, doubled FROM stock ORDER BY id", ["1|a|NULL|2", "2|a|NULL|4"]);

    drop_generated_column: Case::new(
        |op| {
            op.create_table("stock")
                .column("id", integer())
                .column("amount", integer().not_null())
                .column("doubled", integer().generated("amount * 2"))
                .primary_key(["id"]);
        },
        |op| {
            op.drop_column("stock", "doubled");
        },
    )
    .seed("INSERT INTO stock (id, amount) VALUES (1, 5)")
    .before("SELECT id, amount, doubled FROM stock", ["1|5|10"])
    .after("SELECT * FROM stock", ["1|5"]);

    rename_column: jobs::case(|op| {
        op.rename_column("job", "status", "state");
    })
    .before(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .after("SELECT id, state FROM job ORDER BY id", ["1|queued", "2|done", "3|running"])
    .accepts("INSERT INTO job (id, title) VALUES (9, 'x')");

    rename_column_that_everything_uses: Case::new(
        |op| {
            op.create_table("place")
                .column("code", text().not_null())
                .column("size", integer().not_null())
                .column("area", integer().generated("size * size"))
                .primary_key(["code", "size"])
                .check("size", "size > 0 AND place.size < 100 AND code <> 'size'");
            op.create_table("visit")
                .column("id", integer())
                .column("place_code", text())
                .column("place_size", integer())
                .primary_key(["id"])
                .foreign_key(["place_code", "place_size"], "place", ["code", "size"])
                .on_update(Cascade);
            op.create_index("ix_place_size", "place", [column("size").desc(), expression("abs(size)")]).filter("size > 1");
        },
        |op| {
            op.rename_column("place", "size", "extent of it");
        },
    )
    .seed("INSERT INTO place (code, size) VALUES ('a', 3); INSERT INTO visit (id, place_code, place_size) VALUES (1, 'a', 3)")
    .keeps("SELECT id, place_code, place_size FROM visit", ["1|a|3"])
    .before("SELECT code, size, area FROM place", ["a|3|9"])
    .after("SELECT code, \"extent of it\", area FROM place", ["a|3|9"])
    .refuses("INSERT INTO place (code, \"extent of it\") VALUES ('b', 0)")
    .refuses("INSERT INTO visit (id, place_code, place_size) VALUES (2, 'b', 1)");
}
