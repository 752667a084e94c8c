//! What runs the SQL, and what it demands of the files. One applier, one file.

mod psql;
mod sqlite3;
mod supabase;

use ecow::EcoString;

use crate::artifact::{Artifact, Section};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{Delivery, ForeignKeys, Timeouts};
use crate::plan::Segment;
use crate::schema::Dialect;

/// A place that SQL is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub name: EcoString,
    pub applier: Applier,
    /// The folder for its files, relative to the project, with forward slashes.
    pub folder: EcoString,
    /// Who opens the transactions: one of [`Applier::deliveries`].
    pub delivery: Delivery,
    /// How long its scripts wait, where that is not as in the rest of the project.
    pub timeouts: Timeouts,
}

/// A program that runs SQL files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applier {
    Psql,
    Sqlite3,
    Supabase,
}

/// Who keeps the table that says which revisions are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryKeeper {
    /// Offprint: guards and rows are part of the script.
    Offprint,
    /// The applier: the script has no guard on the history and no row of ours.
    Applier,
}

/// The directions that an applier can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directions {
    UpAndDown,
    ForwardOnly,
}

impl Applier {
    /// Every applier, in the order in which they are named to users.
    pub const ALL: [Applier; 3] = [Applier::Psql, Applier::Sqlite3, Applier::Supabase];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Applier::Psql => psql::NAME,
            Applier::Sqlite3 => sqlite3::NAME,
            Applier::Supabase => supabase::NAME,
        }
    }

    /// The dialect of the database behind it.
    pub fn dialect(self) -> Dialect {
        match self {
            Applier::Psql | Applier::Supabase => Dialect::Postgres,
            Applier::Sqlite3 => Dialect::Sqlite,
        }
    }

    /// Who keeps the history.
    pub fn history_keeper(self) -> HistoryKeeper {
        match self {
            Applier::Psql | Applier::Sqlite3 => HistoryKeeper::Offprint,
            Applier::Supabase => HistoryKeeper::Applier,
        }
    }

    /// Who can open the transactions, what holds unless the target says otherwise first.
    pub fn deliveries(self) -> &'static [Delivery] {
        const OWN: Delivery = Delivery::Own { foreign_keys: ForeignKeys::Off };
        match self {
            Applier::Psql => &[OWN, Delivery::Wrapped],
            Applier::Sqlite3 => &[OWN, Delivery::Wrapped, Delivery::Hosted],
            Applier::Supabase => &[Delivery::Wrapped],
        }
    }

    /// The directions for which it has files.
    pub fn directions(self) -> Directions {
        match self {
            Applier::Psql | Applier::Sqlite3 => Directions::UpAndDown,
            Applier::Supabase => Directions::ForwardOnly,
        }
    }
}

impl Target {
    /// The segments of a section that go into one file each.
    pub fn units<'s>(&self, section: &'s Section<'_>) -> Vec<&'s [Segment]> {
        let segments = section.plan.segments.as_slice();
        match self.applier {
            Applier::Psql | Applier::Sqlite3 => vec![segments],
            Applier::Supabase => segments.chunks(1).collect(),
        }
    }

    /// Whether the applier can run a section as it is told to.
    ///
    /// # Errors
    ///
    /// The section needs more transactions than the one that the applier opens around its file.
    pub fn check(&self, section: &Section<'_>) -> Result<(), Diagnostic> {
        let count = section.plan.segments.len();
        let one_file = self.units(section).len() == 1;
        if matches!(self.delivery, Delivery::Own { .. }) || !one_file || count == 1 {
            return Ok(());
        }
        let id = &section.revision.id;
        let message = format!("{id} needs {count} transactions, and the target `{}` wraps a file in one", self.name);
        Err(Diagnostic::new(Code::ApplierLimit, message)
            .at(id.origin, "this revision")
            .help("split the revision, or let the script open its transactions: `delivery = \"own\"`"))
    }

    /// The files of one section, in the order of [`Target::units`].
    ///
    /// # Errors
    ///
    /// The applier's rules for file names do not fit the revision.
    pub fn artifacts(&self, section: &Section<'_>) -> Result<Vec<Artifact>, Diagnostic> {
        match self.applier {
            Applier::Psql => Ok(psql::artifacts(self, section)),
            Applier::Sqlite3 => Ok(sqlite3::artifacts(self, section)),
            Applier::Supabase => supabase::artifacts(self, section),
        }
    }

    /// The rules that span several revisions, such as names that have to increase.
    pub fn file_order(&self) -> FileOrder {
        match self.applier {
            Applier::Psql | Applier::Sqlite3 => FileOrder::Free,
            Applier::Supabase => FileOrder::Versions(supabase::Versions::default()),
        }
    }
}

/// What the files of one revision demand of those of others.
#[derive(Debug)]
pub enum FileOrder {
    /// Nothing.
    Free,
    /// They have numbers that increase from parent to child.
    Versions(supabase::Versions),
}

impl FileOrder {
    /// Whether every section must be added for the rules to be held.
    pub fn matters(&self) -> bool {
        matches!(self, FileOrder::Versions(_))
    }

    /// Adds a section, after those of all ancestors of its revision.
    ///
    /// # Errors
    ///
    /// The section breaks a rule.
    pub fn add(&mut self, section: &Section<'_>) -> Result<(), Diagnostic> {
        match self {
            FileOrder::Free => Ok(()),
            FileOrder::Versions(versions) => versions.add(section),
        }
    }
}
