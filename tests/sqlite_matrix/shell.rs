//! The same stories in the installed `sqlite3` shell, which is an older engine than the one that the tests bundle.

use std::process::Command;

use crate::story::Story;
use crate::support::client;
use crate::support::sqlite::shell_is_installed;

/// Tells the stories of a shape to one process of the shell, each on an empty database, and compares what it prints.
pub fn tell(shape: &str, stories: &[Story]) {
    if !shell_is_installed(shape) {
        return;
    }
    let (scripts, expected): (Vec<String>, Vec<String>) = stories.iter().map(Story::for_shell).unzip();
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The shell reads a settings file from the home folder.
    let mut command = Command::new("sqlite3");
    let outcome = client::run(command.args(["-batch", "-bail"]).env("HOME", folder.path()), &scripts.concat());
    let (expected, found) = (expected.concat(), outcome.stdout.clone());
    if let Some((line, (expected, found))) = expected.lines().zip(found.lines()).enumerate().find(|(_, (a, b))| a != b)
    {
        let story = outcome.stdout.lines().take(line).filter(|line| line.starts_with(shape)).last();
        panic!("{story:?} in the shell, line {line}:\n  expected {expected}\n  found    {found}\n{}", outcome.stderr);
    }
    let outcome = outcome.expect_success();
    assert_eq!(outcome.stdout.lines().count(), expected.lines().count(), "{shape}: {}", outcome.stderr);
}
