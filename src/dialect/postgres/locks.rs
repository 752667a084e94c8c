//! What a statement does to tables that others are using: the lock that it takes, and the work that it does under it.
//!
//! Everything here was measured. `tests/operations/locks.rs` runs the steps of every case on a server and compares what
//! the server locks, scans and rewrites with what these facts say.

use std::fmt;

/// A lock on a table, the weaker one first. Weaker ones than these are held by every reader and writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Mode::ShareUpdateExclusive => "against changes of the schema (SHARE UPDATE EXCLUSIVE)",
            Mode::Share => "against writes (SHARE)",
            Mode::ShareRowExclusive => "against writes (SHARE ROW EXCLUSIVE)",
            Mode::Exclusive => "against writes (EXCLUSIVE)",
            Mode::AccessExclusive => "against reads and writes (ACCESS EXCLUSIVE)",
        })
    }
}

/// Work that takes the longer the more rows there are, the lesser one first. The greater contains the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    Nothing,
    /// Every row is read.
    Scan,
    /// Every row is read, and an index is written.
    Build,
    /// All is written anew if the author's SQL, or the type, makes the server do so.
    MayRewrite,
    /// Every row is written anew, and every index.
    Rewrite,
}

impl fmt::Display for Work {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Work::Nothing => "",
            Work::Scan => ", scans it",
            Work::Build => ", builds an index",
            Work::MayRewrite => ", rewrites it and its indexes if the default is volatile or the type demands it",
            Work::Rewrite => ", rewrites it and its indexes",
        })
    }
}

/// What a statement does to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of a table, or of a materialized view.
    DropTable,
    /// Of the table itself, of a column or of a constraint.
    Rename,
    AddColumn(Filling),
    DropColumn,
    /// A default, the identity of a column, and the end of what was demanded of it.
    AlterColumn,
    SetNotNull,
    ChangeType,
    /// A change that only has to say that the old values are of the new type.
    Relabel,
    ChangeCollation,
    /// An expression by which the server computes the column.
    Compute,
    AddKey,
    AddCheck,
    AddForeignKey,
    /// The other side of a foreign key that is added.
    GetReferred,
    /// The other side of a foreign key that comes with its table.
    GetReferredByNew,
    /// A check of which the rows that are there know nothing yet.
    AddCheckNotValid,
    /// A foreign key, on both sides, of which the rows that are there know nothing yet.
    AddForeignKeyNotValid,
    Validate,
    /// When a foreign key is checked.
    AlterConstraint,
    /// A primary key or unique constraint whose index is there already.
    AdoptIndex,
    DropConstraint,
    /// The other side of a foreign key that is dropped, alone or with its table.
    LoseReference,
    /// The other side of a foreign key that the server makes again because of a type.
    CheckReferenceAgain,
    /// How rows are stored from now on, and how they are cleaned up.
    SetStorage,
    CreateIndex,
    CreateIndexConcurrently,
    DropIndex,
    DropIndexConcurrently,
    CreateTrigger,
    DropTrigger,
    /// A view that is dropped or becomes another one. Its tables are only read, and not locked against anybody.
    ChangeView,
    /// All rows of a materialized view are written anew.
    Refresh,
    /// The rows of a materialized view are compared with those that it is to have.
    RefreshConcurrently,
    /// A rule of a domain, on every table with a column of it.
    CheckDomain,
    /// Row-level security and policies.
    Secure,
    /// A table of which a new partition is made.
    CreatePartition,
    /// The same, while it has a partition that takes all others, which may have rows of the new one.
    CreatePartitionBesideDefault,
    /// A table that gets a partition that was a table.
    AttachPartition,
    /// A table that becomes a partition, and one that may have rows of it.
    BecomePartition,
    /// A table that loses a partition.
    DetachPartition,
    /// A guard that reads the rows.
    Guard,
    /// The numbers of an identity column, which go on behind the largest one.
    MoveSequence,
}

/// What stands in a new column of the rows that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// The same in every row: NULL, a constant, or the time of the transaction.
    Alike,
    /// A value of its own in each row.
    ByRow,
    /// Only the server knows.
    Unknown,
}

impl Kind {
    /// The lock and the work. They are the same on Postgres 15, 17 and 18, which were measured.
    fn facts(self) -> (Mode, Work) {
        match self {
            Kind::DropTable
            | Kind::Rename
            | Kind::AddColumn(Filling::Alike)
            | Kind::DropColumn
            | Kind::AlterColumn
            | Kind::Relabel
            | Kind::AddCheckNotValid
            | Kind::AdoptIndex
            | Kind::AlterConstraint
            | Kind::DropConstraint
            | Kind::LoseReference
            | Kind::DropIndex
            | Kind::DropTrigger
            | Kind::ChangeView
            | Kind::Secure
            | Kind::CreatePartition
            | Kind::DetachPartition => (Mode::AccessExclusive, Work::Nothing),
            Kind::SetNotNull
            | Kind::AddCheck
            | Kind::CheckReferenceAgain
            | Kind::Guard
            | Kind::CreatePartitionBesideDefault
            | Kind::BecomePartition => (Mode::AccessExclusive, Work::Scan),
            Kind::AddKey | Kind::ChangeCollation => (Mode::AccessExclusive, Work::Build),
            Kind::AddColumn(Filling::Unknown) => (Mode::AccessExclusive, Work::MayRewrite),
            Kind::AddColumn(Filling::ByRow) | Kind::ChangeType | Kind::Compute | Kind::Refresh => {
                (Mode::AccessExclusive, Work::Rewrite)
            }
            Kind::AddForeignKey | Kind::GetReferred => (Mode::ShareRowExclusive, Work::Scan),
            Kind::CreateTrigger | Kind::AddForeignKeyNotValid | Kind::GetReferredByNew | Kind::MoveSequence => {
                (Mode::ShareRowExclusive, Work::Nothing)
            }
            Kind::CheckDomain => (Mode::Share, Work::Scan),
            Kind::RefreshConcurrently => (Mode::Exclusive, Work::Scan),
            Kind::CreateIndex => (Mode::Share, Work::Build),
            Kind::CreateIndexConcurrently => (Mode::ShareUpdateExclusive, Work::Build),
            Kind::Validate => (Mode::ShareUpdateExclusive, Work::Scan),
            Kind::DropIndexConcurrently | Kind::AttachPartition | Kind::SetStorage => {
                (Mode::ShareUpdateExclusive, Work::Nothing)
            }
        }
    }
}

/// A line for each table that others cannot use as before, for those who read the script.
pub fn lines<'t>(effects: impl IntoIterator<Item = (&'t str, Kind)>) -> Vec<String> {
    let mut tables: Vec<(&str, Mode, Work)> = Vec::new();
    for (table, kind) in effects {
        let (mode, work) = kind.facts();
        match tables.iter_mut().find(|(other, ..)| *other == table) {
            Some((_, strongest, all)) => {
                *strongest = mode.max(*strongest);
                *all = work.max(*all);
            }
            None => tables.push((table, mode, work)),
        }
    }
    // The weakest lock stops nobody who reads or writes.
    let felt = |(_, mode, work): &(&str, Mode, Work)| *mode > Mode::ShareUpdateExclusive || *work > Work::Nothing;
    tables.into_iter().filter(felt).map(|(table, mode, work)| format!("locks {table} {mode}{work}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_does_several_things_takes_the_strongest_lock_once() {
        let effects = [("job", Kind::CreateTrigger), ("job", Kind::SetNotNull), ("other", Kind::CreateIndex)];
        assert_eq!(
            lines(effects),
            [
                "locks job against reads and writes (ACCESS EXCLUSIVE), scans it",
                "locks other against writes (SHARE), builds an index"
            ]
        );
    }
}
