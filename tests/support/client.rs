//! The engines' own command line clients, fed with a script on standard input.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// How a client ended and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; none when a signal ended the client.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// Fails the test, with what the client said, unless it ended well.
    #[track_caller]
    pub fn expect_success(self) -> Outcome {
        assert!(self.succeeded(), "the script failed ({:?}):\n{}{}", self.code, self.stdout, self.stderr);
        self
    }

    /// Fails the test unless the client ended badly and its messages contain `words`.
    #[track_caller]
    pub fn expect_failure(self, words: &str) -> Outcome {
        assert!(!self.succeeded(), "the script should have failed with `{words}`:\n{}{}", self.stdout, self.stderr);
        assert!(self.stderr.contains(words), "`{words}` is not in:\n{}", self.stderr);
        self
    }
}

/// Runs a command with `script` as its standard input. A client that stops reading early is no error of ours.
pub fn run(command: &mut Command, script: &str) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", command.get_program().display()));
    let mut input = child.stdin.take().expect("standard input is a pipe");
    let script = script.to_owned();
    let writer = thread::spawn(move || input.write_all(script.as_bytes()));
    let output = child.wait_with_output().expect("the client ends");
    // A client that stopped at an error closes the pipe: what matters then is its exit code.
    if let Err(error) = writer.join().expect("the writer ends") {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "the script cannot be sent: {error}");
    }
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether a program of this name is on the search path.
pub fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
