//! What a role may do with an object.

use std::collections::BTreeMap;
use std::fmt;

use ecow::{EcoString, eco_format};

use super::SchemaObjectKind;

/// What one role may do with one object, as far as it is not what the role may do by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privileges {
    pub target: GrantTarget,
    /// The role; `public` stands for all of them.
    pub role: EcoString,
    /// Never empty.
    pub held: BTreeMap<Permission, Holding>,
}

/// What privileges are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTarget {
    pub kind: GrantTargetKind,
    pub name: EcoString,
}

/// The kinds of objects that have privileges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantTargetKind {
    /// A table or a view.
    Relation,
    /// A function or a procedure.
    Routine,
    Type,
    Schema,
}

/// One thing that a role may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    pub privilege: Privilege,
    /// The only column that it is about; without one, the whole object.
    pub column: Option<EcoString>,
}

/// How a permission differs from what the role has by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    Granted,
    /// The role may grant it on.
    Grantable,
    /// The role had it by default, and has not any longer.
    DefaultRevoked,
    /// The role had it by default, and may grant it on now.
    DefaultGrantable,
}

/// How much of a permission a role has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Nothing,
    Held,
    Grantable,
}

impl Holding {
    /// The deviation of a role that has this much of a permission; none when that is what it has by default.
    pub fn of(level: Level, by_default: bool) -> Option<Holding> {
        match (level, by_default) {
            (Level::Nothing, false) | (Level::Held, true) => None,
            (Level::Held, false) => Some(Holding::Granted),
            (Level::Grantable, false) => Some(Holding::Grantable),
            (Level::Nothing, true) => Some(Holding::DefaultRevoked),
            (Level::Grantable, true) => Some(Holding::DefaultGrantable),
        }
    }

    /// How much of the permission the role has.
    pub fn level(self) -> Level {
        match self {
            Holding::Granted => Level::Held,
            Holding::Grantable | Holding::DefaultGrantable => Level::Grantable,
            Holding::DefaultRevoked => Level::Nothing,
        }
    }

    /// Whether the role has the permission when nothing is granted or revoked.
    pub fn by_default(self) -> bool {
        matches!(self, Holding::DefaultRevoked | Holding::DefaultGrantable)
    }
}

/// The privileges of the SQL standard and of Postgres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privilege {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
    References,
    Trigger,
    Usage,
    Create,
    Execute,
}

impl Privilege {
    /// The SQL keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Privilege::Select => "SELECT",
            Privilege::Insert => "INSERT",
            Privilege::Update => "UPDATE",
            Privilege::Delete => "DELETE",
            Privilege::Truncate => "TRUNCATE",
            Privilege::References => "REFERENCES",
            Privilege::Trigger => "TRIGGER",
            Privilege::Usage => "USAGE",
            Privilege::Create => "CREATE",
            Privilege::Execute => "EXECUTE",
        }
    }
}

impl GrantTargetKind {
    /// The privileges that objects of this kind have.
    pub fn privileges(self) -> &'static [Privilege] {
        use Privilege as P;
        match self {
            GrantTargetKind::Relation => {
                &[P::Select, P::Insert, P::Update, P::Delete, P::Truncate, P::References, P::Trigger]
            }
            GrantTargetKind::Routine => &[P::Execute],
            GrantTargetKind::Type => &[P::Usage],
            GrantTargetKind::Schema => &[P::Usage, P::Create],
        }
    }

    /// The privileges that single columns of such an object have.
    pub fn column_privileges(self) -> &'static [Privilege] {
        use Privilege as P;
        match self {
            GrantTargetKind::Relation => &[P::Select, P::Insert, P::Update, P::References],
            GrantTargetKind::Routine | GrantTargetKind::Type | GrantTargetKind::Schema => &[],
        }
    }
}

impl GrantTarget {
    /// Whether all roles have this permission by themselves, as Postgres makes such objects.
    pub fn open_to_all(&self, privilege: Privilege) -> bool {
        match self.kind {
            GrantTargetKind::Relation => false,
            GrantTargetKind::Routine | GrantTargetKind::Type => true,
            GrantTargetKind::Schema => self.name == "public" && privilege == Privilege::Usage,
        }
    }
}

impl fmt::Display for GrantTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            GrantTargetKind::Relation => "table",
            GrantTargetKind::Routine => "function",
            GrantTargetKind::Type => "type",
            GrantTargetKind::Schema => "schema",
        };
        write!(formatter, "{kind} `{}`", self.name)
    }
}

impl Privileges {
    /// A role that may do with the object what it may do by itself.
    pub fn none(target: GrantTarget, role: EcoString) -> Self {
        Privileges { target, role, held: BTreeMap::new() }
    }

    /// The key in the schema.
    pub fn key(&self) -> EcoString {
        SchemaObjectKind::Privileges.key(&eco_format!("{} of `{}`", self.target, self.role))
    }

    /// How much the role has of a permission, and whether that is so by default.
    pub fn level(&self, permission: &Permission) -> (Level, bool) {
        match self.held.get(permission) {
            Some(holding) => (holding.level(), holding.by_default()),
            None => {
                let by_default = self.role == "public" && self.target.open_to_all(permission.privilege);
                (if by_default { Level::Held } else { Level::Nothing }, by_default)
            }
        }
    }

    /// Sets how much the role has of a permission.
    pub fn set(&mut self, permission: Permission, level: Level, by_default: bool) {
        match Holding::of(level, by_default) {
            Some(holding) => self.held.insert(permission, holding),
            None => self.held.remove(&permission),
        };
    }
}
