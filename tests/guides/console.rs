//! The commands of a `console` block, and whether what they print is what the guide shows.

use super::markdown::Block;

/// A command with the output that the guide shows below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line of the command in the guide, counted from 1.
    pub line: usize,
    /// What the guide tells the reader to type.
    pub command: String,
    /// The lines below it; empty when the command only has to succeed.
    pub expected: Vec<String>,
}

/// The commands of a block in their order.
///
/// # Errors
///
/// The block has no command, or lines before the first one.
pub fn steps(block: &Block) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    let mut continued = false;
    for (line, text) in (block.line + 1..).zip(&block.lines) {
        if continued && let Some(step) = steps.last_mut() {
            step.command.push('\n');
            step.command.push_str(text);
            continued = text.ends_with('\\');
        } else if let Some(command) = text.strip_prefix("$ ") {
            steps.push(Step { line, command: command.to_owned(), expected: Vec::new() });
            continued = command.ends_with('\\');
        } else if let Some(step) = steps.last_mut() {
            step.expected.push(text.trim_end().to_owned());
        } else {
            return Err(format!("line {line}: a console block begins with a command, `$ …`"));
        }
    }
    for step in &mut steps {
        while step.expected.last().is_some_and(String::is_empty) {
            step.expected.pop();
        }
    }
    if steps.is_empty() { Err(format!("line {}: this console block has no command", block.line)) } else { Ok(steps) }
}

/// Commands that are not run here, by their first words, and why it is right to leave them out. They have to stand
/// alone on their line.
const CHECKED_ELSEWHERE: [(&str, &str); 4] = [
    ("cargo build --release", "the program that this test runs is the same, built by the same manifest"),
    ("cargo install --path .", "the same, and it would change the machine"),
    ("cargo test", "`.ci/run` runs it, and this is a part of it"),
    ("cargo bench", "`.ci/run` builds the benchmark with `cargo clippy --all-targets`; a measurement is no test"),
];

/// Commands by their first words that are typed otherwise here, since the program is built already.
const BUILT_ALREADY: [(&str, &str); 2] = [("cargo run --release -- ", "offprint "), ("cargo run -q -- ", "offprint ")];

/// The command that the test runs in place of the one in the guide; none when it is checked elsewhere.
///
/// # Errors
///
/// A use of cargo or of a clone that is not known here.
pub fn replacement(command: &str) -> Result<Option<String>, String> {
    let alone = !command.contains(['|', '&', ';', '\n', '>', '<']);
    let elsewhere = |(words, _): &(&str, &str)| {
        command.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if alone && CHECKED_ELSEWHERE.iter().any(elsewhere) {
        return Ok(None);
    }
    let mut replaced = command.to_owned();
    for (words, typed) in BUILT_ALREADY {
        replaced = replaced.replace(words, typed);
    }
    // The scratch copy is the clone: seen from the folder above, it is there.
    if let Some((before, address)) = replaced.split_once("git clone ") {
        let rest = address.split_once(' ').map_or("", |(_, rest)| rest);
        replaced = format!("{before}cd .. {rest}");
    }
    let foreign = |word: &str| matches!(word.trim_matches(['(', ')', '`', '$', '"']), "cargo" | "rustc" | "rustup");
    if replaced.split_whitespace().any(foreign) {
        return Err(format!("`{command}` is neither run by this test nor listed in it as checked elsewhere"));
    }
    Ok(Some(replaced))
}

/// Whether an output is what the guide shows, where a line `…` stands for any lines and `…` in a line for any text.
pub fn matches(expected: &[String], output: &[&str]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((any, rest)) if any.trim() == "…" => (0..=output.len()).any(|from| matches(rest, &output[from..])),
        Some((line, rest)) => match output.split_first() {
            Some((first, others)) => line_matches(line, first) && matches(rest, others),
            None => false,
        },
    }
}

fn line_matches(expected: &str, line: &str) -> bool {
    match expected.split_once('…') {
        None => expected == line,
        Some((start, rest)) => line.strip_prefix(start).is_some_and(|line| {
            line.char_indices()
                .map(|(index, _)| index)
                .chain([line.len()])
                .any(|index| line_matches(rest, &line[index..]))
        }),
    }
}

#[test]
fn commands_are_read_with_their_output() {
    let lines = ["$ printf 'a\\n' \\", "    | cat", "a", "", "$ true"].map(str::to_owned).to_vec();
    let block = Block { kind: "console".into(), line: 10, lines, lead: String::new() };
    let steps = steps(&block).expect("well formed");
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].command, "printf 'a\\n' \\\n    | cat");
    assert_eq!(steps[0].expected, ["a"]);
    assert_eq!((steps[1].line, steps[1].expected.len()), (15, 0));
}

#[test]
fn cargo_is_replaced_listed_or_refused() {
    let run = |command: &str| replacement(command).expect(command);
    assert_eq!(run("cargo run -q -- check | cat").as_deref(), Some("offprint check | cat"));
    assert_eq!(run("cargo run --release -- compile").as_deref(), Some("offprint compile"));
    assert_eq!(run("cargo test"), None);
    assert_eq!(run("cargo install --path . --locked"), None);
    assert_eq!(run("git clone https://example.com/offprint && cd offprint").as_deref(), Some("cd .. && cd offprint"));
    assert_eq!(run("offprint check").as_deref(), Some("offprint check"));
    for refused in ["cargo test && rm -r out", "cargo fmt", "cargo testing", "cd . && cargo build"] {
        replacement(refused).expect_err(refused);
    }
}

#[test]
fn dots_stand_for_anything() {
    let matching = |expected: &str, output: &str| {
        let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
        matches(&expected, &output.lines().collect::<Vec<_>>())
    };
    assert!(matching("a\n…\nd", "a\nb\nc\nd"));
    assert!(matching("a\n…\nd", "a\nd"));
    assert!(matching("took … ms", "took 12 ms"));
    assert!(matching("… é…", "né é"));
    assert!(matching("…", ""));
    assert!(!matching("a\n…\nd", "a\nb"));
    assert!(!matching("took … ms", "took 12 s"));
    assert!(!matching("a", "a\nb"));
}
