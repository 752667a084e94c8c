//! A system and what the program compiles from it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with revisions.
#[derive(Debug, Clone)]
pub struct Project {
    pub name: &'static str,
    pub root: PathBuf,
}

/// The five systems.
pub fn projects() -> Vec<Project> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let systems = [
        ("job-ledger", "."),
        ("podcast-availability", "examples/podcast-availability"),
        ("media-library", "examples/media-library"),
        ("token-service", "examples/token-service"),
        ("market-data", "examples/market-data"),
    ];
    systems.into_iter().map(|(name, folder)| Project { name, root: root.join(folder) }).collect()
}

impl Project {
    /// The standard output of the program, which must end well.
    pub fn offprint(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_offprint"))
            .args(["--project".as_ref(), self.root.as_os_str()])
            .args(arguments)
            .output()
            .expect("the program starts");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: offprint {arguments:?}\n{error}", self.name);
        String::from_utf8(output.stdout).expect("the program writes UTF-8")
    }

    /// The script from one place to another.
    pub fn script(&self, dialect: &str, from: &str, to: &str) -> String {
        self.offprint(&["compile", "--sql", "--dialect", dialect, "--from", from, "--to", to])
    }

    /// `base`, and every revision of the chain after it.
    pub fn places(&self) -> Vec<String> {
        let json: serde_json::Value =
            serde_json::from_str(&self.offprint(&["history", "--json"])).expect("the history is JSON");
        let entries = json.as_array().expect("the history is a list");
        let text = |value: &serde_json::Value| value.as_str().expect("an id is a text").to_string();
        let mut places = vec!["base".to_string()];
        while places.len() <= entries.len() {
            let last = places.last().expect("base is there");
            let follows = |entry: &&serde_json::Value| {
                let parents: Vec<String> = entry["parents"].as_array().expect("a list").iter().map(text).collect();
                if last == "base" { parents.is_empty() } else { parents == [last.clone()] }
            };
            places.push(text(&entries.iter().find(follows).expect("the history is a chain")["id"]));
        }
        places
    }
}
