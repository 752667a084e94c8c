//! The scripts on real engines, with rows in the tables.

use crate::project::{Project, projects};
use crate::rows::{kept, seed};
use crate::support::client::Outcome;
use crate::support::observed::{self, ObservedSchema};
use crate::support::postgres::{PostgresDatabase, Row};
use crate::support::sqlite::{ForeignKeys, SqliteDatabase, shell_is_installed};

/// What these tests need of an engine.
pub trait Engine {
    const DIALECT: &'static str;

    /// Runs a script with the engine's own client, which stops at the first error.
    fn run(&self, script: &str) -> Outcome;
    fn rows(&self, query: &str) -> Vec<Row>;
    /// The schema without the history table; the order of columns does not count.
    fn observe(&self) -> ObservedSchema;
}

impl Engine for PostgresDatabase {
    const DIALECT: &'static str = "postgres";

    fn run(&self, script: &str) -> Outcome {
        self.psql(script)
    }

    fn rows(&self, query: &str) -> Vec<Row> {
        PostgresDatabase::rows(self, query)
    }

    fn observe(&self) -> ObservedSchema {
        observed::postgres::read(&mut self.connect(), &["alembic_version"]).with_columns_in_any_order()
    }
}

impl Engine for SqliteDatabase {
    const DIALECT: &'static str = "sqlite";

    fn run(&self, script: &str) -> Outcome {
        self.shell(script)
    }

    fn rows(&self, query: &str) -> Vec<Row> {
        SqliteDatabase::rows(self, query)
    }

    fn observe(&self) -> ObservedSchema {
        observed::sqlite::read(&self.connect(ForeignKeys::Off), &["alembic_version"]).with_columns_in_any_order()
    }
}

pub fn on_both_engines(case: &str, test: impl Test) {
    for project in projects() {
        let case = format!("systems/{}/{case}", project.name);
        let create = || PostgresDatabase::create(&case);
        if create().is_some() {
            test.run(&project, &|| create().expect("a database was there before"));
        }
        if shell_is_installed(&case) {
            test.run(&project, &|| SqliteDatabase::create(&case));
        }
    }
}

/// A test that runs on any engine.
pub trait Test {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E);
}

/// The rows that must stay, and the row of the history table.
fn contents<E: Engine>(database: &E, project: &Project) -> Vec<Vec<Row>> {
    kept(project.name).iter().map(|query| database.rows(query)).collect()
}

fn at<E: Engine>(database: &E) -> Vec<Row> {
    database.rows("SELECT version_num FROM alembic_version ORDER BY 1")
}

/// A database at the first revision, with rows.
pub fn filled<E: Engine>(project: &Project, create: &dyn Fn() -> E, first: &str) -> E {
    let database = create();
    database.run(&project.script(E::DIALECT, "base", first)).expect_success();
    database.run(seed(project.name)).expect_success();
    database
}

struct UpAndDown;

impl Test for UpAndDown {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E) {
        let places = project.places();
        let (first, last) = (&places[1], &places[places.len() - 1]);
        let database = filled(project, create, first);
        let (schema, rows) = (database.observe(), contents(&database, project));
        let up = project.script(E::DIALECT, first, last);
        let down = project.script(E::DIALECT, last, first);
        database.run(&up).expect_success();
        let upgraded = database.observe();
        assert_eq!(contents(&database, project), rows, "{} up on {}", project.name, E::DIALECT);
        database.run(&down).expect_success();
        assert_eq!(
            observed::difference::difference(&schema, &database.observe()),
            Vec::<String>::new(),
            "{}",
            project.name
        );
        assert_eq!(contents(&database, project), rows, "{} down on {}", project.name, E::DIALECT);
        assert_eq!(at(&database), [[Some(first.clone())]]);
        database.run(&up).expect_success();
        assert_eq!(
            observed::difference::difference(&upgraded, &database.observe()),
            Vec::<String>::new(),
            "{}",
            project.name
        );
        assert_eq!(contents(&database, project), rows, "{} up again on {}", project.name, E::DIALECT);
        database.run(&project.script(E::DIALECT, last, "base")).expect_success();
        assert_eq!(observed::difference::difference(&create().observe(), &database.observe()), Vec::<String>::new());
        assert_eq!(at(&database), Vec::<Row>::new());
    }
}

#[test]
fn scripts_go_up_and_down_and_up_again_with_rows_in_the_tables() {
    on_both_engines("up and down", UpAndDown);
}

struct StepByStep;

impl Test for StepByStep {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E) {
        let places = project.places();
        let (first, last) = (&places[1], &places[places.len() - 1]);
        let at_once = filled(project, create, first);
        at_once.run(&project.script(E::DIALECT, first, last)).expect_success();
        let in_steps = filled(project, create, first);
        for step in places[1..].windows(2) {
            in_steps.run(&project.script(E::DIALECT, &step[0], &step[1])).expect_success();
        }
        assert_eq!(observed::difference::difference(&at_once.observe(), &in_steps.observe()), Vec::<String>::new());
        assert_eq!(contents(&at_once, project), contents(&in_steps, project));
        assert_eq!(at(&at_once), at(&in_steps));
    }
}

#[test]
fn steps_lead_to_where_the_whole_way_leads() {
    on_both_engines("step by step", StepByStep);
}

struct OnlyFromItsPlace;

impl Test for OnlyFromItsPlace {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E) {
        let places = project.places();
        for (here, place) in places.iter().enumerate() {
            let database = create();
            database.run(&project.script(E::DIALECT, "base", place)).expect_success();
            if here == 1 {
                database.run(seed(project.name)).expect_success();
            }
            let (schema, history) = (database.observe(), (here > 0).then(|| at(&database)));
            for (from, step) in places.windows(2).enumerate() {
                for (start, end, index) in [(&step[0], &step[1], from), (&step[1], &step[0], from + 1)] {
                    if index == here {
                        continue;
                    }
                    let outcome = database.run(&project.script(E::DIALECT, start, end)).expect_failure("offprint: ");
                    let found = if here == 0 { "" } else { place.as_str() };
                    assert!(outcome.stderr.contains(start.as_str()), "names {start}: {}", outcome.stderr);
                    assert!(outcome.stderr.contains(found), "names {found}: {}", outcome.stderr);
                    assert_eq!(observed::difference::difference(&schema, &database.observe()), Vec::<String>::new());
                    assert_eq!((here > 0).then(|| at(&database)), history, "{}", project.name);
                }
            }
        }
    }
}

#[test]
fn a_script_runs_only_from_its_place_in_the_history() {
    on_both_engines("only from its place", OnlyFromItsPlace);
}

struct Stamped;

impl Test for Stamped {
    fn run<E: Engine>(&self, project: &Project, create: &dyn Fn() -> E) {
        let places = project.places();
        let (first, last) = (&places[1], &places[places.len() - 1]);
        let database = create();
        // A database that a bootstrap script made: the tables are there, and no history.
        let baseline = project.offprint(&["schema", "--at", first, "--dialect", E::DIALECT]);
        database.run(&baseline).expect_success();
        database.run(seed(project.name)).expect_success();
        database.run(&project.script(E::DIALECT, "base", first)).expect_failure("offprint stamp");
        database.run(&project.offprint(&["stamp", first, "--sql", "--dialect", E::DIALECT])).expect_success();
        database.run(&project.script(E::DIALECT, first, last)).expect_success();
        let from_base = filled(project, create, first);
        from_base.run(&project.script(E::DIALECT, first, last)).expect_success();
        assert_eq!(observed::difference::difference(&from_base.observe(), &database.observe()), Vec::<String>::new());
        assert_eq!(contents(&from_base, project), contents(&database, project));
    }
}

#[test]
fn a_database_that_has_its_tables_is_stamped_and_goes_on() {
    on_both_engines("stamped", Stamped);
}
