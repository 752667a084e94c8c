//! `offprint init`

use clap::Args;

use super::Answer;
use super::scaffold::{Scaffold, fresh_id};
use super::session::Session;
use super::timestamp::Timestamp;
use crate::artifact::Artifact;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::{FILE_NAME, Project};
use crate::workspace::Workspace;

/// Start a project in this folder.
///
/// Writes `offprint.toml`, which lists all settings with their defaults, and a first revision to change or to replace.
/// Nothing that exists is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Start a project, and read the SQL of its first revision:
    offprint init
    offprint compile --sql

  Start one in another folder:
    offprint init --project services/billing")]
pub struct Init {}

const UPGRADE: &str = r#"    op.create_table("account")
        .column("id", big_integer().identity())
        .column("email", text().not_null())
        .column("created_at", timestamptz().not_null().default(now()))
        .primary_key(["id"])
        .unique(["email"]);"#;

const ATTRIBUTES: &str = ".gitattributes";

impl Init {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = Workspace::open(session.folder()?, &mut session.sources)?;
        let project = Project::default();
        if workspace.read(FILE_NAME, 0)?.is_some() {
            let message = format!("this folder is a project already: it has an `{FILE_NAME}`");
            return Err(Diagnostic::new(Code::Usage, message).help("`offprint new` adds a revision to it").into());
        }
        if !workspace.files(&project.revisions)?.is_empty() {
            let message = format!("the folder `{}` has files already", project.revisions);
            let help = format!("an empty `{FILE_NAME}` is enough to make a project of revisions that exist");
            return Err(Diagnostic::new(Code::Usage, message).help(help).into());
        }
        let id = fresh_id(|_| false);
        let message = "accounts: the first table";
        let scaffold = Scaffold { message, id: &id, parents: &[], upgrade: UPGRADE, time: Timestamp::now() };
        let settings = include_str!("../../templates/offprint.toml").to_string();
        let mut files = vec![Artifact { path: FILE_NAME.into(), text: settings }, scaffold.file(&project)?];
        if workspace.read(ATTRIBUTES, 0)?.is_none() {
            // The files are compared byte by byte, so git must not change their line ends.
            files.push(Artifact { path: ATTRIBUTES.into(), text: "out/** text eol=lf\n".into() });
        }
        workspace.create(&files)?;
        for file in &files {
            session.report.notice(&format!("wrote {}", file.path));
        }
        session.report.notice("next: `offprint compile` writes the SQL, `offprint new \"…\"` adds a revision");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn the_settings_are_the_defaults() {
        let template = include_str!("../../templates/offprint.toml");
        let is_setting = |line: &str| line.starts_with('[') || line.contains(" = ");
        let all: String = template
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| is_setting(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let mut sources = Sources::default();
        for text in [template, all.as_str()] {
            let source = sources.add(FILE_NAME, text);
            assert_eq!(Project::parse(text, source), Ok(Project::default()), "{text}");
        }
        assert!(all.matches('=').count() > 15, "{all}");
    }
}
