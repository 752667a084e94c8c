//! What a command works with: the project and its revisions.

use std::path::PathBuf;

use super::Answer;
use super::report::Report;
use crate::compile::Compiler;
use crate::diagnostic::{Code, Diagnostic};
use crate::history::{History, Position, Range, RevisionIndex};
use crate::language;
use crate::project::Project;
use crate::revision::Revision;
use crate::source::{SourceId, Sources};
use crate::workspace::{Workspace, find_root};

/// One run of a command.
#[derive(Debug)]
pub struct Session {
    pub report: Report,
    /// All texts that were read, for diagnostics.
    pub sources: Sources,
    folder: Option<PathBuf>,
}

/// The revisions of a project, in a valid history.
#[derive(Debug)]
pub struct Revisions {
    pub history: History,
    /// In the order of the history's indices.
    pub list: Vec<Revision>,
}

impl Session {
    pub fn new(report: Report, folder: Option<PathBuf>) -> Self {
        Session { report, sources: Sources::default(), folder }
    }

    /// The folder that the command line names, or the one that the process runs in.
    pub fn folder(&self) -> Answer<PathBuf> {
        match &self.folder {
            Some(folder) => Ok(folder.clone()),
            None => std::env::current_dir().map_err(|error| {
                let message = format!("the folder that this command runs in cannot be found: {error}");
                Diagnostic::new(Code::Io, message).help("name the project with `--project DIR`").into()
            }),
        }
    }

    /// Opens the project.
    pub fn workspace(&mut self) -> Answer<Workspace> {
        let root = match &self.folder {
            Some(folder) => folder.clone(),
            None => find_root(&self.folder()?),
        };
        Workspace::open(root, &mut self.sources)
    }

    /// Reads all revisions. The mistakes of all files come back together.
    pub fn revisions(&mut self, workspace: &Workspace) -> Answer<Revisions> {
        let found = workspace.revisions(&mut self.sources)?;
        let mut mistakes = found.mistakes;
        let mut list = Vec::with_capacity(found.sources.len());
        for source in found.sources {
            match self.revision(workspace, source) {
                Ok(revision) => list.push(revision),
                Err(of_one_file) => mistakes.extend(of_one_file),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let nodes: Vec<_> = list.iter().map(Revision::node).collect();
        Ok(Revisions { history: History::build(&nodes)?, list })
    }

    fn revision(&self, workspace: &Workspace, source: SourceId) -> Answer<Revision> {
        let source_text = self.sources.get(source);
        let path = source_text.path.as_str();
        let file = path.rsplit('/').next().unwrap_or(path);
        let syntax = language::parse(source, &source_text.text)?;
        let included = |name: &str| workspace.included(path, name);
        language::evaluate(&syntax, file.strip_suffix(".rs").unwrap_or(file), &included)
    }

    /// The file that a revision was read from.
    pub fn file_of(&self, revision: &Revision) -> &str {
        revision.id.origin.span().map_or("", |span| &self.sources.get(span.source).path)
    }
}

impl Revisions {
    /// What makes SQL of them.
    pub fn compiler<'a>(&'a self, project: &'a Project) -> Compiler<'a> {
        Compiler { history: &self.history, revisions: &self.list, naming: &project.naming, settings: &project.settings }
    }

    pub fn get(&self, index: RevisionIndex) -> &Revision {
        &self.list[index.index()]
    }

    /// The position that a reference of the command line means.
    pub fn position(&self, reference: &str) -> Answer<Position> {
        self.history.resolve(reference).map_err(|mistake| self.with_heads(*mistake))
    }

    /// The revision that a reference of the command line means.
    pub fn revision(&self, reference: &str) -> Answer<RevisionIndex> {
        self.history.resolve_revision(reference).map_err(|mistake| self.with_heads(*mistake))
    }

    /// The range between two references of the command line.
    pub fn range(&self, from: &str, to: &str) -> Answer<Range> {
        Ok(self.history.range(self.position(from)?, self.position(to)?)?)
    }

    /// Shows the heads where there are several and one was meant.
    fn with_heads(&self, mistake: Diagnostic) -> Vec<Diagnostic> {
        /// More would bury the mistake.
        const SHOWN: usize = 5;
        if mistake.code != Code::SeveralHeads {
            return mistake.into();
        }
        let heads = self.history.heads();
        let show = |mistake: Diagnostic, &head: &RevisionIndex| mistake.at(self.get(head).id.origin, "a head");
        heads.iter().take(SHOWN).fold(mistake, show).into()
    }
}
