//! Enums: create, drop, rename, and change their values.

use offprint::prelude::*;

use crate::case::{Case, cases};
use crate::jobs;

/// Two tables with columns of one enum, one of them with a default.
fn tickets(op: &mut Op) {
    op.create_enum("state", ["open", "blocked", "closed"]);
    op.create_table("ticket")
        .column("id", integer())
        .column("state", enumeration("state").not_null().default("open"))
        .primary_key(["id"]);
    op.create_table("move")
        .column("id", integer())
        .column("ticket_id", integer().not_null())
        .column("state", enumeration("state"))
        .primary_key(["id"])
        .foreign_key(["ticket_id"], "ticket", ["id"])
        .on_delete(Cascade);
    op.create_index("ix_ticket_state", "ticket", ["state"]);
}

const ROWS: &str = "
    INSERT INTO ticket (id, state) VALUES (1, 'open'), (2, 'blocked'), (3, 'closed');
    INSERT INTO \"move\" (id, ticket_id, state) VALUES (1, 1, 'open'), (2, 2, 'blocked'), (3, 3, NULL);
";
const TICKETS: &str = "SELECT id, state FROM ticket ORDER BY id";
const MOVES: &str = "SELECT id, ticket_id, state FROM \"move\" ORDER BY id";

fn on_tickets(upgrade: fn(&mut Op)) -> Case {
    Case::new(tickets, upgrade)
        .seed(ROWS)
        .before(TICKETS, ["1|open", "2|blocked", "3|closed"])
        .before(MOVES, ["1|1|open", "2|2|blocked", "3|3|NULL"])
}

cases! {
    create_enum: jobs::unchanged(|op| {
        op.create_enum("mood", ["good", "it's bad"]);
    });

    drop_enum: Case::new(
        |op| {
            op.create_enum("mood", ["good", "it's bad"]);
            op.create_table("entry").column("id", integer()).column("mood", enumeration("mood")).primary_key(["id"]);
        },
        |op| {
            op.alter_column("entry", "mood").set_type(text());
            op.drop_enum("mood");
        },
    )
    .seed("INSERT INTO entry (id, mood) VALUES (1, 'good'), (2, 'it''s bad'), (3, NULL)")
    .keeps("SELECT id, mood FROM entry ORDER BY id", ["1|good", "2|it's bad", "3|NULL"])
    .accepts("UPDATE entry SET mood = 'other'");

    drop_enum_whose_name_only_seems_to_stand_elsewhere: Case::new(
        |op| {
            op.create_enum("mood", ["good", "bad"]);
            op.create_table("entry")
                .column("id", integer())
                .column("mood", text().default("mood"))
                .primary_key(["id"])
                .check("mood", "mood <> 'mood' OR entry.mood = 'mood' /* mood */");
            op.create_view("moods", "SELECT mood AS mood FROM entry mood WHERE mood.mood IS NOT NULL");
            op.postgres().create_policy("mood", "entry").using("mood = 'good'::text");
        },
        |op| {
            op.drop_enum("mood");
        },
    )
    .seed("INSERT INTO entry (id) VALUES (1)")
    .keeps("SELECT mood FROM moods", ["mood"]);

    an_enum_that_other_texts_cast_to_loses_a_value: Case::new(
        |op| {
            op.create_enum("mood", ["good", "bad", "worst"]);
            op.create_table("entry")
                .column("id", integer())
                .column("word", text().default("good"))
                .column("fine", boolean().generated("CASE word WHEN 'good' THEN 'good'::mood ELSE 'bad' END = 'good'"))
                .primary_key(["id"])
                .check("known", "word::mood IS NOT NULL");
            op.create_index("ix_mood", "entry", [expression("(CASE word WHEN 'good' THEN 'good'::mood END)")]);
            op.create_view("moods", "SELECT id, word::public.mood AS felt FROM entry");
            op.create_view("good_moods", "SELECT id FROM moods WHERE felt = 'good'");
            op.create_trigger(
                "watch",
                "entry",
                "BEFORE UPDATE ON entry FOR EACH ROW WHEN (NEW.word::mood = 'good') \
                 EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            );
        },
        |op| {
            op.replace_enum_values("mood", ["good", "bad"]);
        },
    )
    .only(offprint::schema::Dialect::Postgres)
    .seed("INSERT INTO entry (id, word) VALUES (1, 'good'), (2, 'bad')")
    .keeps("SELECT id, felt FROM moods ORDER BY id", ["1|good", "2|bad"])
    .keeps("SELECT id, fine FROM entry ORDER BY id", ["1|t", "2|f"])
    .keeps("SELECT id FROM good_moods", ["1"])
    .refuses("INSERT INTO entry (id, word) VALUES (3, 'worst')");

    rename_enum: on_tickets(|op| {
        op.rename_enum("state", "ticket_state");
    })
    .after(TICKETS, ["1|open", "2|blocked", "3|closed"])
    .after(MOVES, ["1|1|open", "2|2|blocked", "3|3|NULL"])
    .refuses("UPDATE ticket SET state = 'other'");

    add_enum_value: on_tickets(|op| {
        op.add_enum_value("state", "archived");
    })
    .after(TICKETS, ["1|open", "2|blocked", "3|closed"])
    .accepts("UPDATE ticket SET state = 'archived'")
    .refuses("UPDATE ticket SET state = 'other'");

    add_enum_values_at_their_places: on_tickets(|op| {
        op.add_enum_value("state", "new").before("open");
        op.add_enum_value("state", "it's reopened").after("closed");
        op.add_enum_value("state", "waiting").after("blocked");
    })
    .after(MOVES, ["1|1|open", "2|2|blocked", "3|3|NULL"])
    .accepts("UPDATE \"move\" SET state = 'it''s reopened'");

    add_enum_value_that_is_used_afterwards: Case::new(tickets, |op| {
        op.add_enum_value("state", "archived");
        op.update("ticket").set("state", "archived").filter("state = 'closed'");
        op.alter_column("ticket", "state").set_default("archived");
    })
    .downgrade(|op| {
        op.alter_column("ticket", "state").set_default("open");
        op.replace_enum_values("state", ["open", "blocked", "closed"]).map([("archived", "closed")]);
    })
    .seed(ROWS)
    .before(TICKETS, ["1|open", "2|blocked", "3|closed"])
    .after(TICKETS, ["1|open", "2|blocked", "3|archived"]);

    rename_enum_value: on_tickets(|op| {
        op.rename_enum_value("state", "open", "it's new");
    })
    .after(TICKETS, ["1|it's new", "2|blocked", "3|closed"])
    .after(MOVES, ["1|1|it's new", "2|2|blocked", "3|3|NULL"])
    .accepts("INSERT INTO ticket (id) VALUES (9)")
    .refuses("UPDATE ticket SET state = 'open'");

    replace_enum_values_with_a_map: on_tickets(|op| {
        op.replace_enum_values("state", ["closed", "open"]).map([("blocked", "open")]);
    })
    .after(TICKETS, ["1|open", "2|open", "3|closed"])
    .after(MOVES, ["1|1|open", "2|2|open", "3|3|NULL"])
    .back(TICKETS, ["1|open", "2|open", "3|closed"])
    .refuses("UPDATE ticket SET state = 'blocked'");

    replace_enum_values_otherwise: on_tickets(|op| {
        op.replace_enum_values("state", ["open", "over"]).map([("closed", "over")]).otherwise("open");
    })
    .downgrade(|op| {
        op.replace_enum_values("state", ["open", "blocked", "closed"]).map([("over", "closed")]);
    })
    .after(TICKETS, ["1|open", "2|open", "3|over"])
    .back(TICKETS, ["1|open", "2|open", "3|closed"]);

    replace_enum_values_where_a_row_has_one_that_goes: on_tickets(|op| {
        op.replace_enum_values("state", ["open", "closed"]);
    })
    .stops("");

    reorder_enum_values: on_tickets(|op| {
        op.replace_enum_values("state", ["closed", "blocked", "open"]);
    })
    .after(TICKETS, ["1|open", "2|blocked", "3|closed"])
    .after(MOVES, ["1|1|open", "2|2|blocked", "3|3|NULL"]);

    replace_enum_values_in_an_array: Case::new(
        |op| {
            op.create_enum("state", ["open", "blocked", "closed"]);
            op.create_table("ticket")
                .column("id", integer())
                .column("states", array(enumeration("state")))
                .primary_key(["id"]);
        },
        |op| {
            op.replace_enum_values("state", ["open", "closed"]).map([("blocked", "open")]);
        },
    )
    .only(offprint::schema::Dialect::Postgres)
    .seed("INSERT INTO ticket (id, states) VALUES (1, '{open,blocked}'), (2, NULL), (3, '{}')")
    .after("SELECT id, states FROM ticket ORDER BY id", ["1|{open,open}", "2|NULL", "3|{}"])
    .back("SELECT id, states FROM ticket ORDER BY id", ["1|{open,open}", "2|NULL", "3|{}"]);
}
