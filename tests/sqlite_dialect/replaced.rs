//! Parts of a table that someone has replaced by others of the same name or number stop a rebuild, and other spellings do not.

use offprint::prelude::*;

use crate::{PLACES, Revisions};

fn base(op: &mut Op) {
    op.create_table("shelf").column("id", integer()).column("place", integer()).primary_key(["id"]).unique(["place"]);
    op.create_enum("kind", ["a", "b"]);
    op.create_table("job")
        .column("id", integer())
        .column("size", integer().not_null().default(5))
        .column("kind", enumeration("kind").default("a"))
        .column("name", text().collation("NOCASE"))
        .column("done", boolean().default(false))
        .column("made", timestamp().default(now()))
        .column("twice", integer().generated("size * 2"))
        .column("shelf_id", integer())
        .primary_key(["id"])
        .unique(["size", "name"])
        .check("positive", "size > 0")
        .foreign_key(["shelf_id"], "shelf", ["id"]);
    op.create_index("ix_size", "job", ["size", "name"]);
    op.sqlite().create_index("ix_small", "job", [expression("lower(name)")]).filter("size < 10");
    op.sqlite().create_trigger(
        "tr",
        "job",
        "AFTER INSERT ON job BEGIN UPDATE job SET name = 'x' WHERE id = new.id; END",
    );
}

fn upgrade(op: &mut Op) {
    op.alter_column("job", "shelf_id").set_default(1);
}

/// SQL that lets the stored text of `job` say one thing in place of another.
fn edit(from: &str, to: &str) -> String {
    format!(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE name = 'job';
        PRAGMA writable_schema = RESET;",
        from.replace('\'', "''"),
        to.replace('\'', "''")
    )
}

#[test]
fn parts_that_are_others_stop_a_rebuild() {
    let another_index = "that is another one than the revisions know";
    for (change, words) in [
        (edit("size > 0", "size >= 0"), "checks, and the database seems to have"),
        (edit("('a', 'b')", "('a', 'b', 'c')"), "checks, and the database seems to have"),
        (edit("size * 2", "size * 3"), "generated columns, and the database seems to have 1"),
        (edit("NOCASE", "RTRIM"), "the revisions know `job.name` COLLATE NOCASE, and the database compares otherwise"),
        (edit("NOCASE", "BINARY"), "the revisions know `job.name` COLLATE NOCASE"),
        (edit("DEFAULT 5", "DEFAULT 6"), "`size NOT NULL DEFAULT 6`, of which the revisions know something else"),
        (edit("DEFAULT 'a'", "DEFAULT 'b'"), "`kind DEFAULT \"b\"`"),
        (edit("DEFAULT 'a'", "DEFAULT 'A'"), "`kind DEFAULT \"A\"`"),
        (edit("\"shelf_id\" INTEGER", "\"shelf_id\" INTEGER NOT NULL"), "`shelf_id NOT NULL`"),
        (edit("UNIQUE (\"size\", \"name\")", "UNIQUE (\"size\", \"kind\")"), "unique constraints, and the database"),
        (edit("REFERENCES \"shelf\" (\"id\")", "REFERENCES \"shelf\" (\"place\")"), "refers to `shelf.place`"),
        ("DROP INDEX ix_size; CREATE INDEX ix_size ON job (name, size)".into(), another_index),
        ("DROP INDEX ix_size; CREATE INDEX ix_size ON job (size, name DESC)".into(), another_index),
        ("DROP INDEX ix_size; CREATE INDEX ix_size ON job (size, name COLLATE BINARY)".into(), another_index),
        ("DROP INDEX ix_size; CREATE UNIQUE INDEX ix_size ON job (size, name)".into(), another_index),
        ("DROP INDEX ix_size; CREATE INDEX ix_size ON job (size, name) WHERE done".into(), another_index),
        ("DROP INDEX ix_small; CREATE INDEX ix_small ON job (upper(name)) WHERE size < 10".into(), another_index),
        ("DROP INDEX ix_small; CREATE INDEX ix_small ON job (lower(name)) WHERE size < 11".into(), another_index),
        ("DROP INDEX ix_small; CREATE INDEX ix_small ON job (lower(name))".into(), another_index),
        (
            "DROP TRIGGER tr; CREATE TRIGGER tr AFTER INSERT ON job BEGIN UPDATE job SET name = 'y'; END".into(),
            "`job` has a trigger `tr` that is another one than the revisions know",
        ),
    ] {
        Revisions::new(base, upgrade).stops(&change, words);
    }
}

/// No pragma shows how a column compares that no index has, but the engine itself does.
#[test]
fn collations_that_changed_places_stop_a_rebuild() {
    fn base(op: &mut Op) {
        op.create_table("job")
            .column("id", integer())
            .column("first", text().collation("NOCASE"))
            .column("second", text())
            .column("third", text().collation("RTRIM"))
            .column("made", text().collation("NOCASE").generated("first || second"))
            .primary_key(["id"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "id").set_default(1);
    }
    let rows = "INSERT INTO job (id, first, second) VALUES (1, 'a ', 'A')";
    let table = |first: &str, second: &str, third: &str, made: &str| {
        format!(
            "DROP TABLE job; CREATE TABLE job (id INTEGER NOT NULL PRIMARY KEY, first TEXT {first}, second TEXT {second},
            third TEXT {third}, made TEXT {made} AS (first || second) STORED); {rows}"
        )
    };
    let [nocase, rtrim] = ["COLLATE NOCASE", "COLLATE RTRIM"];
    let case = Revisions::new(base, upgrade);
    for (made, words) in [
        (table("", nocase, rtrim, nocase), "`job.first` COLLATE NOCASE"),
        (table(nocase, rtrim, "", nocase), "`job.second` COLLATE BINARY"),
        (table(nocase, nocase, rtrim, ""), "`job.second` COLLATE BINARY"),
        (table(rtrim, "", nocase, nocase), "`job.first` COLLATE NOCASE"),
    ] {
        case.stops(&made, &format!("the revisions know {words}, and the database compares otherwise"));
    }
    let kept: &[(&str, &[&str])] = &[("SELECT first, second FROM job", &["a |A"])];
    case.run(rows, kept, kept);
}

#[test]
fn another_key_stops_a_rebuild() {
    fn base(op: &mut Op) {
        op.create_table("job")
            .column("a", integer().not_null())
            .column("b", integer().not_null())
            .primary_key(["a", "b"]);
    }
    fn upgrade(op: &mut Op) {
        op.alter_column("job", "b").set_default(1);
    }
    let key = "DROP TABLE job; CREATE TABLE job (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (b, a))";
    Revisions::new(base, upgrade)
        .stops(key, "`a NOT NULL in the primary key`, of which the revisions know something else");
    let key = "DROP TABLE job; CREATE TABLE job (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a))";
    Revisions::new(base, upgrade).stops(key, "of which the revisions know something else");
}

/// A database that was adopted has the same table in the words of another tool.
#[test]
fn other_spellings_stop_nothing() {
    let adopted = "DROP TABLE job;
        CREATE TABLE IF NOT EXISTS main.[job] (
            id integer PRIMARY KEY NOT NULL,
            `size`  BIGINT  DEFAULT '5' NOT NULL ,
            kind VARCHAR(8) default ('a') CONSTRAINT any_name check(kind in ('a','b')),
            name VARCHAR collate nocase,
            done boolean default false,
            made TEXT DEFAULT (current_timestamp),
            twice int AS (\"size\"*2) STORED,
            shelf_id INTEGER DEFAULT NULL REFERENCES shelf,
            UNIQUE(size , name), constraint positive check (
                \"size\"  >  0
            )
        );
        CREATE INDEX IF NOT EXISTS main.ix_size on job(\"size\" ASC, name collate nocase);
        CREATE INDEX ix_small ON [job] (LOWER(\"name\")) where size<10;
        CREATE TRIGGER IF NOT EXISTS \"tr\" after insert on job begin
            update job set name = 'x' where id = new.id;
        end;
        INSERT INTO shelf VALUES (1, 1);
        INSERT INTO job (kind, shelf_id) VALUES ('b', 1)";
    for place in PLACES {
        let Some(database) = place.database() else { continue };
        let scripts = Revisions::new(base, upgrade).scripts(place.delivery());
        place.run(&database, &scripts.base).expect("the base");
        database.execute(adopted);
        place
            .run(&database, &scripts.upgrade)
            .unwrap_or_else(|error| panic!("{error} ({place:?})\n{}", scripts.upgrade));
        let row = "SELECT id, size, kind, name, done, twice, shelf_id FROM job";
        assert_eq!(crate::rows(&database, row), ["1|5|b|x|0|10|1"], "{place:?}");
    }
}

/// The declared types of another tool, under which SQLite holds other values than under those of the revisions.
mod declared_types {
    use offprint::prelude::*;

    use crate::{PLACES, Revisions};

    fn base(op: &mut Op) {
        op.create_table("item")
            .column("id", integer())
            .column("code", integer())
            .column("weight", double())
            .column("label", text())
            .column("raw", bytes())
            .column("late", boolean())
            .primary_key(["id"]);
    }

    fn upgrade(op: &mut Op) {
        op.alter_column("item", "late").set_default(false);
    }

    /// The table as another tool has made it, with these rows.
    fn adopted(types: [&str; 6], rows: &str) -> String {
        let [id, code, weight, label, raw, late] = types;
        format!(
            "DROP TABLE item;
            CREATE TABLE item (id {id} PRIMARY KEY, code {code}, weight {weight}, label {label}, raw {raw}, late {late});
            INSERT INTO item VALUES {rows}"
        )
    }

    const LOOSE: [&str; 6] = ["BIGINT", "TEXT", "NUMERIC", "NUMERIC", "TEXT", "VARCHAR(5)"];

    #[test]
    fn values_that_would_change_stop_a_rebuild() {
        for (rows, words) in [
            ("(1, '007', 1, 'a', 'b', NULL)", "`item.code` holds `007` and is INTEGER in the revisions"),
            ("(1, ' 7 ', 1, 'a', 'b', NULL)", "`item.code` holds ` 7 `"),
            ("(1, 'x', 1, 'a', 'b', NULL), (2, '1e3', 1, 'a', 'b', NULL)", "`item.code` holds `1e3`"),
            ("(1, 'x', 9007199254740993, 'a', 'b', NULL)", "`item.weight` holds 9007199254740993 and is REAL"),
            ("(1, 'x', 1, 7, 'b', NULL)", "`item.label` holds 7 and is TEXT"),
            ("(1, 'x', 1, 7.5, 'b', NULL)", "`item.label` holds 7.5"),
            ("(1, 'x', 1, 'a', 'b', '1')", "`item.late` holds `1` and is BOOLEAN"),
            ("(NULL, 'x', 1, 'a', 'b', NULL)", "`item.id` holds NULL and is INTEGER"),
        ] {
            Revisions::new(base, upgrade).stops(&adopted(LOOSE, rows), words);
        }
        let untyped = ["INT", "", "", "", "", ""];
        let rows = "(1, '7', 1, 'a', 'b', NULL)";
        Revisions::new(base, upgrade).stops(&adopted(untyped, rows), "`item.code` holds `7`");
        let rows = "(1, 7, '1.5', 'a', 'b', NULL)";
        Revisions::new(base, upgrade).stops(&adopted(untyped, rows), "`item.weight` holds `1.5`");
    }

    /// Beside columns that change, those that stay are looked at; and so are values that stay what they are in a new type.
    #[test]
    fn values_that_would_change_beside_a_conversion_and_in_it() {
        fn convert(op: &mut Op) {
            op.alter_column("item", "code").set_type(text());
            op.alter_column("item", "late").set_type(integer());
        }
        fn back(op: &mut Op) {
            op.alter_column("item", "code").set_type(boolean());
        }
        for (upgrade, rows, words) in [
            (
                convert as fn(&mut Op),
                "(1, '007', 1, 'a', 'b', NULL)",
                "values of `item.code` that have no place in text()",
            ),
            (convert, "(1, NULL, 1, 7, 'b', NULL)", "`item.label` holds 7 and is TEXT"),
            (convert, "(1, NULL, 1, 'a', 'b', '1')", "`item.late` holds `1` and is INTEGER in the revisions"),
            (back, "(1, '1', 1, 'a', 'b', NULL)", "`item.code` holds `1` and is BOOLEAN in the revisions"),
        ] {
            Revisions::new(base, upgrade).stops(&adopted(LOOSE, rows), words);
        }
        let loose = ["INT", "", "", "", "", ""];
        for place in PLACES {
            let Some(database) = place.database() else { continue };
            let scripts = Revisions::new(base, convert).scripts(place.delivery());
            place.run(&database, &scripts.base).expect("the base");
            database.execute(&adopted(loose, "(1, 7, 1, 'a', '007', 1), (2, NULL, 2.5, NULL, 7, 0)"));
            place
                .run(&database, &scripts.upgrade)
                .unwrap_or_else(|error| panic!("{error} ({place:?})\n{}", scripts.upgrade));
            let query = "SELECT quote(code), quote(weight), quote(label), quote(raw), quote(late) FROM item";
            assert_eq!(crate::rows(&database, query), ["'7'|1.0|'a'|'007'|1", "NULL|2.5|NULL|7|0"], "{place:?}");
        }
    }

    #[test]
    fn values_that_stay_stop_nothing() {
        let rows = "(1, 'x', 3, 'a', '007', 'no'), (2, '0x1f', 2.5, NULL, x'3037', ''), (3, x'37', 9007199254740992, '-', 7, NULL)";
        let held = [
            "1|text|x|3.0|text|a|text|007|text|no",
            "2|text|0x1f|2.5|null|NULL|blob|07|text|",
            "3|blob|x'37'|9007199254740992.0|text|-|text|7|null|NULL",
        ];
        let query = "SELECT id, typeof(code), code, weight, typeof(label), label, typeof(raw), CAST(raw AS TEXT), typeof(late), late FROM item";
        for place in PLACES {
            let Some(database) = place.database() else { continue };
            let scripts = Revisions::new(base, upgrade).scripts(place.delivery());
            place.run(&database, &scripts.base).expect("the base");
            database.execute(&adopted(LOOSE, rows));
            place
                .run(&database, &scripts.upgrade)
                .unwrap_or_else(|error| panic!("{error} ({place:?})\n{}", scripts.upgrade));
            assert_eq!(crate::rows(&database, query), held, "{place:?}");
        }
    }
}
