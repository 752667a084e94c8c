//! Whatever Offprint accepts compiles with rustc and means the same.
//!
//! Random revisions that Offprint accepts, and those of their mutations that it still accepts, are compiled in bulk and
//! compared. `OFFPRINT_GENERATED` sets how many files that are (2,000 without it), `OFFPRINT_SEED` which.

mod borders;
mod compiled;
mod generator;
mod interpreted;
mod mutation;
#[path = "../support/random.rs"]
mod random;

use std::sync::Mutex;

use interpreted::{accepts, canonical, interpret};
use offprint::language::vocabulary::Word;
use offprint::operation::words;
use random::Random;

/// How many files one call of rustc compiles.
const BATCH: usize = 200;

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => default,
    }
}

/// Random revisions, each with the next word of the vocabulary in it, and mutations of them.
fn files(seed: u64, count: usize, mut next_word: impl FnMut() -> &'static Word) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut files = Vec::with_capacity(count);
    while files.len() < count {
        let word = next_word();
        let text = generator::revision(&mut random, word);
        if let Err(mistake) = interpret(&text) {
            panic!("the generator dressed a revision so that it is refused: {mistake}\n{text}");
        }
        let mut mutants = 0;
        for _ in 0..60 {
            let mutant = mutation::mutated(&mut random, &text);
            if mutants < 2 && mutant != text && accepts(&mutant) {
                mutants += 1;
                files.push(mutant);
            }
        }
        files.push(text);
    }
    files.truncate(count);
    files
}

/// The first file that rustc refuses or reads otherwise.
fn difference(batch: &[String]) -> Option<String> {
    match compiled::compile(batch) {
        Ok(answers) => {
            assert_eq!(answers.len(), batch.len(), "each revision prints one answer");
            let pairs = batch.iter().zip(answers);
            pairs
                .filter_map(|(text, answer)| {
                    let revision = interpret(text).expect("only accepted revisions are compiled");
                    let ours = canonical(&revision);
                    (ours != answer)
                        .then(|| format!("Offprint and rustc differ:\n{text}\nOffprint: {ours}\nrustc:    {answer}"))
                })
                .next()
        }
        Err(error) => Some(match suspect(&error).and_then(|number| batch.get(number)) {
            Some(text) => {
                let alone = compiled::compile(std::slice::from_ref(text)).err();
                format!("rustc refuses:\n{text}\n{}", alone.unwrap_or(error))
            }
            None => error,
        }),
    }
}

/// The number of the file to which the first error of rustc points.
fn suspect(error: &str) -> Option<usize> {
    let (_, rest) = error.split_once("\nerror")?;
    let (_, rest) = rest.split_once("/r")?;
    rest.split_once(".rs").and_then(|(number, _)| number.parse().ok())
}

#[test]
fn accepted_revisions_compile_and_are_equal() {
    let count = setting("OFFPRINT_GENERATED", 2000) as usize;
    let seed = setting("OFFPRINT_SEED", 1);
    let batches: Vec<u64> = (0..count.div_ceil(BATCH) as u64).collect();
    let queue = Mutex::new(batches.into_iter());
    let differences = Mutex::new(Vec::new());
    let vocabulary: Vec<&'static Word> = words().collect();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no test thread panics with the lock").next();
                    let Some(number) = next else { return };
                    // A batch has about a third as many words as files, and begins where the one before it ends.
                    let mut word = number as usize * BATCH / 3;
                    let next_word = || {
                        word += 1;
                        vocabulary[word % vocabulary.len()]
                    };
                    let batch = files(seed.wrapping_mul(1_000_003).wrapping_add(number), BATCH, next_word);
                    if let Some(difference) = difference(&batch) {
                        differences.lock().expect("no test thread panics with the lock").push(difference);
                    }
                }
            });
        }
    });
    let differences = differences.into_inner().expect("no test thread panics with the lock");
    assert!(differences.is_empty(), "{} batches differ; the first:\n{}", differences.len(), differences[0]);
}

/// All revisions that are written by hand are compiled together, and are equal.
fn agree(revisions: Vec<String>) {
    let difference = difference(&revisions);
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}

#[test]
fn revisions_on_the_border_compile_and_are_equal() {
    let mut accepted = Vec::new();
    let mut refused = String::new();
    for (items, statements) in borders::BORDERS {
        let text = format!(
            "use offprint::prelude::*;\npub const REVISION: &str = \"a\";\npub const REVISES: &[&str] = &[\"b\"];\n\
             {items}\npub fn upgrade(op: &mut Op) {{\n{statements}\n}}\n"
        );
        match interpret(&text) {
            Ok(_) => accepted.push(text),
            Err(mistake) => refused.push_str(&format!("{mistake}: {items} {statements}\n")),
        }
    }
    println!("refused:\n{refused}");
    let windows: Vec<String> = accepted.iter().map(|text| format!("\u{feff}{}", text.replace('\n', "\r\n"))).collect();
    accepted.extend(windows);
    agree(accepted);
}

#[test]
fn revisions_of_the_repository_compile_and_are_equal() {
    let mut texts = Vec::new();
    for entry in walkdir::WalkDir::new(env!("CARGO_MANIFEST_DIR")).into_iter().filter_entry(|entry| {
        entry.depth() < 1
            || !matches!(
                entry.file_name().to_str(),
                Some("target" | "src" | "tests" | "templates" | "benches" | ".git" | "out")
            )
    }) {
        let path = entry.expect("the repository can be read").into_path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let is_revision =
            path.extension().is_some_and(|extension| extension == "rs") && text.contains("const REVISION");
        if is_revision && !text.contains("include_str!") {
            texts.push(text);
        }
    }
    assert!(texts.len() > 5, "the revisions of the repository were found");
    agree(texts);
}
