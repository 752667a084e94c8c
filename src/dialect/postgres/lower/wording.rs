//! Whether the author's words about a column still mean something when the column has another type.
//!
//! What is made again is made of these words. Where it can be told from their tokens that the new type cannot take them,
//! or would take them in another sense, the change is refused before a server refuses it.

use std::ops::RangeInclusive;

use ecow::EcoString;

use crate::schema::names::Site;
use crate::schema::tokens::{Token, TokenKind, tokens};
use crate::schema::{ColumnType, Schema};

/// What happens to the type of the column that the words are about.
#[derive(Debug, Clone, Copy)]
pub enum Fate<'a> {
    /// Its operators stay, and the values that it can have.
    SameOperators,
    /// Another type with other operators.
    OtherType(&'a ColumnType),
    /// An enum that loses these values.
    Loses(&'a [EcoString]),
}

/// Words about a column, or about an enum.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub sql: &'a str,
    /// The column or enum.
    pub name: &'a str,
    /// Where they name it; none where that cannot be told, so that every word of this name may do it.
    pub sites: Option<&'a [Site]>,
}

/// Why an expression over a column of one table cannot be made again; none if it can.
///
/// Of an expression it must be certain: the column stands only where every type can, or next to values of its own type.
pub fn obstacle(words: Words<'_>, fate: Fate<'_>, schema: &Schema) -> Option<String> {
    let all: Vec<Token<'_>> = tokens(words.sql).collect();
    match fate {
        Fate::SameOperators => None,
        Fate::Loses(values) => lost(&all, values),
        Fate::OtherType(to) => mentions(&all, words).find_map(|at| match comparison(&all, at) {
            Comparison::OfNoValue => None,
            Comparison::With(values) => values.into_iter().find_map(|value| unfit(value, to, schema)),
            Comparison::Unknown => Some(format!("it may not be able to use `{}` as `{to}`", words.name)),
        }),
    }
}

/// As [`obstacle`] for a query or trigger, of whose words only a part is understood: none unless there is one for certain.
pub fn certain_obstacle(words: Words<'_>, fate: Fate<'_>, schema: &Schema) -> Option<String> {
    let all: Vec<Token<'_>> = tokens(words.sql).collect();
    match fate {
        Fate::SameOperators => None,
        Fate::Loses(values) => lost(&all, values),
        // Another table may have a column of this name, with other values.
        Fate::OtherType(_) if words.sites.is_none() => None,
        Fate::OtherType(to) => mentions(&all, words).find_map(|at| match comparison(&all, at) {
            Comparison::With(values) => values.into_iter().find_map(|value| unfit(value, to, schema)),
            Comparison::OfNoValue | Comparison::Unknown => None,
        }),
    }
}

/// Whether a string of the words is this value.
pub fn names_value(sql: &str, value: &str) -> bool {
    tokens(sql).any(|token| is_string_of(&token, value))
}

/// Whether the token is a string of this value, or of an array that may hold it.
fn is_string_of(token: &Token<'_>, value: &str) -> bool {
    let Some(text) = string(token) else { return false };
    let element = |part: &str| part.trim().trim_matches('"') == value;
    text == value || (text.starts_with('{') && text.split(['{', '}', ',']).any(element))
}

fn mentions<'t>(all: &'t [Token<'_>], words: Words<'t>) -> impl Iterator<Item = usize> + 't {
    (0..all.len()).filter(move |&at| match words.sites {
        Some(sites) => sites.iter().any(|site| site.range.start == all[at].start),
        None => all[at].names(words.name),
    })
}

/// A value that the words name and the enum loses.
fn lost(all: &[Token<'_>], values: &[EcoString]) -> Option<String> {
    let value = values.iter().find(|value| all.iter().any(|token| is_string_of(token, value)))?;
    Some(format!("it names '{value}', which goes away"))
}

/// What stands around a column.
enum Comparison<'t, 's> {
    /// The question whether it is NULL, or its text.
    OfNoValue,
    /// The question whether it is one of these values.
    With(Vec<&'t Token<'s>>),
    Unknown,
}

fn comparison<'t, 's>(all: &'t [Token<'s>], at: usize) -> Comparison<'t, 's> {
    // What stands in front with a dot belongs to the column.
    let mut first = at;
    while first >= 2 && all[first - 1].is_mark(".") {
        first -= 2;
    }
    let alone = begins_operand(all, first);
    let mut next = Reader { all, at: at + 1 };
    if next.mark("::") && next.word("text") {
        return Comparison::OfNoValue;
    }
    let mut next = Reader { all, at: at + 1 };
    if next.word("IS") {
        next.word("NOT");
        if next.word("NULL") {
            return if alone && next.ends_operand() { Comparison::OfNoValue } else { Comparison::Unknown };
        }
        if next.word("DISTINCT") && next.word("FROM") {
            return next.one_value(alone);
        }
        return Comparison::Unknown;
    }
    if next.equality() {
        return next.one_value(alone);
    }
    next.word("NOT");
    if next.word("IN") {
        return next.list(alone);
    }
    // The value may stand in front: `'a' = column`.
    if let Some((before, value)) = value_before(all, first)
        && begins_operand(all, before)
        && (Reader { all, at: at + 1 }).ends_operand()
    {
        return Comparison::With(vec![value]);
    }
    Comparison::Unknown
}

/// Whether nothing in front of this token binds it.
fn begins_operand(all: &[Token<'_>], first: usize) -> bool {
    let Some(before) = first.checked_sub(1).map(|before| &all[before]) else { return true };
    ["(", ","].iter().any(|mark| before.is_mark(mark))
        || ["AND", "OR", "NOT", "WHEN", "WHERE", "ON", "HAVING"].iter().any(|word| before.is_word(word))
}

/// The value in `value = column`, with its position.
fn value_before<'t, 's>(all: &'t [Token<'s>], first: usize) -> Option<(usize, &'t Token<'s>)> {
    for length in [2, 1] {
        let operator = first.checked_sub(length)?;
        let mut reader = Reader { all, at: operator };
        if reader.equality() && reader.at == first {
            let value = operator.checked_sub(1)?;
            return is_value(&all[value]).then(|| (value, &all[value]));
        }
    }
    None
}

fn is_value(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::Number) || token.is_word("NULL")
}

/// Reads on behind a column.
struct Reader<'t, 's> {
    all: &'t [Token<'s>],
    at: usize,
}

impl<'t, 's> Reader<'t, 's> {
    fn take(&mut self, fits: impl Fn(&Token<'_>) -> bool) -> bool {
        let found = self.all.get(self.at).is_some_and(fits);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.take(|token| token.is_word(word))
    }

    fn mark(&mut self, mark: &str) -> bool {
        self.take(|token| token.is_mark(mark))
    }

    /// `=`, `<>` or `!=`.
    fn equality(&mut self) -> bool {
        let start = self.at;
        let found = self.mark("=") || (self.mark("<") && self.mark(">")) || {
            self.at = start;
            self.mark("!") && self.mark("=")
        };
        if !found {
            self.at = start;
        }
        found
    }

    fn value(&mut self) -> Option<&'t Token<'s>> {
        let token = self.all.get(self.at).filter(|token| is_value(token))?;
        self.at += 1;
        Some(token)
    }

    fn one_value(mut self, alone: bool) -> Comparison<'t, 's> {
        match self.value() {
            Some(value) if alone && self.ends_operand() => Comparison::With(vec![value]),
            _ => Comparison::Unknown,
        }
    }

    fn list(mut self, alone: bool) -> Comparison<'t, 's> {
        if !alone || !self.mark("(") {
            return Comparison::Unknown;
        }
        let mut values = Vec::new();
        while let Some(value) = self.value() {
            values.push(value);
            if self.mark(")") {
                return if self.ends_operand() { Comparison::With(values) } else { Comparison::Unknown };
            }
            if !self.mark(",") {
                break;
            }
        }
        Comparison::Unknown
    }

    /// Whether nothing behind this place binds what stands in front of it.
    fn ends_operand(&self) -> bool {
        let Some(next) = self.all.get(self.at) else { return true };
        [")", ",", ";"].iter().any(|mark| next.is_mark(mark))
            || ["AND", "OR", "THEN", "GROUP", "ORDER", "LIMIT"].iter().any(|word| next.is_word(word))
    }
}

/// The value of a plain string.
fn string(token: &Token<'_>) -> Option<EcoString> {
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
    (token.kind == TokenKind::Text).then(|| inner.replace("''", "'").into())
}

/// Why the value is none of the type, or may be another one there.
fn unfit(value: &Token<'_>, to: &ColumnType, schema: &Schema) -> Option<String> {
    use ColumnType as T;
    if value.is_word("NULL") {
        return None;
    }
    let text = string(value);
    let number = value.kind == TokenKind::Number;
    let whole = |range: RangeInclusive<i64>| {
        let digits = text.as_deref().unwrap_or(value.text);
        digits.parse().is_ok_and(|number: i64| range.contains(&number))
    };
    let fits = match to.plain() {
        // A domain over an enum has no operators before it is cast to it.
        T::Enumeration(_) if to != to.plain() => false,
        T::Text | T::Varchar(_) | T::Char(_) => text.is_some(),
        T::Enumeration(name) => {
            let values = schema.enumeration(name).map(|found| found.values.as_slice()).unwrap_or_default();
            text.as_ref().is_some_and(|text| values.contains(text))
        }
        T::SmallInteger => whole(i16::MIN.into()..=i16::MAX.into()),
        T::Integer => whole(i32::MIN.into()..=i32::MAX.into()),
        T::BigInteger => whole(i64::MIN..=i64::MAX),
        T::Numeric { .. } | T::Float | T::Double => number,
        T::Boolean => text.as_deref().is_some_and(|text| ["t", "true", "f", "false"].contains(&text)),
        T::Date
        | T::Time
        | T::Timestamp
        | T::Timestamptz
        | T::Interval
        | T::Uuid
        | T::Json
        | T::Jsonb
        | T::Bytes
        | T::Array(_)
        | T::Domain { .. }
        | T::Composite(_)
        | T::Native(_) => false,
    };
    (!fits).then(|| format!("it compares the column with {}, which may be no value of `{to}`", value.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about_state(sql: &str) -> Words<'_> {
        Words { sql, name: "state", sites: None }
    }

    fn told(expression: &str, to: &ColumnType) -> Option<String> {
        obstacle(about_state(expression), Fate::OtherType(to), &Schema::default())
    }

    #[test]
    fn words_that_any_type_can_take() {
        for expression in [
            "state IS NOT NULL",
            "state = 'a' AND \"state\" <> 'b' OR NOT job.state IN ('c', 'it''s')",
            "(state IS DISTINCT FROM 'a') AND state != NULL",
            "lower(state::text) = 'a'",
            "'a' <> state AND CASE WHEN state = 'b' THEN other ELSE 1 END > 0",
            "'state' = other",
        ] {
            assert_eq!(told(expression, &ColumnType::Text), None, "{expression}");
        }
    }

    #[test]
    fn words_that_may_mean_nothing_or_something_else() {
        for expression in [
            "lower(state) = 'a'",
            "state < 'a'",
            "state || 'a' = 'b'",
            "'x' || state = 'b'",
            "state = 'a' || 'b'",
            "state = other",
            "state IN ('a', other)",
            "state = 'a'::state",
            "'a' || 'b' = state",
            "state IS NOT TRUE",
            "state = 1",
        ] {
            assert!(told(expression, &ColumnType::Text).is_some(), "{expression}");
        }
        assert_eq!(told("state = 7 OR state = '8'", &ColumnType::SmallInteger), None);
        assert!(told("state = 70000", &ColumnType::SmallInteger).is_some());
    }

    #[test]
    fn values_that_go_away_are_found_in_strings_only() {
        let gone = ["late".into()];
        let lost = |sql: &str| certain_obstacle(about_state(sql), Fate::Loses(&gone), &Schema::default());
        assert_eq!(lost("SELECT late FROM job WHERE state = 'open'"), None);
        assert!(lost("SELECT 1 FROM job WHERE state < 'late'").is_some());
        assert!(lost("SELECT 1 FROM job WHERE past @> '{open, \"late\"}'").is_some());
        assert_eq!(lost("SELECT 1 FROM job WHERE past @> '{later}'"), None);
    }
}
