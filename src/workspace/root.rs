//! The root of a project.

use std::path::{Path, PathBuf};

use super::read::{self, Content};
use super::{Workspace, failure};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::token::MAXIMUM_FILE_SIZE;
use crate::project::{FILE_NAME, Project};
use crate::source::Sources;

/// The nearest folder with an `offprint.toml`: this one or one that it lies in. Without any, this folder itself.
pub fn find_root(folder: &Path) -> PathBuf {
    folder.ancestors().find(|ancestor| ancestor.join(FILE_NAME).symlink_metadata().is_ok()).unwrap_or(folder).to_owned()
}

pub(super) fn open(root: PathBuf, sources: &mut Sources) -> Result<Workspace, Vec<Diagnostic>> {
    let fail = |error| vec![*failure("open the folder", root.display(), &error)];
    let real_root = root.canonicalize().map_err(fail)?;
    if !real_root.is_dir() {
        let diagnostic = Diagnostic::new(Code::Io, format!("`{}` is not a folder", root.display()))
            .help("name the folder that holds `offprint.toml`");
        return Err(vec![diagnostic]);
    }
    let project = match read::read_file(&root.join(FILE_NAME), MAXIMUM_FILE_SIZE) {
        Ok(Content::Text(text)) => {
            let source = sources.add(FILE_NAME, text);
            Project::parse(&sources.get(source).text, source)?
        }
        Ok(Content::Missing) => Project::default(),
        Ok(other) => {
            let mut mistake = other.mistake(FILE_NAME, sources);
            // A mistake of the configuration, whatever it would be in a revision.
            if mistake.code == Code::UnreadableText {
                mistake.code = Code::Config;
            }
            return Err(vec![mistake]);
        }
        Err(error) => return Err(vec![*failure("read", FILE_NAME, &error)]),
    };
    Ok(Workspace { root, real_root, project })
}
