//! A project is found and opened.

use super::*;

#[test]
fn the_root_is_the_nearest_folder_with_the_file() {
    let sandbox = Sandbox::new();
    sandbox.put("offprint.toml", "");
    sandbox.put("inner/offprint.toml", "");
    sandbox.put("inner/deep/down/file", "");
    assert_eq!(find_root(&sandbox.path("inner/deep/down")), sandbox.path("inner"));
    assert_eq!(find_root(&sandbox.path("inner")), sandbox.path("inner"));
    fs::remove_file(sandbox.path("inner/offprint.toml")).expect("removed");
    assert_eq!(find_root(&sandbox.path("inner/deep")), sandbox.folder.path().join("project"));
}

#[test]
fn a_project_without_a_file_has_the_defaults() {
    let sandbox = Sandbox::new();
    assert_eq!(*sandbox.workspace().project(), Project::default());
    sandbox.put("offprint.toml", "revisions = \"history\"");
    assert_eq!(sandbox.workspace().project().revisions, "history");
}

#[test]
fn mistakes_point_into_the_file() {
    let sandbox = Sandbox::new();
    sandbox.put("offprint.toml", "\nrevision = \"history\"\n");
    let mut sources = Sources::default();
    let mistakes = sandbox.open(&mut sources).expect_err("a mistake");
    let span = mistakes[0].labels[0].origin.span().expect("a span");
    assert_eq!(sources.get(span.source).path, "offprint.toml");
    assert_eq!(sources.line(span), 2);
    assert_eq!(mistakes[0].code, Code::Config);
}

#[test]
fn what_is_no_project_is_refused() {
    let sandbox = Sandbox::new();
    let mut sources = Sources::default();
    let mut refusal = |folder: PathBuf| {
        let mistakes = Workspace::open(folder, &mut sources).expect_err("no project");
        show(&mistakes).replace(&*sandbox.folder.path().to_string_lossy(), "…")
    };
    assert_eq!(
        refusal(sandbox.path("missing")),
        "E0505 cannot open the folder `…/project/missing`: no such file or directory | check the path"
    );
    sandbox.put("file", "");
    assert_eq!(
        refusal(sandbox.path("file")),
        "E0505 `…/project/file` is not a folder | name the folder that holds `offprint.toml`"
    );
    sandbox.put("a/offprint.toml/inner", "");
    assert_eq!(
        refusal(sandbox.path("a")),
        "E0505 `offprint.toml` is not a file | move away the folder or device that stands in its place"
    );
    sandbox.put("b/offprint.toml", b"out = \"\xff\"");
    assert_eq!(refusal(sandbox.path("b")), "E0501 `offprint.toml` is not UTF-8 | save the file as UTF-8");
    sandbox.put("c/offprint.toml", vec![b'#'; MAXIMUM_FILE_SIZE + 1]);
    assert!(refusal(sandbox.path("c")).starts_with("E0108 `offprint.toml` is larger than 1024 KiB"));
    sandbox.put("d/offprint.toml", "x = ".to_string() + &"[".repeat(100_000));
    assert!(refusal(sandbox.path("d")).starts_with("E0501 the file is not valid TOML"));
}
