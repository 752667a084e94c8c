//! What the author of a case says: types and values in the words of the vocabulary, and what is to become of values.

use offprint::operation::Type;
use offprint::prelude::*;
use offprint::schema::Value;

use crate::prediction::Stored::{self, Blob, Integer, Null, Real, Text};
use crate::prediction::{Kind, needs_a_word};
use crate::support::random::Random;
use crate::values;

/// What the author says of the values.
#[derive(Debug)]
pub enum Word {
    Nothing,
    Map { pairs: Vec<(Stored, Stored)>, otherwise: Option<Stored> },
    Using(Expression),
}

/// An expression of the author, with what it gives.
#[derive(Debug, Clone, Copy)]
pub enum Expression {
    Itself,
    Missing,
    Seven,
    SevenAsReal,
    Storage,
}

impl Expression {
    pub fn sql(self, column: &str) -> String {
        match self {
            Expression::Itself => format!("t.{column}"),
            Expression::Missing => "NULL".to_owned(),
            Expression::Seven => format!("CASE WHEN {column} IS NULL THEN NULL ELSE 7 END"),
            Expression::SevenAsReal => "7.0".to_owned(),
            Expression::Storage => format!("typeof({column})"),
        }
    }

    pub fn gives(self, value: &Stored) -> Stored {
        let storage = match value {
            Null => "null",
            Integer(_) => "integer",
            Real(_) => "real",
            Text(_) => "text",
            Blob(_) => "blob",
        };
        match self {
            Expression::Itself => value.clone(),
            Expression::Missing => Null,
            Expression::Seven if *value == Null => Null,
            Expression::Seven => Integer(7),
            Expression::SevenAsReal => Real(7.0),
            Expression::Storage => Text(storage.to_owned()),
        }
    }
}

impl Word {
    /// A word about a change of these values.
    pub fn random<'v>(
        from: Kind,
        to: Kind,
        present: impl Iterator<Item = &'v Stored>,
        moods: &[String],
        random: &mut Random,
    ) -> Word {
        if random.one_in(5) && to != Kind::Decimal {
            let all = [
                Expression::Itself,
                Expression::Missing,
                Expression::Seven,
                Expression::SevenAsReal,
                Expression::Storage,
            ];
            return Word::Using(all[random.below(all.len())]);
        }
        // Without a word most pairs of types are refused.
        if !(random.one_in(3) || needs_a_word(from, to) && random.one_in(2)) {
            return Word::Nothing;
        }
        let mut pairs: Vec<(Stored, Stored)> = Vec::new();
        for value in present {
            let natural = match value {
                Null => true,
                Integer(number) => from.is_integer() || from == Kind::Boolean && matches!(number, 0 | 1),
                Real(number) => from.is_real() && number.is_finite(),
                Text(text) => from.is_text() && from != Kind::Mood && !text.contains('\0'),
                Blob(_) => from == Kind::Bytes,
            };
            if natural && random.one_in(2) && pairs.iter().all(|(old, _)| old != value) {
                pairs.push((value.clone(), values::own(to, moods, random)));
            }
        }
        let otherwise = random.one_in(2).then(|| if random.one_in(4) { Null } else { values::own(to, moods, random) });
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, new)| can_be_written(new)).collect();
        let otherwise = otherwise.filter(can_be_written);
        if pairs.is_empty() && otherwise.is_none() { Word::Nothing } else { Word::Map { pairs, otherwise } }
    }
}

/// A literal of a revision has no NUL.
pub fn can_be_written(value: &Stored) -> bool {
    !matches!(value, Text(text) if text.contains('\0'))
}

/// The value in the words of the vocabulary.
pub fn literal(value: &Stored, kind: Kind) -> Value {
    match value {
        Null => Value::Null,
        Integer(number) if kind == Kind::Boolean => Value::Boolean(*number == 1),
        Integer(number) => Value::Integer(*number),
        Real(number) => Value::Float(*number),
        Text(text) => Value::Text(text.as_str().into()),
        Blob(bytes) => Value::Hex(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()),
    }
}

/// The type in the words of the vocabulary.
pub fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::SmallInteger => small_integer(),
        Kind::Integer => integer(),
        Kind::BigInteger => big_integer(),
        Kind::Float => float(),
        Kind::Double => double(),
        Kind::Boolean => boolean(),
        Kind::Text => text(),
        Kind::Varchar => varchar(8),
        Kind::Date => date(),
        Kind::Time => time(),
        Kind::Timestamp => timestamp(),
        Kind::Timestamptz => timestamptz(),
        Kind::Uuid => uuid(),
        Kind::Json => json(),
        Kind::NumericAsText => numeric(10, 2).sqlite("TEXT"),
        Kind::Mood => enumeration("mood"),
        Kind::Bytes => bytes(),
        Kind::Decimal => native("DECIMAL(10,2)"),
    }
}
