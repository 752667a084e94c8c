//! A script is the concatenation of its sections, whatever range is asked for and whatever comes later.

use std::fs;
use std::process::Command;

use crate::project::{Project, projects};

const DIALECTS: [&str; 2] = ["postgres", "sqlite"];

#[test]
fn slices_compose_over_every_pair() {
    for project in projects() {
        let places = project.places();
        for dialect in DIALECTS {
            for (first, from) in places.iter().enumerate() {
                for (last, to) in places.iter().enumerate() {
                    let whole = project.script(dialect, from, to);
                    assert_eq!(whole.is_empty(), first == last, "{}: {from} to {to}", project.name);
                    for between in &places[first.min(last)..=first.max(last)] {
                        let parts = project.script(dialect, from, between) + &project.script(dialect, between, to);
                        assert_eq!(parts, whole, "{}: {from} to {to} over {between}", project.name);
                    }
                }
            }
        }
    }
}

#[test]
fn a_section_is_the_same_when_later_revisions_are_deleted() {
    for project in projects() {
        let places = project.places();
        let mut files: Vec<_> = fs::read_dir(project.root.join("revisions"))
            .expect("the revisions are readable")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        for count in 1..files.len() {
            let folder = tempfile::tempdir().expect("a temporary folder");
            fs::create_dir(folder.path().join("revisions")).expect("a folder");
            fs::copy(project.root.join("offprint.toml"), folder.path().join("offprint.toml")).expect("the settings");
            for file in &files[..count] {
                let name = file.file_name().expect("a file has a name");
                fs::copy(file, folder.path().join("revisions").join(name)).expect("a copy");
            }
            let shorter = Project { name: project.name, root: folder.path().to_path_buf() };
            for dialect in DIALECTS {
                let (from, to) = ("base", places[count].as_str());
                assert_eq!(shorter.script(dialect, from, to), project.script(dialect, from, to), "{}", project.name);
                assert_eq!(shorter.script(dialect, to, from), project.script(dialect, to, from), "{}", project.name);
            }
        }
    }
}

#[test]
fn the_committed_files_are_those_that_the_revisions_compile_to() {
    for project in projects() {
        project.offprint(&["check"]);
    }
}

#[test]
fn two_compilations_give_the_same_bytes() {
    for project in projects() {
        let elsewhere = Command::new(env!("CARGO_BIN_EXE_offprint"))
            .args(["--project".as_ref(), project.root.as_os_str()])
            .args(["compile", "--sql", "--dialect", "sqlite"])
            .current_dir("/")
            .env("TZ", "Asia/Tokyo")
            .env("LC_ALL", "tr_TR.UTF-8")
            .output()
            .expect("the program starts");
        assert_eq!(String::from_utf8_lossy(&elsewhere.stdout), project.script("sqlite", "base", "head"));
    }
}
