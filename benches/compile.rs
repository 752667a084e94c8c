//! What a compile costs, on chains of 100 to 10,000 revisions of about 1 kB.
//!
//! `cargo bench --bench compile` prints a table: the time of the whole range and of the last revision alone through
//! the real program (`--sql` to a pipe, reading included), peak memory, the time of each phase in the library, and the
//! time to write files. It asserts nothing: speed is shown, never tested.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use offprint::compile::Compiler;
use offprint::history::{Direction, History, Node};
use offprint::language;
use offprint::revision::Revision;
use offprint::schema::Dialect;
use offprint::source::Sources;
use offprint::workspace::Workspace;

const SIZES: [usize; 4] = [100, 1_000, 5_000, 10_000];

fn main() {
    println!("program: time of the whole range and of the last revision alone, one dialect, to a pipe");
    println!(
        "{:>9} {:>9} {:>12} {:>10} {:>9} {:>10} {:>12}",
        "dialect", "revisions", "whole", "each", "last", "peak", "files"
    );
    for size in SIZES {
        let project = project(size);
        for dialect in Dialect::ALL {
            let whole = fastest(3, || run(&project, &["compile", "--sql", "--dialect", dialect.name()]));
            let last = ["compile", "--sql", "--dialect", dialect.name(), "--from", "head-1", "--to", "head"];
            let alone = fastest(5, || run(&project, &last));
            let files = match dialect {
                Dialect::Postgres => format!("{:.2?}", run(&project, &["compile"]).time),
                Dialect::Sqlite => String::new(),
            };
            let each = whole.time / u32::try_from(size).expect("a small number");
            println!(
                "{:>9} {size:>9} {:>12} {:>10} {:>9} {:>10} {files:>12}",
                dialect.name(),
                format!("{:.2?}", whole.time),
                format!("{each:.1?}"),
                format!("{:.2?}", alone.time),
                format!("{} MB", whole.peak_kilobytes / 1024),
            );
        }
        fs::remove_dir_all(&project).expect("the project of the benchmark can be deleted");
    }
    println!("\nlibrary: time of each phase per revision");
    println!(
        "{:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "revisions", "read", "parse", "evaluate", "history", "replay", "sections"
    );
    for size in SIZES {
        let project = project(size);
        phases(&project, size);
        fs::remove_dir_all(&project).expect("the project of the benchmark can be deleted");
    }
}

/// A run of the program.
#[derive(Clone, Copy)]
struct Run {
    time: Duration,
    peak_kilobytes: u64,
}

fn fastest(times: usize, mut run: impl FnMut() -> Run) -> Run {
    (0..times).map(|_| run()).min_by_key(|run| run.time).expect("at least one run")
}

/// Runs the program on one core and reads its output through a pipe, as an applier would.
fn run(project: &Path, arguments: &[&str]) -> Run {
    let report = project.join("peak");
    let start = Instant::now();
    let output = Command::new("/usr/bin/env")
        .args(["time", "--quiet", "-f", "%M", "-o"])
        .arg(&report)
        .args(["taskset", "-c", "0"])
        .arg(env!("CARGO_BIN_EXE_offprint"))
        .args(arguments)
        .current_dir(project)
        .stderr(Stdio::piped())
        .output();
    let time = start.elapsed();
    match output {
        Ok(output) if output.status.success() => {
            let peak = fs::read_to_string(&report).unwrap_or_default();
            Run { time, peak_kilobytes: peak.trim().parse().unwrap_or(0) }
        }
        _ => {
            // Without `time` and `taskset` there is no peak, but the time is as good.
            let start = Instant::now();
            let output = Command::new(env!("CARGO_BIN_EXE_offprint"))
                .args(arguments)
                .current_dir(project)
                .output()
                .expect("the program starts");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Run { time: start.elapsed(), peak_kilobytes: 0 }
        }
    }
}

/// The phases in the library, without a process around them.
fn phases(project: &Path, size: usize) {
    let each = |time: Duration| format!("{:.1?}", time / u32::try_from(size).expect("a small number"));
    let mut sources = Sources::default();
    let workspace = Workspace::open(project.to_path_buf(), &mut sources).expect("the project opens");

    let start = Instant::now();
    let read = workspace.revisions(&mut sources).expect("the revisions are readable");
    let reading = start.elapsed();

    let start = Instant::now();
    let parsed: Vec<_> =
        read.sources.iter().map(|&id| language::parse(id, &sources.get(id).text).expect("it parses")).collect();
    let parsing = start.elapsed();

    let start = Instant::now();
    let none = |_: &str| Err("no file".to_string());
    let revisions: Vec<Revision> =
        parsed.iter().map(|syntax| language::evaluate(syntax, "x", &none).expect("it evaluates")).collect();
    let evaluating = start.elapsed();

    let start = Instant::now();
    let nodes: Vec<Node> = revisions.iter().map(Revision::node).collect();
    let history = History::build(&nodes).expect("a chain is a valid history");
    let ordering = start.elapsed();

    let project = workspace.project();
    let compiler =
        Compiler { history: &history, revisions: &revisions, naming: &project.naming, settings: &project.settings };
    let start = Instant::now();
    compiler.replay(Dialect::Postgres, |_| Ok(())).expect("it replays");
    let replaying = start.elapsed();

    let start = Instant::now();
    let mut bytes = 0;
    compiler
        .replay(Dialect::Postgres, |replayed| {
            let section = compiler.section(&project.targets[0], &replayed, Direction::Up)?;
            bytes += section.map_or(0, |section| section.script().len());
            Ok(())
        })
        .expect("it compiles");
    let sections = start.elapsed().saturating_sub(replaying);
    println!(
        "{size:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        each(reading),
        each(parsing),
        each(evaluating),
        each(ordering),
        each(replaying),
        each(sections)
    );
}

/// A chain of revisions in a folder of its own.
fn project(size: usize) -> PathBuf {
    let root = std::env::temp_dir().join(format!("offprint-bench-{}-{size}", std::process::id()));
    let revisions = root.join("revisions");
    fs::create_dir_all(&revisions).expect("the folder of the benchmark can be made");
    fs::write(root.join("offprint.toml"), "").expect("a file can be written");
    for number in 0..size {
        let file = revisions.join(format!("{number:06}_step.rs"));
        fs::write(file, revision(number)).expect("a file can be written");
    }
    root
}

/// One revision of about 1 kB that does a bit of everything.
fn revision(number: usize) -> String {
    let parent = match number {
        0 => String::new(),
        number => format!("\"r{:06}\"", number - 1),
    };
    let mut text = format!(
        "//! step {number}: a table and what becomes of it\n\nuse offprint::prelude::*;\n\n\
         pub const REVISION: &str = \"r{number:06}\";\npub const REVISES: &[&str] = &[{parent}];\n\n\
         pub fn upgrade(op: &mut Op) {{\n    op.create_enum(\"kind_{number}\", [\"small\", \"large\"]);\n    \
         op.create_table(\"t_{number}\")\n        .column(\"id\", big_integer().identity())\n"
    );
    for (column, kind) in [
        ("name", "varchar(200).not_null()"),
        ("amount", "integer().not_null().default(0)"),
        ("note", "text()"),
        ("payload", "json().not_null().default(\"{}\")"),
        ("active", "boolean().not_null().default(true)"),
        ("created_at", "timestamptz().not_null().default(now())"),
    ] {
        writeln!(text, "        .column(\"{column}\", {kind})").expect("a String can be written to");
    }
    write!(
        text,
        "        .column(\"kind\", enumeration(\"kind_{number}\").not_null().default(\"small\"))\n        \
         .primary_key([\"id\"]);\n    op.add_column(\"t_{number}\", \"reference\", text());\n    \
         op.create_index(\"ix_t_{number}_name\", \"t_{number}\", [\"name\"]);\n    \
         op.alter_column(\"t_{number}\", \"amount\").set_type(big_integer());\n    \
         op.rename_column(\"t_{number}\", \"note\", \"remark\");\n    op.drop_column(\"t_{number}\", \"reference\");\n}}\n"
    )
    .expect("a String can be written to");
    text
}
