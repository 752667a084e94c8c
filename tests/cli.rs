//! The binary as its users see it: what it prints where, what it writes, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder that commands run in.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    /// A project with three revisions in a row: `a1`, `b2`, `c3`.
    fn with_chain() -> Self {
        let folder = Folder::new();
        folder.write("offprint.toml", "");
        folder.write(
            "revisions/20260101_000000_first.rs",
            &revision("a1", &[], "op.create_table(\"job\").column(\"id\", integer()).primary_key([\"id\"]);"),
        );
        folder.write(
            "revisions/20260102_000000_second.rs",
            &revision("b2", &["a1"], "op.add_column(\"job\", \"name\", text());"),
        );
        folder.write(
            "revisions/20260103_000000_third.rs",
            &revision("c3", &["b2"], "op.create_index(\"ix_job_name\", \"job\", [\"name\"]);"),
        );
        folder
    }

    /// The same with another head beside `c3`.
    fn with_two_heads() -> Self {
        let folder = Folder::with_chain();
        let body = "op.create_table(\"tag\").column(\"id\", integer()).primary_key([\"id\"]);";
        folder.write("revisions/20260104_000000_fourth.rs", &revision("d4", &["b2"], body));
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("read")
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{text}");
        self.write(path, &text.replace(from, to));
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("removed");
    }

    /// All files below a folder with their texts.
    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut open = vec![self.path().join(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.path()).expect("below").to_string_lossy().into_owned();
                    files.push((name, fs::read(path).expect("read")));
                }
            }
        }
        files.sort();
        files
    }

    fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.path(), arguments)
    }

    /// Runs a command that has to end well, and answers with its result.
    fn fine(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        run.stdout
    }
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offprint"));
    command.current_dir(folder).args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let Output { status, stdout, stderr } = command(folder, arguments).output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code().expect("no signal"), stdout: text(stdout), stderr: text(stderr) }
}

fn revision(id: &str, parents: &[&str], upgrade: &str) -> String {
    format!(
        "//! revision {id}\n\nuse offprint::prelude::*;\n\npub const REVISION: &str = \"{id}\";\n\
         pub const REVISES: &[&str] = &{parents:?};\n\npub fn upgrade(op: &mut Op) {{\n    {upgrade}\n}}\n"
    )
}

fn findings(run: &Run) -> Vec<serde_json::Value> {
    serde_json::from_str(&run.stderr).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

fn codes(run: &Run) -> Vec<String> {
    findings(run).iter().map(|finding| finding["code"].as_str().expect("a code").to_string()).collect()
}

// Help.

#[test]
fn without_a_command_there_is_help() {
    let run = Folder::new().run(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = Folder::new();
    for name in
        ["compile", "check", "history", "heads", "show", "schema", "stamp", "new", "init", "explain", "completions"]
    {
        let run = folder.run(&[name, "--help"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
        assert!(run.stdout.contains(&format!("    offprint {name}")) || run.stdout.contains("$(offprint"), "{name}");
        insta::assert_snapshot!(format!("help_{name}"), run.stdout);
    }
}

// Exit codes and streams.

#[test]
fn usage_and_configuration_end_with_2() {
    let folder = Folder::with_chain();
    for arguments in [
        &["no_such_command"][..],
        &["compile", "--no-such-option"],
        &["compile", "--dialect", "oracle"],
        &["compile", "--sql", "--target", "nowhere"],
        &["compile", "--sql", "--target", "psql", "--dialect", "sqlite"],
        &["stamp", "head"],
        &["explain", "E9999"],
        &["compile", "--project", "no_such_folder"],
        &["new", "two\nlines"],
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("error"), "{arguments:?}: {}", run.stderr);
    }
    folder.write("offprint.toml", "no_such_key = 1\n");
    let run = folder.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--> offprint.toml:1:1"), "{}", run.stderr);
}

#[test]
fn mistakes_end_with_1_and_show_their_place() {
    let folder = Folder::with_chain();
    folder.edit("revisions/20260102_000000_second.rs", "\"job\"", "\"jobs\"");
    for arguments in [&["compile"][..], &["compile", "--sql"], &["check"], &["schema"]] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(run.stderr.contains("--> revisions/20260102_000000_second.rs:9:19"), "{}", run.stderr);
        assert_eq!(run.stderr.matches("error[E0301]").count(), 1, "once for both dialects: {}", run.stderr);
    }
    assert!(folder.files("out").is_empty());
}

#[test]
fn all_mistakes_of_all_files_come_together() {
    let folder = Folder::with_chain();
    folder.edit("revisions/20260101_000000_first.rs", "integer()", "integr()");
    folder.edit("revisions/20260103_000000_third.rs", "create_index", "create_indx");
    let run = folder.run(&["check", "--format", "json"]);
    assert_eq!(run.code, 1);
    let files: Vec<String> =
        findings(&run).iter().map(|finding| finding["labels"][0]["file"].as_str().expect("a file").into()).collect();
    assert_eq!(files, ["revisions/20260101_000000_first.rs", "revisions/20260103_000000_third.rs"]);
}

#[test]
fn results_go_to_stdout_and_the_rest_to_stderr() {
    let folder = Folder::with_chain();
    let run = folder.run(&["compile", "--sql"]);
    assert!(run.stdout.starts_with("-- offprint: a1 "), "{}", run.stdout);
    assert_eq!(run.stderr, "target psql: Postgres, for psql\n");
    let run = folder.run(&["compile", "--sql", "--dialect", "sqlite"]);
    assert_eq!(run.stderr, "target sqlite3: SQLite, for sqlite3\n");
    let run = folder.run(&["compile"]);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.ends_with("12 written, 0 unchanged, 0 removed\n"), "{}", run.stderr);
    let run = folder.run(&["compile", "--format", "json"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "[]\n"));
}

#[test]
fn json_is_one_array_of_findings() {
    let folder = Folder::with_chain();
    folder.edit("revisions/20260102_000000_second.rs", "\"job\"", "\"jobs\"");
    let run = folder.run(&["compile", "--format", "json"]);
    let findings = findings(&run);
    assert_eq!((run.code, findings.len()), (1, 1));
    let label = &findings[0]["labels"][0];
    assert_eq!(findings[0]["severity"], "error");
    assert_eq!((&label["line"], &label["column"], &label["primary"]), (&9.into(), &19.into(), &true.into()));
    let source = folder.read("revisions/20260102_000000_second.rs");
    let place = |key: &str| label[key].as_u64().expect("a place") as usize;
    assert_eq!(&source[place("start_byte")..place("end_byte")], "\"jobs\"");
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::new();
    let escape = |arguments: &[&str]| folder.run(arguments).stderr.contains('\u{1b}');
    assert!(!escape(&["explain", "E9999"]));
    assert!(escape(&["explain", "E9999", "--color", "always"]));
    assert!(!escape(&["explain", "E9999", "--color", "never"]));
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let folder = Folder::with_chain();
    let wide: String = (0..900).map(|number| format!(".column(\"a_column_{number}\", text())")).collect();
    folder.edit("revisions/20260101_000000_first.rs", ".primary_key", &format!("{wide}.primary_key"));
    let mut child = command(folder.path(), &["schema"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

// Compile.

#[test]
fn slices_compose() {
    let folder = Folder::with_chain();
    for dialect in ["postgres", "sqlite"] {
        let sql =
            |from: &str, to: &str| folder.fine(&["compile", "--sql", "--dialect", dialect, "--from", from, "--to", to]);
        let positions = ["base", "a1", "b2", "c3"];
        for (first, from) in positions.iter().enumerate() {
            assert_eq!(sql(from, from), "");
            for (second, through) in positions.iter().enumerate().skip(first) {
                for to in &positions[second..] {
                    assert_eq!(sql(from, to), sql(from, through) + &sql(through, to), "{from} {through} {to}");
                    assert_eq!(sql(to, from), sql(to, through) + &sql(through, from), "{to} {through} {from}");
                }
            }
        }
    }
}

#[test]
fn later_revisions_do_not_change_earlier_sections() {
    let folder = Folder::with_chain();
    let before = folder.fine(&["compile", "--sql", "--to", "b2"]);
    folder.remove("revisions/20260103_000000_third.rs");
    assert_eq!(folder.fine(&["compile", "--sql"]), before);
}

#[test]
fn files_are_written_once_and_stale_ones_go() {
    let folder = Folder::with_chain();
    folder.fine(&["compile"]);
    let files = folder.files("out");
    assert_eq!(files.len(), 12);
    let run = folder.run(&["compile"]);
    assert_eq!(run.stderr, "0 written, 12 unchanged, 0 removed\n");
    folder.remove("revisions/20260103_000000_third.rs");
    folder.write("out/psql/foreign.sql", "SELECT 1;\n");
    let run = folder.run(&["compile", "--from", "a1"]);
    assert_eq!(run.stderr, "0 written, 4 unchanged, 0 removed\n", "a part deletes nothing");
    let run = folder.run(&["compile"]);
    assert!(run.stderr.ends_with("0 written, 8 unchanged, 4 removed\n"), "{}", run.stderr);
    assert!(folder.path().join("out/psql/foreign.sql").exists());
    assert!(!folder.path().join("out/psql/20260103_000000_third.up.sql").exists());
}

#[test]
fn a_range_writes_its_own_files_only() {
    let folder = Folder::with_chain();
    folder.fine(&["compile", "--from", "head-1", "--target", "psql"]);
    let names: Vec<String> = folder.files("out").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["out/psql/20260103_000000_third.down.sql", "out/psql/20260103_000000_third.up.sql"]);
}

#[test]
fn files_are_written_all_or_none() {
    let folder = Folder::with_chain();
    folder.fine(&["compile"]);
    let files = folder.files("out");
    folder.edit("revisions/20260101_000000_first.rs", "revision a1", "another message");
    folder.edit("revisions/20260103_000000_third.rs", "[\"name\"]", "[\"nam\"]");
    let run = folder.run(&["compile"]);
    assert_eq!(run.code, 1);
    assert_eq!(folder.files("out"), files);
    folder.edit("revisions/20260103_000000_third.rs", "[\"nam\"]", "[\"name\"]");
    // The last file cannot be written: a folder stands in its place.
    let last = "out/sqlite3/20260103_000000_third.up.sql";
    folder.remove(last);
    fs::create_dir(folder.path().join(last)).expect("made");
    let run = folder.run(&["compile"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(folder.files("out"), &files[..11]);
}

#[test]
fn several_heads_are_an_error_where_one_was_meant() {
    let folder = Folder::with_two_heads();
    for arguments in [&["compile"][..], &["compile", "--sql"], &["check"], &["schema"], &["new", "more"]] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains("error[E0206]"), "{}", run.stderr);
        assert!(run.stderr.contains("--parent c3 --parent d4"), "{}", run.stderr);
        assert!(run.stderr.contains("revisions/20260104_000000_fourth.rs:5:28"), "{}", run.stderr);
    }
    folder.fine(&["compile", "--to", "heads"]);
    folder.fine(&["compile", "--sql", "--to", "d4"]);
    let run = folder.run(&["compile", "--sql", "--from", "c3", "--to", "d4"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("error[E0205]"), "{}", run.stderr);
}

#[test]
fn there_is_no_way_back_over_an_irreversible_revision() {
    let folder = Folder::with_chain();
    folder.edit("revisions/20260102_000000_second.rs", "op.add", "op.irreversible(\"it burnt\");\n    op.add");
    let run = folder.run(&["compile", "--sql", "--from", "head", "--to", "base"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("it burnt"), "{}", run.stderr);
    folder.fine(&["compile", "--sql", "--from", "head", "--to", "head-1"]);
    folder.fine(&["compile"]);
    let up = folder.read("out/psql/20260102_000000_second.up.sql");
    assert!(up.contains("\n-- has no way back: it burnt\n"), "{up}");
    assert!(!folder.path().join("out/psql/20260102_000000_second.down.sql").exists());
    folder.fine(&["check"]);
}

#[test]
fn supabase_files_are_numbered_in_the_order_of_the_history() {
    let folder = Folder::with_chain();
    folder.write("offprint.toml", "[[target]]\nname = \"supabase\"\napplier = \"supabase\"\n");
    folder.fine(&["compile"]);
    let names = |folder: &Folder| folder.files("out").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let expected = ["20260101000000_first.sql", "20260102000000_second.sql", "20260103000000_third.sql"];
    assert_eq!(names(&folder), expected.map(|name| format!("out/supabase/migrations/{name}")));
    folder.fine(&["check"]);

    let rename = |from: &str, to: &str| {
        let path = |name: &str| folder.path().join("revisions").join(name);
        fs::rename(path(from), path(to)).expect("renamed");
    };
    let refused = |arguments: &[&str], reason: &str| {
        let run = folder.run(arguments);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("error[E0504]") && run.stderr.contains(reason), "{}", run.stderr);
    };
    for (name, reason) in [
        ("20251231_000000_third.rs", "do not come after those of b2"),
        ("20260102_000000_third.rs", "do not come after those of b2"),
        ("03_third.rs", "does not begin with a date and time"),
    ] {
        rename("20260103_000000_third.rs", name);
        refused(&["compile"], reason);
        refused(&["compile", "--from", "a1", "--to", "b2"], reason);
        refused(&["check"], reason);
        rename(name, "20260103_000000_third.rs");
    }
    let body = "op.create_table(\"tag\").column(\"id\", integer()).primary_key([\"id\"]);";
    folder.write("revisions/20260103_000000_beside.rs", &revision("d4", &["b2"], body));
    refused(&["compile", "--to", "heads"], "have the same version 20260103000000");
}

// Check.

#[test]
fn check_finds_each_kind_of_drift() {
    let folder = Folder::with_chain();
    folder.fine(&["compile"]);
    folder.fine(&["check"]);
    let files = folder.files("out");
    let up = "out/psql/20260102_000000_second.up.sql";

    folder.edit(up, "b2", "b3");
    let run = folder.run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains(&format!("error[E0502]: `{up}` differs")), "{}", run.stderr);
    assert!(run.stderr.contains("--> revisions/20260102_000000_second.rs:5:28"), "{}", run.stderr);
    assert!(run.stderr.contains("--- offprint: b3") && run.stderr.contains("+-- offprint: b2"), "{}", run.stderr);
    folder.fine(&["compile"]);

    folder.remove(up);
    let run = folder.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains(&format!("error[E0502]: `{up}` is missing")), "{}", run.stderr);
    folder.fine(&["compile"]);

    folder.write(up, &folder.read(up).replace('\n', "\r\n"));
    let run = folder.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("only its line ends differ"), "{}", run.stderr);
    folder.fine(&["compile"]);

    folder.write("out/psql/99_stray.sql", "SELECT 1;\n");
    let run = folder.run(&["check", "--format", "json"]);
    assert_eq!((run.code, codes(&run)), (1, vec!["E0503".to_string()]));
    folder.remove("out/psql/99_stray.sql");

    folder.fine(&["check"]);
    assert_eq!(folder.files("out"), files);
}

#[test]
fn check_shows_the_operation_behind_a_difference() {
    let folder = Folder::with_chain();
    folder.fine(&["compile"]);
    let up = "out/psql/20260102_000000_second.up.sql";
    folder.edit(up, "ADD COLUMN", "ADD  COLUMN");
    let run = folder.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("--> revisions/20260102_000000_second.rs:9:"), "{}", run.stderr);
    assert!(run.stderr.contains("compiles to other SQL"), "{}", run.stderr);
}

#[test]
fn check_writes_nothing() {
    let folder = Folder::with_chain();
    let before = folder.files(".");
    assert_eq!(folder.run(&["check"]).code, 1);
    assert_eq!(folder.files("."), before);
}

// The other commands.

#[test]
fn history_is_a_graph_or_json() {
    let folder = Folder::with_two_heads();
    folder.edit(
        "revisions/20260103_000000_third.rs",
        "op.create_index(\"ix_job_name\", \"job\", [\"name\"])",
        "op.drop_column(\"job\", \"name\")",
    );
    insta::assert_snapshot!(folder.fine(&["history"]), @r"
    *  d4 (head)  revision d4
    | *  c3 (head, destructive)  revision c3
    |/
    *  b2  revision b2
    *  a1  revision a1
    ");
    let json: serde_json::Value = serde_json::from_str(&folder.fine(&["history", "--json"])).expect("JSON");
    let entries = json.as_array().expect("an array");
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids, ["a1", "b2", "c3", "d4"]);
    assert_eq!(entries[2]["parents"], serde_json::json!(["b2"]));
    assert_eq!((&entries[2]["destructive"], &entries[2]["head"]), (&true.into(), &true.into()));
    assert_eq!((&entries[1]["destructive"], &entries[1]["head"]), (&false.into(), &false.into()));
    assert_eq!(entries[0]["file"], "revisions/20260101_000000_first.rs");
    assert_eq!(folder.fine(&["heads"]), "c3  revision c3\nd4  revision d4\n");
}

#[test]
fn show_tells_what_a_revision_does_and_loses() {
    let folder = Folder::with_chain();
    insta::assert_snapshot!(folder.fine(&["show", "b2"]));
}

#[test]
fn words_of_authors_do_not_move_the_cursor() {
    let folder = Folder::with_chain();
    folder.edit("revisions/20260102_000000_second.rs", "revision b2", "hidden \u{1b}[2J\u{8} words");
    for arguments in [&["history"][..], &["history", "--json"], &["show", "b2"], &["compile", "--sql"]] {
        let text = folder.fine(arguments);
        assert!(!text.contains(['\u{1b}', '\u{8}']) && text.contains("hidden "), "{text:?}");
    }
}

#[test]
fn stamp_and_schema_print_sql() {
    let folder = Folder::with_chain();
    for dialect in ["postgres", "sqlite"] {
        let stamp = folder.fine(&["stamp", "head-1", "--sql", "--dialect", dialect]);
        assert!(stamp.contains("alembic_version") && stamp.contains("'b2'") && !stamp.contains("'c3'"), "{stamp}");
        let schema = folder.fine(&["schema", "--at", "b2", "--dialect", dialect]);
        assert!(schema.contains("CREATE TABLE") && !schema.contains("CREATE INDEX"), "{schema}");
        assert!(folder.fine(&["schema", "--dialect", dialect]).contains("CREATE INDEX"));
        assert_eq!(folder.fine(&["schema", "--at", "base", "--dialect", dialect]), "");
    }
}

#[test]
fn init_and_new_make_a_project_that_is_in_order() {
    let folder = Folder::new();
    let run = folder.run(&["init"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    folder.fine(&["compile"]);
    let second = folder.fine(&["new", "Add the \"idempotency\" key"]);
    assert!(second.ends_with("_add_the_idempotency_key.rs\n"), "{second}");
    assert!(folder.read(second.trim_end()).starts_with("//! Add the \"idempotency\" key\n"));
    let third = folder.fine(&["new", "beside it", "--parent", "head-1"]);
    assert!(third > second, "{second} {third}");
    let run = folder.run(&["new", "merge", "--parent", "heads", "--parent", "head"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    folder.fine(&["new", "merge", "--parent", "heads"]);
    assert_eq!(folder.fine(&["heads"]).lines().count(), 1);
    folder.fine(&["compile"]);
    folder.fine(&["check"]);

    let before = folder.files(".");
    assert_eq!(folder.run(&["init"]).code, 2);
    assert_eq!(folder.files("."), before, "nothing is overwritten");
}

#[test]
fn new_refuses_parents_that_mean_nothing_together() {
    let folder = Folder::with_chain();
    let before = folder.files("revisions");
    for parents in [["c3", "b2"], ["c3", "c3"], ["base", "c3"]] {
        let run = folder.run(&["new", "x", "--parent", parents[0], "--parent", parents[1]]);
        assert_ne!(run.code, 0, "{parents:?}");
        assert_eq!(run.stdout, "");
    }
    assert_eq!(folder.files("revisions"), before);
}

#[test]
fn explain_knows_codes_and_words() {
    let folder = Folder::new();
    assert!(folder.fine(&["explain", "e0206"]).starts_with("E0206: The history has more than one head"));
    let words = folder.fine(&["explain", "on_delete"]);
    assert!(words.contains("after op.create_table") && words.contains("after op.create_foreign_key"), "{words}");
    let run = folder.run(&["explain", "create_tabel"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `create_table`?"), "{}", run.stderr);
}

#[test]
fn completions_know_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(folder.fine(&["completions", shell]).contains("history"), "{shell}");
    }
}

#[test]
fn a_project_is_found_from_below_and_by_its_folder() {
    let folder = Folder::with_chain();
    assert_eq!(run_in(&folder.path().join("revisions"), &["heads"]).stdout, "c3  revision c3\n");
    let elsewhere = Folder::new();
    let path = folder.path().to_string_lossy();
    assert_eq!(elsewhere.fine(&["heads", "--project", &path]), "c3  revision c3\n");
    let run = elsewhere.run(&["heads"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("offprint init"), "{}", run.stderr);
}
