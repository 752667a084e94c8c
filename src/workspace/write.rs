//! Writing artifacts, all or none.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ecow::EcoString;

use super::read::not_a_file;
use super::transaction::{Failure, Transaction};
use super::{TEMPORARY_PREFIX, Workspace, failure};
use crate::artifact::Artifact;
use crate::diagnostic::{Code, Diagnostic, Result};

/// What writing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Files that are new or have another text than before.
    pub written: Vec<EcoString>,
    /// How many files had their text already and were not touched.
    pub unchanged: usize,
    /// Stale files that are gone now.
    pub removed: Vec<EcoString>,
}

impl Workspace {
    /// Writes the artifacts and removes the stale files, or changes nothing. Files that have their text already are
    /// not touched. Waits for another run that writes in the same project.
    ///
    /// # Errors
    ///
    /// A path leads out of the project, something stands in a file's place, or the system refuses a step; then
    /// everything is as it was before.
    pub fn write(&self, artifacts: &[Artifact], stale: &[EcoString]) -> Result<Outcome> {
        let paths = || artifacts.iter().map(|artifact| &artifact.path).chain(stale);
        self.check_paths(paths())?;
        let _lock = self.lock()?;
        self.delete_leftovers(paths())?;
        let mut outcome = Outcome::default();
        let mut transaction = Transaction::default();
        for artifact in artifacts {
            let path = self.path(&artifact.path);
            let fail = |error: io::Error| unchanged(failure("write", &artifact.path, &error));
            if self.is_equal(artifact)? {
                outcome.unchanged += 1;
                continue;
            }
            transaction.replace(&path, &artifact.text).map_err(fail)?;
            outcome.written.push(artifact.path.clone());
        }
        for path in stale {
            if self.path(path).symlink_metadata().is_ok() {
                transaction.remove(&self.path(path));
                outcome.removed.push(path.clone());
            }
        }
        transaction.commit().map_err(|failure| self.not_committed(&failure))?;
        Ok(outcome)
    }

    /// Writes files that do not exist yet, or none of them.
    ///
    /// # Errors
    ///
    /// One of them exists, or where [`Workspace::write`] fails.
    pub fn create(&self, files: &[Artifact]) -> Result<()> {
        self.check_paths(files.iter().map(|file| &file.path))?;
        if let Some(file) = files.iter().find(|file| self.path(&file.path).symlink_metadata().is_ok()) {
            return Err(Box::new(
                Diagnostic::new(Code::Io, format!("`{}` exists already", file.path))
                    .help("choose another name, or delete the file"),
            ));
        }
        self.write(files, &[]).map(|_| ())
    }

    /// Whether the file has its text already.
    fn is_equal(&self, artifact: &Artifact) -> Result<bool> {
        let path = self.path(&artifact.path);
        let fail = |error: io::Error| failure("read", &artifact.path, &error);
        match fs::metadata(&path) {
            Ok(metadata) if !metadata.is_file() => return Err(not_a_file(&artifact.path)),
            Ok(metadata) if metadata.len() != artifact.text.len() as u64 => return Ok(false),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(false);
            }
            Err(error) => return Err(fail(error)),
        }
        let mut bytes = Vec::with_capacity(artifact.text.len() + 1);
        File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(fail)?;
        Ok(bytes == artifact.text.as_bytes())
    }

    /// Refuses paths that lead out of the project, and two files in one place.
    fn check_paths<'a>(&self, paths: impl Iterator<Item = &'a EcoString>) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut folders = BTreeSet::new();
        for path in paths {
            let plain = !path.contains(['\\', '\0']) && !path.split('/').any(|part| matches!(part, "" | "." | ".."));
            if !plain {
                return Err(leads_out(path));
            }
            // Systems that ignore case would keep only one of the two.
            if !seen.insert(path.to_lowercase()) {
                return Err(Box::new(
                    Diagnostic::new(Code::Io, format!("two files would be written to `{path}`"))
                        .help("rename one of the two revisions so that their file names differ"),
                ));
            }
            folders.insert(path.rsplit_once('/').map_or("", |(folder, _)| folder));
        }
        for folder in folders {
            let existing = self.path(folder);
            let real = existing.ancestors().find_map(|ancestor| ancestor.canonicalize().ok());
            if !real.is_some_and(|real| real.starts_with(&self.real_root)) {
                return Err(leads_out(folder));
            }
        }
        Ok(())
    }

    /// Keeps other runs from writing in this project, for as long as the answer lives.
    fn lock(&self) -> Result<Option<File>> {
        if !cfg!(unix) {
            // Other systems cannot lock a folder.
            return Ok(None);
        }
        let folder = File::open(&self.root).map_err(|error| failure("open the folder", self.root.display(), &error))?;
        match folder.lock() {
            Ok(()) => Ok(Some(folder)),
            // Some network file systems know no locks.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
            Err(error) => Err(failure("lock the folder", self.root.display(), &error)),
        }
    }

    /// Deletes what a killed run has left in the folders of these files.
    fn delete_leftovers<'a>(&self, paths: impl Iterator<Item = &'a EcoString>) -> Result<()> {
        let folders: BTreeSet<PathBuf> =
            paths.filter_map(|path| self.path(path).parent().map(Path::to_owned)).collect();
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            let fail = |error: io::Error| failure("clean the folder", self.relative(folder), &error);
            for entry in fs::read_dir(folder).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let is_leftover = entry.file_name().as_encoded_bytes().starts_with(TEMPORARY_PREFIX.as_bytes());
                if is_leftover && !entry.file_type().map_err(fail)?.is_dir() {
                    fs::remove_file(entry.path()).map_err(fail)?;
                }
            }
        }
        Ok(())
    }

    /// A path of this system as users know it.
    fn relative(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    fn not_committed(&self, failed: &Failure) -> Box<Diagnostic> {
        let diagnostic = failure("write", self.relative(&failed.path), &failed.error);
        if failed.not_restored.is_empty() {
            return unchanged(diagnostic);
        }
        let paths: Vec<String> = failed.not_restored.iter().map(|path| self.relative(path)).collect();
        Box::new(diagnostic.note(format!("these files could not be put back: {}", paths.join(", "))))
    }
}

fn unchanged(mut diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
    diagnostic.notes.push("nothing was changed".into());
    diagnostic
}

fn leads_out(path: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::Io, format!("`{path}` leads out of the project"))
            .help("write into a folder below the one of `offprint.toml`, not through a link"),
    )
}
