//! Texts that revisions include.

use super::*;

fn reason(workspace: &Workspace, path: &str) -> String {
    workspace.included("revisions/2020/a.rs", path).expect_err(path)
}

#[test]
fn the_path_begins_at_the_revision() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/a.rs", "");
    sandbox.put("revisions/b.sql", "near\r\n");
    sandbox.put("revisions/2020/b.sql", "far");
    let workspace = sandbox.workspace();
    assert_eq!(workspace.included("revisions/a.rs", "b.sql"), Ok("near\r\n".into()));
    assert_eq!(workspace.included("revisions/a.rs", "2020/b.sql"), Ok("far".into()));
    assert_eq!(workspace.included("revisions/2020/a.rs", "b.sql"), Ok("far".into()));
}

#[test]
fn what_is_not_below_the_folder_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/b.sql", "");
    sandbox.put("revisions/2020/folder/x", "");
    sandbox.put("revisions/2020/large", vec![b' '; MAXIMUM_INCLUDED_SIZE + 1]);
    sandbox.put("revisions/2020/binary", b"abc\xff");
    let workspace = sandbox.workspace();
    for path in ["../b.sql", "/etc/passwd", "", "./b.sql", "a/../b.sql", "a//b", "a\\b", "C:b", "a\0b"] {
        assert_eq!(reason(&workspace, path), "the path is not plainly relative", "{path:?}");
    }
    assert_eq!(reason(&workspace, "missing"), "no such file or directory");
    assert_eq!(reason(&workspace, "folder"), "it is not a file");
    assert_eq!(reason(&workspace, "large"), "it is larger than 16 MiB");
    assert_eq!(reason(&workspace, "binary"), "it is not UTF-8 at byte 3");
}

#[cfg(unix)]
#[test]
fn links_must_stay_below_the_folder() {
    let sandbox = Sandbox::new();
    sandbox.put("revisions/b.sql", "inside");
    sandbox.put("secret", "outside");
    fs::create_dir(sandbox.path("revisions/2020")).expect("a folder");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, sandbox.path(&format!("revisions/2020/{name}"))).expect("a link");
    };
    link("../b.sql", "in.sql");
    link("../../secret", "out.sql");
    link("../..", "folder");
    let workspace = sandbox.workspace();
    assert_eq!(workspace.included("revisions/2020/a.rs", "in.sql"), Ok("inside".into()));
    let refused = "the path is a link that leads out of the folder of the revisions";
    assert_eq!(reason(&workspace, "out.sql"), refused);
    assert_eq!(reason(&workspace, "folder/secret"), refused);
    let made = std::process::Command::new("mkfifo").arg(sandbox.path("revisions/2020/pipe")).status();
    assert!(made.expect("mkfifo").success());
    assert_eq!(reason(&workspace, "pipe"), "it is not a file");
}
