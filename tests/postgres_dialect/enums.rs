//! How enums come to their values, and in which transaction.

use offprint::dialect::Settings;
use offprint::prelude::*;
use offprint::schema::Schema;

use crate::harness::{Replayed, comments, replay, segment_sql, sql, try_replay};
use crate::support::expected::{ColumnOrder, drift_on_postgres};
use crate::support::postgres::PostgresDatabase;

fn tickets() -> Replayed {
    replay(&Schema::default(), |op| {
        op.create_enum("state", ["open", "closed"]);
        op.create_table("ticket")
            .column("id", integer())
            .column("state", enumeration("state").default("open"))
            .column("past", array(enumeration("state")).default("{}"))
            .primary_key(["id"]);
        op.create_index("ix_ticket_state", "ticket", ["state"]);
    })
}

/// A database with tickets in it.
fn database(case: &str) -> Option<PostgresDatabase> {
    let database = PostgresDatabase::create(case)?;
    database.psql(&tickets().script()).expect_success();
    database.execute("INSERT INTO ticket VALUES (1, 'open', '{}'), (2, 'closed', '{open,closed}'), (3, NULL, NULL)");
    Some(database)
}

const ROWS: &str = "SELECT id, state, past FROM ticket ORDER BY id";

#[track_caller]
fn assert_rows(database: &PostgresDatabase, expected: [&str; 3]) {
    let line =
        |row: Vec<Option<String>>| row.into_iter().map(|v| v.unwrap_or("NULL".into())).collect::<Vec<_>>().join(" ");
    let rows: Vec<String> = database.rows(ROWS).into_iter().map(line).collect();
    assert_eq!(rows, expected);
}

#[track_caller]
fn assert_no_drift(database: &PostgresDatabase, replayed: &Replayed) {
    let drift = drift_on_postgres(&replayed.after, database, ColumnOrder::Exact);
    assert!(drift.is_empty(), "{}", drift.join("\n"));
}

#[test]
fn a_value_that_is_used_is_committed_ahead() {
    let Some(database) = database("value ahead") else { return };
    let change = replay(&tickets().after, |op| {
        op.rename_enum("state", "status");
        op.rename_enum_value("status", "closed", "done");
        op.add_enum_value("status", "late").before("done");
        op.add_enum_value("status", "lost");
        op.alter_column("ticket", "state").set_default("late");
        op.insert("ticket", ["id", "state"]).row((4, "lost"));
        op.create_index("ix_late", "ticket", ["id"]).filter("state = 'late'");
    });
    let plan = change.plan(None, &Settings::default()).expect("a plan");
    assert_eq!(plan.segments.len(), 2);
    let ahead = segment_sql(&plan.segments[0]);
    assert!(ahead.contains(r#"ALTER TYPE "public"."state" ADD VALUE IF NOT EXISTS 'late' AFTER 'open';"#), "{ahead}");
    assert!(ahead.contains(r#"ALTER TYPE "public"."state" ADD VALUE IF NOT EXISTS 'lost';"#), "{ahead}");
    database.psql(&ahead).expect_success();
    database.psql(&sql(&plan)).expect_success();
    assert_no_drift(&database, &change);
    database.psql(&change.inverse().script()).expect_success();
    assert_rows(&database, ["1 open {}", "2 closed {open,closed}", "3 NULL NULL"]);
    assert_no_drift(&database, &tickets());
}

#[test]
fn a_value_that_nothing_can_use_needs_no_transaction_of_its_own() {
    let Some(database) = database("value in place") else { return };
    let change = replay(&tickets().after, |op| {
        op.add_column("ticket", "note", text());
        op.rename_enum_value("state", "open", "new");
        op.add_enum_value("state", "ready").after("new");
        op.add_enum_value("state", "steady").after("ready");
    });
    assert_eq!(change.plan(None, &Settings::default()).expect("a plan").segments.len(), 1);
    database.psql(&change.script()).expect_success();
    assert_no_drift(&database, &change);
}

#[test]
fn a_value_is_folded_into_the_creation() {
    let Some(database) = PostgresDatabase::create("folded value") else { return };
    let change = replay(&Schema::default(), |op| {
        op.create_enum("mood", ["sad", "happy"]);
        op.rename_enum("mood", "temper");
        op.rename_enum_value("temper", "sad", "blue");
        op.add_enum_value("temper", "calm").after("blue");
        op.replace_enum_values("temper", ["blue", "calm", "happy", "glad"]);
        op.create_table("person").column("temper", enumeration("temper").default("glad"));
        op.insert("person", ["temper"]).row(("calm",));
    });
    let plan = change.plan(None, &Settings::default()).expect("a plan");
    assert_eq!(plan.segments.len(), 1);
    assert!(
        comments(&plan).iter().any(|comment| comment.contains("created with 'glad' already")),
        "{:?}",
        comments(&plan)
    );
    database.psql(&sql(&plan)).expect_success();
    assert_no_drift(&database, &change);
}

#[test]
fn a_value_whose_name_is_taken_until_later_is_refused() {
    let change = replay(&tickets().after, |op| {
        op.rename_enum_value("state", "closed", "done");
        op.add_enum_value("state", "closed");
        op.alter_column("ticket", "state").set_default("closed");
    });
    assert!(change.refusal().message.contains("at the start of the revision"));
}

#[test]
fn values_are_removed_reordered_and_merged_by_a_swap() {
    let Some(database) = database("swap") else { return };
    let change = replay(&tickets().after, |op| {
        op.create_enum("state_old", ["taken"]);
        op.alter_column("ticket", "state").drop_default();
        op.replace_enum_values("state", ["shut", "todo"]).map([("open", "todo"), ("closed", "shut")]);
        op.add_enum_value("state", "late").before("todo");
        op.alter_column("ticket", "state").set_default("late");
    });
    database.psql(&change.script()).expect_success();
    assert_rows(&database, ["1 todo {}", "2 shut {todo,shut}", "3 NULL NULL"]);
    assert_no_drift(&database, &change);
    let back = change.inverse();
    database.psql(&back.script()).expect_failure("offprint: ticket.state has values that enum state is to lose: ");
    assert_rows(&database, ["1 todo {}", "2 shut {todo,shut}", "3 NULL NULL"]);
    database.execute("UPDATE ticket SET state = NULL, past = NULL");
    database.psql(&back.script()).expect_success();
    assert_no_drift(&database, &tickets());
}

#[test]
fn values_change_places_in_columns_but_not_in_arrays() {
    let circle = |before: &Schema| {
        replay(before, |op| {
            op.replace_enum_values("state", ["closed", "open"]).map([("open", "closed"), ("closed", "open")]);
        })
    };
    assert!(circle(&tickets().after).refusal().message.contains("change places in a circle"));
    let Some(database) = database("circle") else { return };
    let dropped = replay(&tickets().after, |op| {
        op.drop_column("ticket", "past");
    });
    database.psql(&dropped.script()).expect_success();
    database.psql(&circle(&dropped.after).script()).expect_success();
    let states = database.rows("SELECT state FROM ticket ORDER BY id");
    assert_eq!(states, [[Some("closed".to_owned())], [Some("open".to_owned())], [None]]);
}

#[test]
fn a_chain_of_values_moves_up_in_arrays() {
    let Some(database) = database("chain") else { return };
    let change = replay(&tickets().after, |op| {
        op.replace_enum_values("state", ["open", "closed", "gone"]).map([("open", "closed"), ("closed", "gone")]);
    });
    database.psql(&change.script()).expect_success();
    assert_rows(&database, ["1 closed {}", "2 gone {closed,gone}", "3 NULL NULL"]);
    assert_no_drift(&database, &change);
}

#[test]
fn otherwise_takes_what_is_left() {
    let Some(database) = database("swap otherwise") else { return };
    let change = replay(&tickets().after, |op| {
        op.replace_enum_values("state", ["open", "other"]).otherwise("other");
    });
    database.psql(&change.script()).expect_success();
    assert_rows(&database, ["1 open {}", "2 other {open,other}", "3 NULL NULL"]);
    assert_no_drift(&database, &change);
}

#[test]
fn a_row_that_fits_nowhere_stops_the_swap() {
    let Some(database) = database("swap guard") else { return };
    let change = replay(&tickets().after, |op| {
        op.replace_enum_values("state", ["open"]);
    });
    let words =
        "offprint: ticket.state has values that enum state is to lose: 'closed' (1); rows: 1; nothing was changed";
    database.psql(&change.script()).expect_failure(words);
    database.execute("UPDATE ticket SET state = 'open'");
    database.psql(&change.script()).expect_failure("offprint: ticket.past has values that enum state is to lose: ");
    assert_rows(&database, ["1 open {}", "2 open {open,closed}", "3 open NULL"]);
    database.execute("UPDATE ticket SET past = '{open}'");
    database.psql(&change.script()).expect_success();
    assert_no_drift(&database, &change);
}

#[test]
fn a_longer_list_is_made_by_adding() {
    let Some(database) = database("additive") else { return };
    let change = replay(&tickets().after, |op| {
        op.replace_enum_values("state", ["new", "open", "held", "closed", "gone", "lost"]);
    });
    let script = change.script();
    assert!(!script.contains("DROP TYPE"), "{script}");
    database.psql(&script).expect_success();
    assert_no_drift(&database, &change);
}

#[test]
fn an_enum_with_the_longest_name_is_swapped() {
    let Some(database) = PostgresDatabase::create("long name") else { return };
    let name = "é".repeat(31);
    let base = replay(&Schema::default(), |op| {
        op.create_enum(&name, ["a\"b", "it's", "$offprint$"]);
        op.create_table("my \"table\"").column("my %s", enumeration(&name).not_null().default("it's"));
    });
    database.psql(&base.script()).expect_success();
    database.execute("INSERT INTO \"my \"\"table\"\"\" VALUES ('a\"b'), ('$offprint$')");
    let change = replay(&base.after, |op| {
        op.replace_enum_values(&name, ["it's", "$offprint$"]);
    });
    database.psql(&change.script()).expect_failure("my \"table\".my %s has values that enum");
    database.execute("DELETE FROM \"my \"\"table\"\"\" WHERE \"my %s\" = 'a\"b'");
    database.psql(&change.script()).expect_success();
    assert_no_drift(&database, &change);
}

#[test]
fn data_guards_run_before_a_value_is_committed() {
    let Some(database) = database("early guards") else { return };
    let change = replay(&tickets().after, |op| {
        op.add_enum_value("state", "late");
        op.alter_column("ticket", "state").set_not_null();
    });
    let plan = change.plan(None, &Settings::default()).expect("a plan");
    assert_eq!(plan.segments.len(), 2);
    database.psql(&sql(&plan)).expect_failure("ticket.state is NULL in 1 rows");
    let values = database.rows("SELECT unnest(enum_range(NULL::state))");
    assert_eq!(values.len(), 2, "the value was added all the same");
    database.execute("UPDATE ticket SET state = 'open'");
    database.psql(&sql(&plan)).expect_success();
    assert_no_drift(&database, &change);
}

/// People whose moods are named by casts in every kind of text.
fn people() -> Replayed {
    replay(&Schema::default(), |op| {
        op.create_enum("mood", ["sad", "calm", "happy"]);
        op.create_table("person")
            .column("id", integer())
            .column("mood", enumeration("mood").default(offprint::prelude::sql("'calm'::mood")))
            .column("word", text().default("mood"))
            .column("low", boolean().generated("mood = CAST('sad' AS mood)"))
            .primary_key(["id"])
            .check("ck_person_known", "mood = ANY ('{sad,calm,happy}'::mood[]) AND word <> 'sad'::public.mood::text");
        op.create_index("ix_person_glad", "person", ["id"]).filter("mood = mood 'happy'");
        op.create_view("glad", "SELECT id, 'happy'::\"mood\" AS mood FROM person WHERE mood = 'happy'::MOOD");
    })
}

#[test]
fn casts_follow_a_renamed_enum_and_are_made_again_around_a_swap() {
    let Some(database) = PostgresDatabase::create("casts follow") else { return };
    let base = people();
    database.psql(&base.script()).expect_success();
    database.execute("INSERT INTO person VALUES (1, 'sad'), (2, 'happy')");
    let renamed = replay(&base.after, |op| {
        op.rename_enum("mood", "feeling");
    });
    let swapped = replay(&renamed.after, |op| {
        op.replace_enum_values("feeling", ["happy", "calm", "sad"]);
    });
    database.psql(&renamed.script()).expect_success();
    assert_no_drift(&database, &renamed);
    database.psql(&swapped.script()).expect_success();
    database.execute("INSERT INTO person (id) VALUES (3)");
    let rows = database.rows("SELECT concat_ws(' ', id, mood, word, low) FROM person ORDER BY id");
    let expected = ["1 sad mood t", "2 happy mood f", "3 calm mood f"].map(|row| vec![Some(row.to_owned())]);
    assert_eq!(rows, expected);
    assert_no_drift(&database, &swapped);
    database.psql(&swapped.inverse().script()).expect_success();
    assert_no_drift(&database, &renamed);
    database.psql(&renamed.inverse().script()).expect_success();
    assert_no_drift(&database, &base);
    assert_eq!(
        renamed.after.view("glad").map(|view| view.query.as_str()),
        Some("SELECT id, 'happy'::\"feeling\" AS mood FROM person WHERE mood = 'happy'::feeling")
    );
}

#[test]
fn a_cast_that_cannot_follow_a_renamed_enum_is_refused() {
    for (expression, why) in
        [("mood = 'sad'::app.mood", "another schema in front of the type"), ("mood = mood('sad')", "may be a cast")]
    {
        let refusal = try_replay(&people().after, |op| {
            op.create_check_constraint("person", "ck_person_doubt", expression);
            op.rename_enum("mood", "feeling");
        })
        .err()
        .expect("a refusal");
        assert_eq!(refusal.code.number(), "E0307", "{refusal:?}");
        assert!(refusal.message.contains("ck_person_doubt"), "{refusal:?}");
        assert!(refusal.notes.iter().any(|note| note.contains(why)), "{refusal:?}");
    }
}
