//! The files of a project: the only place of the library that reads or writes any.
//!
//! Paths go in and out relative to the root, with forward slashes, on every system. Nothing outside of the root is
//! read or written: a link that leads out is refused, because a stranger's pull request may be compiled.

#![expect(clippy::disallowed_methods, reason = "this is the module that touches files")]

mod read;
mod root;
mod transaction;
mod write;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::project::Project;
use crate::source::{SourceId, Sources};

pub use root::find_root;
pub use write::Outcome;

/// The beginning of the names of files that exist only while artifacts are written. The next run deletes what a killed
/// one has left.
pub const TEMPORARY_PREFIX: &str = ".offprint-";

/// The folder of a project and what its `offprint.toml` says.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    /// The root with all links followed, to see what lies within.
    real_root: PathBuf,
    project: Project,
}

/// The revisions that could be read, in the order of their paths, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Revisions {
    pub sources: Vec<SourceId>,
    pub mistakes: Vec<Diagnostic>,
}

impl Workspace {
    /// Opens the project in a folder and reads its `offprint.toml`, if there is one. The text goes to `sources`.
    ///
    /// # Errors
    ///
    /// The folder or the file cannot be read, or the file has mistakes.
    pub fn open(root: PathBuf, sources: &mut Sources) -> Result<Self, Vec<Diagnostic>> {
        root::open(root, sources)
    }

    /// The root of the project.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What `offprint.toml` says.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The path of a file on this system.
    fn path(&self, relative: &str) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(relative.split('/'));
        path
    }
}

/// A file or folder that cannot be read or written, without a place in a source.
fn failure(action: &str, path: impl fmt::Display, error: &io::Error) -> Box<Diagnostic> {
    let (reason, help) = explain(error);
    Box::new(Diagnostic::new(Code::Io, format!("cannot {action} `{path}`: {reason}")).help(help))
}

/// What an error of the system means, without its number, and what to do about it.
fn explain(error: &io::Error) -> (String, &'static str) {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "change the permissions of the file and its folder"
        }
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory | io::ErrorKind::DirectoryNotEmpty => {
            "move away what stands in its place"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        io::ErrorKind::FileTooLarge => "raise the limit for the size of files, as `ulimit -f` shows it",
        _ => "try again; if it fails again, look at the disk and the permissions",
    };
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = reason.chars();
    let reason = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    (reason, help)
}
