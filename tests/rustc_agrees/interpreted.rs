//! What Offprint makes of a revision, in a form that can be compared.

use offprint::language;
use offprint::revision::Revision;
use offprint::source::Sources;

/// The files that `include_str!` finds.
pub const INCLUDED: &[(&str, &str)] = &[("sql/a.sql", "\u{feff}SELECT 'ä';\r\n-- the end\n"), ("b.txt", "plain")];

/// The revision, or its first mistake.
pub fn interpret(text: &str) -> Result<Revision, String> {
    let mut sources = Sources::default();
    let source = sources.add("revision.rs", text);
    let included = |path: &str| {
        let file = INCLUDED.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| (*text).into()).ok_or_else(|| "no such file".to_owned())
    };
    language::parse(source, text).and_then(|syntax| language::evaluate(&syntax, "revision", &included)).map_err(
        |mistakes| match mistakes.first() {
            Some(first) => first.message.clone(),
            None => panic!("refused without a reason:\n{text}"),
        },
    )
}

pub fn accepts(text: &str) -> bool {
    interpret(text).is_ok()
}

/// What must be equal, as text. The compiled revisions print the same.
pub fn canonical(revision: &Revision) -> String {
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        revision.id, revision.parents, revision.labels, revision.depends_on, revision.upgrade, revision.downgrade
    )
}
