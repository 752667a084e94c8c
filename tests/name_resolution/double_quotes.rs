//! A name in double quotes that no column has is refused where it is written. SQLite, asked here, takes it for a string.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::authored;

const TABLES: &str = r#"op.create_table("job")
        .column("id", integer())
        .column("status", text())
        .primary_key(["id"]);
    op.create_table("event").column("id", integer()).column("note", text()).primary_key(["id"]);"#;

/// A text that is refused.
struct Text {
    /// The statement of the author, with `{}` for the text as Rust writes it.
    statement: &'static str,
    text: &'static str,
    /// The statement of SQLite, with `{}` for the text.
    sql: &'static str,
}

const TEXTS: [Text; 14] = [
    Text {
        statement: "op.create_check_constraint(\"job\", \"gone\", {});",
        text: r#"status <> "gone""#,
        sql: "CREATE TABLE t (status TEXT, CHECK ({}))",
    },
    Text {
        statement: "op.create_table(\"note\").column(\"id\", integer()).column(\"body\", text()).check(\"body\", {});",
        text: r#"length(body) > 1 AND body NOT IN ('x', "y")"#,
        sql: "CREATE TABLE t (body TEXT, CHECK ({}))",
    },
    Text {
        statement: "op.create_table(\"note\").column(\"loud\", text().generated({})).column(\"body\", text());",
        text: r#"upper(body) || "!""#,
        sql: "CREATE TABLE t (body TEXT, loud TEXT GENERATED ALWAYS AS ({}) STORED)",
    },
    Text {
        statement: "op.add_column(\"job\", \"loud\", text().generated({}));",
        text: r#"upper("statsu")"#,
        sql: "CREATE TABLE t (status TEXT, loud TEXT GENERATED ALWAYS AS ({}))",
    },
    Text {
        statement: "op.create_index(\"ix\", \"job\", [expression({})]);",
        text: r#"status || "x""#,
        sql: "CREATE INDEX ix ON job ({})",
    },
    Text {
        statement: "op.create_index(\"ix\", \"job\", [\"id\"]).filter({});",
        text: r#"job.status = "it""s open""#,
        sql: "CREATE INDEX ix ON job (id) WHERE {}",
    },
    Text {
        statement: "op.create_view(\"open_job\", {});",
        text: r#"SELECT id FROM job WHERE status = "open""#,
        sql: "CREATE VIEW open_job AS {}",
    },
    Text {
        statement: "op.create_view(\"open_job\", {});",
        text: r#"WITH a AS (SELECT id FROM job) SELECT id FROM a WHERE EXISTS (SELECT 1 FROM event WHERE note = "status")"#,
        sql: "CREATE VIEW open_job AS {}",
    },
    Text {
        statement: "op.sqlite().create_trigger(\"log\", \"job\", {});",
        text: r#"AFTER UPDATE ON job WHEN new.status = "open" BEGIN SELECT 1; END"#,
        sql: "CREATE TRIGGER log {}",
    },
    Text {
        statement: "op.sqlite().create_trigger(\"log\", \"job\", {});",
        text: r#"AFTER INSERT ON job BEGIN INSERT INTO event (id, note) VALUES (new.id, "status"); END"#,
        sql: "CREATE TRIGGER log {}",
    },
    Text {
        statement: "op.alter_column(\"job\", \"status\").set_type(integer()).using({});",
        text: r#"CASE WHEN status = "one" THEN 1 ELSE 2 END"#,
        sql: "CREATE TABLE copy AS SELECT {} FROM job",
    },
    Text {
        statement: "op.update(\"job\").set(\"status\", sql({}));\n    op.irreversible(\"new values\");",
        text: r#"coalesce(status, "none")"#,
        sql: "UPDATE job SET status = {}",
    },
    Text {
        statement: "op.update(\"job\").set(\"status\", \"x\").filter({});\n    op.irreversible(\"new values\");",
        text: r#"status = "open""#,
        sql: "UPDATE job SET status = 'x' WHERE {}",
    },
    Text {
        statement: "op.insert(\"event\", [\"id\", \"note\"]).row((1, sql({})));",
        text: r#"upper("a")"#,
        sql: "INSERT INTO event VALUES (1, {})",
    },
];

/// A connection that takes strings in double quotes, as SQLite does unless it is told otherwise, with the tables in it.
fn engine() -> Connection {
    let engine = Connection::open_in_memory().expect("SQLite opens a database in memory");
    for strings in [DbConfig::SQLITE_DBCONFIG_DQS_DDL, DbConfig::SQLITE_DBCONFIG_DQS_DML] {
        assert!(engine.set_db_config(strings, true).expect("SQLite can be told"));
    }
    let tables = "CREATE TABLE job (id INTEGER PRIMARY KEY, status TEXT); CREATE TABLE event (id INTEGER PRIMARY KEY, note TEXT)";
    engine.execute_batch(tables).expect("the tables are created");
    engine
}

#[test]
fn sqlite_takes_each_of_the_texts_without_a_word() {
    for text in &TEXTS {
        let sql = text.sql.replace("{}", text.text);
        engine().execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

#[test]
fn each_of_the_texts_is_refused_at_the_words_of_the_author() {
    let first = authored::revision("first", None, TABLES);
    let mut all = String::new();
    for text in &TEXTS {
        let literal = format!("{:?}", text.text);
        let second = authored::revision("second", Some("first"), &text.statement.replace("{}", &literal));
        all += &authored::shown(&first, &second, &[&literal]);
        all += "\n\n";
    }
    insta::assert_snapshot!(all);
}
