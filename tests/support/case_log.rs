//! The count of cases that really ran on an engine, so that a run that skipped them cannot look like a good one.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

/// The variable that names the file to which every executed case adds a line.
pub const CASE_LOG: &str = "OFFPRINT_CASE_LOG";

/// Adds the line `<engine> <case>` to the file that `OFFPRINT_CASE_LOG` names; does nothing when it is not set.
pub fn record(engine: &str, case: &str) {
    let Some(path) = env::var_os(CASE_LOG) else { return };
    let mut log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .unwrap_or_else(|error| panic!("{CASE_LOG} names {}, which cannot be written: {error}", path.display()));
    log.write_all(format!("{engine} {case}\n").as_bytes()).expect("the case log takes a line");
}
