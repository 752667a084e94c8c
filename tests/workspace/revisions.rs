//! Revisions are read: which files, in which order, and what is refused.

use super::*;

fn read(sandbox: &Sandbox) -> (Vec<String>, String) {
    let mut sources = Sources::default();
    let workspace = sandbox.open(&mut sources).expect("a project");
    let revisions = workspace.revisions(&mut sources).expect("a folder");
    let paths = revisions.sources.iter().map(|&source| sources.get(source).path.clone()).collect();
    (paths, show(&revisions.mistakes))
}

#[test]
fn they_are_read_in_the_order_of_their_paths() {
    let sandbox = Sandbox::new();
    for path in ["b.rs", "a/z.rs", "a/b/c.rs", "a.rs", "notes.md", ".hidden.rs", ".git/x.rs", "data.rs.txt"] {
        sandbox.put(&format!("revisions/{path}"), path);
    }
    fs::create_dir(sandbox.path("revisions/folder.rs")).expect("a folder");
    let (paths, mistakes) = read(&sandbox);
    assert_eq!(paths, ["revisions/a.rs", "revisions/a/b/c.rs", "revisions/a/z.rs", "revisions/b.rs"]);
    assert_eq!(mistakes, "");
}

#[test]
fn what_is_meant_as_a_revision_is_not_overlooked() {
    let sandbox = Sandbox::new();
    for path in ["a.rs", "b.RS", "c.Rs"] {
        sandbox.put(&format!("revisions/{path}"), path);
    }
    let (paths, mistakes) = read(&sandbox);
    assert_eq!(paths, ["revisions/a.rs"]);
    for path in ["revisions/b.RS", "revisions/c.Rs"] {
        assert!(mistakes.contains(&format!("`{path}` is not read")), "{mistakes}");
    }
}

#[test]
fn the_text_is_not_changed() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/a.rs", "\u{feff}one\r\ntwo\0");
    let mut sources = Sources::default();
    let revisions = sandbox.workspace().revisions(&mut sources).expect("a folder");
    assert_eq!(sources.get(revisions.sources[0]).text, "\u{feff}one\r\ntwo\0");
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/a.rs", "fine");
    sandbox.put("revisions/b.rs", b"// ok\n// \xff\xfe\n");
    sandbox.put("revisions/c.rs", vec![b' '; MAXIMUM_FILE_SIZE + 1]);
    sandbox.put("revisions/d.rs", vec![b' '; MAXIMUM_FILE_SIZE]);
    let (paths, mistakes) = read(&sandbox);
    assert_eq!(paths, ["revisions/a.rs", "revisions/d.rs"]);
    assert_eq!(
        mistakes,
        "E0101 `revisions/b.rs` is not UTF-8 | save the file as UTF-8\n\
         E0108 `revisions/c.rs` is larger than 1024 KiB | split it, or load large data by other means than a revision"
    );
    let mut sources = Sources::default();
    let revisions = sandbox.workspace().revisions(&mut sources).expect("a folder");
    let span = revisions.mistakes[0].labels[0].origin.span().expect("a span");
    assert_eq!(sources.line(span), 2);
    assert_eq!(&sources.get(span.source).text[span.range()], "\u{fffd}");
}

#[test]
fn a_missing_folder_is_named() {
    let sandbox = Sandbox::new();
    let mistake = sandbox.workspace().revisions(&mut Sources::default()).expect_err("no folder");
    assert_eq!(mistake.message, "the folder `revisions` with the revisions does not exist");
    sandbox.put("revisions", "");
    let mistake = sandbox.workspace().revisions(&mut Sources::default()).expect_err("no folder");
    assert_eq!(mistake.message, "`revisions` is not a folder");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_refused() {
    let sandbox = Sandbox::new();
    let outside = sandbox.folder.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("secret.rs"), "secret").expect("written");
    sandbox.put("revisions/a.rs", "fine");
    let link = |target: &Path, name: &str| {
        std::os::unix::fs::symlink(target, sandbox.path(&format!("revisions/{name}"))).expect("a link");
    };
    link(&outside.join("secret.rs"), "b.rs");
    link(&outside, "folder");
    link(Path::new("missing"), "c.rs");
    link(Path::new("."), "loop");
    link(&outside.join("secret.rs"), "data.sql");
    let made = std::process::Command::new("mkfifo").arg(sandbox.path("revisions/d.rs")).status().expect("mkfifo");
    assert!(made.success());
    let (paths, mistakes) = read(&sandbox);
    assert_eq!(paths, ["revisions/a.rs"]);
    let messages: Vec<&str> = mistakes.lines().filter_map(|line| line.split(" | ").next()).collect();
    assert_eq!(
        messages,
        [
            "E0505 `revisions/b.rs` is a link",
            "E0505 `revisions/c.rs` is a link",
            "E0505 `revisions/d.rs` is not a file",
            "E0505 `revisions/folder` is a link",
            "E0505 `revisions/loop` is a link",
        ]
    );
}

#[cfg(unix)]
#[test]
fn the_folder_may_not_lead_out_of_the_project() {
    let sandbox = Sandbox::new();
    std::os::unix::fs::symlink(sandbox.folder.path(), sandbox.path("revisions")).expect("a link");
    let mistake = sandbox.workspace().revisions(&mut Sources::default()).expect_err("a link");
    assert_eq!(mistake.message, "the folder `revisions` is a link that leads out of the project");
    sandbox.put("inner/a.rs", "");
    fs::remove_file(sandbox.path("revisions")).expect("removed");
    std::os::unix::fs::symlink("inner", sandbox.path("revisions")).expect("a link");
    assert_eq!(read(&sandbox).0, ["revisions/a.rs"]);
}

#[cfg(unix)]
#[test]
fn names_that_not_every_system_can_hold() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/a\nb.rs", "");
    sandbox.put("revisions/a\\b.rs", "");
    let (paths, mistakes) = read(&sandbox);
    assert!(paths.is_empty());
    assert_eq!(mistakes.matches("has characters that not every system can hold").count(), 2, "{mistakes}");
}
