//! Typed access to TOML values that know their place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::source::{Located, Origin, SourceId, Span};

/// A text of the file and its place.
pub(super) type Word<'t> = Located<&'t str>;

/// A table of the file, with its name for messages.
#[derive(Clone, Copy)]
pub(super) struct Section<'t> {
    pub(super) name: &'t str,
    pub(super) table: &'t DeTable<'t>,
    pub(super) origin: Origin,
}

impl<'t> Section<'t> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn entry(&self, key: &str) -> Option<(&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>)> {
        self.table.get_key_value(key)
    }
}

/// Reads values and collects the mistakes.
pub(super) struct Reader {
    pub(super) source: SourceId,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    pub(super) fn origin(&self, bytes: Range<usize>) -> Origin {
        let offset = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Origin::Span(Span { source: self.source, start: offset(bytes.start), end: offset(bytes.end) })
    }

    /// The place of a value, or of the whole section without it.
    pub(super) fn origin_of(&self, section: Section<'_>, key: &str) -> Origin {
        section.table.get(key).map_or(section.origin, |value| self.origin(value.span()))
    }

    pub(super) fn mistake(&mut self, message: impl Into<String>, origin: Origin, label: &str, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(Code::Config, message).at(origin, label).help(help));
    }

    /// Reports keys that do not exist.
    pub(super) fn only(&mut self, section: Section<'_>, keys: &[&str]) {
        for (key, _) in section.table {
            let name = key.get_ref().as_ref();
            if keys.contains(&name) {
                continue;
            }
            let place =
                if section.name.is_empty() { "at the top level".into() } else { format!("in `{}`", section.name) };
            let help = match closest(name, keys.iter().copied()) {
                Some(candidate) => format!("did you mean `{candidate}`?"),
                None => format!("the keys are {}", list(keys)),
            };
            let origin = self.origin(key.span());
            self.mistake(format!("there is no key `{}` {place}", name.escape_debug()), origin, "unknown key", help);
        }
    }

    /// The table of this name.
    pub(super) fn section<'t>(&mut self, parent: Section<'t>, key: &'t str) -> Option<Section<'t>> {
        let (name, value) = parent.entry(key)?;
        let origin = self.origin(name.span());
        match value.get_ref() {
            DeValue::Table(table) => Some(Section { name: key, table, origin }),
            other => {
                let help = format!("write `[{key}]` on a line of its own, and its keys below");
                self.wrong_kind(key, value, other, "a table", help);
                None
            }
        }
    }

    /// The tables of this name, `[[key]]`.
    pub(super) fn sections<'t>(&mut self, parent: Section<'t>, key: &'t str) -> Option<Vec<Section<'t>>> {
        let (_, value) = parent.entry(key)?;
        let help = format!("write `[[{key}]]` on a line of its own, once for each, and its keys below");
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind(key, value, value.get_ref(), "a list of tables", help);
            return None;
        };
        let mut sections = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section { name: key, table, origin: self.origin(item.span()) });
                }
                other => self.wrong_kind(key, item, other, "a list of tables", help.clone()),
            }
        }
        Some(sections)
    }

    /// The text of a key.
    pub(super) fn text<'t>(&mut self, section: Section<'t>, key: &str) -> Option<Word<'t>> {
        let (_, value) = section.entry(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Located::new(text.as_ref(), self.origin(value.span()))),
            other => {
                self.wrong_kind(key, value, other, "a text", format!("write `{key} = \"…\"`"));
                None
            }
        }
    }

    /// The whole number of a key, from `1`.
    pub(super) fn number(&mut self, section: Section<'_>, key: &str) -> Option<Located<u32>> {
        let (_, value) = section.entry(key)?;
        let parsed = match value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|&it| it > 0),
            _ => None,
        };
        if parsed.is_none() {
            self.wrong_kind(key, value, value.get_ref(), "a whole number", format!("write `{key} = 15`"));
        }
        parsed.map(|number| Located::new(number, self.origin(value.span())))
    }

    /// A text that is one of a few words.
    pub(super) fn choice<'t, T: Copy>(
        &mut self,
        section: Section<'t>,
        key: &str,
        choices: &[(&'static str, T)],
    ) -> Option<Located<T>> {
        let word = self.text(section, key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word.value) {
            return Some(Located::new(*choice, word.origin));
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let help = match closest(word.value, names.iter().copied()) {
            Some(candidate) => format!("did you mean `\"{candidate}\"`?"),
            None => format!("write one of {}", list(&names)),
        };
        self.mistake(format!("`{}` is no {key}", word.value.escape_debug()), word.origin, "unknown", help);
        None
    }

    fn wrong_kind(&mut self, key: &str, place: &Spanned<DeValue<'_>>, value: &DeValue<'_>, wanted: &str, help: String) {
        let kind = match value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "a truth value",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let label = format!("this is {kind}");
        let origin = self.origin(place.span());
        self.mistake(format!("`{key}` must be {wanted}"), origin, &label, help);
    }
}

/// Words in backticks, for a message.
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
