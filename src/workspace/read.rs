//! Reading revisions, the files they include, and artifacts.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ecow::{EcoString, eco_format};
use walkdir::{DirEntry, WalkDir};

use super::{Revisions, TEMPORARY_PREFIX, Workspace, explain, failure};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::language::token::{MAXIMUM_FILE_SIZE, MAXIMUM_INCLUDED_SIZE};
use crate::project::FILE_NAME;
use crate::source::{Origin, SourceId, Sources, Span};

/// What is at a path.
pub(super) enum Content {
    Text(String),
    Missing,
    /// A folder, a device or a pipe.
    NoFile,
    /// More bytes than this limit.
    TooLarge(usize),
    /// The bytes, and where they stop being UTF-8.
    NotUtf8 {
        bytes: Vec<u8>,
        valid: usize,
    },
}

impl Content {
    /// What is wrong with a file that has no text.
    pub(super) fn mistake(self, path: &str, sources: &mut Sources) -> Diagnostic {
        match self {
            Content::NotUtf8 { bytes, valid } => {
                let source = sources.add(path, String::from_utf8_lossy(&bytes));
                let start = u32::try_from(valid).unwrap_or(u32::MAX);
                let end = start.saturating_add(u32::try_from(char::REPLACEMENT_CHARACTER.len_utf8()).unwrap_or(0));
                Diagnostic::new(Code::UnreadableText, format!("`{path}` is not UTF-8"))
                    .at(Origin::Span(Span { source, start, end }), "these bytes are no character")
                    .help("save the file as UTF-8")
            }
            Content::TooLarge(limit) => {
                Diagnostic::new(Code::Budget, format!("`{path}` is larger than {} KiB", limit / 1024))
                    .help("split it, or load large data by other means than a revision")
            }
            Content::NoFile => *not_a_file(path),
            Content::Missing | Content::Text(_) => {
                Diagnostic::new(Code::Io, format!("`{path}` does not exist")).help("check the path")
            }
        }
    }
}

/// Reads a file as text, without ever holding more bytes than `limit`. Follows links.
pub(super) fn read_file(path: &Path, limit: usize) -> io::Result<Content> {
    // Asked before it is opened: opening a pipe would wait for its other end.
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => read_regular_file(path, limit),
        Ok(_) => Ok(Content::NoFile),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Content::Missing),
        Err(error) => Err(error),
    }
}

/// Reads what is known to be neither a folder nor a pipe, so that the system finds the path once. Its size is not asked
/// for: most files end within the room that is there.
fn read_regular_file(path: &Path, limit: usize) -> io::Result<Content> {
    const ROOM: usize = 8 * 1024;
    let mut bytes = Vec::with_capacity(ROOM);
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Ok(Content::TooLarge(limit));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(mut text) => {
            text.shrink_to_fit();
            Content::Text(text)
        }
        Err(error) => Content::NotUtf8 { valid: error.utf8_error().valid_up_to(), bytes: error.into_bytes() },
    })
}

impl Workspace {
    /// Reads all `*.rs` below the folder of the revisions, in the order of their paths, into `sources`. Names that
    /// begin with a dot are not looked at.
    ///
    /// A file that cannot be read does not keep the others from being read. Links are refused: they could lead
    /// anywhere, and git does not make them on every system.
    ///
    /// # Errors
    ///
    /// The folder is missing, cannot be read, or leads out of the project.
    pub fn revisions(&self, sources: &mut Sources) -> Result<Revisions> {
        let folder = self.revisions_folder()?;
        let mut revisions = Revisions::default();
        let hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
        let mut entries = Vec::new();
        for entry in WalkDir::new(&folder).min_depth(1).into_iter().filter_entry(|entry| !hidden(entry.file_name())) {
            match entry {
                Ok(entry) => entries.push(entry),
                Err(error) => {
                    let path = error.path().unwrap_or(&folder).strip_prefix(&self.root).unwrap_or(&folder);
                    let (path, error) = (path.display().to_string(), io::Error::from(error));
                    revisions.mistakes.push(*failure("read", path, &error));
                }
            }
        }
        // Sorted here, by whole paths: the sort of `walkdir` takes the name out of both paths at every comparison.
        entries.sort_unstable_by(|one, other| one.path().as_os_str().cmp(other.path().as_os_str()));
        for entry in entries {
            match self.revision(&folder, &entry, sources) {
                Some(Ok(source)) => revisions.sources.push(source),
                Some(Err(mistake)) => revisions.mistakes.push(mistake),
                None => {}
            }
        }
        Ok(revisions)
    }

    /// The folder of the revisions on this system.
    fn revisions_folder(&self) -> Result<PathBuf> {
        let name = &self.project().revisions;
        let folder = self.path(name);
        match folder.canonicalize() {
            Ok(real) if !real.starts_with(&self.real_root) => Err(Box::new(
                Diagnostic::new(Code::Io, format!("the folder `{name}` is a link that leads out of the project"))
                    .help("put the revisions below the folder of `offprint.toml`"),
            )),
            Ok(real) if !real.is_dir() => Err(Box::new(
                Diagnostic::new(Code::Io, format!("`{name}` is not a folder")).help("put the revisions into a folder"),
            )),
            Ok(_) => Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Box::new(
                Diagnostic::new(Code::Io, format!("the folder `{name}` with the revisions does not exist"))
                    .help("run `offprint init` for a new project, or name the project with `--project DIR`")
                    .help(format!("or say where the revisions are with `revisions = \"…\"` in `{FILE_NAME}`")),
            )),
            Err(error) => Err(failure("read the folder", name, &error)),
        }
    }

    /// Reads an entry of the folder, if it is a revision.
    fn revision(&self, folder: &Path, entry: &DirEntry, sources: &mut Sources) -> Option<Result<SourceId, Diagnostic>> {
        let is_rust = entry.file_name().as_encoded_bytes().ends_with(b".rs");
        let is_link = entry.path_is_symlink();
        if !is_link && (!is_rust || entry.file_type().is_dir()) {
            // Whoever wrote `x.RS` means a revision, which would be missing without a word.
            let is_meant = entry.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("rs"));
            let is_overlooked = is_meant && !is_rust && !entry.file_type().is_dir();
            return is_overlooked.then(|| {
                let path = self.name_of(folder, entry.path())?;
                let message = format!("`{path}` is not read, since its name does not end in `.rs`");
                Err(Diagnostic::new(Code::Io, message).help("write the ending in small letters"))
            });
        }
        let path = match self.name_of(folder, entry.path()) {
            Ok(path) => path,
            Err(mistake) => return Some(Err(mistake)),
        };
        if is_link {
            // Links to other files are judged when they are included.
            let matters = is_rust || entry.path().is_dir();
            return matters.then(|| {
                Err(Diagnostic::new(Code::Io, format!("`{path}` is a link"))
                    .help("put the file itself into the folder of the revisions"))
            });
        }
        if !entry.file_type().is_file() {
            return Some(Err(Content::NoFile.mistake(&path, sources)));
        }
        Some(match read_regular_file(entry.path(), MAXIMUM_FILE_SIZE) {
            Ok(Content::Text(text)) => Ok(sources.add(path, text)),
            Ok(other) => Err(other.mistake(&path, sources)),
            Err(error) => Err(*failure("read", path, &error)),
        })
    }

    /// The path of a revision as users know it.
    fn name_of(&self, folder: &Path, path: &Path) -> Result<String, Diagnostic> {
        let revisions = &self.project().revisions;
        let mut name = String::with_capacity(revisions.len() + path.as_os_str().len() - folder.as_os_str().len());
        name.push_str(revisions);
        for part in path.strip_prefix(folder).unwrap_or(path) {
            let portable = |part: &&str| !part.contains(|letter: char| letter.is_control() || letter == '\\');
            let Some(part) = part.to_str().filter(portable) else {
                let shown: String = path.display().to_string().chars().flat_map(char::escape_debug).collect();
                let message = format!("the name of `{shown}` has characters that not every system can hold");
                return Err(Diagnostic::new(Code::Io, message).help("rename the file"));
            };
            name.push('/');
            name.push_str(part);
        }
        Ok(name)
    }

    /// The text of a file that a revision includes. `path` is relative to the folder of the revision, as in rustc.
    ///
    /// # Errors
    ///
    /// The reason, for a diagnostic at the author's word: there is no such file, it is too large or not UTF-8, or it
    /// lies outside of the folder of the revisions.
    pub fn included(&self, revision: &str, path: &str) -> Result<EcoString, String> {
        if path.contains(['\\', ':', '\0']) || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err("the path is not plainly relative".into());
        }
        let folder = revision.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = self.path(&format!("{folder}/{path}"));
        let reason = |error: io::Error| explain(&error).0;
        let revisions = self.path(&self.project().revisions).canonicalize().map_err(reason)?;
        let real = file.canonicalize().map_err(reason)?;
        if !real.starts_with(&self.real_root) || !real.starts_with(&revisions) {
            return Err("the path is a link that leads out of the folder of the revisions".into());
        }
        match read_file(&real, MAXIMUM_INCLUDED_SIZE).map_err(reason)? {
            Content::Text(text) => Ok(text.into()),
            Content::Missing => Err("no such file".into()),
            Content::NoFile => Err("it is not a file".into()),
            Content::TooLarge(limit) => Err(format!("it is larger than {} MiB", limit / 1024 / 1024)),
            Content::NotUtf8 { valid, .. } => Err(format!("it is not UTF-8 at byte {valid}")),
        }
    }

    /// The files below a folder, in the order of their paths, without those that a killed run has left. A folder that
    /// is missing has none.
    ///
    /// # Errors
    ///
    /// The folder, or one in it, cannot be read.
    pub fn files(&self, folder: &str) -> Result<Vec<EcoString>> {
        let start = self.path(folder);
        if start.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in WalkDir::new(&start).min_depth(1).sort_by_file_name() {
            let entry = entry.map_err(|error| failure("read the folder", folder, &error.into()))?;
            let temporary = entry.file_name().as_encoded_bytes().starts_with(TEMPORARY_PREFIX.as_bytes());
            if entry.file_type().is_dir() || temporary {
                continue;
            }
            let below = entry.path().strip_prefix(&start).unwrap_or(entry.path());
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            files.push(eco_format!("{folder}/{}", parts.join("/")));
        }
        Ok(files)
    }

    /// The bytes of a file, or at most the first `limit` of them; `None` when it is missing.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is none.
    pub fn read(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>> {
        let file = self.path(path);
        let fail = |error: io::Error| failure("read", path, &error);
        match fs::metadata(&file) {
            Ok(metadata) if !metadata.is_file() => Err(not_a_file(path)),
            Ok(metadata) => {
                let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).map_or(0, |it| it.min(limit)));
                let file = File::open(file).map_err(fail)?;
                file.take(limit as u64).read_to_end(&mut bytes).map_err(fail)?;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fail(error)),
        }
    }
}

/// A folder or a device where a file should be.
pub(super) fn not_a_file(path: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::Io, format!("`{path}` is not a file"))
            .help("move away the folder or device that stands in its place"),
    )
}
