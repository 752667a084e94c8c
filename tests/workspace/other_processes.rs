//! Other processes: several at once, and those that are killed or stopped by a limit.

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
    let left: BTreeMap<_, _> = sandbox.files().into_iter().filter(|(path, _)| !path.contains(".offprint-")).collect();
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
