//! Many cases on few databases.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::postgres::PostgresDatabase;

/// How many cases are run at a time.
const WORKERS: usize = 3;

/// Runs each case on an empty database; `None` without a server.
///
/// A case leaves nothing behind, and a database for each would take longer than the cases.
pub fn run_all<K: Ord + Send, C: Sync, O: Send>(
    cases: &[C],
    key: impl Fn(&C) -> K + Sync,
    run: impl Fn(&C, &PostgresDatabase) -> O + Sync,
) -> Option<BTreeMap<K, O>> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let database = PostgresDatabase::create("a worker of the matrix")?;
        let mut outcomes = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            outcomes.push((key(case), run(case, &database)));
        }
        Some(outcomes)
    };
    let outcomes: BTreeMap<K, O> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().filter_map(|worker| worker.join().expect("a worker ends")).flatten().collect()
    });
    (!outcomes.is_empty()).then_some(outcomes)
}

/// The outcomes, if none of them is wrong.
#[track_caller]
pub fn none_is_wrong<O>(outcomes: BTreeMap<String, Result<O, String>>) -> BTreeMap<String, O> {
    let (mut right, mut wrong) = (BTreeMap::new(), Vec::new());
    let all = outcomes.len();
    for (case, outcome) in outcomes {
        match outcome {
            Ok(outcome) => drop(right.insert(case, outcome)),
            Err(error) => wrong.push(format!("{case}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n\n"));
    right
}
