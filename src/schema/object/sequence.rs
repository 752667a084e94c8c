//! Sequences, and how they and identity columns count.

use ecow::EcoString;

/// A sequence of numbers that is not that of an identity column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub name: EcoString,
    pub number_type: NumberType,
    pub counting: Counting,
    /// The column that the sequence goes away with.
    pub owner: Option<SequenceOwner>,
}

/// A column that a sequence goes away with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceOwner {
    pub table: EcoString,
    pub column: EcoString,
}

/// The type of the numbers of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberType {
    SmallInteger,
    Integer,
    #[default]
    BigInteger,
}

/// How numbers follow one another; `None` is what the server does when nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counting {
    pub start: Option<i64>,
    /// Never zero.
    pub increment: Option<i64>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// How many numbers a session takes at a time.
    pub cache: Option<i64>,
    pub at_end: AtEnd,
}

/// What follows the last number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AtEnd {
    #[default]
    Fail,
    /// The first one again.
    Cycle,
}

impl NumberType {
    /// The SQL keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            NumberType::SmallInteger => "smallint",
            NumberType::Integer => "integer",
            NumberType::BigInteger => "bigint",
        }
    }

    /// The smallest and the largest number.
    pub fn range(self) -> (i64, i64) {
        match self {
            NumberType::SmallInteger => (i64::from(i16::MIN), i64::from(i16::MAX)),
            NumberType::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
            NumberType::BigInteger => (i64::MIN, i64::MAX),
        }
    }
}

impl Counting {
    /// The step from one number to the next.
    pub fn step(&self) -> i64 {
        self.increment.unwrap_or(1)
    }

    /// The smallest and the largest number of a sequence of this type.
    pub fn limits(&self, number_type: NumberType) -> (i64, i64) {
        let (smallest, largest) = number_type.range();
        let (low, high) = if self.step() > 0 { (1, largest) } else { (smallest, -1) };
        (self.minimum.unwrap_or(low), self.maximum.unwrap_or(high))
    }

    /// The first number of a sequence of this type.
    pub fn first(&self, number_type: NumberType) -> i64 {
        let (low, high) = self.limits(number_type);
        self.start.unwrap_or(if self.step() > 0 { low } else { high })
    }
}
