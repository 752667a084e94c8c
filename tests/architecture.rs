//! The layers of ARCHITECTURE.md, read off the imports.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a module, by the path below `src`.
fn files(module: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![source.join(module)];
    for file in [source.join(format!("{module}.rs"))] {
        if file.exists() {
            found.push(file);
        }
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry of a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "module `{module}` has no file");
    found
}

/// The modules of the crate that a module names, in imports and in paths.
fn used_by(module: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for file in files(module) {
        let text = fs::read_to_string(&file).expect("a source file is readable");
        for part in text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split("crate::").skip(1))
        {
            let first: String =
                part.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
            if first.is_empty() {
                used.extend(
                    part.trim_start_matches('{')
                        .split([',', '}', ';'])
                        .map(|name| name.trim().split("::").next().unwrap_or("").to_string()),
                );
            } else {
                used.insert(first);
            }
        }
    }
    used.remove("");
    used.remove(module);
    used
}

#[track_caller]
fn assert_uses_only(module: &str, allowed: &[&str]) {
    let extra: Vec<String> = used_by(module).into_iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(extra.is_empty(), "`{module}` must not use {extra:?}");
}

#[test]
fn data_flows_one_way() {
    assert_uses_only("source", &[]);
    assert_uses_only("diagnostic", &["source"]);
    assert_uses_only("schema", &["source", "diagnostic"]);
    assert_uses_only("operation", &["source", "diagnostic", "schema", "language"]);
    assert_uses_only("language", &["source", "diagnostic", "schema", "operation", "revision"]);
    assert_uses_only("history", &["source", "diagnostic"]);
    assert_uses_only("replay", &["source", "diagnostic", "schema", "operation", "history", "revision"]);
    assert_uses_only("plan", &["schema"]);
    assert_uses_only("dialect", &["source", "diagnostic", "schema", "plan"]);
    assert_uses_only("project", &["source", "diagnostic", "schema", "dialect", "applier"]);
    assert_uses_only("workspace", &["source", "diagnostic", "language", "project", "artifact"]);
}

#[test]
fn an_operation_sees_of_the_language_only_the_vocabulary() {
    for file in files("operation") {
        let text = fs::read_to_string(&file).expect("a source file is readable");
        for line in text.lines().filter(|line| line.contains("crate::language")) {
            assert!(line.contains("crate::language::vocabulary"), "{}: {line}", file.display());
        }
    }
}

#[test]
fn dialects_know_nothing_of_each_other() {
    for (module, other) in [("dialect/postgres", "sqlite"), ("dialect/sqlite", "postgres")] {
        for file in files(module) {
            let text = fs::read_to_string(&file).expect("a source file is readable");
            let names = text
                .lines()
                .find(|line| line.contains(&format!("dialect::{other}")) || line.contains(&format!("super::{other}")));
            assert_eq!(names, None, "{}", file.display());
        }
    }
}

#[test]
fn the_core_is_pure() {
    let impure = [
        "std::fs",
        "std::env",
        "std::time",
        "std::process",
        "std::net",
        "println!",
        "eprintln!",
        "print!(",
        "SystemTime",
    ];
    for module in [
        "source",
        "diagnostic",
        "schema",
        "operation",
        "language",
        "history",
        "revision",
        "replay",
        "plan",
        "dialect",
        "applier",
        "artifact",
        "compile",
        "compiled",
        "project",
    ] {
        for file in files(module) {
            let text = fs::read_to_string(&file).expect("a source file is readable");
            let found = impure.iter().find(|word| text.contains(*word));
            assert_eq!(found, None, "{}", file.display());
        }
    }
}
