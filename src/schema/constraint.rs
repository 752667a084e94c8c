//! A constraint of a table.

use std::fmt;

use ecow::EcoString;

/// A constraint. `name` is `None` for one that was adopted without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    pub name: Option<EcoString>,
    pub rule: Rule,
    pub validity: Validity,
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
    PrimaryKey { columns: Vec<EcoString> },
    Unique { columns: Vec<EcoString> },
    Check { expression: EcoString },
    ForeignKey(ForeignKey),
}

/// A reference to the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: Vec<EcoString>,
    pub referred_table: EcoString,
    pub referred_columns: Vec<EcoString>,
    pub on_delete: Action,
    pub on_update: Action,
    pub deferrability: Deferrability,
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

/// When a foreign key is checked.
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
        }
    }

    /// The columns of the table that the rule names; for a check, none (they stand in its expression).
    pub fn columns(&self) -> &[EcoString] {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns } => columns,
            Rule::ForeignKey(key) => &key.columns,
            Rule::Check { .. } => &[],
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
