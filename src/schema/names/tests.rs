//! Texts that are hostile to whoever looks for a name in them.

use std::sync::Arc;

use ecow::EcoString;

use super::{Answer, Item, Reading};
use crate::schema::Dialect::{self, Postgres, Sqlite};
use crate::schema::{Column, ColumnType, Nullability, Schema, Storage, Table, Trigger, View, ViewKind, ViewSecurity};

fn table(name: &str, columns: &[&str]) -> Table {
    let column = |name: &str| Column {
        name: name.into(),
        column_type: ColumnType::Text,
        nullability: Nullability::Nullable,
        default: None,
        identity: None,
        generated: None,
        collation: None,
        comment: None,
    };
    Table {
        name: name.into(),
        columns: columns.iter().map(|name| Arc::new(column(name))).collect(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        comment: None,
        strict: false,
        without_rowid: false,
        partitioning: None,
        storage: Storage::default(),
    }
}

/// `job` has the column `status` that is looked for; so has `event`, which is another one.
fn schema() -> Schema {
    let mut schema = Schema::default();
    schema.put_table(table("job", &["id", "owner_id", "title", "status"]));
    schema.put_table(table("event", &["id", "job_id", "status", "note"]));
    schema.put_table(table("owner", &["id", "name"]));
    let view = |name: &str, query: &str| {
        Arc::new(View {
            name: name.into(),
            query: query.into(),
            kind: ViewKind::Plain { security: ViewSecurity::Owner },
        })
    };
    schema.put_view(view("open_job", "SELECT id, status AS state FROM job"));
    schema.put_view(view("counted", "SELECT owner_id, count(*) FROM job GROUP BY owner_id"));
    schema
}

/// The text with what refers to the object in `«»`, or in `‹›` where it names a column that a query gives; `-` when nothing does, `?` when it cannot be told.
fn marked(text: &str, answer: Answer) -> String {
    match answer {
        Answer::Absent => "-".into(),
        Answer::Doubtful(_) => "?".into(),
        Answer::Certain(sites) => {
            let mut marked = String::new();
            let mut copied = 0;
            for site in sites {
                let (open, close) = if site.item == Item::NamedByIt { ("‹", "›") } else { ("«", "»") };
                let (before, name) = (&text[copied..site.range.start], &text[site.range.clone()]);
                marked += &format!("{before}{open}{name}{close}");
                copied = site.range.end;
            }
            marked + &text[copied..]
        }
    }
}

fn column_in_query(text: &str, dialect: Dialect) -> String {
    marked(text, Reading::of_query(text, &schema(), dialect).column("job", "status"))
}

fn table_in_query(text: &str, dialect: Dialect) -> String {
    marked(text, Reading::of_query(text, &schema(), dialect).relation("job"))
}

fn column_in_expression(text: &str, dialect: Dialect) -> String {
    let schema = schema();
    let job = schema.table("job").expect("the schema has it");
    marked(text, Reading::of_expression(text, job, &schema, dialect).column("job", "status"))
}

fn trigger_reading(table: &str, text: &str, dialect: Dialect) -> Reading {
    let trigger = Trigger { name: "touch".into(), table: table.into(), definition: text.into() };
    Reading::of_trigger(&trigger, &schema(), dialect)
}

fn column_in_trigger(table: &str, text: &str, dialect: Dialect) -> String {
    marked(text, trigger_reading(table, text, dialect).column("job", "status"))
}

/// Each text as it is expected to be marked; without marks it is the text itself, else the sign follows after ` => `.
#[track_caller]
fn check(read: impl Fn(&str, Dialect) -> String, dialects: &[Dialect], expected: &[&str]) {
    for expected in expected {
        let (text, sign) = expected.split_once(" => ").unwrap_or((expected, expected));
        let text = text.replace(['«', '»', '‹', '›'], "");
        for dialect in dialects {
            assert_eq!(read(&text, *dialect), sign, "{text} on {dialect}");
        }
    }
}

#[test]
fn expressions_of_a_table() {
    check(
        column_in_expression,
        &[Postgres, Sqlite],
        &[
            "«status» <> 'status'",
            "title <> 'status' -- status\n /* status */ => -",
            "«\"status\"» = 'it''s status' AND job.«status» IS NOT NULL",
            "status(title) > 0 => -",
            "lower(«status») = «status» COLLATE \"status\"",
            "«status» IN ('queued', 'done') AND («status») NOT IN ('a')",
            "CASE «status» WHEN 'a' THEN 1 WHEN title THEN 2 ELSE length(«status») END > 0",
            "CASE WHEN «status» IS NULL THEN TRUE ELSE «status» NOT LIKE '%status%' ESCAPE '!' END",
            "CAST(«status» AS varchar(20)) BETWEEN title AND «status»",
            "NOT («status» = '') AND -length(«status») < .5 OR title NOT NULL AND NOT title = «status»",
            "length(title) + length(«status») * 2 % 3 >= 1e-5",
            "STATUS.title > '' => -",
            "title IS DISTINCT FROM «status»",
            "status_at > 0 => -",
        ],
    );
    check(
        column_in_expression,
        &[Postgres],
        &[
            "\"Status\" = 'x' => -",
            "«STATUS» = 'x'",
            "title::status = 'x' => -",
            "«status»::double precision > 0 AND title::timestamp(3) with time zone > «status»::date",
            "«status» ~ '^a' AND E'\\'status' <> $$status$$",
            "(ARRAY['a', «status»])[1] = ANY (ARRAY['status'])",
            "extract(status FROM title) > 0 AND extract(year FROM «status») > 0",
            "title > date '2020-01-01' AND title < status '2020-01-01' AND «status» > interval '1 day'",
            "substring(«status» FROM 1 FOR 2) = trim(both ' ' FROM «status»)",
            "(job).status = 'x' => ?",
            "job IS NOT NULL => ?",
            "U&\"st\\0061tus\" = 'x' AND status = '' => ?",
            "f(status := 1) = «status»",
            "title AT TIME ZONE «status» > now()",
            "app.job.status = 'x' => ?",
        ],
    );
    check(
        column_in_expression,
        &[Sqlite],
        &[
            "«\"Status\"» = 'x'",
            "«[status]» = 'x' AND «`STATUS`» = [title]",
            "title = \"stat\" AND «status» = \"status at\"",
            "'job'.«'status'» = 'x' AND main.job.«status» = 'status'",
            "«status» GLOB 'a*' AND «status» REGEXP title AND «status» NOTNULL",
            "json_extract(«status», '$.status') ->> 'status' = 'x'",
            "/* /* */ status = 1 /* */ */ => ?",
        ],
    );
}

#[test]
fn strings_in_double_quotes_are_told_from_columns() {
    let schema = schema();
    let job = schema.table("job").expect("the schema has it");
    let text = "status <> \"gone\" AND title = \"TITLE\" AND \"lower\"(title) = \"it\"\"s\" COLLATE \"nocase\" AND \"rowid\" > 0";
    let reading = Reading::of_expression(text, job, &schema, Sqlite);
    let found: Vec<&str> = reading.double_quoted_texts().map(|found| &text[found.range]).collect();
    assert_eq!(found, ["\"gone\"", "\"it\"\"s\""]);
    let query = "SELECT \"x\" AS y FROM job WHERE \"y\" = \"job\"";
    let reading = Reading::of_query(query, &schema, Sqlite);
    let found: Vec<&str> = reading.double_quoted_texts().map(|found| &query[found.range]).collect();
    assert_eq!(found, ["\"x\"", "\"job\""]);
}

#[test]
fn columns_in_queries() {
    check(
        column_in_query,
        &[Postgres, Sqlite],
        &[
            "SELECT id, ‹status› FROM job WHERE «status» <> 'status'",
            "SELECT j.‹status›, e.status FROM job AS j JOIN event e ON e.job_id = j.id",
            "SELECT e.status, job.id AS status FROM job JOIN event e ON e.job_id = job.id => -",
            "SELECT status FROM job JOIN event e ON e.job_id = job.id => ?",
            "SELECT status FROM event => -",
            "SELECT title AS status FROM job ORDER BY status => -",
            "SELECT title AS status FROM job ORDER BY lower(«status»)",
            "SELECT «status» AS state FROM job ORDER BY «status», state",
            "SELECT * FROM job => ?",
            "SELECT j.* FROM job j => ?",
            "SELECT e.*, count(*) AS n FROM event e, job GROUP BY e.id => -",
            "SELECT count(*) AS n, max(«status») AS last FROM job HAVING count(«status») > 1",
            "SELECT id FROM event WHERE EXISTS (SELECT 1 FROM job WHERE job.id = event.job_id AND job.«status» = event.status)",
            "SELECT id FROM job WHERE EXISTS (SELECT 1 FROM owner WHERE owner.id = owner_id AND «status» = name)",
            "SELECT id FROM job WHERE EXISTS (SELECT 1 FROM event WHERE status = title) => -",
            "WITH job AS (SELECT id, status FROM event) SELECT status FROM job => -",
            "WITH open AS (SELECT id, ‹status› FROM job) SELECT status FROM open WHERE status = 'a'",
            "WITH open (id, status) AS (SELECT id, title FROM job) SELECT status FROM open => -",
            "WITH RECURSIVE up (id, s) AS (SELECT id, «status» FROM job UNION ALL SELECT up.id + 1, s FROM up) SELECT s FROM up",
            "SELECT x.status FROM (SELECT ‹status› FROM job) AS x",
            "SELECT id FROM job NATURAL JOIN event => ?",
            "SELECT job.id FROM job JOIN event USING (status) => ?",
            "SELECT job.id, job.‹status› FROM job JOIN event USING (id)",
            "SELECT state FROM open_job => -",
            "SELECT o.state, j.‹status› FROM open_job o LEFT OUTER JOIN job j ON j.id = o.id",
            "SELECT status FROM counted, job => ?",
            "SELECT counted.owner_id, job.‹status› FROM counted, job",
            "SELECT ‹status› FROM job UNION SELECT status FROM event ORDER BY status DESC NULLS LAST LIMIT 3 OFFSET 1",
            "SELECT status FROM event UNION ALL SELECT «status» FROM job",
            "SELECT row_number() OVER (PARTITION BY «status» ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM job",
            "SELECT sum(id) FILTER (WHERE «status» = 'x') AS n FROM job",
            "SELECT CASE WHEN «status» = 'status' THEN 'status' END AS status FROM job;",
            "SELECT title FROM job WHERE status_at = 'status' => -",
            "SELECT a.‹status› FROM (job AS a CROSS JOIN owner)",
            "SELECT job_id FROM event WHERE (SELECT count(*) FROM job WHERE «status» = note) > 1",
            "SELECT DISTINCT ‹status› FROM job GROUP BY «status», title HAVING «status» > ''",
        ],
    );
    check(
        column_in_query,
        &[Postgres],
        &[
            "SELECT lower(«status») FROM job",
            "SELECT DISTINCT ON («status») id FROM job ORDER BY «status», id",
            "SELECT row_to_json(job) AS r FROM job => ?",
            "SELECT x.status FROM job, LATERAL (SELECT job.‹status›) AS x",
            "SELECT v.status FROM job, (VALUES (1)) AS v (status) => -",
            "SELECT value FROM job, json_each(status::json) AS each (key, value) => ?",
            "SELECT value FROM job AS j, json_each(j.«status»::json) AS each",
            "SELECT ‹status› FROM public.job WHERE public.job.«status» > ''",
            "SELECT status FROM app.job => -",
            "SELECT string_agg(title, ',' ORDER BY «status») AS all FROM job",
            "SELECT array_agg(id ORDER BY id) FILTER (WHERE «status» = ANY (ARRAY['a', 'b'])) AS ids FROM job FETCH FIRST 3 ROWS ONLY",
            "TABLE job => ?",
            "SELECT status INTO x FROM job => ?",
        ],
    );
    check(
        column_in_query,
        &[Sqlite],
        &[
            "SELECT ‹[status]›, ‹`status`› FROM 'job'",
            "SELECT id FROM event WHERE note IN job => ?",
            "SELECT ‹\"STATUS\"› FROM \"JOB\" INDEXED BY status",
            "SELECT 'status' status FROM job WHERE \"statu\" = 'x' => -",
            "WITH a AS (SELECT status FROM b), b AS (SELECT ‹status› FROM job) SELECT status FROM a",
        ],
    );
}

#[test]
fn names_that_an_expression_gives_its_item() {
    let depends = |text: &str, dialect| {
        let reading = Reading::of_query(text, &schema(), dialect);
        reading.names_depend_on("job", "status")
    };
    assert!(depends("SELECT lower(status) FROM job", Sqlite));
    assert!(!depends("SELECT lower(status) FROM job", Postgres));
    assert!(depends("SELECT status::text FROM job", Postgres));
    assert!(!depends(
        "SELECT lower(status) AS x, status FROM job WHERE id IN (SELECT length(status) FROM job)",
        Sqlite
    ));
}

#[test]
fn tables_in_queries() {
    check(
        table_in_query,
        &[Postgres, Sqlite],
        &[
            "SELECT «job».id, 'job' AS job FROM «job» WHERE «job».status = 'job'",
            "SELECT job.id FROM event AS job => -",
            "WITH job AS (SELECT 1 AS id) SELECT job.id FROM job => -",
            "SELECT * FROM «job» j JOIN event ON j.id = job_id",
            "SELECT «job».* FROM «job» /* job */",
            "SELECT job FROM (SELECT id AS job FROM event) AS x => -",
            "SELECT id FROM event WHERE job_id IN (SELECT id FROM «job»)",
        ],
    );
    check(
        table_in_query,
        &[Postgres],
        &["SELECT id FROM \"Job\" => -", "SELECT id FROM app.job => -", "SELECT public.«job».id FROM public.«job»"],
    );
    check(table_in_query, &[Sqlite], &["SELECT id FROM «\"Job\"»", "SELECT id FROM main.«job»"]);
}

#[test]
fn triggers_of_sqlite() {
    check(
        |text, dialect| column_in_trigger("job", text, dialect),
        &[Sqlite],
        &[
            "AFTER UPDATE OF title, «status» ON job WHEN new.«status» <> OLD.«\"status\"» BEGIN SELECT 1; END",
            "AFTER INSERT ON job BEGIN INSERT INTO event (job_id, status) VALUES (new.id, new.«status»); END",
            "AFTER INSERT ON job BEGIN INSERT INTO event VALUES (1, 2, 'status', new.«status»); END",
            "AFTER INSERT ON job BEGIN UPDATE event SET status = 'status' WHERE status = new.title; END => -",
            "AFTER INSERT ON job BEGIN UPDATE event SET note = j.«status» FROM job AS j WHERE j.id = event.job_id; END",
            "BEFORE DELETE ON job FOR EACH ROW BEGIN DELETE FROM event WHERE status = old.«status»; SELECT RAISE(ABORT, 'status') WHERE old.«status» = 'x'; END;",
        ],
    );
    check(
        |text, dialect| column_in_trigger("event", text, dialect),
        &[Sqlite],
        &[
            "AFTER UPDATE OF status ON event BEGIN UPDATE OR IGNORE job SET («status», title) = (SELECT new.status, note FROM event) WHERE «status» = new.status; END",
            "AFTER INSERT ON event BEGIN INSERT OR REPLACE INTO job (id, «status») SELECT job_id, status FROM event WHERE 1 ON CONFLICT (id) WHERE «status» > '' DO UPDATE SET «status» = excluded.«status» || job.«status» WHERE «status» <> ''; END",
            "AFTER INSERT ON event BEGIN INSERT INTO job VALUES (1, 2, 3, new.status); END => ?",
            "AFTER INSERT ON event BEGIN INSERT INTO job DEFAULT VALUES; END => -",
            "AFTER INSERT ON event BEGIN SELECT CASE WHEN (SELECT «status» FROM job WHERE id = new.job_id) IS NULL THEN RAISE(ABORT, 'status') END; END",
        ],
    );
}

#[test]
fn triggers_of_postgres() {
    check(
        |text, dialect| column_in_trigger("job", text, dialect),
        &[Postgres],
        &[
            "BEFORE UPDATE OF «status», title OR INSERT ON job FOR EACH ROW WHEN (NEW.«status» IS DISTINCT FROM OLD.«status») EXECUTE FUNCTION status('x')",
            "AFTER UPDATE ON job FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch() => -",
            "BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(title, 'pg_catalog.english', status) => ?",
            "BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION keep('status') => ?",
            "AFTER INSERT ON job REFERENCING NEW TABLE AS status FOR EACH STATEMENT EXECUTE PROCEDURE f() => -",
        ],
    );
}

#[test]
fn new_columns_that_a_text_would_take_in() {
    let takes = |text: &str, column: &str| {
        [Postgres, Sqlite]
            .map(|dialect| Reading::of_query(text, &schema(), dialect).would_take_in("job", column).is_some())
    };
    assert_eq!(takes("SELECT id, status FROM job", "note"), [false, false]);
    assert_eq!(takes("SELECT * FROM job", "note"), [true, true]);
    assert_eq!(takes("SELECT job.id, note FROM job JOIN event ON job_id = job.id", "note"), [true, true]);
    assert_eq!(takes("SELECT job.id, event.note FROM job JOIN event ON job_id = job.id", "note"), [false, false]);
    let correlated = "SELECT id FROM event WHERE EXISTS (SELECT 1 FROM job WHERE title = note)";
    assert_eq!(takes(correlated, "note"), [true, true]);
    let text: EcoString = "AFTER INSERT ON event BEGIN INSERT INTO job SELECT 1, 2, 3, 4; END".into();
    assert!(trigger_reading("event", &text, Sqlite).would_take_in("job", "note").is_some());
}

#[test]
fn unreadable_text_is_in_doubt_about_every_name_in_it() {
    let text = "SELECT status FROM job MATCH_RECOGNIZE (x)";
    for dialect in [Postgres, Sqlite] {
        let reading = Reading::of_query(text, &schema(), dialect);
        assert!(matches!(reading.column("job", "status"), Answer::Doubtful(_)));
        assert_eq!(reading.column("job", "title"), Answer::Absent);
        assert!(matches!(reading.relation("job"), Answer::Doubtful(_)));
    }
}

#[test]
fn casts_to_an_enum() {
    let read = |text: &str, dialect| {
        let schema = schema();
        let job = schema.table("job").expect("the schema has it");
        marked(text, Reading::of_expression(text, job, &schema, dialect).enumeration("mood"))
    };
    check(
        read,
        &[Postgres],
        &[
            "status = 'mood'::«mood» -- mood",
            "CAST(status AS «MOOD») = «mood» 'sad'",
            "status::text = ANY ('{sad}'::«mood»[] || ARRAY[NULL::\"mood\"::«mood»]) => status::text = ANY ('{sad}'::«mood»[] || ARRAY[NULL::«\"mood\"»::«mood»])",
            "enum_range(NULL::«mood») IS NULL AND EXISTS (SELECT 1 FROM event WHERE note::«mood» = 'sad')",
            "status = 'mood' AND title <> $$x::mood$$ => -",
            "status = mood AND owner.mood > 1 => -",
            "status::\"Mood\" IS NULL => -",
            "status::moods IS NULL => -",
            "status::public.«mood» IS NULL",
            "status::app.mood IS NULL => ?",
            "mood(status) IS NULL => ?",
            "status IS JSON mood => ?",
        ],
    );
    let built_in = Reading::of_value("'sad'::text", &schema(), Postgres);
    assert!(matches!(built_in.enumeration("text"), Answer::Doubtful(_)));
}

#[test]
fn queries_that_give_the_columns_of_others() {
    let extends = |new: &str, old: &str| schema().extends(new, old, Postgres);
    let old = "SELECT id, upper(status) AS loud FROM job";
    for new in [
        "SELECT ID, upper(status) AS loud, title FROM job WHERE status <> ''",
        "SELECT id, upper(status) AS loud FROM public.job LIMIT 1",
        "SELECT id, upper(status) AS loud, (SELECT count(*) FROM event) FROM job AS j GROUP BY 1, 2",
    ] {
        assert!(extends(new, old), "{new}");
    }
    for new in [
        "SELECT id FROM job",
        "SELECT id, upper(status) AS noise FROM job",
        "SELECT title AS id, upper(status) AS loud FROM job",
        "SELECT id, upper(status) AS loud FROM event",
        "SELECT upper(status) AS loud, id FROM job",
        "SELECT id, upper(status) AS loud FROM job UNION SELECT 1, NULL",
        "SELECT id, upper(status) AS loud FROM (SELECT 1.5 AS id, status FROM job) AS job",
    ] {
        assert!(!extends(new, old), "{new}");
    }
    assert!(!extends("SELECT * FROM job", "SELECT * FROM job"));
}
