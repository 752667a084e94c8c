//! The command line. One command, one file; the doc comment of its arguments is its help.

mod check;
mod choice;
mod compile;
mod completions;
mod explain;
mod heads;
mod history;
mod init;
mod new;
pub mod report;
mod scaffold;
mod schema;
mod session;
mod show;
mod stamp;
mod timestamp;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::diagnostic::Diagnostic;
use report::{Color, Format, Outcome, Report};
use session::Session;

/// What a command answers: nothing, or what keeps it from being done.
type Answer<T = ()> = Result<T, Vec<Diagnostic>>;

/// Turns schema revisions into SQL files, offline.
///
/// A revision is a small Rust file that is read and never run. Offprint replays all revisions in memory and writes the
/// SQL that takes a database from one revision to another, for Postgres and for SQLite. No database is needed.
#[derive(Debug, Parser)]
#[command(name = "offprint", version, max_term_width = 100, after_help = EXAMPLES)]
struct CommandLine {
    /// The folder of the project; without it, the nearest one with an `offprint.toml`.
    #[arg(long, global = true, value_name = "DIR", value_hint = clap::ValueHint::DirPath, help_heading = GLOBAL)]
    project: Option<PathBuf>,

    /// How mistakes are written.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", hide_default_value = true, help_heading = GLOBAL)]
    format: Format,

    /// When colours are used.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_default_value = true, help_heading = GLOBAL)]
    color: Color,

    #[command(subcommand)]
    command: Option<Command>,
}

/// The heading of the options that every command has.
const GLOBAL: &str = "Options of every command";

const EXAMPLES: &str = "\
Examples:
  A new project in this folder, and a second revision:
    offprint init
    offprint new \"add the idempotency key\"

  Write the SQL files of all revisions, then print what the last one does:
    offprint compile
    offprint compile --from head-1 --sql

  In CI, are the files what the revisions say?
    offprint check

Exit codes: 0 fine, 1 mistakes or drift, 2 wrong usage, configuration or trouble with files.";

#[derive(Debug, Subcommand)]
enum Command {
    Compile(compile::Compile),
    Check(check::Check),
    History(history::History),
    Heads(heads::Heads),
    Show(show::Show),
    Schema(schema::Schema),
    Stamp(stamp::Stamp),
    New(new::New),
    Init(init::Init),
    Explain(explain::Explain),
    Completions(completions::Completions),
}

impl Command {
    fn run(&self, session: &mut Session) -> Answer {
        match self {
            Command::Compile(command) => command.run(session),
            Command::Check(command) => command.run(session),
            Command::History(command) => command.run(session),
            Command::Heads(command) => command.run(session),
            Command::Show(command) => command.run(session),
            Command::Schema(command) => command.run(session),
            Command::Stamp(command) => command.run(session),
            Command::New(command) => command.run(session),
            Command::Init(command) => command.run(session),
            Command::Explain(command) => command.run(session),
            Command::Completions(command) => command.run(session),
        }
    }
}

/// Runs the command that the arguments of the process name.
pub fn main() -> ExitCode {
    let outcome = match CommandLine::try_parse() {
        Ok(command_line) => run(command_line),
        Err(error) if error.use_stderr() => {
            Report::default().usage(&error.render());
            Outcome::Trouble
        }
        // Help and version are no errors, though clap hands them over as such.
        Err(error) => finish(&Session::new(Report::default(), None), Report::default().help(&error.render())),
    };
    ExitCode::from(match outcome {
        Outcome::Fine => 0,
        Outcome::Findings => 1,
        Outcome::Trouble => 2,
    })
}

fn run(command_line: CommandLine) -> Outcome {
    let report = Report { format: command_line.format, color: command_line.color };
    let mut session = Session::new(report, command_line.project);
    let answer = match command_line.command {
        None => report.help(&CommandLine::command().render_help()),
        Some(command) => command.run(&mut session),
    };
    finish(&session, answer)
}

fn finish(session: &Session, answer: Answer) -> Outcome {
    let diagnostics = answer.err().unwrap_or_default();
    session.report.diagnostics(&diagnostics, &session.sources);
    Outcome::of(&diagnostics)
}
