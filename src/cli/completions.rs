//! `offprint completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::session::Session;
use super::{Answer, CommandLine};

/// Print a script that completes commands and options in a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  In bash, for this session:
    source <(offprint completions bash)

  In fish, for all sessions:
    offprint completions fish > ~/.config/fish/completions/offprint.fish")]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(&self, session: &Session) -> Answer {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "offprint", &mut script);
        session.report.result(&String::from_utf8_lossy(&script))
    }
}
