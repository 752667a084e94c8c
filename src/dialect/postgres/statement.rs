//! Everything that Offprint says to Postgres: one statement, one template in `templates/postgres/`.
//!
//! The fields are finished SQL: names are quoted and values are literals. `Option` and `Vec` stand for clauses that may
//! be left out.

use std::collections::BTreeSet;
use std::fmt;

use askama::Template;

/// Most statements are shorter, so that their text is never moved while it grows.
const USUAL_LENGTH: usize = 240;

macro_rules! statements {
    ($( $(#[$docs:meta])* $name:ident $path:tt { $( $(#[$field_docs:meta])* $field:ident: $type:ty ),* $(,)? } )*) => {
        $(
            $(#[$docs])*
            #[derive(Debug, Clone, Template)]
            #[template(path = $path, whitespace = "preserve")]
            pub struct $name { $( $(#[$field_docs])* pub $field: $type ),* }

            impl From<$name> for Statement {
                fn from(statement: $name) -> Self { Statement::$name(statement) }
            }
        )*

        /// A statement of Postgres. It displays as SQL with its semicolon.
        #[derive(Debug, Clone)]
        pub enum Statement { $( $(#[$docs])* $name($name), )* }

        impl Statement {
            /// The statement with its semicolon.
            pub fn sql(&self) -> String {
                let mut sql = String::with_capacity(USUAL_LENGTH);
                let written = match self { $( Statement::$name(statement) => statement.render_into(&mut sql), )* };
                // Nothing in a template can fail but the writing, and a String takes everything.
                debug_assert!(written.is_ok());
                sql
            }
        }

        impl fmt::Display for Statement {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $( Statement::$name(statement) => fmt::Display::fmt(statement, formatter), )* }
            }
        }
    };
}

statements! {
    CreateTable "postgres/create_table.sql" {
        table: String,
        /// Columns, then constraints.
        parts: Vec<String>,
        /// `PARTITION BY RANGE ("created_at")`.
        partitioning: Option<String>,
        /// `fillfactor = 70`.
        storage: Option<String>,
    }
    CreatePartition "postgres/create_partition.sql" {
        partition: String,
        table: String,
        /// Columns with the defaults that the partition has of its own.
        defaults: Vec<String>,
        /// `FOR VALUES IN (1)`, or `DEFAULT`.
        bounds: String,
    }
    /// Makes a partition a table of its own, with these names for what the server has named.
    DetachPartition "postgres/detach_partition.sql" {
        tag: String,
        /// A kind, the name in the table and the name in the partition, all as strings.
        names: Vec<String>,
        table: String,
        partition: String,
        schema_text: String,
        table_text: String,
        partition_text: String,
    }
    DropTable "postgres/drop_table.sql" { table: String }
    RenameTable "postgres/rename_table.sql" { table: String, to: String }
    AlterTable "postgres/alter_table.sql" {
        table: String,
        actions: Vec<String>,
    }
    RenameColumn "postgres/rename_column.sql" { table: String, from: String, to: String }
    RenameConstraint "postgres/rename_constraint.sql" { table: String, from: String, to: String }
    CreateIndex "postgres/create_index.sql" {
        index: String,
        unique: &'static str,
        /// `CONCURRENTLY IF NOT EXISTS`, or nothing.
        online: &'static str,
        table: String,
        method: Option<String>,
        parts: Vec<String>,
        include: Option<String>,
        /// `NULLS NOT DISTINCT`, or nothing.
        nulls: &'static str,
        /// `fillfactor = 70`.
        storage: Option<String>,
        filter: Option<String>,
    }
    AlterIndex "postgres/alter_index.sql" { index: String, action: String }
    DropIndex "postgres/drop_index.sql" {
        /// `CONCURRENTLY IF EXISTS`, or nothing.
        online: &'static str,
        index: String,
    }
    /// Drops what a failed build of an index has left behind.
    ClearIndex "postgres/clear_index.sql" {
        tag: String,
        table: String,
        index: String,
        /// The index as a string, for `to_regclass`.
        index_text: String,
    }
    /// Stops unless an index is there that was built outside of the transaction.
    IndexGuard "postgres/index_guard.sql" {
        tag: String,
        table_text: String,
        index_text: String,
        /// `indisunique`, or that it is not so.
        unique: &'static str,
        /// The columns of the index as strings; an expression is an empty one.
        columns: String,
        problem: String,
    }
    /// Adds a constraint unless an earlier run has done it.
    AddConstraintOnce "postgres/add_constraint_once.sql" {
        tag: String,
        table: String,
        table_text: String,
        name_text: String,
        clause: String,
    }
    RenameIndex "postgres/rename_index.sql" { index: String, to: String }
    CreateEnum "postgres/create_enum.sql" { name: String, values: Vec<String> }
    DropEnum "postgres/drop_enum.sql" { name: String }
    RenameEnum "postgres/rename_enum.sql" { name: String, to: String }
    CreateDomain "postgres/create_domain.sql" {
        name: String,
        base: String,
        /// The default, `NOT NULL` and the checks.
        rules: Vec<String>,
    }
    AlterDomain "postgres/alter_domain.sql" { name: String, action: String }
    DropDomain "postgres/drop_domain.sql" { name: String }
    CreateCompositeType "postgres/create_composite_type.sql" { name: String, attributes: Vec<String> }
    AddEnumValue "postgres/add_enum_value.sql" {
        name: String,
        /// `IF NOT EXISTS` where the statement may run again.
        condition: &'static str,
        value: String,
        /// `BEFORE 'x'`, `AFTER 'x'`, or nothing for the end of the list.
        position: Option<String>,
    }
    RenameEnumValue "postgres/rename_enum_value.sql" { name: String, from: String, to: String }
    CommentOn "postgres/comment_on.sql" {
        /// `TABLE "public"."job"`.
        object: String,
        /// A text, or `NULL`.
        comment: String,
    }
    CreateView "postgres/create_view.sql" {
        /// `CREATE`, or `CREATE OR REPLACE`.
        verb: &'static str,
        view: String,
        /// `security_invoker = true`.
        options: Option<&'static str>,
        query: String,
    }
    DropView "postgres/drop_view.sql" { view: String }
    AlterView "postgres/alter_view.sql" { view: String, action: &'static str }
    CreateMaterializedView "postgres/create_materialized_view.sql" {
        view: String,
        query: String,
        /// `WITH NO DATA`.
        filling: Option<&'static str>,
    }
    DropMaterializedView "postgres/drop_materialized_view.sql" { view: String }
    RefreshMaterializedView "postgres/refresh_materialized_view.sql" {
        /// `CONCURRENTLY `, or nothing.
        online: &'static str,
        view: String,
        /// `WITH NO DATA`.
        filling: Option<&'static str>,
    }
    CreateTrigger "postgres/create_trigger.sql" { trigger: String, definition: String }
    DropTrigger "postgres/drop_trigger.sql" { trigger: String, table: String }
    CreatePolicy "postgres/create_policy.sql" {
        policy: String,
        table: String,
        /// `RESTRICTIVE`; the server assumes that a policy is permissive.
        combination: Option<&'static str>,
        command: &'static str,
        roles: String,
        using: Option<String>,
        with_check: Option<String>,
    }
    DropPolicy "postgres/drop_policy.sql" { policy: String, table: String }
    CreateRoutine "postgres/create_routine.sql" {
        /// `CREATE`, or `CREATE OR REPLACE`.
        verb: &'static str,
        /// `FUNCTION` or `PROCEDURE`.
        kind: &'static str,
        routine: String,
        arguments: String,
        /// Everything between the arguments and the body, one option for each line.
        options: Vec<String>,
        /// With the words around it.
        body: String,
    }
    DropRoutine "postgres/drop_routine.sql" { kind: &'static str, routine: String }
    CreateSchema "postgres/create_schema.sql" { schema: String }
    DropSchema "postgres/drop_schema.sql" { schema: String }
    CreateExtension "postgres/create_extension.sql" { extension: String, schema: String, version: Option<String> }
    DropExtension "postgres/drop_extension.sql" { extension: String }
    Grant "postgres/grant.sql" {
        /// With their columns, and commas.
        privileges: String,
        /// `TABLE "public"."job"`.
        object: String,
        role: String,
        /// ` WITH GRANT OPTION`, or nothing.
        option: &'static str,
    }
    Revoke "postgres/revoke.sql" {
        /// `GRANT OPTION FOR `, or nothing.
        option: &'static str,
        privileges: String,
        object: String,
        role: String,
    }
    CreateSequence "postgres/create_sequence.sql" {
        sequence: String,
        number_type: &'static str,
        /// One for each line.
        options: Vec<String>,
    }
    AlterSequence "postgres/alter_sequence.sql" { sequence: String, options: Vec<String> }
    DropSequence "postgres/drop_sequence.sql" { sequence: String }
    Insert "postgres/insert.sql" {
        table: String,
        columns: String,
        /// ` OVERRIDING SYSTEM VALUE`, or nothing.
        overriding: &'static str,
        rows: Vec<String>,
    }
    Update "postgres/update.sql" { table: String, assignments: Vec<String>, filter: Option<String> }
    Delete "postgres/delete.sql" { table: String, filter: Option<String> }
    DeleteByKeys "postgres/delete_by_keys.sql" { table: String, columns: String, keys: Vec<String> }
    /// Lets the numbers of an identity column go on behind the largest one in the table.
    MoveSequence "postgres/move_sequence.sql" {
        tag: String,
        table: String,
        /// The table as a string, to ask whether its rows can be seen.
        table_text: String,
        column: String,
        /// The call that finds the sequence of the column.
        sequence: String,
    }
    /// SQL of the author with its semicolon.
    Execute "postgres/execute.sql" { sql: String }
    /// Remembers what objects have that the schema does not know, as the commands that would give it to them again.
    Remember "postgres/remember.sql" {
        tag: String,
        /// Pairs of a kind and an array of names.
        things: Vec<String>,
        /// The kinds among them.
        kinds: BTreeSet<&'static str>,
        /// The materialized views among them as strings, each behind those that it reads.
        materialized: String,
        /// The columns of a view that becomes another one and lacks them, as strings.
        lost: Option<String>,
        /// The options of a view that becomes another one whose definition decides on them, as strings.
        decided: Option<&'static str>,
    }
    /// Gives new objects what the old ones had.
    GiveBack "postgres/give_back.sql" {
        tag: String,
        /// The views among them as strings, if there are any.
        views: Option<String>,
    }
    /// Stops where rows have a value that the change would lose.
    RowsGuard "postgres/rows_guard.sql" {
        tag: String,
        table: String,
        /// The table as a string, to ask whether its rows can be seen.
        table_text: String,
        /// The value to show.
        value: String,
        /// Which rows are wrong.
        condition: String,
        /// What is wrong, up to the number of rows; a string.
        problem: String,
    }
    /// Stops where there are rows that the change has no value for.
    CountGuard "postgres/count_guard.sql" {
        tag: String,
        table: String,
        /// The table as a string, to ask whether its rows can be seen.
        table_text: String,
        condition: Option<String>,
        /// The words in front of the number of rows; a string.
        before: String,
        /// The words behind it; a string.
        after: String,
    }
    /// Stops where the database is at another place of the history.
    HistoryGuard "postgres/history_guard.sql" {
        tag: String,
        table: String,
        /// The table as a string, for `to_regclass`.
        table_text: String,
        /// The conditions of which none may be true.
        conditions: Vec<String>,
        /// The words in front of what was found; a string.
        problem: String,
        /// What is said where the history table is missing; a string. None where it was just created.
        missing: Option<String>,
    }
    /// Stops where objects exist that are to be created.
    ObjectsGuard "postgres/objects_guard.sql" {
        tag: String,
        /// The schema as a string.
        schema: String,
        /// Pairs of kind and name.
        objects: Vec<String>,
        /// The words in front of what was found; a string.
        before: String,
        /// The words behind it; a string.
        after: String,
    }
    CreateHistoryTable "postgres/create_history_table.sql" { table: String, primary_key: String }
    DeleteHistory "postgres/delete_history.sql" { table: String, revisions: String }
    InsertHistory "postgres/insert_history.sql" { table: String, revisions: Vec<String> }
    /// Records a revision unless one that implies it is there.
    InsertHistoryUnlessImplied "postgres/insert_history_unless_implied.sql" {
        table: String,
        revision: String,
        implied_by: String,
    }
}
