//! Going through a folder and the folders in it.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// Something that is no folder: a file, a link (which is never followed), a device.
#[derive(Debug)]
pub(super) struct Entry {
    pub path: PathBuf,
    pub kind: FileType,
    /// How many parts of the path lie below the folder where the walk began.
    depth: usize,
}

/// A folder or an entry that cannot be looked at.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub path: PathBuf,
    pub error: io::Error,
}

/// What is still to be looked at, the next one last.
pub(super) struct Walk<F> {
    open: Vec<Result<Entry, Unreadable>>,
    is_wanted: F,
}

/// Goes through what lies below a folder, in the order of the names. What is not wanted by its name is left out, with
/// all that is in it.
pub(super) fn walk<F: Fn(&OsStr) -> bool>(folder: &Path, is_wanted: F) -> Walk<F> {
    let mut walk = Walk { open: Vec::new(), is_wanted };
    walk.enter(folder.to_owned(), 1);
    walk
}

impl Entry {
    /// The name of the file alone.
    pub fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    /// The parts of the path below the folder where the walk began.
    pub fn parts(&self) -> impl Iterator<Item = &OsStr> {
        let mut parts: Vec<&OsStr> = self.path.iter().rev().take(self.depth).collect();
        parts.reverse();
        parts.into_iter()
    }
}

impl<F: Fn(&OsStr) -> bool> Walk<F> {
    fn enter(&mut self, path: PathBuf, depth: usize) {
        match self.entries(&path, depth) {
            Ok(mut entries) => {
                // All of them are in one folder, so that their paths are in the order of their names.
                entries.sort_unstable_by(|one, other| other.path.as_os_str().cmp(one.path.as_os_str()));
                self.open.extend(entries.into_iter().map(Ok));
            }
            Err(error) => self.open.push(Err(Unreadable { path, error })),
        }
    }

    fn entries(&self, folder: &Path, depth: usize) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if (self.is_wanted)(&name) {
                entries.push(Entry { path: folder.join(name), kind: entry.file_type()?, depth });
            }
        }
        Ok(entries)
    }
}

impl<F: Fn(&OsStr) -> bool> Iterator for Walk<F> {
    type Item = Result<Entry, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.open.pop()? {
                Ok(entry) if entry.kind.is_dir() => self.enter(entry.path, entry.depth + 1),
                found => return Some(found),
            }
        }
    }
}
