//! The schema before a revision: its parent's, or that of several predecessors put together.

use std::collections::{BTreeSet, HashMap};

use ecow::EcoString;

use super::{Replay, Replayed};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::history::{History, RevisionIndex};
use crate::schema::{Schema, Transition};

/// The schemas after the revisions that others still build on.
#[derive(Debug)]
pub struct States {
    after: HashMap<RevisionIndex, Kept>,
    /// What each revision touched; kept only in histories with merges, which compare their sides.
    touched: Option<HashMap<RevisionIndex, Touched>>,
}

/// The objects that a revision touched.
#[derive(Debug, Default)]
struct Touched {
    written: BTreeSet<EcoString>,
    relied_on: BTreeSet<EcoString>,
}

impl Touched {
    /// What a change says of itself, and what else has become of the schema: a rename goes on in views, triggers and other
    /// tables.
    fn by(replayed: &Replayed) -> Self {
        let mut touched = Touched::default();
        for Transition { before, change, after, .. } in &replayed.upgrade {
            let schemas = [before, after];
            let named = |names: Vec<EcoString>| names.into_iter().flat_map(move |name| objects_named(schemas, name));
            touched.written.extend(named(change.written()));
            touched.written.extend(before.changed_names(after));
            touched.relied_on.extend(named(change.relied_on()));
        }
        touched
    }

    /// An object that one of both changes while the other changes it or relies on it.
    fn conflict(&self, other: &Touched) -> Option<&EcoString> {
        let written = self.written.iter().find(|name| other.written.contains(*name) || other.relied_on.contains(*name));
        written.or_else(|| self.relied_on.iter().find(|name| other.written.contains(*name)))
    }
}

/// The objects that a word may name, as the schemas write them. SQL says any words, in any case.
fn objects_named(schemas: [&Schema; 2], word: EcoString) -> impl Iterator<Item = EcoString> {
    schemas.into_iter().flat_map(move |schema| {
        let occupant = schema.occupant(&word).map(|occupant| occupant.name.clone());
        let other = schema.trigger(&word).is_some() || schema.object(&word).is_some();
        occupant.into_iter().chain(other.then(|| word.clone()))
    })
}

#[derive(Debug)]
enum Kept {
    State {
        schema: Schema,
        users_left: usize,
    },
    /// The revision, or one that it builds on, has a mistake.
    Failed,
}

impl States {
    pub fn new(history: &History) -> Self {
        let has_merges = history.order().iter().any(|&index| history.predecessors(index).len() > 1);
        States { after: HashMap::new(), touched: has_merges.then(HashMap::new) }
    }

    /// The schema before a revision, or `None` when one that it builds on has a mistake.
    ///
    /// # Errors
    ///
    /// The sides of a merge touch the same object.
    pub fn before(&mut self, replay: &Replay<'_>, index: RevisionIndex) -> Result<Option<Schema>, Vec<Diagnostic>> {
        let predecessors = replay.history.predecessors(index);
        let Some((&first, others)) = predecessors.split_first() else {
            return Ok(Some(Schema::named(replay.home.clone())));
        };
        let Some(mut schema) = self.take(first) else {
            others.iter().for_each(|&other| drop(self.take(other)));
            return Ok(None);
        };
        let mut conflicts = Vec::new();
        let mut merged = vec![first];
        let mut failed = false;
        for &other in others {
            let Some(state) = self.take(other) else {
                failed = true;
                continue;
            };
            for &one in &merged {
                conflicts.extend(self.conflict(replay, index, one, other));
            }
            let (_, theirs) = replay.history.merge_sides(first, other);
            let written = theirs.iter().filter_map(|&side| self.touched_by(side)).flat_map(|touched| &touched.written);
            let names: BTreeSet<EcoString> = written.cloned().collect();
            schema.adopt(&state, names.iter());
            merged.push(other);
        }
        match (conflicts.is_empty(), failed) {
            (false, _) => Err(conflicts),
            (true, true) => Ok(None),
            (true, false) => Ok(Some(schema)),
        }
    }

    fn touched_by(&self, index: RevisionIndex) -> Option<&Touched> {
        self.touched.as_ref().and_then(|touched| touched.get(&index))
    }

    /// The mistake of a merge whose sides touch the same object.
    fn conflict(
        &self,
        replay: &Replay<'_>,
        merge: RevisionIndex,
        one: RevisionIndex,
        other: RevisionIndex,
    ) -> Option<Diagnostic> {
        let (ours, theirs) = replay.history.merge_sides(one, other);
        let (name, left, right) = theirs.iter().find_map(|&right| {
            let touched = self.touched_by(right)?;
            ours.iter().find_map(|&left| Some((touched.conflict(self.touched_by(left)?)?, left, right)))
        })?;
        let id = |index: RevisionIndex| replay.history.id(index);
        let revision = &replay.revisions[merge.index()];
        let place = revision.parents.iter().chain(&revision.depends_on).find(|parent| parent.value == *id(other));
        let message = format!("the sides of the merge {} both touch `{name}`", revision.id);
        Some(
            Diagnostic::new(Code::MergeConflict, message)
                .at(place.unwrap_or(&revision.id).origin, format!("{} touches `{name}`", id(right)))
                .note(format!("{} on the other side touches it too, so their order would matter", id(left)))
                .help(format!("put one after the other: let the first revision of one side revise {}", id(one))),
        )
    }

    /// Keeps the schema after a revision while others build on it.
    pub fn keep(&mut self, history: &History, index: RevisionIndex, replayed: &Replayed) {
        if let Some(touched) = &mut self.touched {
            touched.insert(index, Touched::by(replayed));
        }
        let users_left = history.successors(index).len();
        if users_left > 0 {
            self.after.insert(index, Kept::State { schema: replayed.after.clone(), users_left });
        }
    }

    /// Remembers that a revision cannot be built on.
    pub fn fail(&mut self, index: RevisionIndex) {
        self.after.insert(index, Kept::Failed);
    }

    fn take(&mut self, index: RevisionIndex) -> Option<Schema> {
        match self.after.get_mut(&index)? {
            Kept::Failed => None,
            Kept::State { schema, users_left } if *users_left > 1 => {
                *users_left -= 1;
                Some(schema.clone())
            }
            Kept::State { .. } => match self.after.remove(&index) {
                Some(Kept::State { schema, .. }) => Some(schema),
                Some(Kept::Failed) | None => None,
            },
        }
    }
}
