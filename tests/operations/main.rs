//! Every operation of the vocabulary, on every engine, in both directions, with rows in the tables.
//!
//! A case is a small project of two revisions: one that makes tables, which are then filled by hand, and the one under
//! test. Its scripts are compiled by the library and run by the engines' own clients. After each script the rows are
//! compared with what the case says, and what the engine reports with the replayed schema. What an engine has nothing
//! for has a case in which it is refused.

#[path = "../support/mod.rs"]
mod support;

mod case;

mod alter_column;
mod columns;
mod constraints;
mod enums;
mod extensions;
mod indexes;
mod jobs;
mod locks;
mod materialized_views;
mod names;
mod online;
mod partitions;
mod policies;
mod privileges;
mod raw;
mod refusals;
mod routines;
mod rows;
mod sequences;
mod storage;
mod tables;
mod types;
mod views;

use std::collections::BTreeSet;

use case::Case;
use offprint::language::vocabulary::{Call, Owner};
use offprint::operation::{Op, words};
use offprint::schema::Dialect;

/// All cases, by file and name.
fn cases() -> impl Iterator<Item = &'static (&'static str, fn() -> Case)> {
    let files = [
        alter_column::CASES,
        columns::CASES,
        constraints::CASES,
        enums::CASES,
        extensions::CASES,
        indexes::CASES,
        materialized_views::CASES,
        names::CASES,
        online::CASES,
        partitions::CASES,
        policies::CASES,
        privileges::CASES,
        raw::CASES,
        refusals::CASES,
        routines::CASES,
        rows::CASES,
        sequences::CASES,
        storage::CASES,
        tables::CASES,
        types::CASES,
        views::CASES,
    ];
    files.into_iter().flatten()
}

/// The text of the cases.
const TEXTS: &[&str] = &[
    include_str!("alter_column.rs"),
    include_str!("columns.rs"),
    include_str!("constraints.rs"),
    include_str!("enums.rs"),
    include_str!("extensions.rs"),
    include_str!("indexes.rs"),
    include_str!("jobs.rs"),
    include_str!("materialized_views.rs"),
    include_str!("online.rs"),
    include_str!("partitions.rs"),
    include_str!("policies.rs"),
    include_str!("privileges.rs"),
    include_str!("raw.rs"),
    include_str!("routines.rs"),
    include_str!("rows.rs"),
    include_str!("sequences.rs"),
    include_str!("storage.rs"),
    include_str!("tables.rs"),
    include_str!("types.rs"),
    include_str!("views.rs"),
];

#[test]
fn every_operation_has_a_case_on_every_dialect_in_both_directions() {
    let mut missing = Vec::new();
    for dialect in Dialect::ALL {
        let mut covered = BTreeSet::new();
        for (_, case) in cases() {
            let case = case();
            let mut op = Op::default();
            case.record_upgrade(&mut op);
            let recorded = op.recorded().iter().filter(|recorded| recorded.scope.is_none_or(|only| only == dialect));
            let recorded: Vec<_> = recorded.collect();
            // Of several operations it would not be known which one is refused.
            if case.goes_both_ways(dialect) || (case.is_refused(dialect) && recorded.len() == 1) {
                let titles = recorded.iter().map(|recorded| recorded.operation.title());
                covered.extend(titles.map(|title| title.split(' ').next().map(str::to_owned)));
            }
        }
        let operations = words().filter(|word| matches!(word.call, Call::Operation(_)));
        // The one that says that there is no way back.
        let reversible = operations.filter(|word| word.name != "irreversible");
        let uncovered = reversible.filter(|word| !covered.contains(&Some(word.name.to_owned())));
        missing.extend(uncovered.map(|word| format!("{} on {dialect}", word.name)));
    }
    assert!(missing.is_empty(), "no case goes up and down with, or refuses, {}", missing.join(", "));
}

#[test]
fn every_word_of_the_vocabulary_is_in_a_case() {
    let unused = words().filter(|word| {
        let call = match word.owner {
            Owner::Free if matches!(word.call, Call::Constant(_)) => format!("({})", word.name),
            Owner::Free => format!("{}(", word.name),
            Owner::Operations | Owner::Builder(_) | Owner::Value(_) => format!(".{}(", word.name),
        };
        !TEXTS.iter().any(|text| text.contains(&call))
    });
    let unused: Vec<String> = unused.map(|word| format!("{word:?}")).collect();
    assert!(unused.is_empty(), "no case uses {}", unused.join(", "));
}

#[test]
fn every_case_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = cases().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), cases().count());
}
