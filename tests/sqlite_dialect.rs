//! SQLite alone: what a rebuild has to keep, what is refused before anything changes, and what a script says.
//!
//! Each case is run by everyone who may run a script: the `sqlite3` shell, whose foreign keys are off, with and without
//! `-bail`, the bundled library
//! with foreign keys on, an applier that opens the transaction, with both, and a service; up, down by the derived way
//! back, and up again.

mod support;

#[path = "sqlite_dialect/checks.rs"]
mod checks;
#[path = "sqlite_dialect/folds.rs"]
mod folds;
#[path = "sqlite_dialect/goes_on.rs"]
mod goes_on;
#[path = "sqlite_dialect/guards.rs"]
mod guards;
#[path = "sqlite_dialect/keeps.rs"]
mod keeps;
#[path = "sqlite_dialect/methods.rs"]
mod methods;
#[path = "sqlite_dialect/modes.rs"]
mod modes;
#[path = "sqlite_dialect/replaced.rs"]
mod replaced;
#[path = "sqlite_dialect/says.rs"]
mod says;
#[path = "sqlite_dialect/strangers.rs"]
mod strangers;

use offprint::diagnostic::{Code, Diagnostic};
use offprint::dialect::{
    self, Delivery, ForeignKeys as Declared, HistoryDirection, HistoryStep, Relative, Request, Settings,
};
use offprint::history::History;
use offprint::operation::Op;
use offprint::replay::{Replay, Replayed};
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Dialect, Schema, Transition};
use support::expected::{ColumnOrder, drift_on_sqlite};
use support::recorded::revision;
use support::sqlite::{ForeignKeys, SqliteDatabase, shell_is_installed};

/// Two revisions, and how their scripts are made.
struct Revisions {
    base: fn(&mut Op),
    upgrade: fn(&mut Op),
    settings: Settings,
}

impl Revisions {
    fn new(base: fn(&mut Op), upgrade: fn(&mut Op)) -> Revisions {
        Revisions { base, upgrade, settings: Settings::default() }
    }

    fn floor(mut self, major: u32, minor: u32) -> Revisions {
        self.settings.sqlite_version = (major, minor);
        self
    }

    fn replayed(&self) -> [Replayed; 2] {
        let revisions = [revision("first", &[], self.base), revision("second", &["first"], self.upgrade)];
        let nodes: Vec<_> = revisions.iter().map(Revision::node).collect();
        let history = History::build(&nodes).unwrap_or_else(|found| panic!("{found:#?}"));
        let naming = NamingConvention::default();
        let mut all = Vec::new();
        Replay {
            history: &history,
            revisions: &revisions,
            dialect: Dialect::Sqlite,
            naming: &naming,
            home: &"public".into(),
        }
        .run(|replayed| {
            all.push(replayed);
            Ok(())
        })
        .unwrap_or_else(|found| panic!("{found:#?}"));
        all.try_into().unwrap_or_else(|_| panic!("two revisions are replayed"))
    }

    fn plan(&self, delivery: Delivery) -> Result<Scripts, Vec<Diagnostic>> {
        let [first, second] = self.replayed();
        let script = |before: &Schema, transitions: &[Transition], after: &Schema, history: &HistoryStep| {
            let settings = &self.settings;
            let request = Request { before, transitions, after, history: Some(history), settings, delivery };
            dialect::plan(Dialect::Sqlite, &request).map(|plan| text(&plan))
        };
        let step = |revision: &str, from: &str, to: &str, direction| HistoryStep {
            from: from.into(),
            to: to.into(),
            revision: revision.into(),
            direction,
        };
        let from_base = step("first", "base", "first", HistoryDirection::UpFromBase { allowed: Vec::new() });
        let predecessors = vec![Relative { id: "first".into(), implied_by: Vec::new() }];
        let up = HistoryDirection::Up { predecessors: predecessors.clone(), absent: vec!["second".into()] };
        let up = step("second", "first", "second", up);
        let down = step("second", "second", "first", HistoryDirection::Down { predecessors });
        let base = script(&first.before, &first.upgrade, &first.after, &from_base)?;
        let upgrade = script(&second.before, &second.upgrade, &second.after, &up)?;
        let downgrade = match second.way_back()? {
            Some(transitions) => Some(script(&second.after, &transitions, &second.before, &down)?),
            None => None,
        };
        Ok(Scripts { base, upgrade, downgrade, before: second.before, after: second.after })
    }

    #[track_caller]
    fn scripts(&self, delivery: Delivery) -> Scripts {
        self.plan(delivery).unwrap_or_else(|found| panic!("{found:#?}"))
    }

    /// The kind of mistake for which the upgrade is refused.
    #[track_caller]
    fn refusal(&self, delivery: Delivery) -> (Code, String) {
        match self.plan(delivery) {
            Ok(scripts) => panic!("not refused:\n{}", scripts.upgrade),
            Err(found) => (found[0].code, found[0].message.clone()),
        }
    }

    /// A database at a place whose engine is not older than what the scripts are written for.
    fn database(&self, place: Place) -> Option<SqliteDatabase> {
        let database = place.database()?;
        let (version, floor) = (place.version(&database), self.settings.sqlite_version);
        if version < floor {
            eprintln!("skipped at {place:?}, which is SQLite {version:?}, since the scripts are for {floor:?}");
        }
        (version >= floor).then_some(database)
    }

    /// Runs the case in the shell and in the library: the checks hold before and after, up and down.
    #[track_caller]
    fn run(&self, seed: &str, before: &[(&str, &[&str])], after: &[(&str, &[&str])]) {
        for place in PLACES {
            let Some(database) = self.database(place) else { continue };
            let scripts = self.scripts(place.delivery());
            let state = |when: &str, schema: &Schema, order, checks: &[(&str, &[&str])]| {
                check(&format!("{when} ({place:?})"), &database, schema, order, checks, &scripts);
            };
            place.run(&database, &scripts.base).unwrap_or_else(|error| panic!("{error}\n{}", scripts.base));
            database.execute(seed);
            state("before", &scripts.before, ColumnOrder::Exact, before);
            place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
            state("after the upgrade", &scripts.after, ColumnOrder::Exact, after);
            if let Some(downgrade) = &scripts.downgrade {
                place.run(&database, downgrade).unwrap_or_else(|error| panic!("{error}\n{downgrade}"));
                state("after the downgrade", &scripts.before, ColumnOrder::Any, before);
                place.run(&database, &scripts.upgrade).unwrap_or_else(|error| panic!("{error}\n{}", scripts.upgrade));
                state("after the second upgrade", &scripts.after, ColumnOrder::Any, after);
            }
        }
    }

    /// The upgrade stops with these words, and nothing has changed.
    #[track_caller]
    fn stops(&self, seed: &str, words: &str) {
        for place in PLACES {
            let Some(database) = self.database(place) else { continue };
            let scripts = self.scripts(place.delivery());
            place.run(&database, &scripts.base).unwrap_or_else(|error| panic!("{error}\n{}", scripts.base));
            database.execute(seed);
            let before = dump(&database);
            match place.run(&database, &scripts.upgrade) {
                Ok(()) => panic!("does not stop ({place:?}):\n{}", scripts.upgrade),
                Err(error) => assert!(error.contains(words), "{error} ({place:?})\n{}", scripts.upgrade),
            }
            assert_eq!(dump(&database), before);
        }
    }
}

struct Scripts {
    base: String,
    upgrade: String,
    downgrade: Option<String>,
    before: Schema,
    after: Schema,
}

/// A script that opens its own transaction.
fn own(foreign_keys: Declared) -> Delivery {
    Delivery::Own { foreign_keys }
}

/// Who runs a script.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The shell, where foreign keys are off and the script opens its transaction.
    Shell,
    /// The same shell without `-bail`, which goes on after an error.
    ShellThatGoesOn,
    /// The library with foreign keys on; the script opens its transaction.
    Library,
    /// An applier that opens the transaction.
    Wrapped(ForeignKeys),
    /// A service.
    Hosted,
}

const PLACES: [Place; 6] = [
    Place::Shell,
    Place::ShellThatGoesOn,
    Place::Library,
    Place::Wrapped(ForeignKeys::On),
    Place::Wrapped(ForeignKeys::Off),
    Place::Hosted,
];

impl Place {
    fn database(self) -> Option<SqliteDatabase> {
        let missing = matches!(self, Place::Shell | Place::ShellThatGoesOn) && !shell_is_installed("sqlite dialect");
        (!missing).then(|| SqliteDatabase::create("sqlite dialect"))
    }

    fn version(self, database: &SqliteDatabase) -> (u32, u32) {
        let version = match self {
            Place::Shell | Place::ShellThatGoesOn => database.shell("SELECT sqlite_version();").stdout,
            Place::Library | Place::Wrapped(_) | Place::Hosted => rusqlite::version().to_owned(),
        };
        let mut numbers = version.split('.').map(|number| number.parse().expect("a number"));
        let mut next = || numbers.next().expect("a version has three numbers");
        (next(), next())
    }

    fn delivery(self) -> Delivery {
        match self {
            Place::Shell | Place::ShellThatGoesOn => Delivery::Own { foreign_keys: Declared::Off },
            Place::Library => Delivery::Own { foreign_keys: Declared::On },
            Place::Wrapped(_) => Delivery::Wrapped,
            Place::Hosted => Delivery::Hosted,
        }
    }

    fn run(self, database: &SqliteDatabase, script: &str) -> Result<(), String> {
        match self {
            Place::Library => database.execute_batch(ForeignKeys::On, script),
            Place::Wrapped(foreign_keys) => database.execute_wrapped(foreign_keys, script),
            Place::Hosted => database.execute_hosted(script),
            Place::Shell => {
                let outcome = database.shell(script);
                if outcome.succeeded() { Ok(()) } else { Err(outcome.stderr) }
            }
            Place::ShellThatGoesOn => {
                let outcome = database.shell_that_goes_on(script);
                if outcome.stderr.is_empty() { Ok(()) } else { Err(outcome.stderr) }
            }
        }
    }
}

fn check(
    when: &str,
    database: &SqliteDatabase,
    schema: &Schema,
    order: ColumnOrder,
    checks: &[(&str, &[&str])],
    scripts: &Scripts,
) {
    let drift = drift_on_sqlite(schema, database, order);
    assert!(drift.is_empty(), "{when} the database differs: {drift:#?}\n{}", scripts.upgrade);
    assert_eq!(rows(database, "PRAGMA integrity_check"), ["ok"], "{when}");
    assert_eq!(rows(database, "SELECT * FROM pragma_foreign_key_check"), [""; 0], "{when}");
    let temporary = rows(database, "SELECT name FROM sqlite_schema WHERE name LIKE '%offprint%'");
    assert_eq!(temporary, [""; 0], "{when}");
    for (query, expected) in checks {
        assert_eq!(rows(database, query), *expected, "{when}: {query}\n{}", scripts.upgrade);
    }
}

/// The rows of a query, each with `|` between its values.
#[track_caller]
fn rows(database: &SqliteDatabase, query: &str) -> Vec<String> {
    let line = |row: Vec<Option<String>>| {
        row.into_iter().map(|value| value.unwrap_or_else(|| "NULL".into())).collect::<Vec<_>>().join("|")
    };
    database.rows(query).into_iter().map(line).collect()
}

/// Everything in a database.
fn dump(database: &SqliteDatabase) -> Vec<String> {
    let mut all = rows(database, "SELECT type, name, sql FROM sqlite_schema ORDER BY name");
    for table in rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
        all.extend(rows(database, &format!("SELECT * FROM \"{table}\"")));
    }
    all
}

fn text(plan: &offprint::plan::Plan) -> String {
    let mut text = String::new();
    for segment in &plan.segments {
        let steps = segment.steps.iter().map(|step| {
            let comments = step.comments.iter().map(|comment| format!("-- {comment}\n"));
            format!("{}{}", comments.collect::<String>(), step.sql)
        });
        for part in segment.opening.iter().cloned().chain(steps).chain(segment.closing.iter().cloned()) {
            text.push_str(&part);
            text.push_str("\n\n");
        }
    }
    text
}
