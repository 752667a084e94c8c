//! Revisions whose operations are called, not read from a text.

use offprint::operation::{Op, Recorded};
use offprint::revision::Revision;
use offprint::source::{Name, Origin};

/// A revision with a derived way back.
pub fn revision(id: &str, parents: &[&str], upgrade: impl FnOnce(&mut Op)) -> Revision {
    let name = |text: &str| Name::new(text.into(), Origin::Unknown);
    Revision {
        id: name(id),
        parents: parents.iter().map(|parent| name(parent)).collect(),
        labels: Vec::new(),
        depends_on: Vec::new(),
        message: id.into(),
        documentation: Default::default(),
        stem: id.into(),
        upgrade: record(upgrade),
        downgrade: None,
    }
}

/// The operations that are called.
pub fn record(write: impl FnOnce(&mut Op)) -> Vec<Recorded> {
    let mut op = Op::default();
    write(&mut op);
    op.into_recorded()
}
