//! `docs/types.md` says what each type and value is in each database; here every row is compiled and compared.

use std::fs;
use std::process::{Command, Output};

use super::console;
use super::session::repository;

/// What is declared in a file of the vocabulary: the names of the functions that make a value of this Rust type.
fn declared(file: &str, result: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join(file)).expect("a source file is readable");
    let ending = format!(") -> {result} {{");
    text.lines()
        .filter(|line| line.contains(&ending) && !line.contains("(this") && !line.contains("(self"))
        .filter_map(|line| Some(line.trim_start().strip_prefix("fn ")?.split_once('(')?.0.to_owned()))
        .collect()
}

/// The cells of the rows of the table whose first heading is this one.
fn table(text: &str, heading: &str) -> Vec<Vec<String>> {
    let start = format!("| {heading} |");
    let rows = text.lines().skip_while(|line| !line.starts_with(&start)).skip(2);
    rows.take_while(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

/// The schema that a revision makes: a table with these columns, for the dialect of this name.
fn schema(columns: &[&str], options: &str, dialect: &str) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let columns: String = columns
        .iter()
        .enumerate()
        .map(|(number, column)| format!("        .column(\"c{number}\", {column})\n"))
        .collect();
    let revision = format!(
        "//! types\n\nuse offprint::prelude::*;\n\npub const REVISION: &str = \"a\";\npub const REVISES: &[&str] = &[];\n\n\
         pub fn upgrade(op: &mut Op) {{\n    op.create_enum(\"mood\", [\"ok\", \"sad\"]);\n    \
         op.postgres().create_domain(\"share\", integer());\n    \
         op.postgres().create_composite_type(\"pair\").attribute(\"first\", text());\n    op.create_table(\"t\")\n\
         {columns}        {options};\n}}\n"
    );
    fs::create_dir(folder.path().join("revisions")).expect("a folder for the revision");
    fs::write(folder.path().join("revisions/20260101_000000_types.rs"), revision).expect("the revision is written");
    fs::write(folder.path().join("offprint.toml"), "").expect("the settings are written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_offprint"));
    command.args(["schema", "--dialect", dialect]).current_dir(folder.path());
    command.output().expect("the program starts")
}

/// Compares a column of a table with what its rows compile to. `part` cuts what is meant out of the definition of a
/// column.
fn compare(rows: &[Vec<String>], cell: usize, options: &str, dialect: &str, part: fn(&str) -> &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let held: Vec<&Vec<String>> = rows.iter().filter(|row| !row[cell].starts_with("refused")).collect();
    let columns: Vec<&str> = held.iter().map(|row| row[0].as_str()).collect();
    let output = schema(&columns, options, dialect);
    assert!(output.status.success(), "{dialect}: {}", String::from_utf8_lossy(&output.stderr));
    let sql = String::from_utf8(output.stdout).expect("SQL is UTF-8");
    for (number, row) in held.iter().enumerate() {
        let start = format!("    \"c{number}\" ");
        let definition = sql.lines().find_map(|line| line.strip_prefix(&start)).expect("a line for each column");
        let found = part(definition.trim_end_matches(',').split(" CONSTRAINT ").next().unwrap_or_default());
        if !console::matches(&[row[cell].clone()], &[found]) {
            wrong.push(format!("{}: `{found}` on {dialect} {options}, not `{}`", row[0], row[cell]));
        }
    }
    for row in rows.iter().filter(|row| row[cell].starts_with("refused")) {
        let output = schema(&[&row[0]], options, dialect);
        let messages = String::from_utf8_lossy(&output.stderr);
        let code = row[cell].trim_start_matches("refused: ");
        if output.status.code() != Some(1) || !messages.contains(&format!("error[{code}]")) {
            wrong.push(format!("{}: not refused with {code} on {dialect} {options}: {messages}", row[0]));
        }
    }
    wrong
}

#[test]
fn the_tables_of_types_and_values_are_true() {
    let text = fs::read_to_string(repository().join("docs/types.md")).expect("the guide is readable");
    let types = table(&text, "Type");
    let values = table(&text, "Default");
    fn whole(definition: &str) -> &str {
        definition
    }
    fn default(definition: &str) -> &str {
        definition.split_once(" DEFAULT ").map_or("", |(_, value)| value)
    }
    let mut wrong = compare(&types, 1, "", "postgres", whole);
    wrong.extend(compare(&types, 2, "", "sqlite", whole));
    wrong.extend(compare(&types, 3, ".strict()", "sqlite", whole));
    wrong.extend(compare(&values, 1, "", "postgres", default));
    wrong.extend(compare(&values, 2, "", "sqlite", default));
    for name in declared("src/operation/definition/column_type.rs", "Type") {
        if !types.iter().any(|row| row[0].starts_with(&format!("{name}("))) {
            wrong.push(format!("the type `{name}` is in no row"));
        }
    }
    for name in declared("src/operation/definition/value.rs", "Value") {
        if !values.iter().any(|row| row[0].contains(&format!("({name}("))) {
            wrong.push(format!("the value `{name}` is in no row"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
