//! What stands in the way of a drop or a rename by its text, and which words of the author are underlined.
//!
//! What follows or goes along instead is run on the engines by `tests/operations/names.rs`.

use crate::authored;

const TABLES: &str = r#"op.create_table("job")
        .column("id", integer())
        .column("status", text())
        .column("status_code", text())
        .column("note", text())
        .primary_key(["id"]);
    op.create_enum("mood", ["sad", "glad"]);
    op.create_table("event").column("id", integer()).column("status", text()).primary_key(["id"]);
    "#;

const DROP_COLUMN: &str = r#"op.drop_column("job", "status");"#;
const RENAME_COLUMN: &str = r#"op.rename_column("job", "status", "state");"#;
const DROP_TABLE: &str = r#"op.drop_table("job");"#;
const RENAME_TABLE: &str = r#"op.rename_table("job", "task");"#;

/// What is created first, the change that it stands in the way of, and the words that are underlined.
const REFUSED: &[(&str, &str, &[&str])] = &[
    (
        r#"op.create_view("open_job", "SELECT j.id FROM job AS j WHERE 'status' <> j.\"status\"");"#,
        DROP_COLUMN,
        &["\"status\""],
    ),
    (r#"op.create_view("open_job", "SELECT * FROM job");"#, DROP_COLUMN, &["\"status\""]),
    (
        r#"op.create_view("pairs", "SELECT status FROM job JOIN event USING (id, status)");"#,
        DROP_COLUMN,
        &["\"status\""],
    ),
    (
        r#"op.create_view("late", "WITH old AS (SELECT id, status FROM job) SELECT id FROM old WHERE status > ''");"#,
        DROP_COLUMN,
        &["\"status\""],
    ),
    (
        r#"op.create_view("count", "SELECT id FROM event AS e WHERE EXISTS (SELECT 1 FROM job WHERE job.status = e.status)");"#,
        DROP_COLUMN,
        &["\"status\""],
    ),
    (
        r#"op.add_column("job", "loud", text().generated("upper(job.status) || ' status'"));"#,
        r#"op.postgres().drop_column("job", "status");"#,
        &["\"status\""],
    ),
    (
        r#"op.add_column("job", "loud", text().generated("upper(job.status) || ' status'"));"#,
        r#"op.sqlite().drop_column("job", "status");"#,
        &["\"status\""],
    ),
    (
        r#"op.sqlite().create_trigger("log", "job", "AFTER UPDATE ON job BEGIN UPDATE event SET status = NEW.status WHERE id = OLD.id; END");"#,
        r#"op.sqlite().drop_column("job", "status");"#,
        &["\"status\""],
    ),
    (
        r#"op.sqlite().create_trigger("log", "job", "AFTER UPDATE OF status ON job BEGIN SELECT 1; END");"#,
        r#"op.sqlite().drop_column("job", "status");"#,
        &["\"status\""],
    ),
    (
        r#"op.sqlite().create_trigger("fill", "event", "AFTER INSERT ON event BEGIN INSERT INTO job VALUES (1, 'a', 'b', 'c'); END");"#,
        r#"op.sqlite().rename_column("job", "status", "state");"#,
        &["\"status\""],
    ),
    (
        r#"op.postgres().create_policy("own", "job").using("status = current_user");"#,
        r#"op.postgres().drop_column("job", "status");"#,
        &["\"status\""],
    ),
    (
        r#"op.postgres().create_policy("own", "event").using("EXISTS (SELECT 1 FROM job WHERE job.id = event.id)");"#,
        r#"op.postgres().drop_table("job");"#,
        &["\"job\""],
    ),
    (
        r#"op.postgres().create_function("first_job", "").returns("job").language("sql").body("SELECT * FROM job LIMIT 1");"#,
        r#"op.postgres().rename_table("job", "task");"#,
        &["\"job\""],
    ),
    (r#"op.create_view("jobs", "SELECT job.id FROM event AS e, job");"#, DROP_TABLE, &["\"job\""]),
    (
        r#"op.create_view("jobs", "SELECT job.id, e.id AS event FROM job JOIN event e ON job.status = e.status");"#,
        DROP_TABLE,
        &["\"job\""],
    ),
    (
        r#"op.postgres().create_view("rows", "SELECT row_to_json(job) AS row FROM job");"#,
        r#"op.postgres().rename_column("job", "status", "state");"#,
        &["\"status\""],
    ),
    (r#"op.create_view("all_jobs", "SELECT * FROM job");"#, RENAME_COLUMN, &["\"status\""]),
    (
        r#"op.create_view("both", "SELECT status FROM job NATURAL JOIN (SELECT id FROM event) AS e");"#,
        RENAME_COLUMN,
        &["\"status\""],
    ),
    (r#"op.create_view("states", "SELECT note AS state FROM job ORDER BY status");"#, RENAME_COLUMN, &["\"status\""]),
    (
        r#"op.create_view("tasks", "WITH task AS (SELECT id FROM event) SELECT job.id FROM job, task");"#,
        RENAME_TABLE,
        &["\"job\""],
    ),
    (
        r#"op.postgres().alter_column("job", "note").set_default(sql("'sad'::mood"));"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
    (
        r#"op.postgres().create_check_constraint("job", "fine", "note::public.mood <> 'sad'");"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
    (
        r#"op.postgres().create_view("feelings", "SELECT id, CAST(note AS mood) AS felt FROM job");"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
    (
        r#"op.postgres().create_policy("fine", "job").using("note IN (SELECT unnest(enum_range(NULL::mood))::text)");"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
    (
        r#"op.postgres().create_index("ix_felt", "job", [expression("mood(note)")]);"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
    (
        r#"op.postgres().create_function("felt", "what mood").returns("text").language("sql").body("SELECT what::text");"#,
        r#"op.postgres().drop_enum("mood");"#,
        &["\"mood\""],
    ),
];

#[test]
fn what_stands_in_the_way_is_named() {
    let mut all = String::new();
    for (object, change, underlined) in REFUSED {
        let first = authored::revision("first", None, &format!("{TABLES}{object}"));
        let second =
            authored::revision("second", Some("first"), &format!("{change}\n    op.irreversible(\"a test\");"));
        // Both dialects say the same, once each at most.
        let told = authored::shown(&first, &second, underlined);
        let told = told.split("\n\nFor more about").next().unwrap_or_default();
        all += &format!("{object}\n{told}\n\n");
    }
    insta::assert_snapshot!(all);
}

/// What speaks of a value of an enum on SQLite, where it stands in the text.
const SPEAKING: &[&str] = &[
    r#"op.sqlite().create_check_constraint("feeling", "not_sad", "felt <> 'sad' OR id > 0");"#,
    r#"op.sqlite().create_index("ix_sad", "feeling", ["id"]).filter("felt = 'sad'");"#,
    r#"op.sqlite().create_index("ix_is_sad", "feeling", [expression("felt = 'sad'")]);"#,
    r#"op.sqlite().add_column("feeling", "is_sad", boolean().generated("feeling.felt = 'sad'"));"#,
    r#"op.sqlite().create_view("sad", "SELECT id FROM feeling WHERE felt = 'sad'");"#,
    r#"op.sqlite().create_trigger("tr", "feeling", "AFTER INSERT ON feeling WHEN new.felt = 'sad' BEGIN SELECT 1; END");"#,
];

#[test]
fn what_speaks_of_a_value_is_named() {
    let mut all = String::new();
    for object in SPEAKING {
        let table = r#"op.create_table("feeling").column("id", integer()).column("felt", enumeration("mood")).primary_key(["id"]);"#;
        let first = authored::revision("first", None, &format!("{TABLES}{table}\n    {object}"));
        let change = r#"op.rename_enum_value("mood", "sad", "blue");"#;
        let second = authored::revision("second", Some("first"), change);
        all += &format!("{object}\n{}\n", authored::shown(&first, &second, &["rename_enum_value"]));
    }
    insta::assert_snapshot!(all);
}
