//! Small changes to a revision: most make it wrong, and some are wrong in a way that only rustc would see.

use offprint::language::token::{TokenKind, tokenize};
use offprint::source::Sources;

use crate::random::Random;

/// The revision with one to three tokens deleted, doubled, swapped, replaced or moved.
pub fn mutated(random: &mut Random, text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add("revision.rs", text);
    let Some(tokens) = tokenize(source, text, &mut Vec::new()) else { return text.to_owned() };
    let mut parts: Vec<String> = Vec::new();
    let mut position = 0;
    for token in tokens.list.iter().filter(|token| !matches!(token.kind, TokenKind::End | TokenKind::Broken)) {
        parts.push(text[position..token.start as usize].to_owned());
        parts.push(text[token.start as usize..token.end as usize].to_owned());
        position = token.end as usize;
    }
    // What is before a token stays with it, so every odd part is a token.
    let pairs = parts.len() / 2;
    if pairs < 8 {
        return text.to_owned();
    }
    for _ in 0..1 + random.below(2) {
        let pairs = parts.len() / 2;
        let at = 2 * random.below(pairs);
        match random.below(9) {
            0 => {
                parts.drain(at..at + 2);
            }
            1 => {
                let copy = parts[at..at + 2].to_vec();
                parts.splice(at..at, copy);
            }
            2 => {
                let other = 2 * random.below(pairs);
                parts.swap(at + 1, other + 1);
            }
            3 | 4 => parts[at + 1] = replacement(random, &parts),
            5 => {
                // Insert a token.
                let token = replacement(random, &parts);
                parts.splice(at..at, [" ".to_owned(), token]);
            }
            6 => move_range(random, &mut parts, true),
            7 => move_range(random, &mut parts, false),
            _ => replace_of_same_form(random, &mut parts, at + 1),
        }
    }
    let mut mutant: String = parts.concat();
    mutant.push_str(&text[position..]);
    mutant
}

fn replacement(random: &mut Random, parts: &[String]) -> String {
    if random.one_in(2) {
        return parts[2 * random.below(parts.len() / 2) + 1].clone();
    }
    random
        .pick(&[
            "&",
            "-",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ";",
            ".",
            ":",
            "::",
            "!",
            "=",
            "\"x\"",
            "r\"y\"",
            "5",
            "-5",
            "1.5",
            "3000000000",
            "true",
            "op",
            "Op",
            "mut",
            "pub",
            "const",
            "let",
            "for",
            "in",
            "fn",
            "clone",
            ".clone()",
            "text",
            "text()",
            "null()",
            "sql(\"x\")",
            "format!(\"{}\", 1)",
            "format!(\"x\")",
            "Cascade",
            "Action::Cascade",
            "&[]",
            "[1]",
            "(1,)",
            "()",
            "_",
            "i64",
            "&str",
            "REVISION",
            "REVISES",
            "PARENTS",
            "'a'",
            "b\"x\"",
            "1u8",
            "0..3",
            "// c\n",
            "/* c */",
            "\"\\u{7b}x\\u{7d}\"",
            "'static",
            "let op = 1;",
            "<",
            "|x|",
            "?",
            "+",
            "#[a]",
            "&&",
            "*",
        ])
        .into()
}

/// Moves or copies a run of tokens: often a whole statement or argument.
fn move_range(random: &mut Random, parts: &mut Vec<String>, copy: bool) {
    let pairs = parts.len() / 2;
    let start = random.below(pairs);
    let stop_at = random.pick(&[";", ",", ")"]);
    let length = (start..pairs).position(|pair| parts[2 * pair + 1] == stop_at).map_or(1, |length| length + 1);
    // Often from the start of a statement, so that it moves as a whole.
    let start = if random.one_in(2) {
        (0..=start)
            .rev()
            .find(|pair| *pair == 0 || matches!(parts[2 * pair - 1].as_str(), ";" | "{" | "}"))
            .unwrap_or(start)
    } else {
        start
    };
    let end = (start + length).min(pairs);
    let run: Vec<String> = parts[2 * start..2 * end].to_vec();
    if !copy {
        parts.drain(2 * start..2 * end);
    }
    let pairs = (parts.len() / 2).max(1);
    let mut target = random.below(pairs);
    if random.one_in(2) {
        while target < pairs && target > 0 && !matches!(parts[2 * target - 1].as_str(), ";" | "{" | "}") {
            target += 1;
        }
    }
    let target = (2 * target).min(parts.len());
    parts.splice(target..target, run);
}

/// Replaces a token by another one of the file that looks alike: a name by a name, a text by a text.
fn replace_of_same_form(random: &mut Random, parts: &mut [String], at: usize) {
    let form = |token: &str| match token.chars().next() {
        Some('a'..='z' | '_') => 0,
        Some('A'..='Z') => 1,
        Some('0'..='9') => 2,
        Some('"') => 3,
        _ => 4,
    };
    let wanted = form(&parts[at]);
    let alike: Vec<usize> = (1..parts.len()).step_by(2).filter(|other| form(&parts[*other]) == wanted).collect();
    parts[at] = parts[alike[random.below(alike.len())]].clone();
}
