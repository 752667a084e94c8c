//! What `offprint.toml` says. Plain data, read from text; only [`crate::workspace`] knows the file.

mod reader;
mod section;
mod target;
#[cfg(test)]
mod tests;

use crate::applier::Target;
use crate::diagnostic::Diagnostic;
use crate::dialect::Settings;
use crate::schema::naming::NamingConvention;
use crate::source::SourceId;

/// The name of the file that marks the root of a project.
pub const FILE_NAME: &str = "offprint.toml";

/// The settings of a project. Paths are relative to its root and have forward slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The folder of the revisions.
    pub revisions: String,
    /// What the dialects need to know.
    pub settings: Settings,
    /// How constraints and indexes are named when the author does not.
    pub naming: NamingConvention,
    /// For whom SQL is written, at least one.
    pub targets: Vec<Target>,
}

impl Default for Project {
    /// The project of an empty file: revisions in `revisions`, SQL for psql and sqlite3 below `out`.
    fn default() -> Self {
        Project {
            revisions: "revisions".into(),
            settings: Settings::default(),
            naming: NamingConvention::default(),
            targets: target::default_targets("out"),
        }
    }
}

impl Project {
    /// Reads the text of an `offprint.toml`. Every key is optional.
    ///
    /// # Errors
    ///
    /// All mistakes at once: of the syntax, keys that do not exist, values that mean nothing.
    pub fn parse(text: &str, source: SourceId) -> Result<Self, Vec<Diagnostic>> {
        section::parse(text, source)
    }
}
