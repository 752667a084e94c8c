//! A constraint of a table.

use std::borrow::Cow;
use std::fmt;

use ecow::EcoString;

use super::{IndexKey, IndexPart, UniqueNulls, tokens};

/// A constraint. `name` is `None` for one that was adopted without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    pub name: Option<EcoString>,
    pub rule: Rule,
    pub validity: Validity,
    pub deferrability: Deferrability,
}

/// Whether the rows are known to keep a check or a foreign key that was added to a table with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Validity {
    #[default]
    Valid,
    /// Only rows that were written since then are. Advisory: SQLite looks at all rows at once.
    NotValid,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    PrimaryKey {
        columns: Vec<EcoString>,
    },
    Unique {
        columns: Vec<EcoString>,
        nulls: UniqueNulls,
    },
    Check {
        expression: EcoString,
    },
    ForeignKey(ForeignKey),
    /// Boxed, since it is rare and large.
    Exclusion(Box<Exclusion>),
}

/// A reference to the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: Vec<EcoString>,
    pub referred_table: EcoString,
    pub referred_columns: Vec<EcoString>,
    pub on_delete: Action,
    pub on_update: Action,
}

/// What no two rows may have together: for two rows, not all of the operators may be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    pub elements: Vec<ExclusionElement>,
    /// The access method of the index behind it, such as `gist`.
    pub method: Option<EcoString>,
    /// The condition of the rows that it is about.
    pub filter: Option<EcoString>,
}

/// A column or expression with the operator that compares it in two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionElement {
    pub part: IndexPart,
    pub operator: EcoString,
}

/// What happens to the referring rows when the row that they refer to is deleted or its key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deferrability {
    #[default]
    NotDeferrable,
    InitiallyImmediate,
    InitiallyDeferred,
}

impl Rule {
    /// The kind, in the words of the SQL standard.
    pub fn kind(&self) -> &'static str {
        match self {
            Rule::PrimaryKey { .. } => "primary key",
            Rule::Unique { .. } => "unique constraint",
            Rule::Check { .. } => "check constraint",
            Rule::ForeignKey(_) => "foreign key",
            Rule::Exclusion(_) => "exclusion constraint",
        }
    }

    /// The columns of the table that the rule names as such; those inside expressions are not among them.
    pub fn columns(&self) -> Cow<'_, [EcoString]> {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => Cow::Borrowed(columns),
            Rule::ForeignKey(key) => Cow::Borrowed(&key.columns),
            Rule::Check { .. } => Cow::Borrowed(&[]),
            Rule::Exclusion(exclusion) => Cow::Owned(exclusion.columns().cloned().collect()),
        }
    }

    /// The columns of a primary key or unique constraint, which foreign keys can refer to.
    pub fn key(&self) -> Option<&[EcoString]> {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => Some(columns),
            Rule::Check { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => None,
        }
    }

    /// Whether an index stands behind the rule, which shares its name.
    pub fn has_index(&self) -> bool {
        match self {
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Exclusion(_) => true,
            Rule::Check { .. } | Rule::ForeignKey(_) => false,
        }
    }

    /// The SQL expressions in the rule.
    pub fn expressions(&self) -> Vec<&EcoString> {
        match self {
            Rule::Check { expression } => vec![expression],
            Rule::Exclusion(exclusion) => {
                let parts = exclusion.elements.iter().filter_map(|element| match &element.part.key {
                    IndexKey::Expression(text) => Some(text),
                    IndexKey::Column(_) => None,
                });
                parts.chain(&exclusion.filter).collect()
            }
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => Vec::new(),
        }
    }

    /// The SQL expressions in the rule, to be changed.
    pub fn expressions_mut(&mut self) -> Vec<&mut EcoString> {
        match self {
            Rule::Check { expression } => vec![expression],
            Rule::Exclusion(exclusion) => {
                let parts = exclusion.elements.iter_mut().filter_map(|element| match &mut element.part.key {
                    IndexKey::Expression(text) => Some(text),
                    IndexKey::Column(_) => None,
                });
                parts.chain(&mut exclusion.filter).collect()
            }
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => Vec::new(),
        }
    }
}

impl Exclusion {
    /// What Postgres calls the elements in the name that it gives the constraint: a column by its name, a call by that
    /// of its function, and any other expression `expr`.
    pub fn subjects(&self) -> Vec<EcoString> {
        let subject = |element: &ExclusionElement| match &element.part.key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Expression(text) => {
                let mut tokens = tokens::tokens(text);
                let called = tokens.next().and_then(|token| token.name());
                let calls = tokens.next().is_some_and(|token| token.is_mark("("));
                called.filter(|_| calls).unwrap_or_else(|| "expr".into())
            }
        };
        self.elements.iter().map(subject).collect()
    }

    /// The columns that it names as such, in order.
    pub fn columns(&self) -> impl Iterator<Item = &EcoString> {
        self.elements.iter().filter_map(|element| match &element.part.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expression(_) => None,
        })
    }
}

impl Deferrability {
    /// The clause in SQL; empty where there is nothing to say.
    pub fn sql(self) -> &'static str {
        match self {
            Deferrability::NotDeferrable => "",
            Deferrability::InitiallyImmediate => " DEFERRABLE INITIALLY IMMEDIATE",
            Deferrability::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

impl Action {
    /// The action in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Action::NoAction => "NO ACTION",
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(formatter, "{} `{name}`", self.rule.kind()),
            None => write!(formatter, "unnamed {}", self.rule.kind()),
        }
    }
}
