//! What Postgres cannot do exactly is refused, with the reason and the remedy.

use offprint::diagnostic::Code;
use offprint::dialect::Settings;
use offprint::operation::Op;
use offprint::prelude::*;
use offprint::schema::Schema;

use crate::harness::replay;
use crate::support::postgres::PostgresDatabase;

fn base(op: &mut Op) {
    op.create_enum("mood", ["happy", "sad"]);
    op.create_table("person")
        .column("id", integer())
        .column("name", text())
        .column("mood", enumeration("mood"))
        .column("moods", array(enumeration("mood")))
        .column("born", timestamp())
        .column("code", text())
        .column("upper", text().generated("upper(code)"))
        .column("price", numeric(5, 2))
        .primary_key(["id"])
        .unique(["name"])
        .check("name", "name <> ''");
    op.create_index("ix_lower", "person", [expression("lower(name)")]);
    op.create_index("ix_mood", "person", ["id"]).filter("mood = 'sad'");
    op.create_view("everyone", "SELECT p.* FROM person p");
    op.create_view("counted", "SELECT count(*) FROM person");
    op.create_table("pet").column("id", integer()).column("owner_name", text()).primary_key(["id"]).foreign_key(
        ["owner_name"],
        "person",
        ["name"],
    );
}

/// The base without the view that reads every column.
fn without_the_view(op: &mut Op) {
    op.drop_view("everyone");
}

/// Why an operation is refused.
#[track_caller]
fn refused(code: Code, words: &str, revision: impl FnOnce(&mut Op)) {
    let base = replay(&Schema::default(), base);
    let open = replay(&base.after, without_the_view);
    let found = replay(&open.after, revision).refusal();
    assert!(found.code == code && found.message.contains(words), "{found:#?}");
    assert!(!found.helps.is_empty() && !found.labels.is_empty(), "{found:#?}");
}

#[test]
fn references_that_cannot_be_compared() {
    refused(Code::NotInDialect, "cannot compare `toy.owner` with `person.id`", |op| {
        op.create_table("toy").column("owner", text()).foreign_key(["owner"], "person", ["id"]);
    });
    refused(Code::NotInDialect, "cannot compare `pet.id` with `person.name`", |op| {
        op.create_foreign_key("pet", ["id"], "person", ["name"]);
    });
    // The server says so too.
    let Some(database) = PostgresDatabase::create("references that cannot be compared") else { return };
    database.execute("CREATE TABLE person (id integer PRIMARY KEY)");
    let error = database.try_execute("CREATE TABLE toy (owner text REFERENCES person (id))").expect_err("a refusal");
    assert!(error.starts_with("42804"), "{error}");
}

#[test]
fn conversions_that_nobody_described() {
    for (column, to) in
        [("born", timestamptz()), ("born", time()), ("mood", integer()), ("moods", text()), ("id", uuid())]
    {
        let base = replay(&Schema::default(), base);
        let open = replay(&base.after, |op| {
            without_the_view(op);
            op.drop_index("ix_mood");
        });
        let found = replay(&open.after, |op| {
            op.alter_column("person", column).set_type(to);
        })
        .refusal();
        assert_eq!(found.code, Code::CannotConvert, "{found:#?}");
    }
}

#[test]
fn dependants_that_could_not_be_made_again() {
    refused(Code::NotYet, "check constraint `ck_person_name`", |op| {
        op.alter_column("person", "name").set_type(enumeration("mood"));
    });
    refused(Code::NotYet, "index `ix_mood`", |op| {
        op.replace_enum_values("mood", ["happy"]).map([("sad", "happy")]);
    });
    refused(Code::NotYet, "index `ix_lower`", |op| {
        op.drop_constraint("person", "ck_person_name");
        op.alter_column("person", "name").set_type(enumeration("mood"));
    });
    refused(Code::NotYet, "generated column `upper`", |op| {
        op.alter_column("person", "code").set_type(varchar(5));
    });
    refused(Code::NotYet, "generated column `upper`", |op| {
        op.alter_column("person", "upper").set_type(varchar(5));
    });
    refused(Code::NotYet, "view `happy_ones`", |op| {
        op.create_view("happy_ones", "SELECT id FROM person WHERE name = 'x' AND mood = 'fine'");
        op.alter_column("person", "mood").set_type(text());
        op.create_enum("other", ["happy", "sad"]);
        op.alter_column("person", "mood").set_type(enumeration("other"));
    });
    refused(Code::NotYet, "trigger `watch`", |op| {
        op.create_trigger(
            "watch",
            "person",
            "BEFORE UPDATE ON person FOR EACH ROW WHEN (NEW.mood = 'sad') EXECUTE FUNCTION f()",
        );
        op.drop_index("ix_mood");
        op.replace_enum_values("mood", ["happy"]).map([("sad", "happy")]);
    });
    refused(Code::NotYet, "index `ix_born`", |op| {
        op.create_index("ix_born", "person", [column("code").operator_class("text_pattern_ops")]);
        op.drop_column("person", "upper");
        op.alter_column("person", "code").set_type(integer());
    });
    let base = replay(&Schema::default(), base);
    let found = replay(&base.after, |op| {
        op.alter_column("person", "price").set_type(numeric(9, 2));
    })
    .refusal();
    assert!(found.message.contains("view `everyone`"), "{found:#?}");
}

#[test]
fn a_value_that_words_name_is_not_renamed() {
    refused(Code::NotYet, "cannot be renamed while index `ix_mood` names it", |op| {
        op.rename_enum_value("mood", "sad", "blue");
    });
    let base = replay(&Schema::default(), base);
    replay(&base.after, |op| {
        op.rename_enum_value("mood", "happy", "glad");
        op.drop_index("ix_mood");
        op.rename_enum_value("mood", "sad", "blue");
        op.create_index("ix_mood", "person", ["id"]).filter("mood = 'blue'");
    })
    .script();
}

#[test]
fn a_foreign_key_needs_both_of_its_sides() {
    fn change(op: &mut Op, table: &'static str, column: &'static str) {
        op.alter_column(table, column).set_type(enumeration("mood"));
    }
    fn bare(op: &mut Op) {
        op.drop_constraint("person", "ck_person_name");
        op.drop_index("ix_lower");
    }
    let words = "`pet.owner_name` and `person.name`, which are of two types";
    refused(Code::NotYet, words, |op| {
        bare(op);
        change(op, "pet", "owner_name");
    });
    refused(Code::NotYet, words, |op| {
        bare(op);
        change(op, "pet", "owner_name");
        op.insert("person", ["id"]).row((7,));
        change(op, "person", "name");
    });
}

#[test]
fn what_survives_is_not_refused() {
    let base = replay(&Schema::default(), base);
    let open = replay(&base.after, without_the_view);
    replay(&open.after, |op| {
        op.alter_column("person", "name").set_type(varchar(50));
        op.alter_column("pet", "owner_name").set_type(varchar(50));
        op.alter_column("person", "id").set_type(big_integer());
    })
    .script();
}

#[test]
fn values_that_do_not_fit() {
    refused(Code::InvalidValue, "does not fit", |op| {
        op.insert("person", ["id", "price"]).row((1, decimal("1.005")));
    });
    refused(Code::InvalidValue, "does not fit", |op| {
        op.insert("person", ["id"]).row((5_000_000_000_i64,));
    });
    refused(Code::InvalidValue, "cannot be a value", |op| {
        op.update("person").set("id", "one");
    });
    refused(Code::InvalidValue, "the default of `price` does not fit", |op| {
        op.alter_column("person", "price").set_default(decimal("1.005"));
    });
    refused(Code::InvalidValue, "only integers can be numbered", |op| {
        op.alter_column("person", "price").set_not_null().add_identity();
    });
    refused(Code::InvalidValue, "`.using` gives every value", |op| {
        op.alter_column("person", "price").set_type(integer()).using("1").otherwise(2);
    });
    refused(Code::InvalidValue, "names 1.5 twice", |op| {
        op.alter_column("person", "price").set_type(integer()).map([(1.5, 1), (1.5, 2)]);
    });
    refused(Code::NotAnEnumValue, "'hapy'", |op| {
        op.drop_index("ix_mood");
        op.alter_column("person", "mood").set_type(text()).map([("hapy", "x")]);
    });
}

#[test]
fn what_must_not_be_null() {
    refused(Code::InUse, "primary key", |op| {
        op.alter_column("person", "id").drop_not_null();
    });
    refused(Code::InvalidValue, "may be NULL and cannot be numbered", |op| {
        op.create_table("free").column("id", integer());
        op.alter_column("free", "id").add_identity();
    });
}

#[test]
fn newer_servers_can_do_more() {
    let base = replay(&Schema::default(), base);
    let open = replay(&base.after, without_the_view);
    let change = replay(&open.after, |op| {
        op.alter_column("person", "upper").set_generated("lower(code)");
    });
    assert_eq!(change.refusal().code, Code::NotYet);
    let settings = Settings { postgres_version: 17, ..Settings::default() };
    let plan = change.plan(None, &settings).expect("Postgres 17 can");
    assert!(crate::harness::sql(&plan).contains("ALTER COLUMN \"upper\" SET EXPRESSION AS (lower(code));"));
    let old = Settings { postgres_version: 12, ..Settings::default() };
    let random = replay(&open.after, |op| {
        op.add_column("person", "token", uuid().default(random_uuid()));
    });
    let nulls = replay(&open.after, |op| {
        op.create_unique_constraint("person", ["code"]).nulls_not_distinct();
    });
    let older = Settings { postgres_version: 14, ..Settings::default() };
    assert_eq!(nulls.plan(None, &older).expect_err("too old")[0].code, Code::VersionFloor);
    assert_eq!(random.plan(None, &old).expect_err("too old")[0].code, Code::VersionFloor);
}
