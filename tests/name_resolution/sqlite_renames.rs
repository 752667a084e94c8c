//! Renames compared with those that SQLite makes itself: a text that Offprint lets follow says what SQLite's own
//! `RENAME` makes of it, up to quotes and to the `AS` that keeps the name of a view's column. What it does not let follow is
//! refused.

use offprint::history::History;
use offprint::prelude::*;
use offprint::replay::Replay;
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Dialect, IndexKey, Rule, Schema};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::recorded::revision;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Check,
    Generated,
    Key,
    Filter,
    View,
    /// A trigger on this table or view.
    Trigger(&'static str),
}
use Place::{Check, Filter, Generated, Key, Trigger, View};

impl Place {
    /// The statements of SQLite for a database in which the text stands here.
    fn statements(self, text: &str, names: Names) -> Vec<String> {
        let Names { table, column } = names;
        let (check, generated) = match self {
            Check => (format!(", CHECK ({text})"), String::new()),
            Generated => (String::new(), format!(", gen TEXT GENERATED ALWAYS AS ({text}) VIRTUAL")),
            Key | Filter | View | Trigger(_) => (String::new(), String::new()),
        };
        let mut all = vec![
            "CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT, status_at TEXT)".to_owned(),
            "CREATE TABLE event (id INTEGER PRIMARY KEY, job_id INTEGER, status TEXT, note TEXT)".to_owned(),
            format!(
                "CREATE TABLE {table} (id INTEGER PRIMARY KEY, owner_id INTEGER, title TEXT, {column} TEXT, \
                 status_code TEXT, \"größe\" TEXT, \"order\" TEXT, \"it's\" TEXT{generated}{check})"
            ),
            format!("CREATE UNIQUE INDEX uq ON {table} ({column})"),
            format!("CREATE VIEW seen AS SELECT id, title, {column} AS shown FROM {table}"),
        ];
        all.extend(match self {
            Check | Generated => None,
            Key => Some(format!("CREATE INDEX object ON {table} ({text})")),
            Filter => Some(format!("CREATE INDEX object ON {table} (id) WHERE {text}")),
            View => Some(format!("CREATE VIEW object AS {text}")),
            Trigger(_) => Some(format!("CREATE TRIGGER object {text}")),
        });
        all
    }

    fn write(self, text: &str, op: &mut Op) {
        let text = text.to_owned();
        match self {
            Check => {
                op.create_check_constraint("job", "object", text).name("object");
            }
            Generated => {
                op.sqlite().add_column("job", "gen", offprint::prelude::text().generated(text));
            }
            Key => {
                op.create_index("object", "job", [expression(text)]);
            }
            Filter => {
                op.create_index("object", "job", ["id"]).filter(text);
            }
            View => {
                op.create_view("object", text);
            }
            Trigger(table) => {
                op.create_trigger("object", table, text);
            }
        }
    }

    /// The text that stands here in a schema.
    fn read(self, schema: &Schema, table: &str) -> String {
        let table = schema.table(table).expect("nobody drops it");
        let index = || table.index("object").expect("nobody drops it");
        let text = match self {
            Check => table.constraints.iter().find_map(|constraint| match &constraint.rule {
                Rule::Check { expression } => Some(expression.clone()),
                _ => None,
            }),
            Generated => table.column("gen").and_then(|column| column.generated.clone()),
            Key => index().parts.iter().find_map(|part| match &part.key {
                IndexKey::Expression(expression) => Some(expression.clone()),
                IndexKey::Column(_) => None,
            }),
            Filter => index().filter.clone(),
            View => schema.view("object").map(|view| view.query.clone()),
            Trigger(_) => schema.trigger("object").map(|trigger| trigger.definition.clone()),
        };
        text.expect("nobody drops it").into()
    }
}

/// What the table and its column are called.
#[derive(Debug, Clone, Copy)]
struct Names {
    table: &'static str,
    column: &'static str,
}

const BEFORE: Names = Names { table: "job", column: "status" };

/// What is renamed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Renamed {
    Column,
    Table,
}

impl Renamed {
    fn names(self) -> Names {
        match self {
            Renamed::Column => Names { column: "progress", ..BEFORE },
            Renamed::Table => Names { table: "task", ..BEFORE },
        }
    }

    fn statement(self) -> &'static str {
        match self {
            Renamed::Column => "ALTER TABLE job RENAME COLUMN status TO progress",
            Renamed::Table => "ALTER TABLE job RENAME TO task",
        }
    }
}

fn base(op: &mut Op) {
    op.create_table("owner")
        .column("id", integer())
        .column("name", text())
        .column("status_at", text())
        .primary_key(["id"]);
    op.create_table("event")
        .column("id", integer())
        .column("job_id", integer())
        .column("status", text())
        .column("note", text())
        .primary_key(["id"]);
    op.create_table("job")
        .column("id", integer())
        .column("owner_id", integer())
        .column("title", text())
        .column("status", text())
        .column("status_code", text())
        .column("größe", text())
        .column("order", text())
        .column("it's", text())
        .primary_key(["id"]);
    op.create_index("uq", "job", ["status"]).unique();
    op.create_view("seen", "SELECT id, title, status AS shown FROM job");
}

/// The text after Offprint's rename; none when it is refused, with what was said.
fn by_offprint(place: Place, text: &str, renamed: Renamed) -> Result<String, String> {
    let first = revision("first", &[], |op| {
        base(op);
        place.write(text, op);
    });
    let second = revision("second", &["first"], |op| match renamed {
        Renamed::Column => {
            op.rename_column("job", "status", "progress");
        }
        Renamed::Table => {
            op.rename_table("job", "task");
        }
    });
    let revisions = [first, second];
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
    let naming = NamingConvention::default();
    let mut schemas = Vec::new();
    let replay = Replay {
        history: &history,
        revisions: &revisions,
        dialect: Dialect::Sqlite,
        naming: &naming,
        home: &"public".into(),
    };
    let result = replay.run(|replayed| {
        schemas.push(replayed.after);
        Ok(())
    });
    assert!(!schemas.is_empty(), "the text itself is refused: {text}: {result:#?}");
    match result {
        Ok(()) => Ok(place.read(&schemas[1], renamed.names().table)),
        Err(found) => Err(found.iter().map(|one| format!("{} {:?}", one.message, one.notes)).collect()),
    }
}

/// What SQLite has after its own rename, or why it refuses.
fn by_sqlite(place: Place, text: &str, renamed: Renamed) -> Result<Vec<String>, String> {
    let engine = Connection::open_in_memory().expect("SQLite opens a database in memory");
    for statement in place.statements(text, BEFORE) {
        engine.execute_batch(&statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    engine.execute_batch(renamed.statement()).map_err(|error| error.to_string())?;
    let mut query = engine.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").expect("a query");
    let rows = query.query_map([], |row| row.get(0)).expect("rows");
    Ok(rows.collect::<Result<_, _>>().expect("texts"))
}

/// A statement without the quotes and the `AS` that two renames may write differently.
fn normal(sql: &str) -> String {
    let mut sql = sql.to_lowercase();
    for name in ["progress", "status", "task", "job"] {
        for quoted in [format!("\"{name}\""), format!("[{name}]"), format!("`{name}`")] {
            sql = sql.replace(&quoted, name);
        }
    }
    sql.replace("progress as status", "progress")
}

/// Rows to look at.
const ROWS: &str = "
    INSERT INTO owner VALUES (1, 'Ada', 'x');
    INSERT INTO event VALUES (1, 1, 'x', 'y'), (2, 2, 'z', 'x');
    INSERT INTO job (id, owner_id, title, status, status_code) VALUES (1, 1, 'a', 'x', 'b'), (2, 1, 'z', '[7]', 'z');";

/// What the view shows in a database of these statements: its columns, and its rows in some order.
///
/// # Errors
///
/// SQLite does not take a statement. What it says of the rows themselves is part of the result.
fn shown(statements: &[String]) -> Result<String, String> {
    let engine = Connection::open_in_memory().expect("SQLite opens a database in memory");
    for statement in statements {
        engine.execute_batch(statement).map_err(|error| format!("{statement}: {error}"))?;
    }
    // The rows name the table and the column by what they are called here.
    let task = statements.iter().any(|statement| statement.starts_with("CREATE TABLE task"));
    let progress = statements.iter().any(|statement| statement.contains("progress TEXT"));
    let rows = ROWS.replace("INTO job", if task { "INTO task" } else { "INTO job" });
    let rows =
        rows.replace("status, status_code", if progress { "progress, status_code" } else { "status, status_code" });
    engine.execute_batch(&rows).unwrap_or_else(|error| panic!("{rows}: {error}"));
    let mut query = engine.prepare("SELECT * FROM object").map_err(|error| format!("{statements:?}: {error}"))?;
    let names = format!("{:?}", query.column_names().collect::<Vec<_>>());
    let width = query.column_count();
    let rows = query.query_map([], |row| (0..width).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>());
    let mut rows: Vec<String> = rows.expect("no parameters").map(|row| format!("{row:?}")).collect();
    rows.sort();
    Ok(format!("{names} {rows:?}"))
}

/// What becomes of a text in Offprint's rename.
enum Outcome {
    /// What SQLite makes of it.
    Follows,
    /// Something else that shows the same as before, or that SQLite is known to get wrong.
    FollowsItself(String),
    Refused(String),
}

/// Compares both renames of a text.
///
/// # Errors
///
/// What Offprint makes of it means something else, or nothing.
fn compare(place: Place, text: &str, renamed: Renamed) -> Result<Outcome, String> {
    let ours = match by_offprint(place, text, renamed) {
        Ok(ours) => ours,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let statements = place.statements(&ours, renamed.names());
    if place == View {
        let before = shown(&place.statements(text, BEFORE))?;
        let after = shown(&statements)?;
        if before != after {
            return Err(format!("{text}\n    before {before}\n    after  {after}"));
        }
    }
    let sorted = |all: &[String]| {
        let mut all: Vec<String> = all.iter().map(|sql| normal(sql)).collect();
        all.sort();
        all
    };
    let difference = match by_sqlite(place, text, renamed) {
        Ok(theirs) => sorted(&statements).into_iter().zip(sorted(&theirs)).find(|(ours, theirs)| ours != theirs),
        Err(error) => Some((ours, error)),
    };
    // SQLite takes `excluded` for the table and renames it.
    let upsert = |theirs: &str| text.contains("excluded.") && !theirs.contains("excluded.");
    match difference {
        None => Ok(Outcome::Follows),
        Some((ours, theirs)) if place == View || upsert(&theirs) => {
            Ok(Outcome::FollowsItself(format!("{ours}\n    where SQLite has: {theirs}")))
        }
        Some((ours, theirs)) => Err(format!("{text}\n    ours   {ours}\n    theirs {theirs}")),
    }
}

/// What each text comes to, one below the other.
#[track_caller]
fn told(texts: &[(Place, &str)], renamed: Renamed) -> String {
    let mut told = String::new();
    let mut differences = Vec::new();
    for (place, text) in texts {
        match compare(*place, text, renamed) {
            Ok(Outcome::Follows) => told += &format!("{text}\n    follows\n"),
            Ok(Outcome::FollowsItself(ours)) => told += &format!("{text}\n    follows: {ours}\n"),
            Ok(Outcome::Refused(refusal)) => told += &format!("{text}\n    {refusal}\n"),
            Err(difference) => differences.push(difference),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    told
}

/// Texts that Offprint has to let follow.
const FOLLOWED: &[(Place, &str)] = &[
    (Check, "status <> 'status' /* status */ AND job.status IS NOT \"status\" -- status\n"),
    (Check, "status/**/<>/*'*/'a''status'/*'*/"),
    (Check, "[status] > `Status` AND \"STATUS\" NOT NULL AND main.job.status ISNULL"),
    (Check, "CASE status WHEN 'status' THEN 1 ELSE \"order\" IS status END"),
    (Check, "status_code <> 'status' AND length(status) > 0"),
    (Check, "\"größe\" > status AND größe <> 'größe' AND \"it's\" <> 'status'"),
    (Check, "status COLLATE nocase IN ('status', status_code) AND status BETWEEN 'a' AND 'b'"),
    (Check, "x'00' <> status AND status GLOB 'status*' AND NOT status LIKE '%status' ESCAPE '\\'"),
    (Check, "-status + +status - ~ status <> status || status_code AND (status, title) <> ('a', 'b')"),
    (Check, "CAST(status AS status) > 0 AND status ->> '$.status' <> 1e5 AND status != .5"),
    (Generated, "upper(status) || ' status' || \"status\""),
    (Generated, "iif(status IS NULL, 'status', substr(status, 1, 2))"),
    (Key, "lower(status) || 'status'"),
    (Key, "(status) COLLATE nocase"),
    (Filter, "job.status <> 'status' AND status_code NOT IN ('status')"),
    (View, "SELECT id FROM job WHERE main.job.status = 'status'"),
    (View, "SELECT j.status, job FROM job AS j, (SELECT title AS job FROM job) WHERE job <> j.status"),
    (View, "SELECT status FROM (SELECT id, status FROM event) AS job"),
    (
        View,
        "SELECT a.status AS status, b.status AS other FROM job a LEFT JOIN event b ON b.job_id = a.id AND a.status = b.status",
    ),
    (View, "SELECT id FROM job WHERE status IN (SELECT status FROM event WHERE event.status = job.status)"),
    (View, "SELECT id FROM event WHERE EXISTS (SELECT 1 FROM owner WHERE status = status_at)"),
    (
        View,
        "WITH status AS (SELECT id, title FROM job) SELECT status.id FROM status JOIN job ON job.status = status.title",
    ),
    (
        View,
        "WITH RECURSIVE n (status) AS (SELECT min(status) FROM job UNION ALL SELECT job.status FROM job, n WHERE job.status > n.status) SELECT status FROM n",
    ),
    (View, "SELECT row_number() OVER status AS n FROM job WINDOW status AS (PARTITION BY status ORDER BY status_code)"),
    (
        View,
        "SELECT sum(id) FILTER (WHERE status > '') OVER (ORDER BY status ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM job",
    ),
    (View, "SELECT max(status) AS status FROM job GROUP BY title HAVING count(status) > 1 ORDER BY max(job.status)"),
    (View, "SELECT title AS status FROM job ORDER BY status"),
    (View, "SELECT status AS a FROM event UNION ALL SELECT status FROM job ORDER BY a LIMIT 1 OFFSET 2"),
    (View, "SELECT id FROM job INDEXED BY uq WHERE status = 'x'"),
    (View, "SELECT shown, title FROM seen WHERE shown <> 'status'"),
    (View, "SELECT \"job\".\"status\" AS \"status\" FROM \"main\".\"job\" AS \"job\""),
    (View, "VALUES ('status'), ((SELECT max(status) FROM job))"),
    (View, "SELECT json_group_array(job.status) AS j FROM job JOIN event USING (id)"),
    (Trigger("job"), "AFTER UPDATE OF status, title ON job WHEN new.status IS NOT old.\"status\" BEGIN SELECT 1; END"),
    (
        Trigger("job"),
        "BEFORE INSERT ON job BEGIN INSERT INTO event (status, note) SELECT new.status, status FROM event WHERE status = new.status; END",
    ),
    (
        Trigger("event"),
        "AFTER INSERT ON event BEGIN INSERT INTO job (id, status) VALUES (new.id, new.status) ON CONFLICT (status) DO UPDATE SET status = excluded.status || job.status WHERE excluded.status <> 'status'; END",
    ),
    (
        Trigger("event"),
        "AFTER UPDATE OF status ON event BEGIN UPDATE job SET status = new.status, title = (SELECT status FROM event WHERE id = job.id) WHERE status = old.status; END",
    ),
    (
        Trigger("event"),
        "AFTER DELETE ON event BEGIN DELETE FROM job WHERE status = old.status AND id IN (SELECT job_id FROM event WHERE status = old.status); SELECT RAISE(IGNORE); END",
    ),
    (
        Trigger("owner"),
        "AFTER INSERT ON owner BEGIN UPDATE event SET status = j.status FROM job AS j WHERE j.id = event.job_id AND event.status <> j.status; END",
    ),
    (
        Trigger("seen"),
        "INSTEAD OF UPDATE OF shown ON seen BEGIN UPDATE job SET status = new.shown WHERE id = old.id; END",
    ),
    (
        Trigger("owner"),
        "AFTER INSERT ON owner BEGIN REPLACE INTO job (status, id) SELECT status, id FROM event WHERE true; END",
    ),
];

/// Texts that may be refused, but not rewritten otherwise than SQLite does.
const NASTY: &[(Place, &str)] = &[
    (Check, "\"job\".\"status\" <> '' AND 'status' <> title"),
    (View, "SELECT * FROM job"),
    (View, "SELECT j.*, 1 AS one FROM job AS j"),
    (View, "SELECT job.id FROM job NATURAL JOIN event"),
    (View, "SELECT job.id FROM job JOIN event USING (status)"),
    (View, "SELECT status FROM job JOIN event USING (status)"),
    (View, "SELECT e.note FROM event AS e WHERE (e.id, e.note, e.status) IN seen"),
    (View, "SELECT lower(status) FROM job"),
    (View, "SELECT status || title FROM job"),
    (View, "SELECT x.status FROM (SELECT status FROM job) AS x"),
    (View, "SELECT status FROM (SELECT * FROM job)"),
    (View, "SELECT s FROM (SELECT rowid, status AS s FROM job)"),
    (View, "SELECT rowid FROM job WHERE status > ''"),
    (View, "SELECT \"id:1\" AS x FROM (SELECT job.id, event.id, job.status AS s FROM job, event)"),
    (View, "SELECT status AS s FROM job GROUP BY s HAVING s > '' ORDER BY s, status"),
    (View, "SELECT title AS status FROM job WHERE status > ''"),
    (View, "SELECT title AS status FROM job GROUP BY status"),
    (View, "SELECT title AS status, count(*) AS n FROM job GROUP BY id HAVING status > ''"),
    (View, "SELECT title AS progress FROM job ORDER BY status"),
    (View, "SELECT title AS progress FROM job WHERE status > '' ORDER BY lower(status)"),
    (View, "SELECT status FROM job UNION SELECT note FROM event ORDER BY status"),
    (View, "SELECT status FROM job UNION SELECT note FROM event ORDER BY lower(status)"),
    (View, "SELECT job.status, event.status FROM job, event"),
    (View, "SELECT id FROM job AS status WHERE status.status > ''"),
    (View, "SELECT job.status FROM event AS job"),
    (View, "SELECT (SELECT status) AS s FROM job"),
    (View, "SELECT (SELECT status FROM owner) AS s FROM job"),
    (View, "SELECT (SELECT max(e.status) FROM event e WHERE e.status = status) AS s FROM job"),
    (View, "WITH job AS (SELECT * FROM event) SELECT status FROM job"),
    (
        View,
        "WITH a AS (SELECT status FROM job), job AS (SELECT status FROM event) SELECT a.status, job.status FROM a, job",
    ),
    (View, "WITH a (progress) AS (SELECT status FROM job) SELECT progress FROM a, job WHERE a.progress = job.status"),
    (View, "SELECT a.id FROM job a JOIN job b ON a.status = b.status WHERE a.status > 'status'"),
    (View, "SELECT a.id FROM job a, (SELECT status FROM job WHERE status > '') b WHERE a.status = b.status"),
    (View, "SELECT value FROM job, json_each(job.status)"),
    (View, "SELECT status FROM job, json_each('[]')"),
    (View, "SELECT key AS status FROM json_each('[]') WHERE key IN (SELECT status FROM job)"),
    (View, "SELECT CASE WHEN status THEN status END FROM job"),
    (View, "SELECT id FROM job ORDER BY status COLLATE nocase DESC NULLS LAST"),
    (View, "SELECT DISTINCT status FROM job ORDER BY 1"),
    (View, "SELECT max(status) OVER (w ROWS UNBOUNDED PRECEDING) AS m FROM job WINDOW w AS (ORDER BY status)"),
    (View, "SELECT replace(status, 'status', title) AS r FROM job WHERE status MATCH 'x' OR true"),
    (View, "SELECT 1 AS one FROM job WHERE (status, title) IN (SELECT status, note FROM event)"),
    (View, "SELECT 1 AS one FROM (job JOIN event ON job.id = event.job_id) WHERE job.status > event.status"),
    (View, "SELECT 1 AS one FROM (SELECT 1) LEFT JOIN job ON status > ''"),
    (Trigger("job"), "AFTER INSERT ON job BEGIN UPDATE event SET status = status || new.status; END"),
    (
        Trigger("job"),
        "AFTER INSERT ON job BEGIN UPDATE job SET (status, title) = (SELECT status, note FROM event) WHERE rowid = new.rowid; END",
    ),
    (Trigger("job"), "AFTER INSERT ON job BEGIN INSERT INTO event SELECT id, id, status, title FROM job; END"),
    (Trigger("event"), "AFTER INSERT ON event BEGIN INSERT INTO job VALUES (1, 2, 3, 4, 5, 6, 7, 8); END"),
    (
        Trigger("event"),
        "AFTER INSERT ON event BEGIN INSERT INTO job (id) VALUES (1) ON CONFLICT (status) WHERE status > '' DO NOTHING; END",
    ),
    (Trigger("event"), "AFTER INSERT ON event BEGIN WITH a AS (SELECT status FROM job) SELECT * FROM a; END"),
    (Trigger("seen"), "INSTEAD OF DELETE ON seen BEGIN DELETE FROM job WHERE id = old.id AND status = old.shown; END"),
    (Trigger("event"), "AFTER INSERT ON event BEGIN UPDATE job SET title = new.status WHERE job.status = status; END"),
    (
        Trigger("event"),
        "AFTER INSERT ON event BEGIN UPDATE job SET title = event.status FROM event WHERE job.status = event.note; END",
    ),
];

#[test]
fn what_follows_is_what_sqlite_makes_of_it() {
    for renamed in [Renamed::Column, Renamed::Table] {
        for (place, text) in FOLLOWED {
            match compare(*place, text, renamed) {
                Ok(Outcome::Follows) => {}
                Ok(Outcome::FollowsItself(_)) if text.contains("excluded.") => {}
                Ok(Outcome::FollowsItself(other) | Outcome::Refused(other)) | Err(other) => {
                    panic!("{renamed:?} {text}: {other}")
                }
            }
        }
    }
}

#[test]
fn what_does_not_follow_a_column_is_refused() {
    insta::assert_snapshot!(told(NASTY, Renamed::Column));
}

#[test]
fn what_does_not_follow_a_table_is_refused() {
    insta::assert_snapshot!(told(NASTY, Renamed::Table));
}
