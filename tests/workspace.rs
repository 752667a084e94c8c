//! Files of a project: what is read, what is refused, and that artifacts are whole whatever happens.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use offprint::artifact::Artifact;
use offprint::diagnostic::{Code, Diagnostic};
use offprint::language::token::{MAXIMUM_FILE_SIZE, MAXIMUM_INCLUDED_SIZE};
use offprint::project::Project;
use offprint::source::Sources;
use offprint::workspace::{Workspace, find_root};

/// A project in a folder of its own.
struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("project")).expect("a folder");
        Sandbox { folder }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join("project").join(relative)
    }

    fn put(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    fn text(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    fn workspace(&self) -> Workspace {
        self.open(&mut Sources::default()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
    }

    fn open(&self, sources: &mut Sources) -> Result<Workspace, Vec<Diagnostic>> {
        Workspace::open(self.path(""), sources)
    }

    /// All files with their texts, temporary ones too.
    fn files(&self) -> BTreeMap<String, String> {
        files_below(&self.path(""))
    }
}

fn files_below(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

fn artifact(path: &str, text: &str) -> Artifact {
    Artifact { path: path.into(), text: text.into() }
}

fn show(mistakes: &[Diagnostic]) -> String {
    let line = |mistake: &Diagnostic| format!("{} {} | {}", mistake.code, mistake.message, mistake.helps.join("; "));
    mistakes.iter().map(line).collect::<Vec<_>>().join("\n")
}

mod opening {
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
}

mod revisions {
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
}

mod included {
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
}

mod writing {
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
}

/// Runs that other processes make: this test binary starts itself with a folder in the environment.
#[cfg(unix)]
mod other_processes {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::{Command, Stdio};

    use super::*;

    const FOLDER: &str = "OFFPRINT_TEST_FOLDER";
    const TASK: &str = "OFFPRINT_TEST_TASK";
    const FILES: usize = 12;
    const READY: &str = "the first version is written";
    const NOBODY: u32 = 65534;

    /// What all files say in one version. Long enough for several writes.
    fn text(version: usize) -> String {
        format!("version {version}\n{}end {version}\n", "filler\n".repeat(2_000))
    }

    fn artifacts(version: usize) -> Vec<Artifact> {
        (0..FILES).map(|number| artifact(&format!("out/psql/{number}.sql"), &text(version))).collect()
    }

    /// The task of a child. In the parent it has nothing to do.
    #[test]
    fn child() {
        let (Ok(folder), Ok(task)) = (std::env::var(FOLDER), std::env::var(TASK)) else { return };
        let workspace = Workspace::open(PathBuf::from(folder), &mut Sources::default()).expect("a project");
        let numbers: Vec<usize> = task.split_whitespace().skip(1).map(|it| it.parse().expect("a number")).collect();
        match task.split_whitespace().next() {
            Some("forever") => {
                for version in 1.. {
                    let stale = [format!("out/psql/extra{}.sql", version - 1).into()];
                    let mut files = artifacts(version);
                    files.push(artifact(&format!("out/psql/extra{version}.sql"), &text(version)));
                    workspace.write(&files, &stale).expect("written");
                    if version == 1 {
                        println!("\n{READY}");
                    }
                }
            }
            Some("often") => {
                for _ in 0..15 {
                    for &version in &numbers {
                        workspace.write(&artifacts(version), &[]).expect("written");
                    }
                }
            }
            Some("once") => match workspace.write(&artifacts(numbers[0]), &[]) {
                Ok(outcome) => println!("written: {}", outcome.written.len()),
                Err(mistake) => println!("mistake: {}", show(&[*mistake])),
            },
            other => panic!("unknown task {other:?}"),
        }
    }

    fn child_command(sandbox: &Sandbox, task: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command.args(["--exact", "other_processes::child", "--nocapture"]);
        command.env(FOLDER, sandbox.path("")).env(TASK, task).stdin(Stdio::null());
        command
    }

    fn output(command: &mut Command) -> String {
        let output = command.output().expect("a child");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    #[test]
    fn a_kill_leaves_every_file_whole() {
        let sandbox = Sandbox::new();
        let (mut leftovers, mut versions) = (0, 0);
        for round in 0..40u64 {
            let mut child = child_command(&sandbox, "forever").stdout(Stdio::piped()).spawn().expect("a child");
            let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
            assert!(lines.map_while(Result::ok).any(|line| line == READY));
            std::thread::sleep(Duration::from_micros(round * 7_919 % 50_000));
            child.kill().expect("killed");
            assert_eq!(child.wait().expect("ended").signal(), Some(9), "the child ended by itself");
            for (path, found) in sandbox.files() {
                if path.contains(".offprint-") {
                    leftovers += 1;
                    continue;
                }
                let version = found.strip_prefix("version ").and_then(|rest| rest.lines().next());
                let version: usize = version.and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("{path} is torn"));
                assert!(found == text(version), "{path} is torn");
                versions = versions.max(version);
            }
        }
        println!("{leftovers} leftovers, up to version {versions}");
        assert!(leftovers > 0, "no kill came while files were written");
        sandbox.workspace().write(&artifacts(0), &[]).expect("written");
        assert!(sandbox.files().keys().all(|path| !path.contains(".offprint-")));
    }

    #[test]
    fn two_runs_do_not_mix() {
        let sandbox = Sandbox::new();
        let spawn = |task: &str| child_command(&sandbox, task).stdout(Stdio::null()).spawn().expect("a child");
        let children = [spawn("often 1 2"), spawn("often 3 4")];
        for mut child in children {
            assert!(child.wait().expect("ended").success());
        }
        let files = sandbox.files();
        assert_eq!(files.len(), FILES);
        let first = files.values().next().expect("a file");
        assert!(files.values().all(|text| text == first));
    }

    #[test]
    fn a_limit_for_the_size_of_files() {
        let sandbox = Sandbox::new();
        sandbox.workspace().write(&artifacts(1), &[]).expect("written");
        let before = sandbox.files();
        let limited = |setup: &str| {
            let child = child_command(&sandbox, "once 2");
            let mut shell = Command::new("sh");
            let words: Vec<String> = std::iter::once(child.get_program())
                .chain(child.get_args())
                .map(|word| format!("'{}'", word.to_string_lossy()))
                .collect();
            shell.arg("-c").arg(format!("{setup}; ulimit -f 8; exec {}", words.join(" ")));
            shell.env(FOLDER, sandbox.path("")).env(TASK, "once 2");
            output(&mut shell)
        };
        // A process that does not listen to the signal gets an error, as on a full disk.
        let found = limited("trap '' XFSZ");
        assert!(
            found.contains("mistake: E0505 cannot write `out/psql/0.sql`: file too large | raise the limit"),
            "{found}"
        );
        assert_eq!(sandbox.files(), before);
        // Any other is ended by the system, and leaves a temporary file.
        let found = limited(":");
        assert!(!found.contains("mistake"), "{found}");
        let left: BTreeMap<_, _> =
            sandbox.files().into_iter().filter(|(path, _)| !path.contains(".offprint-")).collect();
        assert_eq!(left, before);
    }

    #[test]
    fn a_folder_that_is_read_only() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
        let sandbox = Sandbox::new();
        sandbox.workspace().write(&artifacts(1), &[]).expect("written");
        let before = sandbox.files();
        let mut child = child_command(&sandbox, "once 2");
        // The superuser may write everywhere, so another user has to try.
        if fs::metadata(sandbox.folder.path()).expect("a folder").uid() == 0 {
            for path in ["", "out", "out/psql"] {
                chown(sandbox.path(path), Some(NOBODY), Some(NOBODY)).expect("changed");
            }
            fs::set_permissions(sandbox.folder.path(), fs::Permissions::from_mode(0o755)).expect("changed");
            child.uid(NOBODY).gid(NOBODY);
        }
        fs::set_permissions(sandbox.path("out/psql"), fs::Permissions::from_mode(0o555)).expect("changed");
        let found = output(&mut child);
        assert!(
            found.contains("mistake: E0505 cannot write `out/psql/0.sql`: permission denied | change the permissions"),
            "{found}"
        );
        assert_eq!(sandbox.files(), before);
        fs::set_permissions(sandbox.path("out/psql"), fs::Permissions::from_mode(0o755)).expect("changed");
        let found = output(&mut child);
        assert!(found.contains(&format!("written: {FILES}")), "{found}");
    }
}
