//! Files of a project: what is read, what is refused, and that artifacts are whole whatever happens.

mod included;
mod opening;
/// Runs that other processes make: this test binary starts itself with a folder in the environment.
#[cfg(unix)]
mod other_processes;
mod revisions;
mod writing;

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
