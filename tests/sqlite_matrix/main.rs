//! Every kind of change, in every surrounding that it could damage, as every applier runs it.
//!
//! Three lists make the matrix: the changes, the shapes of the table under test with what surrounds it, and the modes
//! of delivery. After the upgrade, the downgrade and the second upgrade, all rows of all tables are as they were but
//! for what the change is about, with their numbers and sequences; the engine finds nothing wrong; every view, trigger
//! and reference still compiles; settings are as before; nothing is left behind; and the schema is what was replayed.
//!
//! What Offprint refuses, and what stops at an object that no revision knows, is listed with its reason in a snapshot
//! for each shape, which counts the cases too. Nothing is skipped: a change that is newly refused or no longer refused
//! fails the test.

#[path = "../support/mod.rs"]
mod support;

mod availability;
mod case;
mod changes;
mod damage;
mod names;
mod rows;
mod shapes;
mod shell;
mod story;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use case::{Case, Ending};
use changes::CHANGES;
use offprint::dialect::Settings;
use shapes::{SHAPES, Shape, shape};
use story::Story;
use support::modes::Mode;

/// Runs all changes of one shape in all modes, here and in the shell.
fn run(name: &str) {
    let stories = run_for(&Settings::default(), name, name);
    shell::tell(name, &stories);
    write_down(name, &stories);
}

/// The same with what only the newest SQLite can change in place. The shell is older.
fn run_for_the_newest(name: &str) {
    let settings = Settings { sqlite_version: (3, 54), ..Settings::default() };
    run_for(&settings, name, &format!("{name} newest"));
}

/// Runs all changes of one shape in all modes, and compares what became of them with a snapshot.
fn run_for(settings: &Settings, name: &str, snapshot: &str) -> Vec<Story> {
    let shape = shape(name);
    Mode::ALL.into_iter().for_each(|mode| Case::check_shape(shape, mode));
    let mut failures = Vec::new();
    let mut report = Report::default();
    let mut stories = Vec::new();
    for change in CHANGES {
        for mode in Mode::ALL {
            let title = format!("{} ({})", change.name, mode.name());
            match Case::compile(shape, change, mode, settings) {
                Ok(case) => {
                    support::case_log::record("sqlite", &format!("{name}: {title}"));
                    report.runs += 1;
                    match case.run() {
                        Ok(Ending::Whole(story)) => stories.push(story),
                        Ok(Ending::Stopped(error)) => report.note("stops", change.name, error, mode),
                        Err(error) => failures.push(format!("{title}: {error}")),
                    }
                }
                Err(found) => {
                    let reason = format!("{}: {}", found[0].code.number(), found[0].message);
                    report.note("refused", change.name, reason, mode);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {} cases fail:\n\n{}", failures.len(), report.runs, failures.join("\n\n"));
    insta::assert_snapshot!(snapshot.replace(' ', "_"), report.text());
    stories
}

/// Writes the stories down, one to a line, if `OFFPRINT_MATRIX` names a folder: `.ci/sqlite-engines` tells them to other
/// engines.
fn write_down(name: &str, stories: &[Story]) {
    let Some(folder) = env::var_os("OFFPRINT_MATRIX") else { return };
    let lines: String = stories.iter().map(|story| format!("{}\n", story.json())).collect();
    let file = Path::new(&folder).join(format!("{}.jsonl", name.replace(' ', "_")));
    fs::write(&file, lines).unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
}

/// What became of the cases of one shape.
#[derive(Default)]
struct Report {
    runs: usize,
    /// The modes in which a change did not go all the way, by how it ended, its name and the reason.
    others: BTreeMap<(&'static str, &'static str, String), Vec<Mode>>,
}

impl Report {
    fn note(&mut self, ending: &'static str, change: &'static str, reason: String, mode: Mode) {
        self.others.entry((ending, change, reason)).or_default().push(mode);
    }

    fn text(&self) -> String {
        let mut text = format!("{} changes in {} modes: {} cases run\n", CHANGES.len(), Mode::ALL.len(), self.runs);
        for ((ending, change, reason), modes) in &self.others {
            let modes = match modes.as_slice() {
                modes if modes == Mode::ALL => "every mode".to_owned(),
                modes => modes.iter().map(|mode| mode.name()).collect::<Vec<_>>().join("; "),
            };
            writeln!(text, "{ending}: {change} ({modes})\n    {reason}").expect("a String can be written to");
        }
        text
    }
}

macro_rules! shapes {
    ($($test:ident: $name:literal;)*) => {
        $(
            #[test]
            fn $test() {
                run($name);
            }
        )*

        #[test]
        fn every_shape_is_run() {
            let names: Vec<&str> = SHAPES.iter().map(|shape: &Shape| shape.name).collect();
            assert_eq!(names, [$($name),*]);
        }
    };
}

shapes! {
    plain: "plain";
    cascading_children: "cascading children";
    nulling_children: "nulling children";
    defaulting_children: "defaulting children";
    restricting_children: "restricting children";
    deferring_children: "deferring children";
    self_reference_that_cascades: "self reference that cascades";
    self_reference_that_restricts: "self reference that restricts";
    cycle_of_two_tables: "cycle of two tables";
    composite_key: "composite key";
    autoincrement_with_a_gap: "autoincrement with a gap";
    row_numbers_without_a_key: "row numbers without a key";
    without_rowid: "without rowid";
    strict: "strict";
    generated_columns_of_each_other: "generated columns of each other";
    triggers: "triggers";
    views_on_views: "views on views";
    a_view_of_all_columns: "a view of all columns";
    full_text_search_of_its_rows: "full text search of its rows";
    odd_identifiers: "odd identifiers";
    a_broken_view_elsewhere: "a broken view elsewhere";
    children_of_children: "children of children";
}

#[test]
fn with_what_the_newest_sqlite_can_change_in_place() {
    for name in ["cascading children", "generated columns of each other", "triggers", "odd identifiers"] {
        run_for_the_newest(name);
    }
}

#[test]
fn the_matrix_has_its_size() {
    assert_eq!((SHAPES.len(), CHANGES.len(), Mode::ALL.len()), (22, 53, 5));
}
