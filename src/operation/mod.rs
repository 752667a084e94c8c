//! What an author may write. One operation, one file; each knows nothing but the editor of the schema.

pub mod definition;

mod add_column;
mod add_enum_value;
mod alter_column;
mod alter_constraint;
mod alter_domain;
mod alter_sequence;
mod attach_partition;
mod create_check_constraint;
mod create_composite_type;
mod create_domain;
mod create_enum;
mod create_exclusion_constraint;
mod create_extension;
mod create_foreign_key;
mod create_function;
mod create_index;
mod create_materialized_view;
mod create_partition;
mod create_policy;
mod create_primary_key;
mod create_procedure;
mod create_schema;
mod create_sequence;
mod create_table;
mod create_trigger;
mod create_unique_constraint;
mod create_view;
mod delete;
mod detach_partition;
mod disable_row_level_security;
mod drop_check_constraint;
mod drop_column;
mod drop_composite_type;
mod drop_constraint;
mod drop_domain;
mod drop_enum;
mod drop_extension;
mod drop_foreign_key;
mod drop_function;
mod drop_index;
mod drop_materialized_view;
mod drop_partition;
mod drop_policy;
mod drop_primary_key;
mod drop_procedure;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_table_comment;
mod drop_trigger;
mod drop_unique_constraint;
mod drop_view;
mod enable_row_level_security;
mod execute;
mod grant;
mod insert;
mod irreversible;
mod nothing;
mod refresh_materialized_view;
mod rename_column;
mod rename_constraint;
mod rename_enum;
mod rename_enum_value;
mod rename_index;
mod rename_table;
mod replace_enum_values;
mod reset_storage_parameter;
mod revoke;
mod set_storage_parameter;
mod set_table_comment;
mod update;
mod validate_constraint;

use std::fmt;

use ecow::EcoString;

use crate::diagnostic::Result;
use crate::language::vocabulary::{Call, Object, Owner, Word};
use crate::schema::{Dialect, Editor, Online};
use crate::source::Origin;

pub use crate::schema::Action;
pub use definition::{ColumnDefinition, IndexColumn, Type};

/// The recorder that `upgrade` and `downgrade` write their operations to.
#[derive(Debug, Default)]
pub struct Op {
    recorded: Vec<Recorded>,
    /// What the next operation is limited to, by `op.postgres()` and its kin.
    next_scope: Option<Dialect>,
    next_declared: bool,
}

/// An operation as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub operation: Operation,
    /// The only dialect that the operation is for; without one, all.
    pub scope: Option<Dialect>,
    /// Whether the operation only tells what raw SQL has done.
    pub declared: bool,
    pub origin: EqualOrigin,
}

/// An origin that counts as equal to every other one, and that is not shown.
#[derive(Clone, Copy)]
pub struct EqualOrigin(pub Origin);

impl fmt::Debug for EqualOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("_")
    }
}

impl PartialEq for EqualOrigin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Op {
    /// Limits the next operation to Postgres: `op.postgres().create_index(…)`.
    pub fn postgres(&mut self) -> &mut Op {
        self.next_scope = Some(Dialect::Postgres);
        self
    }

    /// Limits the next operation to SQLite: `op.sqlite().create_trigger(…)`.
    pub fn sqlite(&mut self) -> &mut Op {
        self.next_scope = Some(Dialect::Sqlite);
        self
    }

    /// Says that raw SQL before it has made this change already: the schema follows, and nothing is emitted.
    ///
    /// `op.declare().create_index("ix_job_key", "job", ["key"])`
    pub fn declare(&mut self) -> &mut Op {
        self.next_declared = true;
        self
    }

    /// What was written so far.
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// What was written.
    pub fn into_recorded(self) -> Vec<Recorded> {
        self.recorded
    }

    /// The operation that was written last, which a continuation adds to.
    pub(crate) fn last_mut(&mut self) -> Option<&mut Operation> {
        self.recorded.last_mut().map(|recorded| &mut recorded.operation)
    }

    pub(crate) fn record(&mut self, origin: Origin, operation: Operation) -> &mut Operation {
        let recorded = Recorded {
            operation,
            scope: self.next_scope.take(),
            declared: std::mem::take(&mut self.next_declared),
            origin: EqualOrigin(origin),
        };
        self.recorded.push(recorded);
        match self.last_mut() {
            Some(operation) => operation,
            None => unreachable!("an operation was just pushed"),
        }
    }
}

/// The words of `op` that limit the next operation.
const LIMITS: &[Word] = &[
    Word {
        owner: Owner::Operations,
        name: "postgres",
        parameters: &[],
        docs: " Limits the next operation to Postgres: `op.postgres().create_index(…)`.\n",
        call: Call::Limit(Op::postgres),
    },
    Word {
        owner: Owner::Operations,
        name: "sqlite",
        parameters: &[],
        docs: " Limits the next operation to SQLite: `op.sqlite().create_trigger(…)`.\n",
        call: Call::Limit(Op::sqlite),
    },
    Word {
        owner: Owner::Operations,
        name: "declare",
        parameters: &[],
        docs: " Says that raw SQL before it has made this change already: the schema follows, and nothing is emitted.\n",
        call: Call::Limit(Op::declare),
    },
];

/// The constants of the vocabulary.
const CONSTANTS: &[Word] = &[
    action(
        "NoAction",
        " Refuses to delete or change a row that is referred to, at the end of the statement.\n",
        || Object::Action(Action::NoAction),
    ),
    action("Restrict", " Refuses to delete or change a row that is referred to, at once.\n", || {
        Object::Action(Action::Restrict)
    }),
    action("Cascade", " Deletes or changes the referring rows too.\n", || Object::Action(Action::Cascade)),
    action("SetNull", " Sets the referring columns to NULL.\n", || Object::Action(Action::SetNull)),
    action("SetDefault", " Sets the referring columns to their defaults.\n", || Object::Action(Action::SetDefault)),
];

const fn action(name: &'static str, docs: &'static str, make: fn() -> Object) -> Word {
    Word { owner: Owner::Free, name, parameters: &[], docs, call: Call::Constant(make) }
}

impl Operation {
    /// Whether the author demands that others go on working meanwhile.
    pub fn online(&self) -> Online {
        match self {
            Operation::CreateIndex(operation) => operation.online,
            Operation::DropIndex(operation) => operation.online,
            Operation::RefreshMaterializedView(operation) => operation.online,
            Operation::CreatePrimaryKey(operation) => operation.online,
            Operation::CreateUniqueConstraint(operation) => operation.online,
            _ => Online::No,
        }
    }
}

/// Lists the operations: their type, and the file that declares them.
macro_rules! operations {
    ($($module:ident::$operation:ident),* $(,)?) => {
        $(pub use $module::$operation;)*

        /// Any operation.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Operation {
            $( #[doc = concat!("See [`", stringify!($operation), "`].")] $operation(Box<$operation>), )*
        }

        impl Operation {
            /// Makes the change to the schema.
            ///
            /// # Errors
            ///
            /// The change is not possible at this point of the history.
            pub fn apply(&self, editor: &mut Editor<'_>) -> Result<()> {
                match self { $( Operation::$operation(operation) => operation.apply(editor), )* }
            }

            /// The operation in a few words, such as `alter_column job.status`.
            pub fn title(&self) -> EcoString {
                match self { $( Operation::$operation(operation) => operation.title(), )* }
            }

            /// The name of the operation's type, which its continuations belong to.
            pub fn builder(&self) -> &'static str {
                match self { $( Operation::$operation(_) => stringify!($operation), )* }
            }
        }

        /// Every word of the vocabulary, in the order of the files.
        pub fn words() -> impl Iterator<Item = &'static Word> {
            let operations: &[&'static [Word]] = &[$($module::WORDS),*];
            let values: &[&'static [Word]] = &[CONSTANTS, LIMITS];
            let all: Vec<&'static Word> =
                operations.iter().chain(values).chain(definition::WORDS).flat_map(|words| words.iter()).collect();
            all.into_iter()
        }
    };
}

operations! {
    create_table::CreateTable,
    drop_table::DropTable,
    rename_table::RenameTable,
    set_table_comment::SetTableComment,
    drop_table_comment::DropTableComment,
    set_storage_parameter::SetStorageParameter,
    reset_storage_parameter::ResetStorageParameter,
    add_column::AddColumn,
    drop_column::DropColumn,
    rename_column::RenameColumn,
    alter_column::AlterColumn,
    create_primary_key::CreatePrimaryKey,
    create_unique_constraint::CreateUniqueConstraint,
    create_check_constraint::CreateCheckConstraint,
    create_foreign_key::CreateForeignKey,
    create_exclusion_constraint::CreateExclusionConstraint,
    drop_constraint::DropConstraint,
    drop_primary_key::DropPrimaryKey,
    drop_unique_constraint::DropUniqueConstraint,
    drop_check_constraint::DropCheckConstraint,
    drop_foreign_key::DropForeignKey,
    alter_constraint::AlterConstraint,
    rename_constraint::RenameConstraint,
    validate_constraint::ValidateConstraint,
    create_index::CreateIndex,
    drop_index::DropIndex,
    rename_index::RenameIndex,
    create_partition::CreatePartition,
    drop_partition::DropPartition,
    attach_partition::AttachPartition,
    detach_partition::DetachPartition,
    create_sequence::CreateSequence,
    alter_sequence::AlterSequence,
    drop_sequence::DropSequence,
    create_enum::CreateEnum,
    drop_enum::DropEnum,
    rename_enum::RenameEnum,
    add_enum_value::AddEnumValue,
    rename_enum_value::RenameEnumValue,
    replace_enum_values::ReplaceEnumValues,
    create_domain::CreateDomain,
    alter_domain::AlterDomain,
    drop_domain::DropDomain,
    create_composite_type::CreateCompositeType,
    drop_composite_type::DropCompositeType,
    create_view::CreateView,
    drop_view::DropView,
    create_materialized_view::CreateMaterializedView,
    drop_materialized_view::DropMaterializedView,
    refresh_materialized_view::RefreshMaterializedView,
    create_trigger::CreateTrigger,
    drop_trigger::DropTrigger,
    enable_row_level_security::EnableRowLevelSecurity,
    disable_row_level_security::DisableRowLevelSecurity,
    create_policy::CreatePolicy,
    drop_policy::DropPolicy,
    create_function::CreateFunction,
    drop_function::DropFunction,
    create_procedure::CreateProcedure,
    drop_procedure::DropProcedure,
    create_schema::CreateSchema,
    drop_schema::DropSchema,
    create_extension::CreateExtension,
    drop_extension::DropExtension,
    grant::Grant,
    revoke::Revoke,
    insert::Insert,
    update::Update,
    delete::Delete,
    execute::Execute,
    nothing::Nothing,
    irreversible::Irreversible,
}
