//! `offprint check`

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use ecow::EcoString;
use similar::{ChangeTag, TextDiff};

use super::Answer;
use super::compile::is_ours;
use super::session::Session;
use crate::applier::Target;
use crate::compile::{File, Selection};
use crate::diagnostic::{Code, Diagnostic};
use crate::history::RevisionIndex;
use crate::project::Project;
use crate::revision::Revision;
use crate::workspace::Workspace;

/// Check the revisions and the files that were made from them.
///
/// Finds mistakes in all revisions, several heads, and files that are missing, that differ from what the revisions
/// compile to, or that no revision makes. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  In CI, where exit code 1 says that something is to be mended:
    offprint check

  For machines:
    offprint check --format json 2> findings.json")]
pub struct Check {}

impl Check {
    pub fn run(&self, session: &mut Session) -> Answer {
        let workspace = session.workspace()?;
        let revisions = session.revisions(&workspace)?;
        let project = workspace.project();
        let targets: Vec<&Target> = project.targets.iter().collect();
        let mut found: Vec<Diagnostic> = revisions.position("head").err().unwrap_or_default();
        let mut made: BTreeSet<EcoString> = BTreeSet::new();
        let mut missing: BTreeMap<RevisionIndex, Vec<EcoString>> = BTreeMap::new();
        let compiled = revisions.compiler(project).files(&targets, Selection::Every, |file| {
            made.insert(file.artifact.path.clone());
            match compare(&workspace, &file)? {
                Comparison::Equal => Ok(()),
                Comparison::Missing => {
                    missing.entry(file.revision).or_default().push(file.artifact.path);
                    Ok(())
                }
                Comparison::Different(drift) => Err(drift.into()),
            }
        });
        // With mistakes in revisions it is not known which files should be there.
        let is_known = match &compiled {
            Ok(()) => true,
            Err(diagnostics) => diagnostics.iter().all(|one| one.code == Code::Drift),
        };
        found.extend(compiled.err().into_iter().flatten());
        found.extend(missing.iter().map(|(&revision, paths)| missing_files(revisions.get(revision), paths)));
        if is_known {
            found.extend(strays(&workspace, project, &made)?);
        }
        if !found.is_empty() {
            return Err(found);
        }
        let (revisions, files) = (revisions.list.len(), made.len());
        let noun = if revisions == 1 { "revision" } else { "revisions" };
        session.report.notice(&format!("in order: {revisions} {noun}, {files} files"));
        Ok(())
    }
}

/// The files of one revision that are not there.
fn missing_files(revision: &Revision, paths: &[EcoString]) -> Diagnostic {
    let message = match paths {
        [path] => format!("`{path}` is missing"),
        several => format!("{} files of revision {} are missing", several.len(), revision.id),
    };
    let mut diagnostic = Diagnostic::new(Code::Drift, message)
        .at(revision.id.origin, if paths.len() == 1 { "this revision makes it" } else { "this revision makes them" });
    if paths.len() > 1 {
        diagnostic = diagnostic.note(paths.join("\n"));
    }
    diagnostic.help("run `offprint compile` and commit the result")
}

/// How a file is compared with what it should be.
enum Comparison {
    Equal,
    Missing,
    Different(Diagnostic),
}

fn compare(workspace: &Workspace, file: &File<'_>) -> Answer<Comparison> {
    let expected = file.artifact.text.as_str();
    let path = &file.artifact.path;
    // A file that is much longer than expected differs in any case, and is not read to its end.
    let limit = expected.len() * 2 + 64 * 1024;
    let Some(committed) = workspace.read(path, limit)? else {
        return Ok(Comparison::Missing);
    };
    if committed == expected.as_bytes() {
        return Ok(Comparison::Equal);
    }
    let committed = String::from_utf8_lossy(&committed);
    let drift = Diagnostic::new(Code::Drift, format!("`{path}` differs from what the revisions compile to"));
    if committed.replace("\r\n", "\n") == expected {
        return Ok(Comparison::Different(
            drift
                .at(file.section.revision.id.origin, "this revision makes it")
                .note("only its line ends differ: they are CR LF, as git makes them with `core.autocrlf`")
                .help(format!(
                    "add `{}/** text eol=lf` to `.gitattributes`, and check the files out again",
                    file.target.folder
                )),
        ));
    }
    let difference = difference(&committed, expected);
    let mut drift = drift.note(difference.text);
    let origins = difference.lines.iter().map(|&line| {
        file.section.cause_of_line(file.segments, line).map_or(file.section.revision.id.origin, |cause| cause.origin)
    });
    let mut seen = Vec::new();
    for origin in origins {
        let place = origin.span().map(|span| (span.start, span.end));
        if !seen.contains(&place) {
            seen.push(place);
            drift = drift.at(origin, "compiles to other SQL");
        }
    }
    Ok(Comparison::Different(drift.help("run `offprint compile` and commit the file, or undo the change to it")))
}

/// What differs, for a reader.
struct Difference {
    /// A unified diff, cut when it is long.
    text: String,
    /// Where the first few changes are in the expected text, as lines counted from 0.
    lines: Vec<usize>,
}

fn difference(committed: &str, expected: &str) -> Difference {
    /// More lines than these are only counted.
    const SHOWN_LINES: usize = 40;
    /// More places than these are not pointed at.
    const SHOWN_PLACES: usize = 3;
    /// To compare longer texts line by line could take minutes.
    const LONGEST: usize = 1024 * 1024;
    if committed.len() + expected.len() > LONGEST {
        let same = committed.lines().zip(expected.lines()).take_while(|(left, right)| left == right).count();
        return Difference { text: format!("the first difference is in line {}", same + 1), lines: vec![same] };
    }
    let diff = TextDiff::from_lines(committed, expected);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(1) {
        let changes = group.iter().flat_map(|operation| diff.iter_changes(operation));
        let mut line = 0;
        for change in changes {
            match change.tag() {
                ChangeTag::Equal => line = change.new_index().map_or(line, |index| index + 1),
                ChangeTag::Insert => {
                    lines.push(change.new_index().unwrap_or(line));
                    break;
                }
                ChangeTag::Delete => {
                    lines.push(line);
                    break;
                }
            }
        }
    }
    lines.truncate(SHOWN_PLACES);
    let unified = diff.unified_diff().context_radius(2).header("committed", "compiled").to_string();
    let mut text: String = unified.lines().take(SHOWN_LINES).collect::<Vec<_>>().join("\n");
    let count = unified.lines().count();
    if count > SHOWN_LINES {
        text.push_str(&format!("\n… and {} more lines", count - SHOWN_LINES));
    }
    Difference { text, lines }
}

/// Files in the folders of the targets that no revision makes.
fn strays(workspace: &Workspace, project: &Project, made: &BTreeSet<EcoString>) -> Answer<Vec<Diagnostic>> {
    let mut strays = Vec::new();
    for target in &project.targets {
        for path in workspace.files(&target.folder)? {
            if made.contains(&path) || !path.ends_with(".sql") {
                continue;
            }
            let message = format!("`{path}` was not made by any revision");
            let help = if is_ours(workspace, &path)? {
                "run `offprint compile`, which deletes it"
            } else {
                "delete it, or move it out of the folder of the target"
            };
            strays.push(Diagnostic::new(Code::StrayArtifact, message).help(help));
        }
    }
    Ok(strays)
}
