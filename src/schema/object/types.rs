//! Types of the schema beside enums: domains and composite types.

use ecow::EcoString;

use crate::schema::{ColumnType, Literal, Nullability};

/// A type whose values are those of another one that fulfil some rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    pub name: EcoString,
    pub base: ColumnType,
    /// The value of a column of this type in rows that give none, unless the column has a default of its own.
    pub default: Option<Literal>,
    pub nullability: Nullability,
    pub checks: Vec<DomainCheck>,
}

/// A rule for the values of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainCheck {
    pub name: EcoString,
    /// A condition over `VALUE`.
    pub expression: EcoString,
}

/// A type whose values are rows of other ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositeType {
    pub name: EcoString,
    pub attributes: Vec<Attribute>,
}

/// One part of the values of a composite type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: EcoString,
    pub attribute_type: ColumnType,
}

impl Domain {
    /// The type of a column of this domain.
    pub fn column_type(&self) -> ColumnType {
        ColumnType::Domain { name: self.name.clone(), base: Box::new(self.base.clone()) }
    }

    /// Whether some value of the base is none of the domain.
    pub fn has_rules(&self) -> bool {
        !self.checks.is_empty() || self.nullability == Nullability::NotNull
    }

    /// The author's SQL in the domain.
    pub fn texts(&self) -> impl Iterator<Item = &EcoString> {
        let default = match &self.default {
            Some(Literal::Sql(text)) => Some(text),
            _ => None,
        };
        self.checks.iter().map(|check| &check.expression).chain(default)
    }

    /// The same, to be changed.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut EcoString> {
        let default = match &mut self.default {
            Some(Literal::Sql(text)) => Some(text),
            _ => None,
        };
        self.checks.iter_mut().map(|check| &mut check.expression).chain(default)
    }
}
