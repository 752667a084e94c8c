//! The objects of the rarer kinds, which few tables have and not every dialect knows.

mod namespace;
mod partition;
mod policy;
mod privileges;
mod routine;
mod sequence;
mod types;

use ecow::{EcoString, eco_format};

pub use namespace::{Extension, Namespace};
pub use partition::{Partition, PartitionBounds, PartitionMethod, Partitioning};
pub use policy::{Combination, Policy, PolicyCommand, RowSecurity, Subjects};
pub use privileges::{GrantTarget, GrantTargetKind, Holding, Level, Permission, Privilege, Privileges};
pub use routine::{NullArguments, Routine, RoutineKind, RoutineLanguage, RoutineSecurity, Volatility};
pub use sequence::{AtEnd, Counting, NumberType, Sequence, SequenceOwner};
pub use types::{Attribute, CompositeType, Domain, DomainCheck};

use super::{ColumnType, ObjectKind, tokens};

/// An object of one of the rarer kinds. They share one map, so that a schema without them pays for one empty map.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaObject {
    Namespace(Namespace),
    Extension(Extension),
    Domain(Domain),
    Composite(CompositeType),
    Routine(Routine),
    Sequence(Sequence),
    Partition(Partition),
    RowSecurity(RowSecurity),
    Policy(Policy),
    Privileges(Privileges),
}

/// The kinds of [`SchemaObject`], in the order in which they can be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SchemaObjectKind {
    /// A schema of the database, in Postgres' sense of the word.
    Namespace,
    Extension,
    Domain,
    Composite,
    /// A function or a procedure: they share their names.
    Routine,
    Sequence,
    /// A part of a table.
    Partition,
    RowSecurity,
    Policy,
    Privileges,
}

impl SchemaObjectKind {
    /// The kind in words, for one object.
    pub fn title(self) -> &'static str {
        match self {
            SchemaObjectKind::Namespace => "schema",
            SchemaObjectKind::Extension => "extension",
            SchemaObjectKind::Domain => "domain",
            SchemaObjectKind::Composite => "composite type",
            SchemaObjectKind::Routine => "routine",
            SchemaObjectKind::Sequence => "sequence",
            SchemaObjectKind::Partition => "partition",
            SchemaObjectKind::RowSecurity => "row-level security",
            SchemaObjectKind::Policy => "policy",
            SchemaObjectKind::Privileges => "privileges",
        }
    }

    /// The kind in words, for any number of objects.
    pub fn plural(self) -> &'static str {
        match self {
            SchemaObjectKind::Namespace => "schemas",
            SchemaObjectKind::Extension => "extensions of the server",
            SchemaObjectKind::Domain => "domains",
            SchemaObjectKind::Composite => "composite types",
            SchemaObjectKind::Routine => "functions and procedures",
            SchemaObjectKind::Sequence => "sequences",
            SchemaObjectKind::Partition => "partitions",
            SchemaObjectKind::RowSecurity => "row-level security",
            SchemaObjectKind::Policy => "policies",
            SchemaObjectKind::Privileges => "privileges of roles",
        }
    }

    /// The key of an object of this kind: no two objects of a schema have the same. Names have no dot, so nothing else
    /// can be meant.
    pub fn key(self, name: &str) -> EcoString {
        eco_format!("{} {name}", self.title())
    }
}

impl SchemaObject {
    /// The kind of the object.
    pub fn kind(&self) -> SchemaObjectKind {
        match self {
            SchemaObject::Namespace(_) => SchemaObjectKind::Namespace,
            SchemaObject::Extension(_) => SchemaObjectKind::Extension,
            SchemaObject::Domain(_) => SchemaObjectKind::Domain,
            SchemaObject::Composite(_) => SchemaObjectKind::Composite,
            SchemaObject::Routine(_) => SchemaObjectKind::Routine,
            SchemaObject::Sequence(_) => SchemaObjectKind::Sequence,
            SchemaObject::Partition(_) => SchemaObjectKind::Partition,
            SchemaObject::RowSecurity(_) => SchemaObjectKind::RowSecurity,
            SchemaObject::Policy(_) => SchemaObjectKind::Policy,
            SchemaObject::Privileges(_) => SchemaObjectKind::Privileges,
        }
    }

    /// The key of the object in its schema.
    pub fn key(&self) -> EcoString {
        match self {
            SchemaObject::Namespace(namespace) => self.kind().key(&namespace.name),
            SchemaObject::Extension(extension) => self.kind().key(&extension.name),
            SchemaObject::Domain(domain) => self.kind().key(&domain.name),
            SchemaObject::Composite(composite) => self.kind().key(&composite.name),
            SchemaObject::Routine(routine) => self.kind().key(&routine.name),
            SchemaObject::Sequence(sequence) => self.kind().key(&sequence.name),
            SchemaObject::Partition(partition) => self.kind().key(&partition.name),
            SchemaObject::RowSecurity(security) => self.kind().key(&security.table),
            SchemaObject::Policy(policy) => policy.key(),
            SchemaObject::Privileges(privileges) => privileges.key(),
        }
    }

    /// The name of the object, or of the table that it is a property of.
    pub fn name(&self) -> &EcoString {
        match self {
            SchemaObject::Namespace(namespace) => &namespace.name,
            SchemaObject::Extension(extension) => &extension.name,
            SchemaObject::Domain(domain) => &domain.name,
            SchemaObject::Composite(composite) => &composite.name,
            SchemaObject::Routine(routine) => &routine.name,
            SchemaObject::Sequence(sequence) => &sequence.name,
            SchemaObject::Partition(partition) => &partition.name,
            SchemaObject::RowSecurity(security) => &security.table,
            SchemaObject::Policy(policy) => &policy.name,
            SchemaObject::Privileges(privileges) => &privileges.target.name,
        }
    }

    /// The object in words, for messages.
    pub fn title(&self) -> String {
        match self {
            SchemaObject::Namespace(namespace) => format!("schema `{}`", namespace.name),
            SchemaObject::Extension(extension) => format!("extension `{}`", extension.name),
            SchemaObject::Domain(domain) => format!("domain `{}`", domain.name),
            SchemaObject::Composite(composite) => format!("composite type `{}`", composite.name),
            SchemaObject::Routine(routine) => format!("{} `{}`", routine.kind.title(), routine.name),
            SchemaObject::Sequence(sequence) => format!("sequence `{}`", sequence.name),
            SchemaObject::Partition(partition) => format!("partition `{}` of `{}`", partition.name, partition.parent),
            SchemaObject::RowSecurity(security) => format!("row-level security of `{}`", security.table),
            SchemaObject::Policy(policy) => format!("policy `{}` of `{}`", policy.name, policy.table),
            SchemaObject::Privileges(privileges) => {
                format!("privileges of `{}` on {}", privileges.role, privileges.target)
            }
        }
    }

    /// The table or view that the object belongs to, and goes away with.
    pub fn table(&self) -> Option<&EcoString> {
        match self {
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Domain(_)
            | SchemaObject::Composite(_)
            | SchemaObject::Routine(_) => None,
            SchemaObject::Sequence(sequence) => sequence.owner.as_ref().map(|owner| &owner.table),
            SchemaObject::Partition(partition) => Some(&partition.parent),
            SchemaObject::RowSecurity(security) => Some(&security.table),
            SchemaObject::Policy(policy) => Some(&policy.table),
            SchemaObject::Privileges(Privileges { target, .. }) => match target.kind {
                GrantTargetKind::Relation => Some(&target.name),
                GrantTargetKind::Routine | GrantTargetKind::Type | GrantTargetKind::Schema => None,
            },
        }
    }

    /// The types that the object is made of.
    pub fn types(&self) -> Vec<&ColumnType> {
        match self {
            SchemaObject::Domain(domain) => vec![&domain.base],
            SchemaObject::Composite(composite) => {
                composite.attributes.iter().map(|attribute| &attribute.attribute_type).collect()
            }
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Routine(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Partition(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => Vec::new(),
        }
    }

    /// The author's SQL in the object that the engine reads when the object is created, and follows.
    pub fn texts(&self) -> impl Iterator<Item = &EcoString> {
        let texts: Vec<&EcoString> = match self {
            SchemaObject::Routine(routine) => {
                let result = match &routine.kind {
                    RoutineKind::Function { returns, .. } => returns.as_ref(),
                    RoutineKind::Procedure => None,
                };
                std::iter::once(&routine.arguments).chain(result).chain(routine.atomic_body()).collect()
            }
            SchemaObject::Domain(domain) => domain.texts().collect(),
            SchemaObject::Policy(policy) => policy.texts().collect(),
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Partition(_)
            | SchemaObject::Composite(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Privileges(_) => Vec::new(),
        };
        texts.into_iter()
    }

    /// The author's SQL in the object that the engine reads only when it runs it, so that nothing in it is followed.
    pub fn body(&self) -> Option<&EcoString> {
        match self {
            SchemaObject::Routine(routine) if routine.atomic_body().is_none() => Some(&routine.body),
            SchemaObject::Routine(_)
            | SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Domain(_)
            | SchemaObject::Composite(_)
            | SchemaObject::Partition(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => None,
        }
    }

    /// What the object is in the namespace of the tables, if it has its name there.
    pub fn occupies(&self) -> Option<ObjectKind> {
        match self {
            SchemaObject::Sequence(_) => Some(ObjectKind::Sequence),
            SchemaObject::Partition(_) => Some(ObjectKind::Partition),
            SchemaObject::Domain(_) => Some(ObjectKind::Domain),
            SchemaObject::Composite(_) => Some(ObjectKind::Composite),
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Routine(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => None,
        }
    }

    /// Whether the object can be put in the place of the other one, which others may be using.
    pub fn replaces(&self, other: &SchemaObject) -> bool {
        match (self, other) {
            (SchemaObject::Routine(routine), SchemaObject::Routine(other)) => routine.replaces(other),
            (SchemaObject::Domain(domain), SchemaObject::Domain(other)) => domain.base == other.base,
            _ => false,
        }
    }

    /// Whether the author's SQL in the object may name all of these. The conditions of policies and domains and the bodies
    /// of routines are not asked: they are read by the scopes in them.
    pub fn mentions(&self, names: &[&str]) -> bool {
        let scoped = |text: &EcoString| match self {
            SchemaObject::Policy(_) | SchemaObject::Domain(_) => true,
            SchemaObject::Routine(routine) => routine.atomic_body().is_some_and(|body| std::ptr::eq(body, text)),
            _ => false,
        };
        self.texts().into_iter().any(|text| !scoped(text) && names.iter().all(|name| tokens::mentions(text, name)))
    }

    /// The object of a table that got another name. The conditions of policies are not changed.
    pub fn with_table_renamed(&self, to: &EcoString) -> SchemaObject {
        let mut renamed = self.clone();
        match &mut renamed {
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Domain(_)
            | SchemaObject::Composite(_)
            | SchemaObject::Routine(_) => {}
            SchemaObject::Sequence(sequence) => {
                if let Some(owner) = &mut sequence.owner {
                    owner.table = to.clone();
                }
            }
            SchemaObject::Partition(partition) => partition.parent = to.clone(),
            SchemaObject::RowSecurity(security) => security.table = to.clone(),
            SchemaObject::Privileges(privileges) => privileges.target.name = to.clone(),
            SchemaObject::Policy(policy) => policy.table = to.clone(),
        }
        renamed
    }
}
