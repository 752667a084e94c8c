//! From a valid history to sections: what each revision means for each target.

mod files;
mod script;

use std::borrow::Cow;

use ecow::EcoString;

use crate::applier::{HistoryKeeper, Target};
use crate::artifact::Section;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::{self, Delivery, HistoryDirection, HistoryStep, Relative, Request, Settings};
use crate::history::{Direction, History, RevisionIndex, UpgradeGuard};
use crate::replay::{Downgrade, Replay, Replayed};
use crate::revision::Revision;
use crate::schema::{Dialect, Transition};
use crate::source::joined;

pub use files::{File, Selection};
pub use script::Script;

/// What sections are made of.
#[derive(Debug, Clone, Copy)]
pub struct Compiler<'a> {
    pub history: &'a History,
    /// The revisions, in the order of the history's indices.
    pub revisions: &'a [Revision],
    pub naming: &'a crate::schema::naming::NamingConvention,
    pub settings: &'a Settings,
}

impl<'a> Compiler<'a> {
    /// Replays the whole history for one dialect and hands every revision to `visit`.
    ///
    /// # Errors
    ///
    /// The mistakes of the revisions and those that `visit` finds.
    pub fn replay(
        &self,
        dialect: Dialect,
        visit: impl FnMut(Replayed) -> Result<(), Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        self.replay_of(dialect).run(visit)
    }

    fn replay_of(&self, dialect: Dialect) -> Replay<'a> {
        let Compiler { history, revisions, naming, settings } = *self;
        Replay { history, revisions, dialect, naming, home: &settings.postgres_schema }
    }

    /// The section of a revision for a target; `None` for a way back that the author says does not exist.
    ///
    /// # Errors
    ///
    /// The dialect cannot make a change exactly.
    pub fn section(
        &self,
        target: &Target,
        replayed: &Replayed,
        direction: Direction,
    ) -> Result<Option<Section<'a>>, Vec<Diagnostic>> {
        let (before, after, transitions) = match direction {
            Direction::Up => (&replayed.before, &replayed.after, Cow::Borrowed(replayed.upgrade.as_slice())),
            Direction::Down => match replayed.way_back()? {
                Some(transitions) => (&replayed.after, &replayed.before, transitions),
                None => return Ok(None),
            },
        };
        let transitions = transitions.as_ref();
        let dialect = target.applier.dialect();
        let step = self.history_step(replayed.revision, direction);
        let history = match target.applier.history_keeper() {
            HistoryKeeper::Offprint => Some(&step),
            HistoryKeeper::Applier => None,
        };
        let delivery = target.delivery;
        let timeouts = target.timeouts.or(&self.settings.timeouts);
        let settings = match timeouts == self.settings.timeouts {
            true => Cow::Borrowed(self.settings),
            false => Cow::Owned(Settings { timeouts, ..self.settings.clone() }),
        };
        let request = Request { before, transitions, after, history, settings: &settings, delivery };
        let plan = dialect::plan(dialect, &request)?;
        let irreversible = match &replayed.downgrade {
            Downgrade::Irreversible(reason) => Some(reason.value.clone()),
            Downgrade::Written(_) | Downgrade::Derived => None,
        };
        let gone = match direction {
            Direction::Up => Vec::new(),
            Direction::Down => losses(&replayed.upgrade),
        };
        let section = Section {
            revision: &self.revisions[replayed.revision.index()],
            direction,
            requirements: self.requirements(dialect, delivery),
            losses: losses(transitions),
            gone,
            irreversible,
            plan,
            from: step.from,
            to: step.to,
        };
        target.check(&section).map_err(|diagnostic| vec![diagnostic])?;
        Ok(Some(section))
    }

    /// The mistake of asking for a way back that the author says does not exist.
    pub fn irreversible(&self, replayed: &Replayed) -> Option<Diagnostic> {
        let Downgrade::Irreversible(reason) = &replayed.downgrade else { return None };
        let id = self.history.id(replayed.revision);
        Some(
            Diagnostic::new(Code::NoDowngrade, format!("revision {id} has no way back: {reason}"))
                .at(reason.origin, "the author says so")
                .help("choose a range that does not go down over it"),
        )
    }

    fn requirements(&self, dialect: Dialect, delivery: Delivery) -> EcoString {
        let transaction = match delivery {
            Delivery::Own { .. } => "opens its own transaction",
            Delivery::Wrapped => "runs in the transaction of the applier",
            Delivery::Hosted => "runs as one transaction of the service",
        };
        match dialect {
            Dialect::Postgres => {
                let version = self.settings.postgres_version.to_string();
                joined(&["Postgres ", &version, " or later; ", transaction])
            }
            Dialect::Sqlite => {
                let (major, minor) = self.settings.sqlite_version;
                joined(&["SQLite ", &major.to_string(), ".", &minor.to_string(), " or later; ", transaction])
            }
        }
    }

    /// What the history table must hold before, and what it holds after.
    fn history_step(&self, revision: RevisionIndex, direction: Direction) -> HistoryStep {
        let ids = |list: &[RevisionIndex]| list.iter().map(|&index| self.history.id(index).clone()).collect();
        let id = self.history.id(revision).clone();
        let predecessors = self.history.predecessors(revision);
        let below = match predecessors {
            [] => "base".into(),
            several => {
                let names: Vec<&str> = several.iter().map(|&index| self.history.id(index).as_str()).collect();
                EcoString::from(names.join(", "))
            }
        };
        let (from, to, direction) = match direction {
            Direction::Up => {
                let direction = match self.history.upgrade_guard(revision) {
                    UpgradeGuard::Root { only } => HistoryDirection::UpFromBase { allowed: ids(&only) },
                    UpgradeGuard::Successor { one_of_each, none_of } => {
                        let relative = |(&before, rows): (&RevisionIndex, &Vec<RevisionIndex>)| Relative {
                            id: self.history.id(before).clone(),
                            implied_by: ids(&rows.iter().copied().filter(|&row| row != before).collect::<Vec<_>>()),
                        };
                        HistoryDirection::Up {
                            predecessors: predecessors.iter().zip(&one_of_each).map(relative).collect(),
                            absent: ids(&none_of),
                        }
                    }
                };
                (below, id.clone(), direction)
            }
            Direction::Down => {
                let restored = self.history.restored_rows(revision).into_iter().map(|row| Relative {
                    id: self.history.id(row.revision).clone(),
                    implied_by: ids(&row.implied_by),
                });
                (id.clone(), below, HistoryDirection::Down { predecessors: restored.collect() })
            }
        };
        HistoryStep { from, to, revision: id, direction }
    }
}

/// What the changes throw away.
fn losses(transitions: &[Transition]) -> Vec<String> {
    let mut losses: Vec<String> = Vec::new();
    for loss in transitions.iter().filter_map(|transition| transition.change.loss()) {
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    losses
}
