//! Row-level security: whether a table has it, and the policies that say who may see and change which rows.

use ecow::{EcoString, eco_format};

use super::SchemaObjectKind;

/// A table shows and takes only the rows that a policy lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSecurity {
    pub table: EcoString,
    pub subjects: Subjects,
}

/// Who is subject to row-level security. Superusers and roles with `BYPASSRLS` never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subjects {
    /// Everyone but the owner of the table.
    AllButOwner,
    /// The owner of the table, too.
    OwnerToo,
}

/// A policy of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub name: EcoString,
    pub table: EcoString,
    pub combination: Combination,
    pub command: PolicyCommand,
    /// The roles that the policy is for; empty for all.
    pub roles: Vec<EcoString>,
    /// Which rows are there to be seen, changed and deleted.
    pub using: Option<EcoString>,
    /// Which rows may be written.
    pub with_check: Option<EcoString>,
}

impl Policy {
    /// The conditions of the policy.
    pub fn texts(&self) -> impl Iterator<Item = &EcoString> {
        self.using.iter().chain(&self.with_check)
    }

    /// The key of the policy in its schema: two tables may have policies of one name.
    pub fn key(&self) -> EcoString {
        SchemaObjectKind::Policy.key(&eco_format!("{}.{}", self.table, self.name))
    }
}

/// How a policy goes together with the others of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// One permissive policy is enough.
    Permissive,
    /// Every restrictive policy has to agree, and one permissive one.
    Restrictive,
}

/// The commands that a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyCommand {
    All,
    Select,
    Insert,
    Update,
    Delete,
}

impl PolicyCommand {
    /// All of them.
    pub const LIST: [PolicyCommand; 5] = [
        PolicyCommand::All,
        PolicyCommand::Select,
        PolicyCommand::Insert,
        PolicyCommand::Update,
        PolicyCommand::Delete,
    ];

    /// The SQL keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }
    }

    /// Whether the command looks at rows that are there, so that `USING` has something to say.
    pub fn reads_rows(self) -> bool {
        !matches!(self, PolicyCommand::Insert)
    }

    /// Whether the command writes rows, so that `WITH CHECK` has something to say.
    pub fn writes_rows(self) -> bool {
        !matches!(self, PolicyCommand::Select | PolicyCommand::Delete)
    }
}
