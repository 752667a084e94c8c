//! Sequences, which only Postgres has, and identity columns that count otherwise than from 1 by 1.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};

/// A table that is numbered by a sequence of its own, on Postgres.
fn numbered(op: &mut Op) {
    op.postgres().create_sequence("ticket_number").start(100).increment(10).maximum(1000).cache(2);
    op.create_table("ticket")
        .column("id", integer())
        .column("number", big_integer().default(sql("nextval('public.ticket_number')").sqlite("0")))
        .primary_key(["id"]);
    op.postgres().alter_sequence("ticket_number").owned_by("ticket", "number");
}

const ROWS: &str = "INSERT INTO ticket (id) VALUES (1), (2)";
const NUMBERS: &str = "SELECT id, number FROM ticket ORDER BY id";
/// The column that owns the sequence.
const OWNER: &str = "SELECT refobjid::regclass || '.' || attname FROM pg_depend
    JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    WHERE objid = 'ticket_number'::regclass AND deptype = 'a'";

cases! {
    create_sequence: Case::new(numbered, |op| {
        op.create_sequence("Other 'number'")
            .as_type(small_integer())
            .start(-3)
            .increment(-2)
            .minimum(-7)
            .maximum(5)
            .cache(3)
            .cycle()
            .owned_by("ticket", "number");
    })
    .seed(ROWS)
    .refused_on(Dialect::Sqlite, "SQLite has no sequences: sequence `Other 'number'`")
    .keeps(NUMBERS, ["1|100", "2|110"])
    .accepts("SELECT nextval('\"Other ''number''\"')");

    create_sequences_of_every_type: Case::new(numbered, |op| {
        op.postgres().create_sequence("small").as_type(small_integer());
        op.postgres().create_sequence("usual").as_type(integer()).increment(-1);
        op.postgres().create_sequence("large").as_type(big_integer()).minimum(5);
    })
    .only(Dialect::Postgres)
    .accepts("SELECT nextval('large') / (CASE nextval('usual') WHEN -1 THEN 1 ELSE 0 END)");

    alter_sequence: Case::new(numbered, |op| {
        op.alter_sequence("ticket_number").increment(1).maximum(2000).cycle();
    })
    .seed(ROWS)
    .refused_on(Dialect::Sqlite, "no sequence `ticket_number` exists here")
    .keeps(NUMBERS, ["1|100", "2|110"]);

    alter_sequence_to_another_type: Case::new(
        |op| {
            numbered(op);
            op.postgres().create_sequence("free").as_type(small_integer()).cycle();
        },
        |op| {
            op.postgres().alter_sequence("free").as_type(integer()).no_cycle().start(7).minimum(-2).cache(5);
        },
    )
    .only(Dialect::Postgres)
    .accepts("SELECT nextval('free')");

    drop_sequence: Case::new(
        |op| {
            numbered(op);
            op.postgres().create_sequence("free").start(7);
        },
        |op| {
            op.drop_sequence("free");
        },
    )
    .refused_on(Dialect::Sqlite, "no sequence `free` exists here")
    .refuses("SELECT nextval('free')");

    a_sequence_that_a_default_uses_is_dropped: Case::new(numbered, |op| {
        op.postgres().drop_sequence("ticket_number");
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "sequence `ticket_number` is used by the default of `ticket.number`");

    a_sequence_goes_with_its_table: Case::new(numbered, |op| {
        op.drop_table("ticket");
    })
    .seed(ROWS)
    .back("SELECT count(*) FROM ticket", ["0"]);

    a_sequence_goes_with_its_column: Case::new(numbered, |op| {
        op.drop_column("ticket", "number");
    })
    .seed(ROWS)
    .before((NUMBERS, "SELECT 0"), ["1|100", "2|110"])
    .back((NUMBERS, "SELECT 0"), ["1|100", "2|110"])
    .only(Dialect::Postgres);

    a_sequence_follows_its_column: Case::new(numbered, |op| {
        op.rename_table("ticket", "Issue");
        op.rename_column("Issue", "number", "no");
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .before(OWNER, ["ticket.number"])
    .after(OWNER, ["\"Issue\".no"]);

    the_sequence_of_an_identity_keeps_its_name: Case::new(
        |op| {
            op.create_table("note").column("id", integer().identity()).primary_key(["id"]);
        },
        |op| {
            op.rename_table("note", "remark");
        },
    )
    .only(Dialect::Postgres)
    .before("SELECT pg_get_serial_sequence('note', 'id')", ["public.note_id_seq"])
    .after("SELECT pg_get_serial_sequence('remark', 'id')", ["public.note_id_seq"])
    .accepts("INSERT INTO remark DEFAULT VALUES");

    identities_that_count_otherwise: Case::new(numbered, |op| {
        op.create_table("receipt").column("id", integer().identity_always().start(1000).increment(5)).primary_key(["id"]);
        op.create_table("slip").column("id", integer().not_null().identity_always()).primary_key(["id"]);
        op.insert("receipt", ["id"]).row((1015,));
        op.insert("slip", ["id"]).row((1,)).row((2,));
    })
    .accepts("INSERT INTO receipt DEFAULT VALUES; INSERT INTO slip DEFAULT VALUES")
    .after("SELECT id FROM receipt", ["1015"])
    .refuses(("INSERT INTO receipt (id) VALUES (2000)", "INSERT INTO receipt (id) VALUES (1015)"));

    an_identity_is_added_to_a_column: Case::new(numbered, |op| {
        op.alter_column("ticket", "id").add_identity_always();
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .keeps(NUMBERS, ["1|100", "2|110"])
    .accepts("INSERT INTO ticket DEFAULT VALUES")
    .refuses("INSERT INTO ticket (id) VALUES (7)");

    an_identity_takes_no_numbers_any_more: Case::new(
        |op| {
            op.create_table("note").column("id", integer().identity().increment(2)).primary_key(["id"]);
        },
        |op| {
            op.alter_column("note", "id").add_identity_always();
        },
    )
    .seed("INSERT INTO note (id) VALUES (5)")
    .keeps("SELECT id FROM note", ["5"])
    .refuses(("INSERT INTO note (id) VALUES (7)", "INSERT INTO note (id) VALUES (5)"));

    a_number_that_is_always_given_is_updated: Case::new(
        |op| {
            op.create_table("note").column("id", integer().identity_always()).primary_key(["id"]);
        },
        |op| {
            op.update("note").set("id", 5);
        },
    )
    .downgrade(|_| {})
    .refused_on(Dialect::Postgres, "`note.id` is always numbered by the database")
    .only(Dialect::Postgres);

    a_sequence_that_cannot_count: Case::new(numbered, |op| {
        op.postgres().create_sequence("odd").start(5).maximum(4);
    })
    .only(Dialect::Postgres)
    .refused_on(Dialect::Postgres, "5 is not from 1 to 4");
}
