//! Partitioned tables and their partitions, which only Postgres has: SQLite keeps the rows of such a table together.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};

/// A table that is divided by years, with two partitions on Postgres.
fn divided(op: &mut Op) {
    op.create_enum("state", ["open", "lost", "closed"]);
    op.create_table("owner").column("id", integer()).primary_key(["id"]);
    op.create_table("event")
        .column("id", integer())
        .column("day", date())
        .column("state", enumeration("state").not_null().default("open"))
        .column("title", text())
        .column("owner_id", integer())
        .primary_key(["id", "day"])
        .check("titled", "title <> ''")
        .foreign_key(["owner_id"], "owner", ["id"])
        .partition_by_range(["day"]);
    op.create_index("ix_event_title", "event", [expression("lower(title)")]);
    op.postgres()
        .create_partition("event_2025", "event")
        .from(["2025-01-01"])
        .to(["2026-01-01"])
        .default("state", "closed");
    op.postgres().create_partition("event_rest", "event").all_others();
}

const ROWS: &str = "
    INSERT INTO owner (id) VALUES (1);
    INSERT INTO event (id, day, state, title, owner_id)
        VALUES (1, '2025-05-05', 'lost', 'a', 1), (2, '2026-06-06', 'open', NULL, NULL);
";

const EVENTS: &str = "SELECT id, day, state, title, owner_id FROM event ORDER BY id";

/// The same, with a table like it that is no partition yet.
fn with_another(op: &mut Op) {
    divided(op);
    op.create_table("event_2024")
        .column("id", integer())
        .column("day", date())
        .column("state", enumeration("state").not_null().default("lost"))
        .column("title", text())
        .column("owner_id", integer())
        .primary_key(["id", "day"])
        .check("titled", "title <> ''")
        .name("ck_event_titled")
        .foreign_key(["owner_id"], "owner", ["id"])
        .name("fk_event_owner_id_owner");
    op.create_index("ix_event_2024_title", "event_2024", [expression("lower(title)")]);
}

/// Makes the other table a partition, where there are any.
fn attach(op: &mut Op) {
    op.postgres().attach_partition("event_2024", "event").from(["2024-01-01"]).to(["2025-01-01"]);
}

/// The default that `event_2025` has of its own.
const OWN_DEFAULT: (&str, &str) = (
    "SELECT column_default FROM information_schema.columns WHERE table_name = 'event_2025' AND ordinal_position = 3",
    "SELECT 0",
);

cases! {
    tables_that_are_divided: Case::new(
        |op| {
            op.create_table("owner").column("id", integer()).primary_key(["id"]);
        },
        |op| {
            op.create_table("reading")
                .column("site", text().not_null())
                .column("at", timestamptz().not_null())
                .partition_by_range([column("at"), column("site").collation(sql("\"C\"").sqlite("NOCASE"))])
                .comment("by time");
            op.postgres()
                .create_partition("reading_1", "reading")
                .from([sql("MINVALUE"), sql("MINVALUE")])
                .to([sql("'2026-01-01Z'"), sql("'m'")]);
            op.postgres()
                .create_table("numbered")
                .column("id", big_integer().identity())
                .column("at", timestamptz())
                .primary_key(["id", "at"])
                .partition_by_range(["at"]);
            op.postgres().create_partition("numbered_1", "numbered").from(["2025-01-01Z"]).to(["2026-01-01Z"]);
            op.create_table("area").column("code", text()).partition_by_list([expression("lower(code)")]);
            op.postgres().create_partition("area_ab", "area").in_values(["a", "b"]);
            op.postgres().create_partition("area_none", "area").in_values([null()]);
            op.create_table("Shard").column("id", integer()).primary_key(["id"]).partition_by_hash(["id"]);
            for (part, number) in [("Shard 0", 0), ("Shard 1", 1)] {
                op.postgres().create_partition(part, "Shard").modulus(2).remainder(number);
            }
            op.postgres().enable_row_level_security("area");
        },
    )
    .accepts("INSERT INTO area VALUES ('A'), (NULL); INSERT INTO \"Shard\" VALUES (1), (2), (3)")
    .accepts("INSERT INTO reading (site, at) VALUES ('x', '2025-05-05 00:00:00+00')")
    .refuses(("INSERT INTO area VALUES ('c')", "INSERT INTO \"Shard\" VALUES (1), (1)"));

    create_partition: Case::new(divided, |op| {
        op.create_partition("event_2027", "event").from(["2027-01-01"]).to(["2028-01-01"]).default("title", "new");
    })
    .seed(ROWS)
    .keeps(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"])
    .refused_on(Dialect::Sqlite, "SQLite has no partitions: partition `event_2027` of `event`")
    .after("SELECT count(*) FROM event_2027", ["0"])
    .accepts("INSERT INTO event_2027 (id, day) VALUES (9, '2027-07-07')")
    .refuses("INSERT INTO event_2027 (id, day) VALUES (9, '2026-07-07')");

    create_partition_whose_rows_are_among_the_others: Case::new(divided, |op| {
        op.postgres().create_partition("event_2026", "event").from(["2026-01-01"]).to(["2027-01-01"]);
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .stops("updated partition constraint for default partition \"event_rest\" would be violated by some row");

    drop_partition: Case::new(divided, |op| {
        op.drop_partition("event_2025");
    })
    .seed(ROWS)
    .refused_on(Dialect::Sqlite, "no partition `event_2025` exists here")
    .before(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"])
    .after(EVENTS, ["2|2026-06-06|open|NULL|NULL"])
    .back(EVENTS, ["2|2026-06-06|open|NULL|NULL"]);

    attach_partition: Case::new(with_another, |op| {
        op.attach_partition("event_2024", "event").from(["2024-01-01"]).to(["2025-01-01"]);
    })
    .seed("INSERT INTO event_2024 (id, day) VALUES (3, '2024-04-04')")
    .refused_on(Dialect::Sqlite, "SQLite has no partitions: partition `event_2024` of `event`")
    .before(EVENTS, [])
    .after(EVENTS, ["3|2024-04-04|lost|NULL|NULL"]);

    attach_partitions_of_every_kind: Case::new(
        |op| {
            op.create_table("by_list").column("n", integer()).partition_by_list(["n"]);
            op.create_table("by_hash").column("n", integer()).partition_by_hash(["n"]);
            for name in ["one", "other", "hashed"] {
                op.create_table(name).column("n", integer());
            }
        },
        |op| {
            op.postgres().attach_partition("one", "by_list").in_values([1, 2]);
            op.postgres().attach_partition("other", "by_list").all_others();
            op.postgres().attach_partition("hashed", "by_hash").modulus(1).remainder(0);
        },
    )
    .seed("INSERT INTO one VALUES (1), (2); INSERT INTO other VALUES (3)")
    .only(Dialect::Postgres)
    .before("SELECT n FROM by_list ORDER BY n", [])
    .after("SELECT n FROM by_list ORDER BY n", ["1", "2", "3"]);

    attach_rows_of_others: Case::new(with_another, attach)
        .seed("INSERT INTO event_2024 (id, day) VALUES (3, '2023-04-04')")
        .only(Dialect::Postgres)
        .stops("partition constraint of relation \"event_2024\" is violated by some row");

    detach_partition: Case::new(divided, |op| {
        op.detach_partition("event_2025");
    })
    .seed(ROWS)
    .refused_on(Dialect::Sqlite, "no partition `event_2025` exists here")
    .before(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"])
    .after(EVENTS, ["2|2026-06-06|open|NULL|NULL"])
    .after("SELECT id, state FROM event_2025", ["1|lost"])
    .accepts("INSERT INTO event_2025 (id, day) VALUES (1, '2020-01-01')");

    a_divided_table_is_dropped: Case::new(divided, |op| {
        op.drop_table("event");
    })
    .seed(ROWS)
    .back("SELECT count(*) FROM event", ["0"]);

    a_divided_table_and_its_columns_are_renamed: Case::new(divided, |op| {
        op.rename_table("event", "happening");
        op.rename_column("happening", "day", "on");
        op.rename_column("happening", "state", "status");
        op.rename_index("ix_event_title", "ix_title");
        op.rename_constraint("happening", "ck_event_titled", "ck_titled");
        op.rename_constraint("happening", "pk_event", "pk_happening");
        op.rename_enum_value("state", "closed", "shut");
    })
    .seed(ROWS)
    .before("SELECT id, day, state FROM event ORDER BY id", ["1|2025-05-05|lost", "2|2026-06-06|open"])
    .after("SELECT id, \"on\", status FROM happening ORDER BY id", ["1|2025-05-05|lost", "2|2026-06-06|open"]);

    columns_of_a_divided_table: Case::new(divided, |op| {
        op.add_column("event", "note", text().not_null().default("none"));
        op.alter_column("event", "state").set_default("lost");
        op.alter_column("event", "title").set_type(varchar(20)).set_comment("of it");
        op.alter_column("event", "owner_id").set_type(big_integer());
        op.create_index("ix_event_owner", "event", ["owner_id"]);
        op.create_index("uq_event", "event", ["day", "title"]).unique();
        op.create_check_constraint("event", "noted", "note <> ''");
    })
    .seed(ROWS)
    .keeps(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"])
    .before(OWN_DEFAULT, ["'closed'::state"])
    .after(OWN_DEFAULT, ["'closed'::state"])
    .only(Dialect::Postgres);

    columns_of_a_divided_table_on_sqlite: Case::new(divided, |op| {
        op.add_column("event", "note", text().not_null().default("none"));
        op.alter_column("event", "state").set_default("lost");
        op.create_index("uq_event", "event", ["day", "title"]).unique();
    })
    .seed(ROWS)
    .keeps(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"])
    .only(Dialect::Sqlite);

    a_column_with_a_default_of_a_partition_is_dropped: Case::new(divided, |op| {
        op.drop_column("event", "state");
    })
    .seed(ROWS)
    .before("SELECT id, state FROM event ORDER BY id", ["1|lost", "2|open"])
    .after("SELECT id FROM event ORDER BY id", ["1", "2"])
    .back("SELECT id, state FROM event ORDER BY id", ["1|open", "2|open"]);

    an_enum_in_a_divided_table_is_swapped: Case::new(divided, |op| {
        op.replace_enum_values("state", ["closed", "open"]).map([("lost", "open")]);
    })
    .seed(ROWS)
    .before("SELECT id, state FROM event ORDER BY id", ["1|lost", "2|open"])
    .after("SELECT id, state FROM event ORDER BY id", ["1|open", "2|open"])
    .back("SELECT id, state FROM event ORDER BY id", ["1|open", "2|open"]);

    an_enum_becomes_text_where_only_a_partition_has_a_default: Case::new(
        |op| {
            divided(op);
            op.alter_column("event", "state").drop_default();
        },
        |op| {
            op.alter_column("event", "state").set_type(text());
        },
    )
    .seed(ROWS)
    .keeps(EVENTS, ["1|2025-05-05|lost|a|1", "2|2026-06-06|open|NULL|NULL"]);

    a_value_by_which_rows_are_divided_is_renamed: Case::new(
        |op| {
            op.create_enum("state", ["open", "lost"]);
            op.create_table("ticket").column("state", enumeration("state")).partition_by_list(["state"]);
            op.postgres().create_partition("ticket_open", "ticket").in_values(["open"]);
            op.postgres().create_partition("ticket_lost", "ticket").in_values(["lost"]);
        },
        |op| {
            op.rename_enum_value("state", "lost", "gone");
        },
    )
    .seed("INSERT INTO ticket VALUES ('open'), ('lost')")
    .before("SELECT state FROM ticket ORDER BY state", ["open", "lost"])
    .after("SELECT state FROM ticket ORDER BY state", ["open", "gone"])
    .only(Dialect::Postgres);

    the_type_of_a_partition_key: Case::new(divided, |op| {
        op.alter_column("event", "day").set_type(timestamp());
    })
    .refused_on(Dialect::Postgres, "the type of `event.day` cannot change: it divides the rows among partitions");

    a_value_by_which_rows_are_divided_goes_away: Case::new(
        |op| {
            op.create_enum("state", ["open", "lost"]);
            op.create_table("ticket").column("state", enumeration("state")).partition_by_list(["state"]);
        },
        |op| {
            op.replace_enum_values("state", ["open"]);
        },
    )
    .refused_on(Dialect::Postgres, "the type of `ticket.state` cannot change");

    a_partition_key_is_dropped: Case::new(divided, |op| {
        op.drop_column("event", "day");
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "column `event.day` is used by the partition key");

    a_key_without_the_partition_key: Case::new(divided, |op| {
        op.create_unique_constraint("event", ["title"]);
    })
    .refused_on(Dialect::Postgres, "of `event` lacks `day`, which divides the rows");

    a_key_that_compares_otherwise_than_the_partition_key: Case::new(divided, |op| {
        op.create_table("word")
            .column("text", text())
            .primary_key(["text"])
            .partition_by_range([column("text").collation("C")]);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "of `word` cannot hold: another collation or operator class divides the rows");

    a_unique_index_without_the_partition_key: Case::new(divided, |op| {
        op.create_index("ix_title", "event", ["title"]).unique();
    })
    .refused_on(Dialect::Postgres, "the index `ix_title` of `event` lacks `day`");

    an_index_of_a_divided_table_is_built_concurrently: Case::new(divided, |op| {
        op.create_index("ix_owner", "event", ["owner_id"]).concurrently();
    })
    .refused_on(Dialect::Postgres, "`event` has partitions, and Postgres cannot do it concurrently");

    a_table_that_is_not_like_the_others_is_attached: Case::new(
        |op| {
            with_another(op);
            op.create_index("ix_more", "event_2024", ["owner_id"]);
        },
        attach,
    )
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "it has an index `ix_more` of its own");

    bounds_of_another_kind: Case::new(divided, |op| {
        op.postgres().create_partition("odd", "event").in_values(["2025-01-01"]);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "the bounds of partition `odd` are none of table `event`");
}
