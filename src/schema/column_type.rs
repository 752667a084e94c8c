//! The types of columns.

use std::fmt;

use ecow::EcoString;

/// The type of a column, as the replayed schema of one dialect knows it.
///
/// `docs/types.md` has the table of what each becomes on each dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    SmallInteger,
    Integer,
    BigInteger,
    /// Floating point with single precision.
    Float,
    /// Floating point with double precision.
    Double,
    Numeric {
        precision: u16,
        scale: u16,
    },
    Text,
    /// Text of at most this many characters.
    Varchar(u32),
    /// Text of exactly this many characters, padded with spaces.
    Char(u32),
    Boolean,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Bytes,
    /// One of the values of this enum.
    Enumeration(EcoString),
    /// Values of another type that fulfil the rules of this domain.
    Domain {
        name: EcoString,
        base: Box<ColumnType>,
    },
    /// A row of the attributes of this composite type.
    Composite(EcoString),
    Array(Box<ColumnType>),
    /// A type in the dialect's own words.
    Native(EcoString),
}

impl ColumnType {
    /// The enum that the type is, or is an array of; through domains, too.
    pub fn enumeration(&self) -> Option<&EcoString> {
        self.parts().find_map(|part| match part {
            ColumnType::Enumeration(name) => Some(name),
            _ => None,
        })
    }

    /// The names of the types of the schema that the type is made of.
    pub fn names(&self) -> impl Iterator<Item = &EcoString> {
        self.parts().filter_map(|part| match part {
            ColumnType::Enumeration(name) | ColumnType::Composite(name) | ColumnType::Domain { name, .. } => Some(name),
            _ => None,
        })
    }

    /// The type without the domains around it: what its values are like, whatever the rules for them.
    pub fn plain(&self) -> &ColumnType {
        match self {
            ColumnType::Domain { base, .. } => base.plain(),
            other => other,
        }
    }

    /// The type itself and what it is made of.
    fn parts(&self) -> impl Iterator<Item = &ColumnType> {
        std::iter::successors(Some(self), |part| match part {
            ColumnType::Array(inner) | ColumnType::Domain { base: inner, .. } => Some(&**inner),
            _ => None,
        })
    }

    /// The same type after the enum was renamed.
    pub(crate) fn with_enumeration_renamed(&self, from: &str, to: &EcoString) -> ColumnType {
        match self {
            ColumnType::Enumeration(name) if name == from => ColumnType::Enumeration(to.clone()),
            ColumnType::Array(element) => ColumnType::Array(Box::new(element.with_enumeration_renamed(from, to))),
            ColumnType::Domain { name, base } => {
                let base = Box::new(base.with_enumeration_renamed(from, to));
                ColumnType::Domain { name: name.clone(), base }
            }
            other => other.clone(),
        }
    }
}

impl fmt::Display for ColumnType {
    /// The type in the words of the vocabulary.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            ColumnType::SmallInteger => "small_integer()",
            ColumnType::Integer => "integer()",
            ColumnType::BigInteger => "big_integer()",
            ColumnType::Float => "float()",
            ColumnType::Double => "double()",
            ColumnType::Numeric { precision, scale } => return write!(formatter, "numeric({precision}, {scale})"),
            ColumnType::Text => "text()",
            ColumnType::Varchar(length) => return write!(formatter, "varchar({length})"),
            ColumnType::Char(length) => return write!(formatter, "char({length})"),
            ColumnType::Boolean => "boolean()",
            ColumnType::Date => "date()",
            ColumnType::Time => "time()",
            ColumnType::Timestamp => "timestamp()",
            ColumnType::Timestamptz => "timestamptz()",
            ColumnType::Interval => "interval()",
            ColumnType::Uuid => "uuid()",
            ColumnType::Json => "json()",
            ColumnType::Jsonb => "jsonb()",
            ColumnType::Bytes => "bytes()",
            ColumnType::Enumeration(name) => return write!(formatter, "enumeration({name:?})"),
            ColumnType::Domain { name, .. } => return write!(formatter, "domain({name:?})"),
            ColumnType::Composite(name) => return write!(formatter, "composite({name:?})"),
            ColumnType::Array(element) => return write!(formatter, "array({element})"),
            ColumnType::Native(text) => return write!(formatter, "native({text:?})"),
        };
        formatter.write_str(word)
    }
}
