//! What the steps say about locks, against what a server locks, scans and writes anew when it runs them.
//!
//! Each step of each case runs in a transaction of its own, in which the server is asked before it is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use offprint::plan::{Purpose, Step};
use postgres::{Client, SimpleQueryMessage};

use crate::case::Case;
use crate::cases;
use crate::support::postgres::PostgresDatabase;

/// How many cases are run at a time.
const WORKERS: usize = 3;

/// A lock on a table and the work under it, in the words of the steps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Effect {
    table: String,
    mode: String,
    work: Work,
}

/// The work, the lesser one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Nothing,
    Scan,
    Build,
    MayRewrite,
    Rewrite,
}

/// The modes that are worth a line, the weaker one first.
const MODES: [&str; 5] =
    ["ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

/// The line of a step as an effect.
fn stated(comment: &str) -> Option<Effect> {
    let (table, rest) = comment.strip_prefix("locks ")?.rsplit_once(" against ").expect("a line says against what");
    let (_, rest) = rest.split_once('(').expect("a line names a mode");
    let (mode, work) = rest.split_once(')').expect("a mode ends");
    let work = match work {
        "" => Work::Nothing,
        ", scans it" => Work::Scan,
        ", builds an index" => Work::Build,
        ", rewrites it and its indexes" => Work::Rewrite,
        ", rewrites it and its indexes if the default is volatile or the type demands it" => Work::MayRewrite,
        other => panic!("nobody knows what `{other}` is"),
    };
    Some(Effect { table: table.into(), mode: mode.into(), work })
}

/// A table at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    name: String,
    /// The file of the rows.
    file: String,
    /// The files of the indexes.
    indexes: BTreeSet<String>,
    /// The number of the table that it is a partition of.
    parent: Option<String>,
}

fn rows(client: &mut Client, query: &str) -> Vec<Vec<String>> {
    let messages = client.simple_query(query).unwrap_or_else(|error| panic!("{error}: {query}"));
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|index| row.get(index).unwrap_or_default().to_owned()).collect())
        }
        _ => None,
    };
    messages.into_iter().filter_map(row).collect()
}

/// The tables by their number, without the history table.
fn tables(client: &mut Client) -> BTreeMap<String, Table> {
    let query = "SELECT oid, relname, pg_relation_filenode(oid),
            (SELECT string_agg(pg_relation_filenode(indexrelid)::text, ' ') FROM pg_index WHERE indrelid = oid),
            (SELECT inhparent FROM pg_inherits WHERE inhrelid = oid)
        FROM pg_class
        WHERE relkind IN ('r', 'p', 'm', 'v') AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'";
    let table = |row: Vec<String>| {
        let [number, name, file, indexes, parent] = row.try_into().expect("five columns");
        let indexes = indexes.split(' ').filter(|file| !file.is_empty()).map(str::to_owned).collect();
        let parent = Some(parent).filter(|parent| !parent.is_empty());
        (number, Table { name, file, indexes, parent })
    };
    rows(client, query).into_iter().map(table).collect()
}

/// How often each table was read from end to end; the server counts on over transactions for a while.
fn scans(client: &mut Client) -> BTreeMap<String, u64> {
    let count = |row: Vec<String>| (row[0].clone(), row[1].parse().expect("a number"));
    rows(client, "SELECT relid, seq_scan FROM pg_stat_xact_user_tables").into_iter().map(count).collect()
}

/// Runs a step and reports what it did to these tables.
fn measure(client: &mut Client, step: &Step, old: &BTreeSet<String>) -> BTreeSet<Effect> {
    let before = tables(client);
    client.batch_execute("BEGIN").expect("a transaction begins");
    let scans_before = scans(client);
    client.batch_execute(&step.sql).unwrap_or_else(|error| panic!("{error:?}\n{}", step.sql));
    let locks =
        rows(client, "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL");
    let scans = scans(client);
    let after = tables(client);
    // What one step remembers for another one of its transaction.
    client
        .batch_execute("SELECT set_config('offprint.kept', current_setting('offprint.kept', true), false)")
        .expect("set");
    client.batch_execute("COMMIT").expect("a transaction ends");
    effects(&before, &after, old, &locks, |number| scans.get(number) > scans_before.get(number))
}

/// Runs a step that no transaction may hold, and reports what it did to these tables. It is asked what it locks while it
/// waits for somebody who has locked them all.
fn measure_alone(database: &PostgresDatabase, step: &Step, old: &BTreeSet<String>) -> BTreeSet<Effect> {
    let (mut watcher, mut holder, mut client) = (database.connect(), database.connect(), database.connect());
    let before = tables(&mut watcher);
    holder.batch_execute("BEGIN").expect("a transaction begins");
    for table in before.values() {
        let name = table.name.replace('"', "\"\"");
        // It holds SHARE UPDATE EXCLUSIVE until the end of the transaction. `LOCK` cannot lock materialized views.
        holder.batch_execute(&format!("ANALYZE public.\"{name}\"")).expect("nobody else is here");
    }
    let number = rows(&mut client, "SELECT pg_backend_pid()").remove(0).remove(0);
    let asked =
        format!("SELECT relation, mode FROM pg_locks WHERE pid = {number} AND NOT granted AND relation IS NOT NULL");
    let locks = thread::scope(|scope| {
        let worker =
            scope.spawn(|| client.batch_execute(&step.sql).unwrap_or_else(|error| panic!("{error:?}: {}", step.sql)));
        let locks = loop {
            let locks = rows(&mut watcher, &asked);
            if !locks.is_empty() || worker.is_finished() {
                break locks;
            }
            thread::sleep(Duration::from_millis(5));
        };
        holder.batch_execute("COMMIT").expect("a transaction ends");
        worker.join().expect("the statement ends");
        locks
    });
    assert!(!locks.is_empty(), "it waits for nobody: {}", step.sql);
    effects(&before, &tables(&mut watcher), old, &locks, |_| false)
}

/// What was done to the tables between two moments, under these locks.
fn effects(
    before: &BTreeMap<String, Table>,
    after: &BTreeMap<String, Table>,
    old: &BTreeSet<String>,
    locks: &[Vec<String>],
    scanned: impl Fn(&str) -> bool,
) -> BTreeSet<Effect> {
    let mut found: BTreeMap<&str, (usize, Work)> = BTreeMap::new();
    for (number, table) in before.iter().filter(|(number, _)| old.contains(*number)) {
        let modes = locks.iter().filter(|lock| lock[0] == *number);
        let Some(strongest) = modes.filter_map(|lock| MODES.iter().position(|mode| *mode == lock[1])).max() else {
            continue;
        };
        let work = match after.get(number) {
            Some(after) if after.file != table.file => Work::Rewrite,
            Some(after) if !after.indexes.is_subset(&table.indexes) => Work::Build,
            _ if scanned(number) => Work::Scan,
            _ => Work::Nothing,
        };
        found.insert(number, (strongest, work));
    }
    // What is done to a table is done to its partitions too.
    for (number, (mode, work)) in found.clone() {
        let parent = before[number].parent.as_deref().and_then(|parent| found.get_mut(parent));
        if let Some((_, all)) = parent.filter(|(strongest, _)| *strongest >= mode) {
            *all = work.max(*all);
            found.remove(number);
        }
    }
    let mut effects = BTreeSet::new();
    for (number, (strongest, work)) in found {
        let table = &before[number];
        // The weakest of these modes stops nobody who reads or writes.
        if strongest > 0 || work > Work::Nothing {
            let mode = MODES[strongest].trim_end_matches("Lock");
            let spaced = mode.chars().enumerate().map(|(place, letter)| {
                if place > 0 && letter.is_uppercase() { format!(" {letter}") } else { letter.to_string() }
            });
            effects.insert(Effect { table: table.name.clone(), mode: spaced.collect::<String>().to_uppercase(), work });
        }
    }
    effects
}

/// Whether the server did what was said. What a foreign key reads depends on the rows, and what a default of the
/// author's makes of a table depends on the default. A guard may find the rows that it looks for by an index.
fn agree(stated: &Effect, measured: &Effect, title: &str) -> bool {
    let other_side = title.contains("alter_column ") && !title.contains(&format!("alter_column {}.", stated.table));
    let at_most = stated.mode == "SHARE ROW EXCLUSIVE" || title == "guard" || other_side;
    let work = match stated.work {
        Work::MayRewrite => true,
        work => work == measured.work || (at_most && work >= measured.work),
    };
    stated.table == measured.table && stated.mode == measured.mode && work
}

/// What was said of the steps of a case and what they did.
#[derive(Default)]
struct Observed {
    count: usize,
    wrong: Vec<String>,
    /// An operation with a mode and the work that was said of it.
    said: BTreeSet<(String, String, Work)>,
    /// Those among them that were seen exactly so.
    seen: BTreeSet<(String, String, Work)>,
}

impl Observed {
    fn case(&mut self, name: &str, case: &Case) {
        let Some((steps, database)) = case.steps_on_postgres(&format!("{name} (locks)")) else { return };
        let mut client = database.connect();
        let mut old: BTreeSet<String> = tables(&mut client).into_keys().collect();
        for step in steps.iter().filter(|step| !step.sql.is_empty()) {
            let measured = match step.sql.contains("INDEX CONCURRENTLY") {
                true => measure_alone(&database, step, &old),
                false => measure(&mut client, step, &old),
            };
            let title = match &step.purpose {
                Purpose::Change(cause) => cause.title.as_str(),
                Purpose::Guard => "guard",
                Purpose::History => {
                    // The next steps are those of the way back, and everything is old for them.
                    old = tables(&mut client).into_keys().collect();
                    continue;
                }
            };
            // Nobody knows what an author's own SQL does.
            if !title.starts_with("execute") {
                self.step(name, title, step, &measured);
            }
        }
    }

    fn step(&mut self, name: &str, title: &str, step: &Step, measured: &BTreeSet<Effect>) {
        self.count += 1;
        let said: BTreeSet<Effect> = step.comments.iter().filter_map(|comment| stated(comment)).collect();
        let agrees = |effect: &Effect| measured.iter().any(|other| agree(effect, other, title));
        if said.len() != measured.len() || !said.iter().all(agrees) {
            self.wrong.push(format!("{name}, {title}: said {said:?}, but did {measured:?}\n{}", step.sql));
        }
        let word = title.split(' ').next().unwrap_or_default();
        let key = |effect: &Effect| (word.to_owned(), effect.mode.clone(), effect.work);
        self.seen.extend(said.intersection(measured).map(key));
        self.said.extend(said.iter().map(key));
    }

    fn append(&mut self, mut other: Observed) {
        self.count += other.count;
        self.wrong.append(&mut other.wrong);
        self.said.append(&mut other.said);
        self.seen.append(&mut other.seen);
    }
}

#[test]
fn steps_say_what_the_server_locks() {
    let all: Vec<_> = cases().collect();
    let worker = &|first: usize| {
        let mut observed = Observed::default();
        for (name, case) in all.iter().skip(first).step_by(WORKERS) {
            observed.case(name, &case());
        }
        observed
    };
    let mut observed = Observed::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|first| scope.spawn(move || worker(first))).collect();
        for worker in workers {
            observed.append(worker.join().expect("a worker ends"));
        }
    });
    let Observed { count, wrong, said, seen } = observed;
    assert!(wrong.is_empty(), "{} of {count} steps:\n{}", wrong.len(), wrong.join("\n\n"));
    // Where the author's SQL decides, one of the two is seen.
    let never: Vec<_> = said.difference(&seen).filter(|(_, _, work)| *work != Work::MayRewrite).collect();
    assert!(never.is_empty(), "said but never seen: {never:?}");
}
