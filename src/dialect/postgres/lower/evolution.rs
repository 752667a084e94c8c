//! How the enums of a revision come to their values.
//!
//! Postgres refuses to use a value in the transaction that adds it. So a value that is added to a new enum is folded
//! into its creation, and a value that is added to an old enum is committed ahead of the rest of the revision, if there
//! is a rest that could use it.

use std::collections::BTreeMap;

use ecow::EcoString;

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Change, Conversion, Emission, Transition};

/// Where the values go that a change of an enum adds.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// The type is created here, or created anew, with these values; `folded` says whether later changes add some.
    Created { values: Vec<EcoString>, folded: bool },
    /// The values are in the list with which the type is created.
    Folded,
    /// The values are added where the change stands; nothing after it could use them.
    InPlace(Vec<Addition>),
    /// The values are added and committed before the rest of the revision.
    Ahead(Vec<Addition>),
}

/// A value that goes into an enum that has values already.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// The name of the enum at the time when the value is added.
    pub enumeration: EcoString,
    pub value: EcoString,
    pub place: Place,
}

/// Where in the list a value goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Last,
    Before(EcoString),
    After(EcoString),
}

/// The decisions on all changes of enums in a revision, by the position of the change.
#[derive(Debug, Default)]
pub struct Evolution {
    decisions: BTreeMap<usize, Decision>,
}

impl Evolution {
    /// Decides on the changes of a revision.
    ///
    /// # Errors
    ///
    /// A value would have to be added to a name that another change of the revision has yet to free.
    pub fn of(transitions: &[Transition]) -> Result<Self, Vec<Diagnostic>> {
        let mut tracker = Tracker::default();
        let mut diagnostics = Vec::new();
        for (index, transition) in transitions.iter().enumerate() {
            diagnostics.extend(tracker.follow(index, transition).err().map(|diagnostic| *diagnostic));
        }
        if diagnostics.is_empty() { Ok(tracker.finish(transitions)) } else { Err(diagnostics) }
    }

    /// The decision on the change at this position; none where it does not change an enum.
    pub fn decision(&self, index: usize) -> Option<&Decision> {
        self.decisions.get(&index)
    }
}

/// The values that make `to` of `from` by being added one after the other; none if values go away or change places.
fn additions(from: &[EcoString], to: &[EcoString]) -> Option<Vec<(usize, EcoString)>> {
    let kept: Vec<&EcoString> = to.iter().filter(|value| from.contains(value)).collect();
    if kept.len() != from.len() || !kept.into_iter().eq(from) {
        return None;
    }
    Some(
        to.iter()
            .enumerate()
            .filter(|(_, value)| !from.contains(value))
            .map(|(at, value)| (at, value.clone()))
            .collect(),
    )
}

/// The values that a change adds and does nothing else.
fn added_values(change: &Change) -> Option<Vec<(usize, EcoString)>> {
    match change {
        Change::AddEnumValue { from, to, .. } => additions(from, to),
        Change::ReplaceEnumValues { from, to, conversion: Conversion { using: None, map, .. }, .. }
            if map.is_empty() =>
        {
            additions(from, to)
        }
        _ => None,
    }
}

/// A value of an enum: its name where the enum begins in this revision, and its name now.
#[derive(Debug, Clone)]
struct Label {
    original: EcoString,
    current: EcoString,
}

/// An enum on its way through the revision.
#[derive(Debug)]
struct Lineage {
    begin: Begin,
    labels: Vec<Label>,
}

#[derive(Debug, Clone)]
enum Begin {
    /// This change creates it, or creates it anew.
    Created(usize),
    /// It exists before the revision, under this name.
    Existed(EcoString),
}

#[derive(Debug, Default)]
struct Tracker {
    lineages: BTreeMap<EcoString, Lineage>,
    decisions: BTreeMap<usize, Decision>,
    /// Additions to enums that existed before the revision, as they read ahead of it and where they stand.
    pending: BTreeMap<usize, (Vec<Addition>, Vec<Addition>)>,
}

impl Tracker {
    fn follow(&mut self, index: usize, transition: &Transition) -> Result<(), Box<Diagnostic>> {
        match &transition.change {
            Change::CreateEnum(enumeration) => {
                self.create(index, &enumeration.name, &enumeration.values);
            }
            Change::RenameEnum { from, to } => {
                self.meet(from, transition);
                if let Some(lineage) = self.lineages.remove(from) {
                    self.lineages.insert(to.clone(), lineage);
                }
            }
            Change::DropEnum(enumeration) => {
                self.lineages.remove(&enumeration.name);
            }
            Change::RenameEnumValue { name, from, to } => {
                let lineage = self.meet(name, transition);
                for label in lineage.labels.iter_mut().filter(|label| label.current == *from) {
                    label.current = to.clone();
                }
            }
            change @ (Change::AddEnumValue { name, to, .. } | Change::ReplaceEnumValues { name, to, .. }) => {
                match added_values(change) {
                    Some(added) => self.add(index, name, added, transition)?,
                    None => self.create(index, name, to),
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn create(&mut self, index: usize, name: &EcoString, values: &[EcoString]) {
        let labels = values.iter().map(|value| Label { original: value.clone(), current: value.clone() }).collect();
        self.lineages.insert(name.clone(), Lineage { begin: Begin::Created(index), labels });
        self.decisions.insert(index, Decision::Created { values: values.to_vec(), folded: false });
    }

    /// The enum of this name, which exists before the revision if it was not met yet.
    fn meet(&mut self, name: &EcoString, transition: &Transition) -> &mut Lineage {
        self.lineages.entry(name.clone()).or_insert_with(|| {
            let values = transition.before.enumeration(name).map(|found| found.values.clone()).unwrap_or_default();
            let labels = values.iter().map(|value| Label { original: value.clone(), current: value.clone() }).collect();
            Lineage { begin: Begin::Existed(name.clone()), labels }
        })
    }

    fn add(
        &mut self,
        index: usize,
        name: &EcoString,
        added: Vec<(usize, EcoString)>,
        transition: &Transition,
    ) -> Result<(), Box<Diagnostic>> {
        let lineage = self.meet(name, transition);
        let mut ahead = Vec::new();
        let mut in_place = Vec::new();
        for (at, value) in added {
            if lineage.labels.iter().any(|label| label.original == value) {
                return Err(taken(name, &value, &transition.cause));
            }
            let addition = |enumeration: &EcoString, label: fn(&Label) -> &EcoString| Addition {
                enumeration: enumeration.clone(),
                value: value.clone(),
                place: match at.checked_sub(1) {
                    _ if at == lineage.labels.len() => Place::Last,
                    Some(previous) => Place::After(label(&lineage.labels[previous]).clone()),
                    None => Place::Before(label(&lineage.labels[at]).clone()),
                },
            };
            if let Begin::Existed(original_name) = &lineage.begin {
                ahead.push(addition(original_name, |label| &label.original));
                in_place.push(addition(name, |label| &label.current));
            }
            lineage.labels.insert(at, Label { original: value.clone(), current: value.clone() });
        }
        match lineage.begin.clone() {
            Begin::Created(begin) => {
                let values = lineage.labels.iter().map(|label| label.original.clone()).collect();
                self.decisions.insert(begin, Decision::Created { values, folded: true });
                self.decisions.insert(index, Decision::Folded);
            }
            Begin::Existed(_) => {
                self.pending.insert(index, (ahead, in_place));
            }
        }
        Ok(())
    }

    fn finish(mut self, transitions: &[Transition]) -> Evolution {
        let first = self.pending.keys().next().copied().unwrap_or(transitions.len());
        let followed = transitions.iter().enumerate().skip(first).any(|(index, transition)| {
            transition.cause.emission == Emission::Emitted && !self.pending.contains_key(&index)
        });
        for (index, (ahead, in_place)) in self.pending {
            let decision = if followed { Decision::Ahead(ahead) } else { Decision::InPlace(in_place) };
            self.decisions.insert(index, decision);
        }
        Evolution { decisions: self.decisions }
    }
}

fn taken(name: &str, value: &str, cause: &Cause) -> Box<Diagnostic> {
    let message = format!("enum `{name}` has another value of the name `{value}` at the start of the revision");
    Box::new(
        Diagnostic::new(Code::NotYet, message)
            .at(cause.origin, "adds the value again")
            .note("a value is added before the changes that use it, and so before the other one is renamed")
            .help("rename the other value in a revision of its own, before this one"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: &str) -> Vec<EcoString> {
        values.split_whitespace().map(EcoString::from).collect()
    }

    #[test]
    fn additions_keep_the_order_of_what_is_there() {
        assert_eq!(additions(&list("a c"), &list("a b c d")), Some(vec![(1, "b".into()), (3, "d".into())]));
        assert_eq!(additions(&list("a b"), &list("b a")), None);
        assert_eq!(additions(&list("a b"), &list("a")), None);
    }
}
