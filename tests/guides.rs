//! The guides tell the truth: every block of README.md, of the examples' READMEs and of `docs/` is run or checked.
//!
//! - `console`: lines that begin with `$ ` are commands (a trailing `\` continues), the lines below one are its output,
//!   standard error included; a line `…` stands for any lines, `…` in a line for any text. A command without output
//!   below it has to succeed, and so has one with output: a failure is shown as `$ command || echo "exit $?"`. The
//!   commands of a guide run in their order in one bash session (`set -o pipefail`) that begins at the root of a scratch
//!   copy of the repository, with `offprint` on the search path and an empty Postgres database behind `psql`.
//! - `sql`: stands in a file of committed SQL, unless the line above it names Alembic.
//! - `rust`: a whole revision, or statements of `upgrade`.
//! - `toml`: keys of `offprint.toml`. `text`: anything else.

mod support;

#[path = "guides/console.rs"]
mod console;
#[path = "guides/markdown.rs"]
mod markdown;
#[path = "guides/session.rs"]
mod session;
#[path = "guides/type_tables.rs"]
mod type_tables;

use std::fs;

use console::Step;
use markdown::Block;
use offprint::language;
use offprint::project::Project;
use offprint::source::Sources;
use session::{ScratchCopy, committed_files, repository};
use support::postgres::PostgresDatabase;
use support::sqlite::shell_is_installed;

/// Whether a committed file is a guide.
fn is_guide(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["README.md"] | ["examples", _, "README.md"] => true,
        ["docs", name] => name.ends_with(".md"),
        _ => false,
    }
}

#[test]
fn guides_tell_the_truth() {
    let mut mistakes = Vec::new();
    for path in committed_files().into_iter().filter(|path| is_guide(path)) {
        let text = fs::read_to_string(repository().join(&path)).expect("a guide is readable");
        mistakes.extend(mistakes_of(&path, &text).into_iter().map(|mistake| format!("{path}: {mistake}")));
    }
    assert!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
}

/// What is wrong in a guide.
fn mistakes_of(path: &str, text: &str) -> Vec<String> {
    let blocks = match markdown::blocks(text) {
        Ok(blocks) => blocks,
        Err(mistake) => return vec![mistake],
    };
    let mut mistakes = Vec::new();
    let mut steps = Vec::new();
    for block in &blocks {
        let checked = match block.kind.as_str() {
            "console" => console::steps(block).map(|found| steps.extend(found)),
            "sql" => check_sql(block),
            "rust" => check_rust(block),
            "toml" => check_toml(block),
            "text" => Ok(()),
            "" | "sh" | "bash" | "shell" => {
                Err(format!("line {}: mark this block `console`, so that it is run", block.line))
            }
            kind => Err(format!("line {}: a block of kind `{kind}` is not checked by any test", block.line)),
        };
        mistakes.extend(checked.err());
    }
    mistakes.extend(run(path, &steps));
    mistakes
}

/// Runs the commands of a guide and compares what they print.
fn run(path: &str, steps: &[Step]) -> Vec<String> {
    let mut mistakes = Vec::new();
    let mut commands = Vec::new();
    for step in steps {
        match console::replacement(&step.command) {
            Ok(Some(command)) => commands.push((step, command)),
            Ok(None) if step.expected.is_empty() => {}
            Ok(None) => mistakes.push(format!("line {}: nobody checks the output of this command", step.line)),
            Err(mistake) => mistakes.push(format!("line {}: {mistake}", step.line)),
        }
    }
    let uses = |program: &str| commands.iter().any(|(_, command)| words(command).any(|word| word == program));
    let case = format!("the guide {path}");
    let mut database = None;
    if uses("psql") {
        database = PostgresDatabase::create(&case);
        if database.is_none() {
            return mistakes;
        }
    }
    if uses("sqlite3") && !shell_is_installed(&case) {
        return mistakes;
    }
    if commands.is_empty() {
        return mistakes;
    }
    let typed: Vec<String> = commands.iter().map(|(_, command)| command.clone()).collect();
    let results = ScratchCopy::create().run(&typed, database.as_ref());
    for (index, (step, _)) in commands.iter().enumerate() {
        let Some(ended) = results.get(index) else {
            mistakes.push(format!("line {}: `{}` was not run", step.line, step.command));
            continue;
        };
        let output: Vec<&str> = ended.output.trim_end().lines().map(str::trim_end).collect();
        let shown = output.join("\n");
        if ended.code != 0 {
            mistakes.push(format!("line {}: `{}` ends with {}:\n{shown}", step.line, step.command, ended.code));
        } else if !step.expected.is_empty() && !console::matches(&step.expected, &output) {
            let expected = step.expected.join("\n");
            mistakes.push(format!(
                "line {}: `{}` prints\n{shown}\n--- instead of\n{expected}\n---",
                step.line, step.command
            ));
        }
    }
    mistakes
}

/// The words of a command, where a shell would begin another one too.
fn words(command: &str) -> impl Iterator<Item = &str> {
    command.split(|character: char| character.is_whitespace() || "|&;()".contains(character))
}

/// SQL is shown as it is committed.
fn check_sql(block: &Block) -> Result<(), String> {
    if block.lead.contains("Alembic") {
        return Ok(());
    }
    let shown = block.lines.join("\n");
    let shown = shown.trim_matches('\n');
    let committed = |path: &String| {
        path.ends_with(".sql") && (path.starts_with("out/") || path.starts_with("examples/") && path.contains("/out/"))
    };
    let found = committed_files()
        .iter()
        .filter(|path| committed(path))
        .any(|path| fs::read_to_string(repository().join(path)).is_ok_and(|text| text.contains(shown)));
    if found { Ok(()) } else { Err(format!("line {}: this SQL is in no committed artifact", block.line)) }
}

/// Rust is what Offprint reads: a whole revision, or statements of one.
fn check_rust(block: &Block) -> Result<(), String> {
    let shown = block.lines.join("\n");
    let text = if shown.contains("pub const REVISION") {
        shown
    } else {
        format!(
            "use offprint::prelude::*;\npub const REVISION: &str = \"a\";\npub const REVISES: &[&str] = &[];\n\
             pub fn upgrade(op: &mut Op) {{\n{shown}\n}}\n"
        )
    };
    let source = Sources::default().add("guide.rs", text.as_str());
    let included = |_: &str| Err("a guide includes no file".to_owned());
    let revision = language::parse(source, &text).and_then(|syntax| language::evaluate(&syntax, "guide", &included));
    revision.map(drop).map_err(|mistakes| {
        let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
        format!("line {}: this is no revision: {}", block.line, messages.join("; "))
    })
}

/// Configuration has keys that exist.
fn check_toml(block: &Block) -> Result<(), String> {
    let text = block.lines.join("\n");
    let source = Sources::default().add("offprint.toml", text.as_str());
    Project::parse(&text, source).map(drop).map_err(|mistakes| {
        let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
        format!("line {}: this is no `offprint.toml`: {}", block.line, messages.join("; "))
    })
}

/// A guide with these lines.
fn mistakes_in(lines: &[&str]) -> Vec<String> {
    mistakes_of("a guide of this test", &lines.join("\n"))
}

#[test]
fn a_session_keeps_its_folder_and_its_variables() {
    let mistakes = mistakes_in(&[
        "```console",
        "$ cd examples && name=ledger",
        "$ basename \"$PWD\"; echo $name >&2",
        "examples",
        "led…",
        "$ offprint --version",
        "offprint …",
        "$ false | true || echo \"exit $?\"",
        "exit 1",
        "```",
    ]);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

#[test]
fn what_is_not_true_is_seen() {
    let cases: [(&[&str], &str); 10] = [
        (&["```console", "$ echo a", "b", "```"], "line 2: `echo a` prints\na\n--- instead of\nb"),
        (&["```console", "$ false", "```"], "line 2: `false` ends with 1"),
        (&["```console", "$ exit 0", "```"], "line 2: `exit 0` was not run"),
        (&["```console", "$ cargo test", "ok", "```"], "nobody checks the output"),
        (&["```console", "```"], "has no command"),
        (&["```sh", "true", "```"], "mark this block `console`"),
        (&["```json", "{}", "```"], "not checked by any test"),
        (&["```sql", "CREATE TABLE none_of_ours (id integer);", "```"], "in no committed artifact"),
        (&["```rust", "op.create_tabel(\"job\");", "```"], "line 1: this is no revision"),
        (&["```toml", "colour = \"red\"", "```"], "line 1: this is no `offprint.toml`"),
    ];
    for (lines, words) in cases {
        let mistakes = mistakes_in(lines);
        assert!(matches!(mistakes.as_slice(), [one] if one.contains(words)), "{lines:?}: {mistakes:#?}");
    }
}

#[test]
fn the_budgets_of_the_language_are_true() {
    let guide = fs::read_to_string(repository().join("docs/language.md")).expect("the guide is readable");
    let budgets = [
        ("token.rs", "MAXIMUM_FILE_SIZE: usize = 1024 * 1024;", "| 1 MiB |"),
        ("token.rs", "MAXIMUM_INCLUDED_SIZE: usize = 16 * 1024 * 1024;", "includes | 16 MiB |"),
        ("token.rs", "MAXIMUM_NAMES: usize = 1000;", "names known at one place | 1,000 |"),
        ("token.rs", "MAXIMUM_NAME_LENGTH: usize = 255;", "| 255 |"),
        ("token.rs", "MAXIMUM_NESTING: usize = 32;", "| 32 |"),
        ("vocabulary.rs", "LONGEST_ROW: usize = 12;", "at most 12 values"),
        ("parser/mod.rs", "MAXIMUM_MISTAKES: usize = 20;", "for one file | 20 |"),
        ("parser/expression.rs", "MAXIMUM_CHAIN: usize = 1000;", "one value or operation | 1,000 |"),
        ("evaluator/mod.rs", "MAXIMUM_MISTAKES: usize = 20;", "for one file | 20 |"),
        ("evaluator/mod.rs", "MAXIMUM_STEPS: usize = 100_000;", "copies | 100,000 |"),
        ("evaluator/mod.rs", "MAXIMUM_OPERATIONS: usize = 10_000;", "operations | 10,000 |"),
        ("evaluator/mod.rs", "MAXIMUM_FORMATTED: usize = 16 * 1024 * 1024;", "make | 16 MiB |"),
    ];
    for (file, constant, words) in budgets {
        let path = repository().join("src/language").join(file);
        let source = fs::read_to_string(path).expect("a source file is readable");
        assert!(
            source.contains(&format!("const {constant}")),
            "{file} no longer has `{constant}`: change docs/language.md"
        );
        assert!(guide.contains(words), "docs/language.md does not say `{words}`");
    }
}
