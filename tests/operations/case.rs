//! One case: what it says, and how it is run.

use offprint::operation::Op;
use offprint::plan::Step;
use offprint::schema::{Dialect, Schema};

use crate::support::engine::{Engine, Place};
use crate::support::expected::ColumnOrder;
use crate::support::postgres::PostgresDatabase;
use crate::support::scripts::{self, Scripts};

/// A text for each dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text {
    postgres: &'static str,
    sqlite: &'static str,
}

impl Text {
    fn on(self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Postgres => self.postgres,
            Dialect::Sqlite => self.sqlite,
        }
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Text { postgres: text, sqlite: text }
    }
}

/// First Postgres, then SQLite.
impl From<(&'static str, &'static str)> for Text {
    fn from((postgres, sqlite): (&'static str, &'static str)) -> Self {
        Text { postgres, sqlite }
    }
}

/// A query and the rows that it has to give, each with `|` between its values.
#[derive(Debug, Clone)]
struct Rows {
    query: Text,
    rows: Vec<&'static str>,
}

/// A case. What is not said about it is not checked, but for the schema, the history and what every case must do.
pub struct Case {
    base: fn(&mut Op),
    upgrade: fn(&mut Op),
    downgrade: Option<fn(&mut Op)>,
    seed: Text,
    kept: Vec<Rows>,
    before: Vec<Rows>,
    after: Vec<Rows>,
    back: Option<Vec<Rows>>,
    accepted: Vec<Text>,
    refused: Vec<Text>,
    ending: Ending,
    only: Option<Dialect>,
    refusal: Option<(Dialect, &'static str)>,
}

/// How a case ends.
enum Ending {
    /// It comes back.
    Back,
    /// It says that there is no way back.
    Irreversible,
    /// The upgrade stops with these words, and changes nothing.
    Stops(Text),
}

impl Case {
    /// A case with the operations of the revision before, and of the revision under test.
    pub fn new(base: fn(&mut Op), upgrade: fn(&mut Op)) -> Case {
        Case {
            base,
            upgrade,
            downgrade: None,
            seed: Text::default(),
            kept: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            back: None,
            accepted: Vec::new(),
            refused: Vec::new(),
            ending: Ending::Back,
            only: None,
            refusal: None,
        }
    }

    /// The way back is not derived.
    pub fn downgrade(mut self, downgrade: fn(&mut Op)) -> Case {
        self.downgrade = Some(downgrade);
        self
    }

    /// SQL that fills the tables.
    pub fn seed(mut self, sql: impl Into<Text>) -> Case {
        self.seed = sql.into();
        self
    }

    /// Rows that are there all the time.
    pub fn keeps<const N: usize>(mut self, query: impl Into<Text>, rows: [&'static str; N]) -> Case {
        self.kept.push(Rows { query: query.into(), rows: rows.to_vec() });
        self
    }

    /// Rows that are there before the upgrade and, unless `back` says otherwise, after the downgrade.
    pub fn before<const N: usize>(mut self, query: impl Into<Text>, rows: [&'static str; N]) -> Case {
        self.before.push(Rows { query: query.into(), rows: rows.to_vec() });
        self
    }

    /// Rows that are there after the upgrade.
    pub fn after<const N: usize>(mut self, query: impl Into<Text>, rows: [&'static str; N]) -> Case {
        self.after.push(Rows { query: query.into(), rows: rows.to_vec() });
        self
    }

    /// Rows that are there after the downgrade, when something was lost on the way.
    pub fn back<const N: usize>(mut self, query: impl Into<Text>, rows: [&'static str; N]) -> Case {
        self.back.get_or_insert_default().push(Rows { query: query.into(), rows: rows.to_vec() });
        self
    }

    /// A statement that succeeds after the upgrade; it is undone again.
    pub fn accepts(mut self, sql: impl Into<Text>) -> Case {
        self.accepted.push(sql.into());
        self
    }

    /// A statement that fails after the upgrade.
    pub fn refuses(mut self, sql: impl Into<Text>) -> Case {
        self.refused.push(sql.into());
        self
    }

    /// The upgrade fails with a message that contains these words, and changes nothing.
    pub fn stops(mut self, words: impl Into<Text>) -> Case {
        self.ending = Ending::Stops(words.into());
        self
    }

    /// There is no way back.
    pub fn irreversible(mut self) -> Case {
        self.ending = Ending::Irreversible;
        self
    }

    /// The case means nothing on other dialects.
    pub fn only(mut self, dialect: Dialect) -> Case {
        self.only = Some(dialect);
        self
    }

    /// One dialect cannot do it, and the diagnostic contains these words.
    pub fn refused_on(mut self, dialect: Dialect, words: &'static str) -> Case {
        self.refusal = Some((dialect, words));
        self
    }

    /// Whether the case goes up and down on this dialect.
    pub fn goes_both_ways(&self, dialect: Dialect) -> bool {
        matches!(self.ending, Ending::Back)
            && self.only.is_none_or(|only| only == dialect)
            && self.refusal.is_none_or(|(refusing, _)| refusing != dialect)
    }

    /// Whether the case shows that this dialect refuses its operations.
    pub fn is_refused(&self, dialect: Dialect) -> bool {
        self.only.is_none_or(|only| only == dialect) && self.refusal.is_some_and(|(refusing, _)| refusing == dialect)
    }

    /// Writes down the operations under test.
    pub fn record_upgrade(&self, op: &mut Op) {
        (self.upgrade)(op);
    }

    /// Runs the case at one place and fails the test, saying where, when something is not as it has to be.
    pub fn run(&self, name: &str, place: Place) {
        let target = place.target();
        let dialect = target.applier.dialect();
        if self.only.is_some_and(|only| only != dialect) {
            return;
        }
        let scripts = scripts::compile(self.base, self.upgrade, self.downgrade, &target);
        let scripts = match (scripts, self.refusal.filter(|(refusing, _)| *refusing == dialect)) {
            (Ok(scripts), None) => scripts,
            (Ok(scripts), Some(_)) => panic!("the revision is not refused:\n{}", scripts.upgrade),
            (Err(found), None) => panic!("the revision is refused: {found:#?}"),
            (Err(found), Some((_, words))) => {
                let heard = found.iter().any(|diagnostic| diagnostic.message.contains(words));
                assert!(heard, "`{words}` is not in {found:#?}");
                return;
            }
        };
        let Some(engine) = Engine::create(&format!("{name} ({place:?})"), place) else { return };
        let run = Run { case: self, dialect, engine, scripts };
        run.all();
        let Scripts { upgrade_interrupted, downgrade_interrupted, .. } = &run.scripts;
        for (upgrade, downgrade) in
            (0..).zip(upgrade_interrupted).map(|(number, text)| (text, downgrade_interrupted.get(number)))
        {
            let Some(engine) = Engine::create(&format!("{name} ({place:?}, interrupted)"), place) else { return };
            Run { engine, scripts: run.scripts.clone(), ..run }.interrupted(upgrade, downgrade);
        }
    }
}

impl Case {
    /// The steps of a case that goes both ways on Postgres, on a database that is ready for the first of them.
    pub fn steps_on_postgres(&self, name: &str) -> Option<(Vec<Step>, PostgresDatabase)> {
        if !self.goes_both_ways(Dialect::Postgres) {
            return None;
        }
        let scripts = scripts::compile(self.base, self.upgrade, self.downgrade, &Place::Postgres.target());
        let scripts = scripts.unwrap_or_else(|found| panic!("{name} is refused: {found:#?}"));
        let database = PostgresDatabase::create(name)?;
        database.execute(&scripts.base);
        database.execute(self.seed.on(Dialect::Postgres));
        Some((scripts.steps, database))
    }
}

/// A case that is being run.
struct Run<'a> {
    case: &'a Case,
    dialect: Dialect,
    engine: Engine,
    scripts: Scripts,
}

impl Run<'_> {
    fn all(&self) {
        let Scripts { before, after, .. } = &self.scripts;
        self.script("the base", &self.scripts.base);
        if let Err(error) = self.engine.execute(self.case.seed.on(self.dialect)) {
            panic!("the tables cannot be filled: {error}");
        }
        self.state("before the upgrade", before, ColumnOrder::Exact, scripts::BASE, &self.case.before);

        if let Ending::Stops(words) = &self.case.ending {
            self.failing_script("the upgrade", &self.scripts.upgrade, words.on(self.dialect));
            self.state("after the stop", before, ColumnOrder::Exact, scripts::BASE, &self.case.before);
            return;
        }
        self.script("the upgrade", &self.scripts.upgrade);
        self.state("after the upgrade", after, ColumnOrder::Exact, scripts::UNDER_TEST, &self.case.after);
        self.statements();
        self.failing_script("the upgrade again", &self.scripts.upgrade, scripts::UNDER_TEST);
        self.state("after the upgrade again", after, ColumnOrder::Exact, scripts::UNDER_TEST, &self.case.after);

        let Some(downgrade) = &self.scripts.downgrade else {
            assert!(matches!(self.case.ending, Ending::Irreversible), "there is no way back");
            return;
        };
        assert!(matches!(self.case.ending, Ending::Back), "there is a way back");
        let back = self.case.back.as_ref().unwrap_or(&self.case.before);
        self.script("the downgrade", downgrade);
        self.state("after the downgrade", before, ColumnOrder::Any, scripts::BASE, back);
        self.failing_script("the downgrade again", downgrade, scripts::BASE);
        self.state("after the downgrade again", before, ColumnOrder::Any, scripts::BASE, back);

        let again = if self.case.back.is_none() { self.case.after.as_slice() } else { &[] };
        self.script("the second upgrade", &self.scripts.upgrade);
        self.state("after the second upgrade", after, ColumnOrder::Any, scripts::UNDER_TEST, again);
    }

    /// Each way is interrupted and then run again from its start.
    fn interrupted(&self, upgrade: &str, downgrade: Option<&String>) {
        let Scripts { before, after, .. } = &self.scripts;
        self.script("the base", &self.scripts.base);
        if let Err(error) = self.engine.execute(self.case.seed.on(self.dialect)) {
            panic!("the tables cannot be filled: {error}");
        }
        if matches!(self.case.ending, Ending::Stops(_)) {
            return;
        }
        self.script("the beginning of the upgrade", upgrade);
        let history = self.engine.rows("SELECT version_num FROM alembic_version");
        assert_eq!(history, [scripts::BASE], "after the beginning of the upgrade\n{self}");
        self.script("the beginning of the upgrade again", upgrade);
        self.script("the whole upgrade", &self.scripts.upgrade);
        self.state("after the upgrade", after, ColumnOrder::Exact, scripts::UNDER_TEST, &self.case.after);
        let Some(whole) = &self.scripts.downgrade else { return };
        if let Some(downgrade) = downgrade {
            self.script("the beginning of the downgrade", downgrade);
        }
        self.script("the whole downgrade", whole);
        let back = self.case.back.as_ref().unwrap_or(&self.case.before);
        self.state("after the downgrade", before, ColumnOrder::Any, scripts::BASE, back);
    }

    fn script(&self, what: &str, script: &str) {
        if let Err(error) = self.engine.run(script) {
            panic!("{what} fails: {error}\n{script}");
        }
    }

    fn failing_script(&self, what: &str, script: &str, words: &str) {
        match self.engine.run(script) {
            Ok(()) => panic!("{what} should have failed:\n{script}"),
            Err(error) => assert!(error.contains(words), "{what} fails without `{words}`: {error}\n{script}"),
        }
    }

    fn state(&self, when: &str, replayed: &Schema, order: ColumnOrder, revision: &str, rows: &[Rows]) {
        let drift = self.engine.drift(replayed, order);
        assert!(drift.is_empty(), "{when} the database differs from the replay:\n{}\n{self}", drift.join("\n"));
        let history = self.engine.rows("SELECT version_num FROM alembic_version");
        assert_eq!(history, [revision], "{when} the history is wrong\n{self}");
        for Rows { query, rows } in self.case.kept.iter().chain(rows) {
            let query = query.on(self.dialect);
            assert_eq!(self.engine.rows(query), *rows, "{when}: {query}\n{self}");
        }
    }

    fn statements(&self) {
        for sql in &self.case.accepted {
            let sql = sql.on(self.dialect);
            if let Err(error) = self.engine.attempt(sql) {
                panic!("after the upgrade `{sql}` fails: {error}\n{self}");
            }
        }
        for sql in &self.case.refused {
            let sql = sql.on(self.dialect);
            assert!(self.engine.attempt(sql).is_err(), "after the upgrade `{sql}` succeeds\n{self}");
        }
    }
}

impl std::fmt::Display for Run<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Scripts { upgrade, downgrade, .. } = &self.scripts;
        write!(formatter, "\nthe upgrade:\n{upgrade}\nthe downgrade:\n{}", downgrade.as_deref().unwrap_or_default())
    }
}

/// Declares cases: each becomes a test at every place, and all are listed in `CASES`.
macro_rules! cases {
    ($( $name:ident: $case:expr; )*) => {
        pub const CASES: &[(&str, fn() -> Case)] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $name::case)),*];

        $(
            mod $name {
                use super::*;
                use $crate::support::engine::Place;

                pub fn case() -> Case {
                    $case
                }

                #[test]
                fn on_postgres() {
                    case().run(module_path!(), Place::Postgres);
                }

                #[test]
                fn in_the_sqlite_shell() {
                    case().run(module_path!(), Place::SqliteShell);
                }

                #[test]
                fn with_the_sqlite_library() {
                    case().run(module_path!(), Place::SqliteLibrary);
                }
            }
        )*
    };
}
pub(crate) use cases;
