//! The statements about sequences.

use super::quote::{Names, identifier};
use super::statement::{AlterSequence, CreateSequence};
use crate::schema::{AtEnd, Counting, NumberType, Sequence};

/// The statement that creates a sequence, with the column that owns it.
pub fn create(sequence: &Sequence, names: Names<'_>) -> CreateSequence {
    CreateSequence {
        sequence: names.of(&sequence.name),
        number_type: sequence.number_type.keyword(),
        options: counting(&sequence.counting).into_iter().chain(owner(sequence, names)).collect(),
    }
}

/// How numbers are counted, as far as the author says it.
pub fn counting(counting: &Counting) -> Vec<String> {
    let number = |words: &str, number: Option<i64>| number.map(|number| format!("{words} {number}"));
    let said = [
        number("START WITH", counting.start),
        number("INCREMENT BY", counting.increment),
        number("MINVALUE", counting.minimum),
        number("MAXVALUE", counting.maximum),
        number("CACHE", counting.cache),
        match counting.at_end {
            AtEnd::Fail => None,
            AtEnd::Cycle => Some("CYCLE".to_owned()),
        },
    ];
    said.into_iter().flatten().collect()
}

fn owner(sequence: &Sequence, names: Names<'_>) -> Option<String> {
    let owner = sequence.owner.as_ref()?;
    Some(format!("OWNED BY {}.{}", names.of(&owner.table), identifier(&owner.column)))
}

/// The statement that makes one sequence of another one, without touching what is the same.
pub fn replace(from: &Sequence, to: &Sequence, names: Names<'_>) -> AlterSequence {
    let mut options = Vec::new();
    if from.number_type != to.number_type {
        options.push(format!("AS {}", to.number_type.keyword()));
    }
    let facts = |sequence: &Sequence| (sequence.counting.step(), sequence.counting.limits(sequence.number_type));
    let ((old_step, (old_low, old_high)), (step, (low, high))) = (facts(from), facts(to));
    let first = |sequence: &Sequence, number_type: NumberType| sequence.counting.first(number_type);
    let numbers = [
        ("INCREMENT BY", old_step, step),
        ("MINVALUE", old_low, low),
        ("MAXVALUE", old_high, high),
        ("START WITH", first(from, from.number_type), first(to, to.number_type)),
        ("CACHE", from.counting.cache.unwrap_or(1), to.counting.cache.unwrap_or(1)),
    ];
    let changed = numbers.into_iter().filter(|(_, before, after)| before != after);
    options.extend(changed.map(|(words, _, number)| format!("{words} {number}")));
    if from.counting.at_end != to.counting.at_end {
        options.push(match to.counting.at_end {
            AtEnd::Fail => "NO CYCLE".into(),
            AtEnd::Cycle => "CYCLE".into(),
        });
    }
    if from.owner != to.owner {
        options.push(owner(to, names).unwrap_or_else(|| "OWNED BY NONE".into()));
    }
    AlterSequence { sequence: names.of(&to.name), options }
}
