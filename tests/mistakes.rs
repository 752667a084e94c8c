//! The mistakes that authors make most: what the user sees, and which words are underlined.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const FIRST: &str = r#"//! the job ledger

use offprint::prelude::*;

pub const REVISION: &str = "first";
pub const REVISES: &[&str] = &[];

pub fn upgrade(op: &mut Op) {
    op.create_enum("job_status", ["queued", "running", "done"]);
    op.create_table("job")
        .column("id", big_integer().identity())
        .column("status", enumeration("job_status").not_null())
        .column("attempts", integer().not_null().default(0))
        .primary_key(["id"]);
}
"#;

/// A second revision with these statements.
fn second(statements: &str) -> String {
    format!(
        r#"//! the change

use offprint::prelude::*;

pub const REVISION: &str = "second";
pub const REVISES: &[&str] = &["first"];

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

/// What the user sees of a second revision, after its underlined words have been compared with those expected.
#[track_caller]
fn shown(revision: &str, underlined: &[&str]) -> String {
    let project = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |name: &str, text: &str| fs::write(project.path().join(name), text).expect("the folder can be written");
    fs::create_dir(project.path().join("revisions")).expect("the folder can be written");
    write("offprint.toml", "");
    write("revisions/20260101_000000_first.rs", FIRST);
    write("revisions/20260102_000000_second.rs", revision);
    let findings: Value = serde_json::from_str(&compile(project.path(), "json")).expect("the findings are JSON");
    let findings = findings.as_array().expect("the findings are a list");
    let places: Vec<&str> = findings
        .iter()
        .map(|finding| {
            assert!(!finding["helps"].as_array().expect("a list").is_empty(), "no remedy: {finding}");
            let label = &finding["labels"][0];
            let text = if label["file"].as_str().expect("a file").contains("first") { FIRST } else { revision };
            let byte = |name: &str| label[name].as_u64().expect("a number") as usize;
            &text[byte("start_byte")..byte("end_byte")]
        })
        .collect();
    assert_eq!(places, underlined);
    compile(project.path(), "text")
}

macro_rules! mistake {
    ($name:ident: $revision:expr => $underlined:expr) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), shown(&$revision, &$underlined));
        }
    };
}

mistake! { misspelt_operation: second(r#"op.drop_tabel("job");"#) => ["drop_tabel"] }
mistake! { misspelt_method: second(r#"op.create_table("note").colum("id", uuid());"#) => ["colum"] }
mistake! { misspelt_argument: second(
    r#"op.create_foreign_key("job", ["id"], "job", ["id"]).on_delete(Cascad);"#
) => ["Cascad"] }
mistake! { misspelt_type: second(r#"op.add_column("job", "note", txt());"#) => ["txt"] }
mistake! { misspelt_column: second(r#"op.drop_column("job", "atempts");"#) => ["\"atempts\""] }
mistake! { misspelt_table: second(
    "for table in [\"job\", \"jobs\"] {\n        op.add_column(table, \"note\", text());\n    }"
) => ["\"jobs\""] }
mistake! { missing_comma: second(r#"op.add_column("job" "note", text());"#) => ["\"note\""] }
mistake! { missing_brace: second("for table in [\"job\"] {\n        op.drop_table(table);") => ["{"] }
mistake! { missing_parenthesis: second("op.drop_table(\"job\";\n    op.drop_enum(\"job_status\");") => [";"] }
mistake! { missing_quote: second("op.drop_table(\"job);\n    op.drop_enum(\"job_status\");") => ["\"job);"] }
mistake! { missing_semicolon: second("op.drop_table(\"job\")\n    op.drop_enum(\"job_status\");") => ["op"] }
mistake! { wrong_kind_of_value: second(r#"op.add_column("job", 5, "text");"#) => ["5"] }
mistake! { duplicate_id: second("").replace("&[\"first\"]", "&[]").replace("\"second\"", "\"first\"") => ["\"first\""] }
mistake! { wrong_parent: second("").replace("&[\"first\"]", "&[\"frist\"]") => ["\"frist\""] }
mistake! { not_an_enum_value: second(r#"op.alter_column("job", "status").set_default("finished");"#) => ["\"finished\""] }
mistake! { decision: second("if true {\n        op.drop_table(\"job\");\n    }") => ["if"] }
mistake! { closure: second(r#"op.create_table("note", |table| { table.column("id"); });"#) => ["|"] }
mistake! { vector: second(r#"op.create_index("ix", "job", vec!["status"]);"#) => ["vec"] }
mistake! { type_that_the_dialect_lacks: second(r#"op.add_column("job", "took", interval());"#) => ["add_column"] }
mistake! { undeclared_ddl: second(r#"op.execute("CREATE TABLE note (id bigint)");"#) => ["\"CREATE TABLE note (id bigint)\""] }
mistake! { used_twice: second(
    "let note = text().not_null();\n    op.add_column(\"job\", \"a\", note);\n    op.add_column(\"job\", \"b\", note);"
) => ["note"] }
mistake! { several_at_once: second(
    "op.drop_tabel(\"job\");\n    let note = txt();\n    op.add_column(\"job\", \"note\", note);\n    op.execute(5);"
) => ["drop_tabel", "txt", "5"] }
