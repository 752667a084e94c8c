//! What rustc makes of many revisions at once: they become modules of one program, which prints what they record.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::interpreted::INCLUDED;

/// Compiles the revisions and runs them. The answer has what each of them records, in their order.
pub fn compile(revisions: &[String]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("the temporary folder can be written");
        }
        std::fs::write(path, text).expect("the temporary folder can be written");
    };
    for (name, text) in INCLUDED {
        write(name, text);
    }
    for (number, text) in revisions.iter().enumerate() {
        write(&format!("r{number}.rs"), text);
    }
    write("main.rs", &program(revisions));
    let program = folder.path().join("program");
    let artifacts = artifacts();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--edition", "2024", "--crate-name", "revisions", "-C", "opt-level=0", "-C", "debuginfo=0"])
        .arg("-L")
        .arg(format!("dependency={}", artifacts.display()))
        .arg("--extern")
        .arg(format!("offprint={}", library(&artifacts).display()))
        .arg("-o")
        .arg(&program)
        .arg(folder.path().join("main.rs"))
        .output()
        .map_err(|error| format!("rustc cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let output = Command::new(program).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    Ok(text.split_terminator('\u{1}').map(str::to_owned).collect())
}

/// A program with a module for each revision, made as any user would make it: with the crate's own macro.
fn program(revisions: &[String]) -> String {
    let mut text = String::from("#![allow(warnings)]\noffprint::revisions! {\n");
    for number in 0..revisions.len() {
        let _ = writeln!(text, "r{number} = \"r{number}.rs\",");
    }
    text.push_str(
        "}\nfn main() {\nfor revision in revisions() {\n\
         let offprint::revision::Revision { id, parents, labels, depends_on, upgrade, downgrade, .. } = revision;\n\
         print!(\"{id:?}\\n{parents:?}\\n{labels:?}\\n{depends_on:?}\\n{upgrade:?}\\n{downgrade:?}\\u{1}\");\n}\n",
    );
    text.push_str("}\n");
    text
}

/// The folder in which cargo has put this test and the library that it is linked with.
fn artifacts() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    test.parent().expect("the test is in a folder").to_owned()
}

/// The library that cargo built last: the one that this test is linked with.
fn library(artifacts: &Path) -> PathBuf {
    let files = std::fs::read_dir(artifacts).expect("the folder of the test can be read");
    files
        .filter_map(Result::ok)
        .map(|file| file.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with("liboffprint-") && name.ends_with(".rlib")
        })
        .max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
        .expect("cargo has built the library")
}
