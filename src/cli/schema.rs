//! `offprint schema`

use clap::Args;

use super::Answer;
use super::choice::dialect_parser;
use super::session::Session;
use crate::dialect;
use crate::history::Position;
use crate::schema::{Dialect, Schema as Replayed};

/// Print the whole schema at a revision, as the SQL that would create it.
///
/// It is for reading and for comparing: a database gets its tables from `offprint compile`, which records the revisions
/// too.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Print the schema that all revisions lead to:
    offprint schema

  See what a revision changes in the schema of SQLite:
    offprint schema --at 3af-1 --dialect sqlite > before.sql
    offprint schema --at 3af --dialect sqlite | diff before.sql -")]
pub struct Schema {
    /// The last revision that counts.
    #[arg(long, value_name = "REV", default_value = "head")]
    at: String,

    /// The dialect of the SQL.
    #[arg(long, value_name = "DIALECT", value_parser = dialect_parser(), default_value = "postgres")]
    dialect: Dialect,
}

impl Schema {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let project = workspace.project();
        let at = match revisions.position(&self.at)? {
            Position::Base => None,
            Position::At(_) | Position::Heads => Some(revisions.revision(&self.at)?),
        };
        let mut schema = Replayed::default();
        revisions.compiler(project).replay(self.dialect, |replayed| {
            if Some(replayed.revision) == at {
                schema = replayed.after;
            }
            Ok(())
        })?;
        let statements = dialect::schema_sql(self.dialect, &schema, &project.settings)?;
        let text: Vec<String> = statements.iter().map(|statement| format!("{}\n", statement.trim_end())).collect();
        session.report.result(&text.join("\n"))
    }
}
