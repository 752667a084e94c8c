//! Bombs end in an ordinary mistake, in under a second; and nothing that one can write makes the language panic.

mod support {
    pub mod random;
}

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use offprint::diagnostic::{Code, Diagnostic};
use offprint::language;
use offprint::source::Sources;
use offprint::workspace::Workspace;
use support::random::Random;

/// A second is enough, but for a build without optimization on a busy machine.
const ENOUGH: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

/// The mistakes of a text. It must have been judged in time.
fn mistakes(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let source = sources.add("revisions/a.rs", text);
    let start = Instant::now();
    let included = |_: &str| Ok("x".repeat(1024 * 1024).into());
    let revision = language::parse(source, text).and_then(|syntax| language::evaluate(&syntax, "a", &included));
    let mistakes = revision.err().unwrap_or_default();
    let needed = start.elapsed();
    assert!(needed < ENOUGH, "took {needed:?}: {}", text.chars().take(80).collect::<String>());
    for mistake in &mistakes {
        let span = mistake.labels.first().and_then(|label| label.origin.span()).expect("every mistake has a place");
        assert!(text.get(span.range()).is_some(), "the place is not in the text: {mistake:?}");
        assert!(!mistake.helps.is_empty(), "no remedy: {mistake:?}");
    }
    mistakes
}

fn with_statements(statements: &str) -> String {
    format!(
        "use offprint::prelude::*;\npub const REVISION: &str = \"a\";\npub const REVISES: &[&str] = &[];\n\
         pub fn upgrade(op: &mut Op) {{\n{statements}\n}}\n"
    )
}

#[track_caller]
fn refused(text: &str, code: Code) {
    let found: Vec<Code> = mistakes(text).iter().map(|mistake| mistake.code).collect();
    assert!(found.contains(&code), "expected {code}, found {found:?}: {}", text.chars().take(80).collect::<String>());
}

#[test]
fn nesting_is_limited() {
    const DEEP: usize = 100_000;
    for bracket in ["(", "[", "{"] {
        refused(&bracket.repeat(DEEP), Code::SyntaxError);
        refused(&with_statements(&format!("let a = {};", bracket.repeat(DEEP))), Code::Budget);
    }
    refused(&with_statements(&format!("let a = {}1{};", "[".repeat(DEEP), "]".repeat(DEEP))), Code::Budget);
    refused(&with_statements(&format!("let a = {}1;", "&".repeat(DEEP))), Code::Budget);
    refused(&with_statements(&format!("let a = {}1;", "-".repeat(DEEP))), Code::OutsideTheSubset);
    refused(&with_statements(&format!("let a = {}x{};", "f(".repeat(DEEP), ")".repeat(DEEP))), Code::Budget);
    refused(&with_statements(&"for a in [1] {".repeat(DEEP / 2)), Code::Budget);
    refused(&with_statements(&format!("for {}a{} in [1] {{}}", "(".repeat(DEEP), ",)".repeat(DEEP))), Code::Budget);
    refused(&format!("const A: {}str = \"x\";", "&".repeat(DEEP)), Code::Budget);
    refused(&format!("const A: {}str = \"x\";", "&[".repeat(DEEP)), Code::Budget);
    refused(&with_statements(&"if a {".repeat(DEEP)), Code::Budget);
    refused(&"/*".repeat(DEEP), Code::SyntaxError);
    refused(&with_statements(&format!("let a = r{}\"x\";", "#".repeat(DEEP))), Code::SyntaxError);
}

#[test]
fn nested_values_are_limited() {
    let lines = |line: &str| with_statements(&format!("let a = text();\n{}", line.repeat(1000)));
    refused(&lines("let a = array(a);\n"), Code::Budget);
    refused(&lines("let a = &a;\n"), Code::Budget);
    refused(&lines("let a = [a];\n"), Code::Budget);
    refused(&lines("let a = (a,);\n"), Code::Budget);
    refused(&lines("let a = a.sqlite(\"x\");\n"), Code::Budget);
    refused(&with_statements(&format!("let a = text(){};", ".sqlite(\"x\")".repeat(50_000))), Code::Budget);
    refused(&with_statements(&format!("let a = \"x\"; let b = a{};", ".clone()".repeat(100_000))), Code::Budget);
    // Each line has twice the value of the line before.
    refused(&with_statements(&format!("let a = [1];\n{}", "let a = (&a, &a);\n".repeat(30))), Code::Budget);
    let doubled: String =
        (1..40).map(|number| format!("const A{number}: [&str; 2] = [A{}, A{}];\n", number - 1, number - 1)).collect();
    assert!(!mistakes(&format!("{}const A0: &str = \"x\";\n{doubled}", with_statements(""))).is_empty());
    let mut kind = "&str".to_owned();
    let mut growing = "const A0: &str = \"x\";\n".to_owned();
    for number in 1..30 {
        kind = format!("&({kind}, {kind})");
        if kind.len() > 20_000 {
            break;
        }
        growing.push_str(&format!("const A{number}: {kind} = &(A{}, A{});\n", number - 1, number - 1));
    }
    mistakes(&format!("{}{growing}", with_statements("")));
    let circle: String = (0..900).map(|number| format!("const A{number}: &str = A{};\n", (number + 1) % 900)).collect();
    refused(&format!("{}{circle}", with_statements("")), Code::Budget);
}

#[test]
fn work_is_limited() {
    let digits = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    let loops: String = (0..12).map(|number| format!("for a{number} in {digits} {{ ")).collect();
    let closed = |statement: &str| with_statements(&format!("{loops}{statement}{}", "}".repeat(12)));
    refused(&closed(""), Code::Budget);
    refused(&closed("op.execute(\"x\");"), Code::Budget);
    refused(&closed("let a = format!(\"{a0}{a1}\");"), Code::Budget);
    let grown = format!("let a = \"{}\";\n{}", "x".repeat(1000), "let a = format!(\"{a}{a}{a}{a}\");\n".repeat(30));
    refused(&with_statements(&grown), Code::Budget);
    let included: String = (0..100).map(|number| format!("let a = include_str!(\"{number}.sql\");\n")).collect();
    refused(&with_statements(&included), Code::Budget);
    let long = format!("for a in [{}] {{ op.execute(\"x\"); }}", "1, ".repeat(20_000));
    refused(&with_statements(&long), Code::Budget);
    let list = format!("const LIST: &[&[i64]] = &[&[{}], &[1]];", "1, ".repeat(5000));
    let copies = format!("{}{list}", with_statements(&"let a = LIST;\n".repeat(10_000)));
    refused(&copies, Code::Budget);
    let names: String = (0..20_000).map(|number| format!("let a{number} = 1;\nlet b = a0;\n")).collect();
    refused(&with_statements(&names), Code::Budget);
    let constants: String = (0..10_000).map(|number| format!("const A{number}: i64 = 1;\n")).collect();
    refused(&format!("{}{constants}", with_statements("")), Code::Budget);
}

#[test]
fn large_texts_are_judged_quickly() {
    let megabyte = 1024 * 1024;
    refused(&" ".repeat(megabyte + 1), Code::Budget);
    refused(&";".repeat(megabyte), Code::SyntaxError);
    refused(&"\"".repeat(megabyte - 1), Code::SyntaxError);
    refused(&"pub ".repeat(megabyte / 4), Code::OutsideTheSubset);
    refused(&"const A".repeat(megabyte / 7), Code::OutsideTheSubset);
    refused(&with_statements(&"let A = 1;".repeat(megabyte / 11)), Code::OutsideTheSubset);
    refused(&with_statements(&"a".repeat(megabyte / 2)), Code::Budget);
    refused(&with_statements(&format!("op.{}();", "a".repeat(megabyte / 2))), Code::Budget);
    refused(&with_statements(&format!("let a = {};", "9".repeat(megabyte / 2))), Code::SyntaxError);
    refused(&with_statements(&format!("op.execute(\"{}\", 1);", "\\n".repeat(megabyte / 4))), Code::WrongArguments);
    refused(&with_statements(&format!("op.execute(\"{}\");", "\\q".repeat(megabyte / 4))), Code::SyntaxError);
    refused(&with_statements(&format!("op.execute(format!(\"{}\"));", "{}".repeat(megabyte / 4))), Code::SyntaxError);
    refused(&with_statements(&format!("op.create_enum(\"x\", [{}]);", "1, ".repeat(megabyte / 4))), Code::Budget);
    refused(&with_statements(&format!("op.create_table(\"x\"){};", ".strict()".repeat(megabyte / 10))), Code::Budget);
    refused(&with_statements(&format!("op.create_table(\"x\"){};", ".strict()".repeat(1001))), Code::Budget);
    assert_eq!(mistakes(&with_statements(&format!("op.create_table(\"x\"){};", ".strict()".repeat(999)))), []);
}

/// A project with these files below `revisions`.
fn project(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |path: &Path, bytes: &[u8]| {
        let mut file = File::create(path).expect("the temporary folder can be written");
        file.write_all(bytes).expect("the temporary folder can be written");
    };
    std::fs::create_dir(folder.path().join("revisions")).expect("the temporary folder can be written");
    write(&folder.path().join("offprint.toml"), b"");
    write(&folder.path().join("secret.sql"), b"secret");
    for (name, bytes) in files {
        write(&folder.path().join("revisions").join(name), bytes);
    }
    folder
}

/// The codes of the mistakes that reading the revisions of a project finds.
fn read(folder: &Path) -> Vec<Code> {
    let start = Instant::now();
    let mut sources = Sources::default();
    let workspace = Workspace::open(folder.to_owned(), &mut sources).expect("the project can be opened");
    let revisions = workspace.revisions(&mut sources).expect("the folder of the revisions can be read");
    let mut found: Vec<Code> = revisions.mistakes.iter().map(|mistake| mistake.code).collect();
    for source in revisions.sources {
        let file = sources.get(source);
        let included = |path: &str| workspace.included(&file.path, path);
        let revision =
            language::parse(source, &file.text).and_then(|syntax| language::evaluate(&syntax, "a", &included));
        found.extend(revision.err().unwrap_or_default().iter().map(|mistake| mistake.code));
    }
    assert!(start.elapsed() < ENOUGH, "took {:?}", start.elapsed());
    found
}

#[test]
fn files_that_are_no_revisions() {
    let folder = project(&[("a.rs", b"\xff\xfe"), ("b.rs", b"\0")]);
    assert_eq!(read(folder.path()), [Code::UnreadableText, Code::UnreadableText]);
    let folder = project(&[("a.rs", b"")]);
    let file = File::options().write(true).open(folder.path().join("revisions/a.rs")).expect("the file is there");
    file.set_len(100 * 1024 * 1024).expect("the file can grow");
    assert_eq!(read(folder.path()), [Code::Budget]);
}

#[test]
fn includes_stay_in_the_folder() {
    for path in ["../secret.sql", "/etc/passwd", "a/../../secret.sql", "sql", "missing.sql"] {
        let text = with_statements(&format!("op.execute(include_str!(\"{path}\"));"));
        let folder = project(&[("a.rs", text.as_bytes())]);
        std::fs::create_dir(folder.path().join("revisions/sql")).expect("the temporary folder can be written");
        assert_eq!(read(folder.path()), [Code::IncludedFile], "{path}");
    }
}

#[cfg(unix)]
#[test]
fn includes_do_not_follow_links_out_of_the_folder() {
    let text = with_statements("op.execute(include_str!(\"link.sql\"));");
    let folder = project(&[("a.rs", text.as_bytes())]);
    std::os::unix::fs::symlink("../secret.sql", folder.path().join("revisions/link.sql")).expect("links can be made");
    assert_eq!(read(folder.path()), [Code::IncludedFile]);
}

#[test]
fn random_texts_do_not_panic() {
    let mut random = Random::new(7);
    let words = [
        "use",
        "offprint",
        "::",
        "prelude",
        "*",
        ";",
        "pub",
        "const",
        "A",
        ":",
        "&",
        "str",
        "[",
        "]",
        "=",
        "\"x\"",
        "fn",
        "upgrade",
        "(",
        ")",
        "op",
        "mut",
        "Op",
        "{",
        "}",
        "let",
        "a",
        "for",
        "in",
        ",",
        ".",
        "drop_table",
        "text",
        "clone",
        "format",
        "!",
        "\"{a}\"",
        "\"{}\"",
        "include_str",
        "5",
        "-",
        "1.5",
        "true",
        "r#\"",
        "\"",
        "'",
        "//!",
        "\n",
        "/*",
        "i64",
        "_",
        "#",
        "?",
        "+",
        "|",
        "é",
        "\u{feff}",
        "\\",
        "0x",
        "1e",
        "'a",
        "b\"x\"",
        "r#a",
        "if",
        "else",
        "0..3",
    ];
    for round in 0..3000 {
        let length = random.below(60);
        let mut soup = String::new();
        for _ in 0..length {
            soup.push_str(random.pick(&words));
            if random.one_in(2) {
                soup.push(' ');
            }
        }
        let bytes: Vec<u8> = (0..length).map(|_| random.number() as u8).collect();
        let text = match round % 3 {
            0 => soup,
            1 => with_statements(&soup),
            _ => String::from_utf8_lossy(&bytes).into_owned(),
        };
        mistakes(&text);
    }
}

#[test]
fn every_beginning_and_end_of_a_revision_is_judged() {
    let text = with_statements(
        "for (a, b) in [(\"x\", 1.5), (r#\"ü\"#, -2.)] {\n        op.create_table(format!(\"t_{a}{b}{}\", 5)).column(\"c\", text().not_null());\n    }\n    \
         op.insert(\"t\", [\"a\\n\\u{e9}\"]).row((&1, null())); // the end\n    /* yes */",
    );
    assert_eq!(mistakes(&text.replace("1.5", "-1.").replace("-2.", "-1.")), []);
    for (position, _) in text.char_indices() {
        mistakes(&text[..position]);
        mistakes(&text[position..]);
        let mut without = text.clone();
        without.remove(position);
        mistakes(&without);
    }
}
