//! `offprint explain`

use std::fmt::Write;

use clap::Args;

use super::Answer;
use super::session::Session;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::vocabulary::{Call, Owner, Word};
use crate::operation::words;

/// Explain a kind of mistake, or a word of the vocabulary.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Explain a mistake by the code in its first line:
    offprint explain E0302

  Explain what can be written in a revision:
    offprint explain alter_column")]
pub struct Explain {
    /// A code such as E0302, or a word such as create_table.
    #[arg(value_name = "CODE|WORD")]
    subject: String,
}

impl Explain {
    pub fn run(&self, session: &Session) -> Answer {
        let subject = self.subject.as_str();
        if let Some(code) = Code::ALL.iter().find(|code| code.number().eq_ignore_ascii_case(subject)) {
            return session.report.result(&format!("{code}: {}\n", code.explanation()));
        }
        let name = subject.trim_start_matches("op.").trim_end_matches("()");
        let found: Vec<String> = words().filter(|word| word.name == name).map(explain).collect();
        if !found.is_empty() {
            return session.report.result(&found.join("\n"));
        }
        let known = Code::ALL.iter().map(|code| code.number()).chain(words().map(|word| word.name));
        Err(Diagnostic::new(Code::Usage, format!("`{subject}` is neither a code nor a word of the vocabulary"))
            .did_you_mean(subject, known)
            .help("codes stand in the first line of a mistake, such as E0302; a word is one such as create_table")
            .into())
    }
}

fn explain(word: &Word) -> String {
    let parameters: Vec<&str> = word.parameters.iter().map(|parameter| parameter.name).collect();
    let call = match &word.call {
        Call::Constant(_) => word.name.to_string(),
        _ => format!("{}({})", word.name, parameters.join(", ")),
    };
    let mut text = match word.owner {
        Owner::Free => call,
        Owner::Operations => format!("op.{call}"),
        Owner::Builder(builder) => format!(".{call}, after op.{}", operation_of(builder)),
        Owner::Value(value) => format!(".{call}, of a {value}"),
    };
    text.push('\n');
    for parameter in word.parameters {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {}: {}", parameter.name, parameter.expects);
    }
    text.push('\n');
    for line in word.docs.trim_end().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        text.push_str(if line.is_empty() { "" } else { "    " });
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The method of `op` that makes a builder: `CreateTable` is made by `create_table`.
fn operation_of(builder: &str) -> String {
    let mut name = String::new();
    for character in builder.chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_are_named_like_the_methods_that_make_them() {
        let makes = |name: &str| words().any(|word| word.owner == Owner::Operations && word.name == name);
        for word in words() {
            if let Owner::Builder(builder) = word.owner {
                assert!(makes(&operation_of(builder)), "{builder}");
            }
        }
    }

    #[test]
    fn every_word_and_code_is_explained() {
        for word in words() {
            assert!(!word.docs.trim().is_empty(), "{word:?}");
        }
        for code in Code::ALL {
            assert!(!code.explanation().is_empty(), "{code}");
        }
    }
}
