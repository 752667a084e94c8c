//! `offprint stamp`

use clap::Args;

use super::Answer;
use super::choice::TargetChoice;
use super::session::Session;
use crate::applier::HistoryKeeper;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect;

/// Print the SQL that records a revision in a database that already has its tables.
///
/// For a database whose tables were made before there were revisions, or by another tool. It changes the history table
/// and nothing else.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Record that a database is at the first revision, then bring it to the last one:
    offprint stamp 001_job_ledger_init --sql | psql -X -v ON_ERROR_STOP=1 \"$DATABASE\"
    offprint compile --from 001_job_ledger_init --sql | psql -X -v ON_ERROR_STOP=1 \"$DATABASE\"")]
pub struct Stamp {
    /// Where the database is: an id, the beginning of one, a branch label, `head`, `heads` or `base`.
    #[arg(value_name = "REV")]
    revision: String,

    /// Print SQL. There is no other way: Offprint never connects to a database.
    #[arg(long, required = true)]
    sql: bool,

    #[command(flatten)]
    choice: TargetChoice,
}

impl Stamp {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let project = workspace.project();
        let target = self.choice.one(project)?;
        if target.applier.history_keeper() == HistoryKeeper::Applier {
            let name = &target.name;
            let message = format!("the target `{name}` has no history table of Offprint: its applier keeps its own");
            let help = format!("use the command of `{}` that marks files as applied", target.applier.name());
            return Err(Diagnostic::new(Code::Usage, message).help(help).into());
        }
        let position = revisions.position(&self.revision)?;
        let rows: Vec<_> =
            revisions.history.rows(position).iter().map(|&row| revisions.history.id(row).clone()).collect();
        let dialect = target.applier.dialect();
        session.report.notice(&format!("target {}: {}, for {}", target.name, dialect.title(), target.applier.name()));
        let script = dialect::stamp_sql(dialect, &rows, &project.settings, target.delivery);
        session.report.result(&format!("{}\n", script.trim_end()))
    }
}
