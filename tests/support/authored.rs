//! Two revisions as an author writes them, and what the program says of the second.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A revision with these statements; without a parent it is the first.
pub fn revision(id: &str, parent: Option<&str>, statements: &str) -> String {
    let parents = parent.map(|parent| format!("{parent:?}")).unwrap_or_default();
    format!(
        r#"//! the {id} revision

use offprint::prelude::*;

pub const REVISION: &str = "{id}";
pub const REVISES: &[&str] = &[{parents}];

pub fn upgrade(op: &mut Op) {{
    {statements}
}}
"#
    )
}

/// Runs `offprint compile` in the project, and gives what it says.
fn compile(project: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_offprint"))
        .args(["compile", "--format", format, "--project"])
        .arg(project)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!project.join("out").exists(), "nothing is written after a mistake");
    String::from_utf8(output.stderr).expect("the program writes UTF-8")
}

/// What the user sees of the second revision, after its underlined words have been compared with those expected.
#[track_caller]
pub fn shown(first: &str, second: &str, underlined: &[&str]) -> String {
    let project = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |name: &str, text: &str| fs::write(project.path().join(name), text).expect("the folder can be written");
    fs::create_dir(project.path().join("revisions")).expect("the folder can be written");
    write("offprint.toml", "");
    write("revisions/20260101_000000_first.rs", first);
    write("revisions/20260102_000000_second.rs", second);
    let findings: Value = serde_json::from_str(&compile(project.path(), "json")).expect("the findings are JSON");
    let findings = findings.as_array().expect("the findings are a list");
    let places: Vec<&str> = findings
        .iter()
        .map(|finding| {
            assert!(!finding["helps"].as_array().expect("a list").is_empty(), "no remedy: {finding}");
            let label = &finding["labels"][0];
            let text = if label["file"].as_str().expect("a file").contains("first") { first } else { second };
            let byte = |name: &str| label[name].as_u64().expect("a number") as usize;
            &text[byte("start_byte")..byte("end_byte")]
        })
        .collect();
    assert_eq!(places, underlined);
    compile(project.path(), "text")
}
