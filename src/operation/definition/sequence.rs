//! How an author lets a sequence count.

use ecow::EcoString;

use super::Type;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{AtEnd, ColumnType, Counting, Editor, NumberType, Sequence, SequenceOwner};
use crate::source::{Located, Name};

/// What an author says about a sequence. What is not said stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SequenceDefinition {
    pub number_type: Option<Type>,
    pub start: Option<Located<i64>>,
    pub increment: Option<Located<i64>>,
    pub minimum: Option<Located<i64>>,
    pub maximum: Option<Located<i64>>,
    pub cache: Option<Located<i64>>,
    pub at_end: Option<AtEnd>,
    pub owner: Option<(Name, Name)>,
}

impl SequenceDefinition {
    /// The sequence with all that is said about it.
    ///
    /// # Errors
    ///
    /// Its numbers are no integers, it could not count, or there is no such column.
    pub(crate) fn apply(&self, sequence: &Sequence, name: &Name, editor: &Editor<'_>) -> Result<Sequence> {
        let mut result = sequence.clone();
        if let Some(number_type) = &self.number_type {
            result.number_type = number_type_of(number_type, name, editor)?;
        }
        let counting = &mut result.counting;
        let said = [
            (&self.start, &mut counting.start),
            (&self.increment, &mut counting.increment),
            (&self.minimum, &mut counting.minimum),
            (&self.maximum, &mut counting.maximum),
            (&self.cache, &mut counting.cache),
        ];
        for (number, place) in said {
            if let Some(number) = number {
                *place = Some(number.value);
            }
        }
        counting.at_end = self.at_end.unwrap_or(counting.at_end);
        self.check(&result, name)?;
        if let Some((table, column)) = &self.owner {
            let owner = editor.table(table)?;
            let column = editor.column(&owner, column)?.name.clone();
            result.owner = Some(SequenceOwner { table: owner.name.clone(), column });
        }
        Ok(result)
    }

    fn check(&self, sequence: &Sequence, name: &Name) -> Result<()> {
        let Sequence { number_type, counting, .. } = sequence;
        let (smallest, largest) = number_type.range();
        let (low, high) = counting.limits(*number_type);
        let refuse = |said: &Option<Located<i64>>, problem: String, help: String| {
            let origin = said.as_ref().map_or(name.origin, |number| number.origin);
            let diagnostic = Diagnostic::new(Code::InvalidValue, problem);
            Err(Box::new(diagnostic.at(origin, "the sequence could not count").help(help)))
        };
        let first = counting.first(*number_type);
        let fits = |number: i64| (smallest..=largest).contains(&number);
        if counting.increment == Some(0) {
            refuse(&self.increment, "a sequence needs a step".into(), "write another number than 0".into())
        } else if counting.cache.is_some_and(|cache| cache < 1) {
            refuse(&self.cache, "a session takes at least one number".into(), "write 1 or more".into())
        } else if !fits(low) || !fits(high) || low >= high {
            let said = if self.minimum.is_some() { &self.minimum } else { &self.maximum };
            let keyword = number_type.keyword();
            refuse(said, format!("there is no {keyword} from {low} to {high}"), "write other limits".into())
        } else if !(low..=high).contains(&first) {
            refuse(&self.start, format!("{first} is not from {low} to {high}"), "start between the limits".into())
        } else {
            Ok(())
        }
    }
}

fn number_type_of(number_type: &Type, name: &Name, editor: &Editor<'_>) -> Result<NumberType> {
    match number_type.resolve(editor)? {
        ColumnType::SmallInteger => Ok(NumberType::SmallInteger),
        ColumnType::Integer => Ok(NumberType::Integer),
        ColumnType::BigInteger => Ok(NumberType::BigInteger),
        other => Err(Box::new(
            Diagnostic::new(Code::InvalidValue, format!("sequence `{name}` cannot count in `{other}`"))
                .at(name.origin, "counts in integers")
                .help("write `small_integer()`, `integer()` or `big_integer()`"),
        )),
    }
}

/// How an identity column counts, in the author's words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IdentityCounting {
    pub start: Option<Located<i64>>,
    pub increment: Option<Located<i64>>,
}

impl IdentityCounting {
    /// How the column counts.
    ///
    /// # Errors
    ///
    /// It could not count up from there.
    pub(crate) fn resolve(&self, column: &EcoString) -> Result<Counting> {
        for number in [&self.start, &self.increment].into_iter().flatten() {
            if number.value < 1 {
                return Err(Box::new(
                    Diagnostic::new(Code::InvalidValue, format!("`{column}` is numbered upwards from 1 or more"))
                        .at(number.origin, "too small")
                        .help("write 1 or more, or use a sequence with `nextval` as the default"),
                ));
            }
        }
        let number = |number: &Option<Located<i64>>| number.as_ref().map(|number| number.value);
        Ok(Counting { start: number(&self.start), increment: number(&self.increment), ..Counting::default() })
    }
}
