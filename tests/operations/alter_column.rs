//! Columns: each facet that can be altered, alone and together.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

/// One table of texts, with a child.
fn texts(op: &mut Op) {
    op.create_table("entry").column("id", integer()).column("value", text()).primary_key(["id"]);
    op.create_table("child")
        .column("id", integer())
        .column("entry_id", integer())
        .primary_key(["id"])
        .foreign_key(["entry_id"], "entry", ["id"])
        .on_delete(Cascade);
}

/// A case on that table with these values.
fn on_texts(rows: &'static str, upgrade: fn(&mut Op)) -> Case {
    Case::new(texts, upgrade).seed(rows).keeps("SELECT id, entry_id FROM child", ["1|1"])
}

const NUMBERS: &str = "INSERT INTO entry VALUES (1, '5'), (2, '-12'), (3, NULL); INSERT INTO child VALUES (1, 1)";
const WORDS: &str =
    "INSERT INTO entry VALUES (1, 'QUEUED'), (2, 'done'), (3, NULL), (4, 'queued'); INSERT INTO child VALUES (1, 1)";
const VALUES: &str = "SELECT id, value FROM entry ORDER BY id";

cases! {
    set_type_where_all_values_fit: on_texts(NUMBERS, |op| {
        op.alter_column("entry", "value").set_type(integer());
    })
    .before(VALUES, ["1|5", "2|-12", "3|NULL"])
    .after(VALUES, ["1|5", "2|-12", "3|NULL"])
    .after("SELECT sum(value) FROM entry", ["-7"]);

    set_type_where_a_value_does_not_fit: on_texts(
        "INSERT INTO entry VALUES (1, '5'), (2, '12abc'); INSERT INTO child VALUES (1, 1)",
        |op| {
            op.alter_column("entry", "value").set_type(integer());
        },
    )
    .before(VALUES, ["1|5", "2|12abc"])
    .stops("");

    set_type_where_an_empty_text_does_not_fit: on_texts(
        "INSERT INTO entry VALUES (1, ''), (2, '5'); INSERT INTO child VALUES (1, 1)",
        |op| {
            op.alter_column("entry", "value").set_type(big_integer());
        },
    )
    .before(VALUES, ["1|", "2|5"])
    .stops("");

    set_type_using: on_texts(NUMBERS, |op| {
        op.alter_column("entry", "value").set_type(integer()).using("length(value)");
    })
    .before(VALUES, ["1|5", "2|-12", "3|NULL"])
    .after(VALUES, ["1|1", "2|3", "3|NULL"])
    .back(VALUES, ["1|1", "2|3", "3|NULL"]);

    set_type_with_map_and_otherwise: on_texts(
        "INSERT INTO entry VALUES (1, 'one'), (2, '2'), (3, NULL), (4, 'many'); INSERT INTO child VALUES (1, 1)",
        |op| {
            op.alter_column("entry", "value").set_type(integer()).map([("one", 1)]).otherwise(-1);
        },
    )
    .after(VALUES, ["1|1", "2|2", "3|NULL", "4|-1"])
    .back(VALUES, ["1|1", "2|2", "3|NULL", "4|-1"]);

    set_type_to_an_enum: on_texts(WORDS, |op| {
        op.create_enum("state", ["queued", "succeeded"]);
        op.alter_column("entry", "value").set_type(enumeration("state")).map([("QUEUED", "queued"), ("done", "succeeded")]);
    })
    .before(VALUES, ["1|QUEUED", "2|done", "3|NULL", "4|queued"])
    .after(VALUES, ["1|queued", "2|succeeded", "3|NULL", "4|queued"])
    .back(VALUES, ["1|queued", "2|succeeded", "3|NULL", "4|queued"])
    .refuses("UPDATE entry SET value = 'done'");

    set_type_to_an_enum_where_a_value_does_not_fit: on_texts(WORDS, |op| {
        op.create_enum("state", ["queued", "succeeded"]);
        op.alter_column("entry", "value").set_type(enumeration("state")).map([("done", "succeeded")]);
    })
    .before(VALUES, ["1|QUEUED", "2|done", "3|NULL", "4|queued"])
    .stops("");

    set_type_from_an_enum: Case::new(
        |op| {
            op.create_enum("state", ["open", "closed"]);
            op.create_table("entry")
                .column("id", integer())
                .column("value", enumeration("state").not_null().default("open"))
                .primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "value").set_type(text());
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 'open'), (2, 'closed')")
    .keeps(VALUES, ["1|open", "2|closed"])
    .accepts("UPDATE entry SET value = 'other'");

    set_type_to_text: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).column("value", integer().default(3)).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "value").set_type(text()).set_default("none");
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 10), (2, NULL)")
    .before(VALUES, ["1|10", "2|NULL"])
    .after(VALUES, ["1|10", "2|NULL"])
    .after(
        ("SELECT pg_typeof(value)::text FROM entry WHERE id = 1", "SELECT typeof(value) FROM entry WHERE id = 1"),
        ["text"],
    )
    .accepts("INSERT INTO entry (id) VALUES (9)");

    set_type_wider: Case::new(
        |op| {
            op.create_table("entry")
                .column("id", integer())
                .column("value", varchar(5).not_null().default("x"))
                .column("count", integer())
                .primary_key(["id"]);
            op.create_index("ix_entry_value", "entry", ["value", "count"]);
        },
        |op| {
            op.alter_column("entry", "value").set_type(varchar(50));
            op.alter_column("entry", "count").set_type(big_integer());
        },
    )
    .seed("INSERT INTO entry (id, value, count) VALUES (1, 'abcde', 7)")
    .keeps("SELECT id, value, count FROM entry", ["1|abcde|7"])
    .accepts("UPDATE entry SET value = 'longer than five', count = 9000000000");

    set_type_narrower_where_a_value_is_too_long: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).column("value", varchar(50)).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "value").set_type(varchar(5));
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 'abcde'), (2, 'abcdef')")
    .before(VALUES, ["1|abcde", "2|abcdef"])
    .only(offprint::schema::Dialect::Postgres)
    .stops("");

    set_type_of_keys_that_stay_referred_to: Case::new(
        |op| {
            op.create_table("place").column("code", varchar(10)).column("size", float()).primary_key(["code"]).unique(["size"]);
            op.create_table("visit")
                .column("id", integer())
                .column("code", varchar(10))
                .column("size", float())
                .primary_key(["id"])
                .foreign_key(["code"], "place", ["code"])
                .foreign_key(["size"], "place", ["size"]);
        },
        |op| {
            op.alter_column("place", "code").set_type(varchar(20));
            op.alter_column("visit", "code").set_type(text());
            op.alter_column("visit", "size").set_type(double());
        },
    )
    .seed("INSERT INTO place VALUES ('a', 1.5); INSERT INTO visit VALUES (1, 'a', 1.5)")
    .keeps("SELECT id, code, size FROM visit", ["1|a|1.5"])
    .refuses("INSERT INTO visit (id, code) VALUES (2, 'b')");

    set_type_of_a_referred_key: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).primary_key(["id"]);
            op.create_table("other").column("id", integer()).column("number", integer().not_null()).primary_key(["id"]);
        },
        |op| {
            op.alter_column("other", "number").set_type(double());
        },
    )
    .seed("INSERT INTO other (id, number) VALUES (1, 2)")
    .after("SELECT number + 0.5 FROM other", ["2.5"]);

    set_type_of_keys_that_are_made_again: jobs::unchanged(|op| {
        op.alter_column("job", "owner_id").set_type(big_integer());
        op.alter_column("owner", "id").set_type(big_integer());
        op.alter_column("job", "id").set_type(big_integer());
    });

    set_not_null: jobs::case(|op| {
        op.update("job").set("attempts", 0).filter("attempts IS NULL");
        op.alter_column("job", "attempts").set_not_null();
    })
    .downgrade(|op| {
        op.alter_column("job", "attempts").drop_not_null();
    })
    .before("SELECT id, attempts FROM job ORDER BY id", ["1|0", "2|NULL", "3|7"])
    .after("SELECT id, attempts FROM job ORDER BY id", ["1|0", "2|0", "3|7"])
    .back("SELECT id, attempts FROM job ORDER BY id", ["1|0", "2|0", "3|7"])
    .refuses("UPDATE job SET attempts = NULL");

    set_not_null_where_a_row_has_null: jobs::unchanged(|op| {
        op.alter_column("job", "attempts").set_not_null().set_default(0);
    })
    .stops("attempts");

    drop_not_null: jobs::unchanged(|op| {
        op.alter_column("job", "title").drop_not_null();
    })
    .accepts("UPDATE job SET title = NULL");

    set_default_on_old_and_new_rows: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).primary_key(["id"]);
            op.add_column("entry", "value", text().not_null().default("first"));
        },
        |op| {
            op.alter_column("entry", "value").set_default("second");
        },
    )
    .seed("INSERT INTO entry (id) VALUES (1)")
    .keeps(VALUES, ["1|first"])
    .accepts("INSERT INTO entry (id) VALUES (9)");

    set_default_where_there_was_none: jobs::unchanged(|op| {
        op.alter_column("job", "attempts").set_default(0);
    });

    set_default_to_an_expression: jobs::unchanged(|op| {
        op.alter_column("job", "title").set_default(sql("lower('NONE')"));
    })
    .accepts("INSERT INTO job (id) VALUES (9)");

    drop_default: jobs::unchanged(|op| {
        op.alter_column("job", "status").drop_default();
    })
    .refuses("INSERT INTO job (id, title) VALUES (9, 'x')");

    add_identity: Case::new(
        |op| {
            op.create_table("entry").column("id", big_integer()).column("value", text()).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "id").add_identity();
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 'a'), (7, 'b')")
    .keeps(VALUES, ["1|a", "7|b"])
    .accepts("INSERT INTO entry (value) VALUES ('c'), ('d')");

    drop_identity: Case::new(
        |op| {
            op.create_table("entry").column("id", big_integer().identity()).column("value", text()).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "id").drop_identity();
        },
    )
    .seed("INSERT INTO entry (value) VALUES ('a'), ('b')")
    .keeps(VALUES, ["1|a", "2|b"])
    .refuses((
        "INSERT INTO entry (value) VALUES ('c')",
        // SQLite numbers rows by an integer key in any case; without an identity it may give a number twice.
        "INSERT INTO entry (id, value) VALUES (2, 'c')",
    ));

    set_generated: jobs::case(|op| {
        op.add_column("job", "doubled", integer().generated("attempts * 2"));
        op.alter_column("job", "doubled").set_generated("attempts * 3");
    })
    .after("SELECT id, doubled FROM job ORDER BY id", ["1|0", "2|NULL", "3|21"]);

    drop_generated: Case::new(
        |op| {
            op.create_table("entry")
                .column("id", integer())
                .column("value", integer().generated("id * 2"))
                .primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "value").drop_generated();
        },
    )
    .seed("INSERT INTO entry (id) VALUES (1), (2)")
    .keeps(VALUES, ["1|2", "2|4"])
    .accepts("UPDATE entry SET value = 100");

    set_collation: jobs::unchanged(|op| {
        op.alter_column("job", "title").set_collation(sql("\"C\"").sqlite("NOCASE"));
    });

    set_collation_of_an_indexed_column: jobs::unchanged(|op| {
        op.alter_column("job", "status").set_collation(sql("\"C\"").sqlite("NOCASE"));
    });

    drop_collation: Case::new(
        |op| {
            op.create_table("entry")
                .column("id", integer())
                .column("value", text().collation(sql("\"POSIX\"").sqlite("NOCASE")))
                .primary_key(["id"])
                .unique(["value"]);
        },
        |op| {
            op.alter_column("entry", "value").drop_collation();
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 'a')")
    .keeps(VALUES, ["1|a"])
    .accepts("INSERT INTO entry (id, value) VALUES (2, 'A')");

    set_comment: jobs::unchanged(|op| {
        op.alter_column("job", "title").set_comment("what is shown; it's\nnot -- code");
    });

    drop_comment: Case::new(
        |op| {
            op.create_table("entry").column("id", integer().comment("old")).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "id").drop_comment();
        },
    )
    .seed("INSERT INTO entry (id) VALUES (1)");

    several_facets_together: jobs::case(|op| {
        op.create_enum("job_status", ["queued", "running", "succeeded"]);
        op.alter_column("job", "status")
            .set_type(enumeration("job_status"))
            .map([("done", "succeeded")])
            .set_default("running")
            .drop_not_null()
            .set_comment("where it is");
        op.alter_column("job", "title").set_default("untitled").drop_not_null();
    })
    .before("SELECT id, status FROM job ORDER BY id", ["1|queued", "2|done", "3|running"])
    .after("SELECT id, status FROM job ORDER BY id", ["1|queued", "2|succeeded", "3|running"])
    .back("SELECT id, status FROM job ORDER BY id", ["1|queued", "2|succeeded", "3|running"])
    .refuses("UPDATE job SET status = 'done'")
    .accepts("INSERT INTO job (id) VALUES (9)");
}
