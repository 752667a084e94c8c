//! Replacing and removing files, all or none.
//!
//! Every new text is first written into a temporary file beside its place. Only when all of them are on the disk are
//! they renamed, which replaces each file in one step: whoever looks, and whenever the process is killed, a file is the
//! old one or the new one. If a step fails, the steps before it are taken back.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use super::TEMPORARY_PREFIX;

/// Steps that are prepared. When it is dropped, what was prepared is deleted.
#[derive(Default)]
pub(super) struct Transaction {
    steps: Vec<Step>,
    /// Folders that were made for the new files, outer ones first.
    folders: Vec<PathBuf>,
}

enum Step {
    Replace { path: PathBuf, staged: TempPath },
    Remove { path: PathBuf },
}

/// A step that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
    /// Files that could not be put back, so that they hold the new text or are gone.
    pub(super) not_restored: Vec<PathBuf>,
}

impl Transaction {
    /// Prepares a file. Makes its folder if it is missing.
    pub(super) fn replace(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let folder = folder_of(path);
        self.make_folder(folder)?;
        let mut file = builder().tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        if let Ok(metadata) = fs::metadata(path) {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        // The file is closed: there may be more files than a process may have open.
        self.steps.push(Step::Replace { path: path.to_owned(), staged: file.into_temp_path() });
        Ok(())
    }

    /// Prepares the removal of a file.
    pub(super) fn remove(&mut self, path: &Path) {
        self.steps.push(Step::Remove { path: path.to_owned() });
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(outer) = folder.parent() {
            self.make_folder(outer)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    /// Takes all steps, or none.
    pub(super) fn commit(mut self) -> Result<(), Failure> {
        for step in &self.steps {
            if let Step::Replace { path, staged } = step {
                // After all were written, because the system writes them out together.
                let synced = OpenOptions::new().write(true).open(staged).and_then(|file| file.sync_all());
                synced.map_err(|error| Failure { path: path.clone(), error, not_restored: Vec::new() })?;
            }
        }
        let mut done: Vec<(PathBuf, Option<TempPath>)> = Vec::new();
        for step in std::mem::take(&mut self.steps) {
            let (Step::Replace { path, .. } | Step::Remove { path }) = &step;
            let path = path.clone();
            match take(step) {
                Ok(old) => done.push((path, old)),
                Err(error) => return Err(Failure { path, error, not_restored: restore(done) }),
            }
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.steps.clear();
        for folder in self.folders.iter().rev() {
            // Removes nothing but empty folders; one that someone else has filled meanwhile stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Takes a step. Answers with the old file under another name, if there was one.
fn take(step: Step) -> io::Result<Option<TempPath>> {
    match step {
        Step::Replace { path, staged } => {
            let old = keep(&path)?;
            staged.persist(&path)?;
            Ok(old)
        }
        Step::Remove { path } => {
            let old = keep(&path)?;
            if old.is_some() {
                fs::remove_file(&path)?;
            }
            Ok(old)
        }
    }
}

/// Gives a file a second name, or copies it where the file system has no second names.
fn keep(path: &Path) -> io::Result<Option<TempPath>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let folder = folder_of(path);
    if let Ok(linked) = builder().make_in(folder, |name| fs::hard_link(path, name)) {
        return Ok(Some(linked.into_temp_path()));
    }
    let copy = builder().tempfile_in(folder)?.into_temp_path();
    fs::copy(path, &copy)?;
    Ok(Some(copy))
}

/// Takes steps back, the last one first. Answers with the files for which that failed.
fn restore(done: Vec<(PathBuf, Option<TempPath>)>) -> Vec<PathBuf> {
    let mut failed = Vec::new();
    for (path, old) in done.into_iter().rev() {
        let restored = match old {
            Some(old) => old.persist(&path).map_err(|error| error.error),
            None => fs::remove_file(&path),
        };
        if restored.is_err() {
            failed.push(path);
        }
    }
    failed
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Makes temporary files with the usual permissions of files, instead of those of secrets.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(".tmp");
    if let Some(permissions) = usual_permissions() {
        builder.permissions(permissions);
    }
    builder
}

#[cfg(unix)]
fn usual_permissions() -> Option<Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_failing_step_takes_back_the_others() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("old"), "old").expect("written");
        fs::write(path("stale"), "stale").expect("written");
        let mut transaction = Transaction::default();
        transaction.replace(&path("old"), "new").expect("staged");
        transaction.replace(&path("inner/fresh"), "new").expect("staged");
        transaction.remove(&path("stale"));
        transaction.replace(&path("place"), "new").expect("staged");
        fs::create_dir(path("place")).expect("a folder in the place of a file");
        let failure = transaction.commit().expect_err("the place is taken");
        assert_eq!(failure.path, path("place"));
        assert!(failure.not_restored.is_empty());
        assert_eq!(names(folder.path()), ["old", "place", "stale"]);
        assert_eq!(fs::read_to_string(path("old")).expect("whole"), "old");
        assert_eq!(fs::read_to_string(path("stale")).expect("whole"), "stale");
    }

    #[test]
    fn nothing_temporary_stays() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("old"), "old").expect("written");
        let mut transaction = Transaction::default();
        transaction.replace(&path("old"), "new").expect("staged");
        transaction.remove(&path("missing"));
        transaction.commit().expect("nothing is in the way");
        assert_eq!(names(folder.path()), ["old"]);
        assert_eq!(fs::read_to_string(path("old")).expect("whole"), "new");

        let mut dropped = Transaction::default();
        dropped.replace(&path("a/b/c"), "new").expect("staged");
        drop(dropped);
        assert_eq!(names(folder.path()), ["old"]);
    }
}
