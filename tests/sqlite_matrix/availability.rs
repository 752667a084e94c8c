//! The legacy repair of `examples/podcast-availability`: `site` joins a primary key of four columns, in every mode, on a
//! filled database.

use std::path::Path;

use offprint::compile::Compiler;
use offprint::history::{Direction, History};
use offprint::language;
use offprint::revision::Revision;
use offprint::source::Sources;
use offprint::workspace::Workspace;
use rusqlite::Connection;

use crate::case::column;
use crate::rows::Rows;
use crate::support::case_log;
use crate::support::modes::Mode;

/// The first revision, the repair, and its way back, as a mode needs them.
fn scripts(mode: Mode) -> [String; 3] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/podcast-availability");
    let mut sources = Sources::default();
    let workspace = Workspace::open(root, &mut sources).expect("the example opens");
    let read = workspace.revisions(&mut sources).expect("its revisions are readable");
    let none = |_: &str| Err("no file".to_owned());
    let revision = |&id| {
        let syntax = language::parse(id, &sources.get(id).text).expect("the example parses");
        language::evaluate(&syntax, "example", &none).expect("the example evaluates")
    };
    let revisions: Vec<Revision> = read.sources.iter().map(revision).collect();
    let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).expect("the history is a chain");
    let project = workspace.project();
    let compiler =
        Compiler { history: &history, revisions: &revisions, naming: &project.naming, settings: &project.settings };
    let (target, mut scripts) = (mode.target(), Vec::new());
    compiler
        .replay(target.applier.dialect(), |replayed| {
            for direction in [Direction::Up, Direction::Down] {
                let section = compiler.section(&target, &replayed, direction)?;
                scripts.push(section.expect("there is a way").script());
            }
            Ok(())
        })
        .expect("the example compiles");
    let [first, _, repair, back] = scripts.try_into().expect("there are two revisions");
    [first, repair, back]
}

/// A database as the field has it: many episodes, their numbers with gaps, and tasks that refer to jobs.
fn filled(mode: Mode, first: &str) -> Connection {
    let mut connection = mode.open();
    mode.run(&mut connection, first).expect("the first revision");
    connection
        .execute_batch(
            "INSERT INTO job (id, status) VALUES ('j1', 'done'), ('j2', 'queued');
            WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300)
            INSERT INTO episodeavailability (slug, season, episode, language, available, height, checked_at, extra)
            SELECT 'it''s ' || (n % 7), n % 3, n, iif(n % 2, 'de', 'en'), n % 2, nullif(n % 5, 0) * 240,
                '2026-01-01 00:00:00', iif(n % 4, NULL, '{\"n\": ' || n || '}')
            FROM number;
            DELETE FROM episodeavailability WHERE episode % 10 = 0;
            INSERT INTO clienttask (hash, job_id, slug, season, episode)
            SELECT 'h' || episode, iif(episode % 2, 'j1', 'j2'), slug, season, episode FROM episodeavailability
            WHERE episode < 50;",
        )
        .expect("the tables are filled");
    connection
}

#[test]
fn the_site_joins_the_key_in_every_mode() {
    for mode in Mode::ALL {
        case_log::record("sqlite", &format!("the availability store ({})", mode.name()));
        let [first, repair, back] = scripts(mode);
        let mut connection = filled(mode, &first);
        let before = Rows::read(&connection);
        let mut after = before.clone();
        after.add("episodeavailability", "site", "'podcasts.example'");
        let key = |connection: &Connection| {
            let query = "SELECT name FROM pragma_table_info('episodeavailability') WHERE pk > 0 ORDER BY pk";
            column(connection, query).expect("the table is there").join(" ")
        };
        for (script, expected, columns) in [
            (&repair, &after, "slug season episode language site"),
            (&back, &before, "slug season episode language"),
            (&repair, &after, "slug season episode language site"),
        ] {
            mode.run(&mut connection, script).unwrap_or_else(|error| panic!("{mode:?}: {error}"));
            assert_eq!(expected.difference(&Rows::read(&connection)), "", "{mode:?}");
            assert_eq!(key(&connection), columns, "{mode:?}");
        }
        // The same episode at another site is another row now.
        let copy = "INSERT INTO episodeavailability (slug, season, episode, language, checked_at, site)
            SELECT slug, season, episode, language, checked_at, 'elsewhere' FROM episodeavailability";
        assert_eq!(connection.execute(copy, []), Ok(270), "{mode:?}");
    }
}

/// Where foreign keys may be on, a reference that no revision knows could lose its rows; elsewhere the rows would stay,
/// and SQLite would refuse to write them (`foreign key mismatch`).
#[test]
fn a_reference_to_the_old_key_that_no_revision_knows_stops_the_repair() {
    for mode in Mode::ALL {
        let [first, repair, _] = scripts(mode);
        let mut connection = filled(mode, &first);
        let child = "CREATE TABLE download (slug TEXT, season INTEGER, episode INTEGER, language TEXT,
                FOREIGN KEY (slug, season, episode, language)
                    REFERENCES episodeavailability (slug, season, episode, language) ON DELETE CASCADE);
            INSERT INTO download SELECT slug, season, episode, language FROM episodeavailability LIMIT 5";
        connection.execute_batch(child).expect("the child is made");
        let before = Rows::read(&connection);
        let error = mode.run(&mut connection, &repair).expect_err("the reference would lead nowhere");
        assert!(error.contains("download"), "{mode:?}: {error}");
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").expect("the client rolls back");
        }
        assert_eq!(before.difference(&Rows::read(&connection)), "", "{mode:?}");
    }
}
