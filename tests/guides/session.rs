//! A shell session in a scratch copy of the repository.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::support::postgres::{PostgresDatabase, psql_program};

/// How a command ended and what it said on standard output and standard error together.
pub struct Ended {
    pub code: i32,
    pub output: String,
}

/// A copy of the files that are committed, or would be, in a folder that goes away with it.
pub struct ScratchCopy {
    folder: TempDir,
}

impl ScratchCopy {
    pub fn create() -> ScratchCopy {
        let folder = tempfile::Builder::new().prefix("offprint-guide-").tempdir().expect("a temporary folder");
        let copy = ScratchCopy { folder };
        fs::create_dir(copy.home()).expect("a home folder");
        for path in committed_files() {
            let to = copy.root().join(&path);
            fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("a folder of the copy");
            fs::copy(repository().join(&path), to).expect("a committed file is readable");
        }
        copy
    }

    /// The root of the copy. Its name is that of a clone.
    fn root(&self) -> PathBuf {
        self.folder.path().join("offprint")
    }

    /// A home without settings of shells and clients.
    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Runs commands in their order in one bash session that begins at the root of the copy. There are fewer results
    /// than commands when one of them ended the session.
    pub fn run(&self, commands: &[String], database: Option<&PostgresDatabase>) -> Vec<Ended> {
        let folder = self.folder.path().join("session");
        fs::create_dir_all(&folder).expect("a folder for the session");
        let mut script = "set -o pipefail\n".to_owned();
        for (number, command) in commands.iter().enumerate() {
            let file = |part: &str| folder.join(format!("{number}.{part}")).display().to_string();
            fs::write(file("command"), command).expect("a command is written");
            let [command, output, code] = ["command", "output", "code"].map(file);
            script.push_str(&format!("eval \"$(cat '{command}')\" </dev/null >'{output}' 2>&1\necho $? >'{code}'\n"));
        }
        let mut bash = Command::new("bash");
        if let Some(database) = database {
            database.lead(&mut bash);
        }
        bash.args(["--noprofile", "--norc", "-c", &script])
            .current_dir(self.root())
            .env("PATH", search_path())
            .env("HOME", self.home())
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        bash.status().expect("bash starts");
        let ended = |number: usize| {
            let code = fs::read_to_string(folder.join(format!("{number}.code"))).ok()?.trim().parse().ok()?;
            let output = fs::read(folder.join(format!("{number}.output"))).ok()?;
            Some(Ended { code, output: String::from_utf8_lossy(&output).into_owned() })
        };
        (0..commands.len()).map_while(ended).collect()
    }
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of the files that are committed, or would be.
pub fn committed_files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(repository())
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git lists no files: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let exists = |path: &&str| !path.is_empty() && repository().join(path).is_file();
    listed.split('\0').filter(exists).map(str::to_owned).collect()
}

/// The built program first, then the client of the tests' server, then what the machine has.
fn search_path() -> std::ffi::OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_offprint"));
    let own = [program, psql_program()].into_iter().filter(|path| path.is_absolute()).filter_map(Path::parent);
    let machine = env::var_os("PATH").unwrap_or_default();
    env::join_paths(own.map(Path::to_path_buf).chain(env::split_paths(&machine))).expect("folders without colons")
}
