//! Artifacts are written: all or none.

use super::*;

#[test]
fn only_what_differs_is_written() {
    let sandbox = Sandbox::new();
    let workspace = sandbox.workspace();
    let files = [artifact("out/psql/a.up.sql", "a"), artifact("out/psql/b.up.sql", "b")];
    let outcome = workspace.write(&files, &[]).expect("written");
    assert_eq!(outcome.written, ["out/psql/a.up.sql", "out/psql/b.up.sql"]);

    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for file in &files {
        let file = fs::File::options().write(true).open(sandbox.path(&file.path)).expect("a file");
        file.set_modified(long_ago).expect("a time");
    }
    sandbox.put("out/psql/stale.up.sql", "stale");
    let files = [artifact("out/psql/a.up.sql", "a"), artifact("out/psql/b.up.sql", "c")];
    let stale = ["out/psql/stale.up.sql".into(), "out/psql/gone.up.sql".into()];
    let outcome = workspace.write(&files, &stale).expect("written");
    assert_eq!(outcome.written, ["out/psql/b.up.sql"]);
    assert_eq!(outcome.removed, ["out/psql/stale.up.sql"]);
    assert_eq!(outcome.unchanged, 1);
    let modified = |path: &str| fs::metadata(sandbox.path(path)).and_then(|it| it.modified()).expect("a time");
    assert_eq!(modified("out/psql/a.up.sql"), long_ago);
    assert_ne!(modified("out/psql/b.up.sql"), long_ago);
    assert_eq!(sandbox.files().len(), 2);
}

#[test]
fn what_a_killed_run_has_left_is_deleted_and_not_listed() {
    let sandbox = Sandbox::new();
    sandbox.put("out/psql/.offprint-abc.tmp", "half");
    sandbox.put("out/psql/a.up.sql", "a");
    sandbox.put("out/psql/inner/b.sql", "b");
    let workspace = sandbox.workspace();
    assert_eq!(workspace.files("out/psql").expect("a folder"), ["out/psql/a.up.sql", "out/psql/inner/b.sql"]);
    assert_eq!(workspace.files("out/none").expect("none"), [""; 0]);
    workspace.write(&[artifact("out/psql/a.up.sql", "a")], &[]).expect("written");
    let files: Vec<String> = sandbox.files().into_keys().collect();
    assert_eq!(files, ["out/psql/a.up.sql", "out/psql/inner/b.sql"]);
}

#[test]
fn files_are_read_up_to_a_limit() {
    let sandbox = Sandbox::new();
    sandbox.put("out/a", "header and more");
    let workspace = sandbox.workspace();
    assert_eq!(workspace.read("out/a", 6).expect("read").as_deref(), Some(&b"header"[..]));
    assert_eq!(workspace.read("out/a", usize::MAX).expect("read").map(|it| it.len()), Some(15));
    assert_eq!(workspace.read("out/b", 6).expect("read"), None);
    assert_eq!(workspace.read("out", 6).expect_err("a folder").message, "`out` is not a file");
}

#[test]
fn new_files_replace_nothing() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/a.rs", "old");
    let workspace = sandbox.workspace();
    let files = [artifact("revisions/b.rs", "new"), artifact("revisions/a.rs", "new")];
    let mistake = workspace.create(&files).expect_err("it exists");
    assert_eq!(mistake.message, "`revisions/a.rs` exists already");
    assert_eq!(sandbox.files().len(), 1);
    workspace.create(&files[..1]).expect("created");
    assert_eq!(sandbox.text("revisions/b.rs"), "new");
}

/// Writes three files, of which something must keep the second from being written. All must stay as they were.
fn refused(sandbox: &Sandbox, path: &str) -> String {
    sandbox.put("out/psql/a.up.sql", "old");
    sandbox.put("out/psql/stale.sql", "stale");
    let before = sandbox.files();
    let files = [artifact("out/psql/a.up.sql", "new"), artifact(path, "new"), artifact("out/more/c.sql", "new")];
    let mistake = sandbox.workspace().write(&files, &["out/psql/stale.sql".into()]).expect_err("it cannot be");
    assert_eq!(sandbox.files(), before);
    assert!(!sandbox.path("out/more").exists());
    assert!(!mistake.helps.is_empty());
    show(&[*mistake])
}

#[test]
fn a_folder_in_the_place_of_a_file() {
    let sandbox = Sandbox::new();
    sandbox.put("out/psql/b.up.sql/inner", "");
    assert_eq!(
        refused(&sandbox, "out/psql/b.up.sql"),
        "E0505 `out/psql/b.up.sql` is not a file | move away the folder or device that stands in its place"
    );
}

#[test]
fn a_file_in_the_place_of_a_folder() {
    let sandbox = Sandbox::new();
    sandbox.put("out/sqlite3", "");
    let found = refused(&sandbox, "out/sqlite3/b.up.sql");
    assert!(found.starts_with("E0505 cannot write `out/sqlite3/b.up.sql`:"), "{found}");
}

#[test]
fn paths_that_lead_out() {
    let sandbox = Sandbox::new();
    for path in ["../b.sql", "/tmp/b.sql", "out/../../b.sql", "out//b.sql", "out\\b.sql"] {
        assert!(refused(&sandbox, path).contains("leads out of the project"), "{path}");
    }
    assert!(refused(&sandbox, "out/psql/A.UP.sql").contains("two files would be written"));
}

#[cfg(unix)]
#[test]
fn links_that_lead_out() {
    let sandbox = Sandbox::new();
    let outside = sandbox.folder.path().join("outside");
    fs::create_dir_all(&outside).expect("a folder");
    fs::create_dir_all(sandbox.path("out")).expect("a folder");
    std::os::unix::fs::symlink(&outside, sandbox.path("out/link")).expect("a link");
    assert!(refused(&sandbox, "out/link/b.sql").contains("`out/link` leads out of the project"));
    assert!(refused(&sandbox, "out/link/new/b.sql").contains("`out/link/new` leads out of the project"));
    assert!(files_below(&outside).is_empty());
}

#[cfg(unix)]
#[test]
fn permissions_are_the_usual_ones_and_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.put("out/old", "old");
    fs::set_permissions(sandbox.path("out/old"), fs::Permissions::from_mode(0o640)).expect("changed");
    sandbox.put("out/usual", "");
    let files = [artifact("out/old", "new"), artifact("out/new", "new")];
    sandbox.workspace().write(&files, &[]).expect("written");
    let mode = |path: &str| fs::metadata(sandbox.path(path)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("out/old"), 0o640);
    assert_eq!(mode("out/new"), mode("out/usual"));
}

/// More files than a process may have open at once.
#[test]
fn many_files() {
    let sandbox = Sandbox::new();
    let files = |text: &str| -> Vec<Artifact> {
        (0..1_200).map(|number| artifact(&format!("out/psql/{number:05}.up.sql"), text)).collect()
    };
    let workspace = sandbox.workspace();
    for text in ["one", "two", "two"] {
        let start = std::time::Instant::now();
        let outcome = workspace.write(&files(text), &[]).expect("written");
        println!("{} written, {} equal: {:?}", outcome.written.len(), outcome.unchanged, start.elapsed());
    }
    assert!(sandbox.files().values().all(|text| text == "two"));
}
