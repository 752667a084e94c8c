//! Which values become values of another type by themselves, and which stop the script.

use offprint::operation::{Op, Type};
use offprint::prelude::*;
use offprint::schema::Schema;

use crate::harness::replay;
use crate::support::postgres::PostgresDatabase;

/// A conversion without a word of the author.
struct Conversion {
    from: Type,
    to: Type,
    /// Values that fit, as SQL, with what becomes of them.
    fits: &'static [(&'static str, &'static str)],
    /// Values of which each one alone has to stop the script.
    stops: &'static [&'static str],
}

fn conversions() -> Vec<Conversion> {
    let row = |from, to, fits, stops| Conversion { from, to, fits, stops };
    let mood = || enumeration("mood");
    vec![
        // Text.
        row(text(), varchar(3), &[("'abc'", "abc"), ("'a '", "a ")], &["'abcd'", "'abc '"]),
        row(varchar(9), varchar(3), &[("'abc'", "abc")], &["'abcd'", "'abc  '"]),
        row(varchar(3), varchar(9), &[("'abc'", "abc")], &[]),
        row(varchar(3), text(), &[("'a '", "a ")], &[]),
        row(text(), char(3), &[("'ab'", "ab ")], &["'abcd'", "'a '"]),
        row(char(5), varchar(3), &[("'ab'", "ab")], &["'abcd'"]),
        row(char(5), text(), &[("'ab'", "ab")], &[]),
        row(char(5), char(3), &[("'ab'", "ab ")], &["'abcd'"]),
        // Text that is something else.
        row(text(), small_integer(), &[("' 12 '", "12"), ("'-5'", "-5")], &["'x'", "''", "'1.0'", "'40000'"]),
        row(
            varchar(30),
            big_integer(),
            &[("'9223372036854775807'", "9223372036854775807")],
            &["'9223372036854775808'"],
        ),
        row(char(5), integer(), &[("'12'", "12")], &["'x'"]),
        row(
            text(),
            numeric(5, 2),
            &[("'1.50'", "1.50"), ("'.5'", "0.50"), ("'1e2'", "100.00")],
            &["'1.005'", "'1000'", "'x'", "'NaN'"],
        ),
        row(text(), double(), &[("'0.1'", "0.1"), ("'1e10'", "10000000000")], &["'0.12345678901234567890'", "'x'"]),
        row(text(), float(), &[("'0.1'", "0.1")], &["'0.123456789'", "'x'"]),
        row(text(), boolean(), &[("'true'", "true"), ("'off'", "false"), ("'1'", "true")], &["'maybe'", "'2'", "''"]),
        row(
            text(),
            uuid(),
            &[("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")],
            &["'a0'", "''"],
        ),
        row(
            text(),
            date(),
            &[("'2026-01-31'", "2026-01-31")],
            &["'2026-01-31 10:00'", "'01/02/2026'", "'2026-02-30'", "'today'"],
        ),
        row(text(), time(), &[("'10:30'", "10:30:00")], &["'10'", "'25:00'"]),
        row(text(), timestamp(), &[("'2026-01-31T10:00'", "2026-01-31 10:00:00")], &["'2026-01-31 10:00+02'", "'now'"]),
        row(text(), timestamptz(), &[("'2026-01-31 10:00+02'", "2026-01-31 08:00:00+00")], &["'2026-01-31 10:00'"]),
        row(text(), interval(), &[("'1 day'", "1 day")], &["'x'"]),
        row(text(), json(), &[("'{\"a\": 1}'", "{\"a\": 1}")], &["'{'", "''"]),
        row(text(), jsonb(), &[("'{\"a\":1}'", "{\"a\": 1}")], &["'{'"]),
        row(text(), mood(), &[("'happy'", "happy")], &["'Happy'", "''"]),
        row(varchar(9), mood(), &[("'sad'", "sad")], &["'none'"]),
        row(char(9), mood(), &[("'sad'", "sad")], &["'none'"]),
        // Something that becomes text.
        row(mood(), text(), &[("'sad'", "sad")], &[]),
        row(mood(), varchar(3), &[("'sad'", "sad")], &["'happy'"]),
        row(integer(), varchar(2), &[("12", "12")], &["123", "-12"]),
        row(big_integer(), text(), &[("-12", "-12")], &[]),
        row(numeric(5, 2), text(), &[("1.5", "1.50")], &[]),
        row(double(), text(), &[("0.1", "0.1"), ("1e300", "1e+300")], &[]),
        row(boolean(), varchar(4), &[("true", "true")], &["false"]),
        row(
            uuid(),
            varchar(36),
            &[("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")],
            &[],
        ),
        row(jsonb(), text(), &[("'{\"a\": 1}'", "{\"a\": 1}")], &[]),
        row(date(), text(), &[("'2026-01-31'", "2026-01-31")], &[]),
        row(timestamptz(), text(), &[("'2026-01-31 10:00+00'", "2026-01-31 10:00:00+00")], &[]),
        // Numbers.
        row(integer(), big_integer(), &[("-5", "-5")], &[]),
        row(big_integer(), integer(), &[("2147483647", "2147483647")], &["2147483648", "-2147483649"]),
        row(integer(), small_integer(), &[("32767", "32767")], &["32768"]),
        row(integer(), numeric(5, 2), &[("999", "999.00"), ("-999", "-999.00")], &["1000", "-1000"]),
        row(integer(), double(), &[("2147483647", "2147483647")], &[]),
        row(integer(), float(), &[("16777216", "1.6777216e+07")], &["16777217"]),
        row(big_integer(), double(), &[("9007199254740992", "9.007199254740992e+15")], &["9007199254740993"]),
        row(integer(), boolean(), &[("1", "true"), ("0", "false")], &["2", "-1"]),
        row(small_integer(), boolean(), &[("1", "true"), ("0", "false")], &["2"]),
        row(boolean(), small_integer(), &[("true", "1"), ("false", "0")], &[]),
        row(numeric(6, 3), numeric(5, 2), &[("1.500", "1.50"), ("999.99", "999.99")], &["1.505", "999.999"]),
        row(numeric(6, 1), numeric(5, 2), &[("999.9", "999.90")], &["1000.0"]),
        row(numeric(5, 2), numeric(9, 2), &[("1.5", "1.50")], &[]),
        row(numeric(12, 2), integer(), &[("7.00", "7")], &["7.5", "9999999999"]),
        row(numeric(5, 2), double(), &[("1.10", "1.1")], &[]),
        row(numeric(30, 20), double(), &[("0.5", "0.5")], &["0.12345678901234567891"]),
        row(double(), integer(), &[("7", "7")], &["7.5", "1e10", "'NaN'", "'Infinity'"]),
        row(
            double(),
            big_integer(),
            &[("-9223372036854775808", "-9223372036854775808")],
            &["9223372036854775808", "'NaN'"],
        ),
        row(float(), small_integer(), &[("7", "7")], &["7.5", "40000"]),
        row(double(), float(), &[("0.1", "0.1"), ("7", "7")], &["0.123456789", "1e300"]),
        row(float(), double(), &[("0.5", "0.5")], &[]),
        row(double(), numeric(5, 2), &[("1.5", "1.50")], &["1.005", "1000", "'NaN'", "'Infinity'"]),
        // Times.
        row(date(), timestamp(), &[("'2026-01-31'", "2026-01-31 00:00:00")], &[]),
        row(timestamp(), date(), &[("'2026-01-31 00:00'", "2026-01-31")], &["'2026-01-31 00:01'"]),
        row(time(), interval(), &[("'10:30'", "10:30:00")], &[]),
        // Documents and enums.
        row(json(), jsonb(), &[("'{\"a\":1}'", "{\"a\": 1}")], &["'\"\\u0000\"'"]),
        row(jsonb(), json(), &[("'{\"a\":1}'", "{\"a\": 1}")], &[]),
        row(mood(), enumeration("wide"), &[("'sad'", "sad")], &[]),
        row(enumeration("wide"), mood(), &[("'sad'", "sad")], &["'calm'"]),
        // Arrays.
        row(array(text()), array(mood()), &[("'{happy,sad}'", "{happy,sad}"), ("'{}'", "{}")], &["'{happy,none}'"]),
        row(array(mood()), array(text()), &[("'{happy,NULL}'", "{happy,NULL}")], &[]),
        row(array(varchar(3)), array(varchar(5)), &[("'{abc}'", "{abc}")], &[]),
        row(array(integer()), array(big_integer()), &[("'{1,2}'", "{1,2}")], &[]),
    ]
}

fn base(op: &mut Op, from: Type) {
    op.create_enum("mood", ["happy", "sad"]);
    op.create_enum("wide", ["sad", "calm", "happy"]);
    op.create_table("entry").column("id", integer()).column("value", from).primary_key(["id"]);
}

#[test]
fn a_value_becomes_what_it_was_or_stops_the_script() {
    let Some(database) = PostgresDatabase::create("conversions") else { return };
    let mut wrong = Vec::new();
    for Conversion { from, to, fits, stops } in conversions() {
        let name = format!("{from:?} to {to:?}");
        let base = replay(&Schema::default(), |op| base(op, from));
        let change = replay(&base.after, |op| {
            op.alter_column("entry", "value").set_type(to);
        });
        let script = change.script();
        let fill = |values: &[&str]| {
            database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            database.psql(&base.script()).expect_success();
            for (id, value) in (1..).zip(values) {
                database.execute(&format!("INSERT INTO entry VALUES ({id}, {value})"));
            }
            database.execute("INSERT INTO entry VALUES (0, NULL)");
        };
        let rows = || database.rows("SELECT value::text FROM entry WHERE id > 0 ORDER BY id");
        fill(&fits.iter().map(|(value, _)| *value).collect::<Vec<_>>());
        let outcome = database.psql(&script);
        let expected: Vec<_> = fits.iter().map(|(_, becomes)| vec![Some((*becomes).trim_end().to_owned())]).collect();
        let trimmed = || {
            let trim = |row: Vec<Option<String>>| {
                row.into_iter().map(|value| value.map(|value| value.trim_end().to_owned())).collect::<Vec<_>>()
            };
            rows().into_iter().map(trim).collect::<Vec<_>>()
        };
        if !outcome.succeeded() {
            wrong.push(format!("{name}: {}", outcome.stderr));
        } else if trimmed() != expected {
            wrong.push(format!("{name}: {:?}", rows()));
        }
        if database.rows("SELECT FROM entry WHERE id = 0 AND value IS NULL").len() != 1 {
            wrong.push(format!("{name}: NULL is lost"));
        }
        for value in stops {
            fill(&[value]);
            let before = rows();
            if database.psql(&script).succeeded() {
                wrong.push(format!("{name}: {value} became {:?}", rows()));
            } else if rows() != before {
                wrong.push(format!("{name}: {value} changed though the script stopped"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The script of an altered column, run on rows.
#[track_caller]
fn converted(case: &str, from: Type, alter: impl FnOnce(&mut Op), values: &[&str], expected: &[Option<&str>]) {
    let Some(database) = PostgresDatabase::create(case) else { return };
    let base = replay(&Schema::default(), |op| base(op, from));
    database.psql(&base.script()).expect_success();
    for (id, value) in (1..).zip(values) {
        database.execute(&format!("INSERT INTO entry VALUES ({id}, {value})"));
    }
    database.psql(&replay(&base.after, alter).script()).expect_success();
    let rows = database.rows("SELECT value::text FROM entry ORDER BY id");
    let expected: Vec<_> = expected.iter().map(|value| vec![value.map(str::to_owned)]).collect();
    assert_eq!(rows, expected);
}

#[test]
fn a_map_is_applied_in_one_pass_and_null_stays() {
    converted(
        "map text to enum",
        text(),
        |op| {
            op.alter_column("entry", "value").set_type(enumeration("mood")).map([
                ("sad", "happy"),
                ("happy", "sad"),
                ("it's", "sad"),
            ]);
        },
        &["'sad'", "'happy'", "'it''s'", "NULL"],
        &[Some("happy"), Some("sad"), Some("sad"), None],
    );
}

#[test]
fn null_can_be_mapped_and_mapped_to() {
    converted(
        "map null",
        integer(),
        |op| {
            op.alter_column("entry", "value").set_type(enumeration("mood")).map([(null(), "happy")]).otherwise("sad");
        },
        &["1", "NULL"],
        &[Some("sad"), Some("happy")],
    );
    converted(
        "map to null",
        text(),
        |op| {
            op.alter_column("entry", "value").set_type(integer()).map([("none", null())]).otherwise(-1);
        },
        &["'none'", "'12'", "'x'", "NULL", "'99999999999'"],
        &[None, Some("12"), Some("-1"), None, Some("-1")],
    );
}

#[test]
fn otherwise_is_for_what_does_not_fit() {
    converted(
        "otherwise enum",
        text(),
        |op| {
            op.alter_column("entry", "value")
                .set_type(enumeration("mood"))
                .map([("fine", "happy")])
                .otherwise("sad")
                .set_default("happy");
        },
        &["'happy'", "'fine'", "'other'", "NULL"],
        &[Some("happy"), Some("happy"), Some("sad"), None],
    );
    converted(
        "otherwise length",
        text(),
        |op| {
            op.alter_column("entry", "value").set_type(varchar(3)).otherwise("-");
        },
        &["'abc'", "'abcd'"],
        &[Some("abc"), Some("-")],
    );
    converted(
        "otherwise number",
        numeric(6, 2),
        |op| {
            op.alter_column("entry", "value").set_type(integer()).map([(decimal("1.5"), 2)]).otherwise(0);
        },
        &["1.50", "7", "7.25"],
        &[Some("2"), Some("7"), Some("0")],
    );
}

#[test]
fn types_without_a_cast_are_mapped() {
    converted(
        "map boolean to enum",
        boolean(),
        |op| {
            op.alter_column("entry", "value").set_type(enumeration("mood")).map([(true, "happy"), (false, "sad")]);
        },
        &["true", "false", "NULL"],
        &[Some("happy"), Some("sad"), None],
    );
    converted(
        "using",
        text(),
        |op| {
            op.alter_column("entry", "value").set_type(enumeration("mood")).using("lower(value) -- of any case");
        },
        &["'HAPPY'", "NULL"],
        &[Some("happy"), None],
    );
}

#[test]
fn an_unmapped_value_stops_the_script_and_is_named() {
    let Some(database) = PostgresDatabase::create("unmapped") else { return };
    let base = replay(&Schema::default(), |op| base(op, integer()));
    database.psql(&base.script()).expect_success();
    database.execute("INSERT INTO entry VALUES (1, 1), (2, 7), (3, 7), (4, NULL)");
    let change = replay(&base.after, |op| {
        op.alter_column("entry", "value").set_type(enumeration("mood")).map([(1, "happy")]).set_not_null();
    });
    let script = change.script();
    database.psql(&script).expect_failure(
        "offprint: entry.value has values that do not fit enum mood: '7' (2); rows: 2; nothing was changed",
    );
    database.execute("DELETE FROM entry WHERE value = 7");
    database
        .psql(&script)
        .expect_failure("offprint: entry.value is NULL in 1 rows, and it is to be NOT NULL; nothing was changed");
    database.execute("DELETE FROM entry WHERE value IS NULL");
    database.psql(&script).expect_success();
}

#[test]
fn a_mapped_null_makes_a_column_required() {
    let Some(database) = PostgresDatabase::create("mapped null, not null") else { return };
    let base = replay(&Schema::default(), |op| base(op, text()));
    database.psql(&base.script()).expect_success();
    database.execute("INSERT INTO entry VALUES (1, 'x'), (2, NULL)");
    let change = replay(&base.after, |op| {
        op.alter_column("entry", "value")
            .set_type(enumeration("mood"))
            .map([(null(), "sad")])
            .otherwise(null())
            .set_not_null();
    });
    database.psql(&change.script()).expect_failure("entry.value is NULL in 1 rows");
    database.execute("UPDATE entry SET value = 'happy' WHERE id = 1");
    database.psql(&change.script()).expect_success();
    assert_eq!(database.rows("SELECT value FROM entry ORDER BY id")[1], [Some("sad".to_owned())]);
}
