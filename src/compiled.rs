//! Revisions that rustc has compiled: for teams that link theirs into a program of their own, and for editors.
//!
//! ```text
//! offprint::revisions! {
//!     init = "../revisions/001_job_ledger_init.rs",
//!     hardening = "../revisions/20260131_120000_hardening.rs",
//! }
//! ```
//!
//! makes each file a module, so that rust-analyzer helps in it, and a function `revisions()` that records them all.
//! The result equals what Offprint reads from the same files, docs and places aside.

use ecow::EcoString;

use crate::operation::{Op, Recorded};
use crate::revision::Revision;
use crate::source::{Name, Origin};

/// Makes modules of the files of revisions, and a function `revisions()` that records them.
///
/// Paths are relative to the file that calls the macro, as those of `#[path]` are.
#[macro_export]
macro_rules! revisions {
    ($($module:ident = $path:literal),* $(,)?) => {
        $(
            #[path = $path]
            pub mod $module;
        )*

        /// The revisions, as their functions record them.
        #[allow(unused_imports)]
        pub fn revisions() -> Vec<$crate::revision::Revision> {
            vec![$({
                // What a revision leaves out is found here, in the outer block, and what it has, in the inner one.
                use $crate::compiled::defaults::*;
                {
                    use self::$module::*;
                    $crate::compiled::record($path, REVISION, REVISES, BRANCH_LABELS, DEPENDS_ON, upgrade, downgrade)
                }
            }),*]
        }
    };
}

/// The items that a revision may leave out.
#[doc(hidden)]
pub mod defaults {
    pub const BRANCH_LABELS: &[&str] = &[];
    pub const DEPENDS_ON: &[&str] = &[];
    #[allow(non_upper_case_globals)]
    pub const downgrade: super::Absent = super::Absent;
}

/// In place of a function that a revision leaves out.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Absent;

/// A `downgrade` that may be absent.
#[doc(hidden)]
pub trait MaybeDowngrade {
    fn record(self) -> Option<Vec<Recorded>>;
}

impl MaybeDowngrade for Absent {
    fn record(self) -> Option<Vec<Recorded>> {
        None
    }
}

impl<F: FnOnce(&mut Op)> MaybeDowngrade for F {
    fn record(self) -> Option<Vec<Recorded>> {
        Some(operations(self))
    }
}

fn operations(direction: impl FnOnce(&mut Op)) -> Vec<Recorded> {
    let mut op = Op::default();
    direction(&mut op);
    op.into_recorded()
}

/// Records one revision.
#[doc(hidden)]
pub fn record(
    path: &str,
    id: &str,
    parents: &[&str],
    labels: &[&str],
    depends_on: &[&str],
    upgrade: impl FnOnce(&mut Op),
    downgrade: impl MaybeDowngrade,
) -> Revision {
    let name = |text: &str| Name::new(text.into(), Origin::Unknown);
    let names = |list: &[&str]| list.iter().map(|text| name(text)).collect();
    let file = path.rsplit('/').next().unwrap_or(path);
    Revision {
        id: name(id),
        parents: names(parents),
        labels: names(labels),
        depends_on: names(depends_on),
        message: EcoString::new(),
        documentation: EcoString::new(),
        stem: file.strip_suffix(".rs").unwrap_or(file).into(),
        upgrade: operations(upgrade),
        downgrade: downgrade.record(),
    }
}
