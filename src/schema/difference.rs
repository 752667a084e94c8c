//! What differs between two schemas, in words.

use std::fmt::Debug;
use std::sync::Arc;

use ecow::EcoString;

use super::by_name::ByName;
use super::{Schema, Table};

impl Schema {
    /// What `other` has otherwise than this schema, one sentence each. The order of columns does not count.
    pub fn differences(&self, other: &Schema) -> Vec<String> {
        let mut found = Vec::new();
        compare("table", &self.objects.tables, &other.objects.tables, &mut found, tables);
        compare("enum", &self.objects.enumerations, &other.objects.enumerations, &mut found, whole);
        compare("view", &self.objects.views, &other.objects.views, &mut found, whole);
        compare("trigger", &self.objects.triggers, &other.objects.triggers, &mut found, whole);
        compare("object", &self.objects.rare, &other.objects.rare, &mut found, whole);
        found
    }

    /// The names of the objects that `other` has otherwise than this schema, or that only one of both has. What both share
    /// is not looked at.
    pub fn changed_names<'a>(&'a self, other: &'a Schema) -> impl Iterator<Item = EcoString> + 'a {
        let (before, after) = (&self.objects, &other.objects);
        let tables = before.tables.differences(&after.tables);
        let enumerations = before.enumerations.differences(&after.enumerations);
        let views = before.views.differences(&after.views);
        let triggers = before.triggers.differences(&after.triggers);
        let rare = before.rare.differences(&after.rare);
        tables.chain(enumerations).chain(views).chain(triggers).chain(rare).cloned()
    }
}

/// Compares objects of one kind by their names, and those on both sides by `inside`.
fn compare<T: PartialEq>(
    kind: &str,
    before: &ByName<Arc<T>>,
    after: &ByName<Arc<T>>,
    found: &mut Vec<String>,
    inside: impl Fn(&str, &T, &T, &mut Vec<String>),
) {
    for (name, object) in before.iter() {
        match after.get(name) {
            None => found.push(format!("{kind} `{name}` is missing")),
            Some(other) if other != object => inside(&format!("{kind} `{name}`"), object, other, found),
            Some(_) => {}
        }
    }
    let left = after.iter().filter(|(name, _)| !before.contains(name));
    found.extend(left.map(|(name, _)| format!("{kind} `{name}` is left")));
}

fn whole<T>(name: &str, _: &T, _: &T, found: &mut Vec<String>) {
    found.push(format!("{name} differs"));
}

fn tables(name: &str, before: &Table, after: &Table, found: &mut Vec<String>) {
    parts(name, "column", &before.columns, &after.columns, |column| column.name.clone(), found);
    let constraint_name = |constraint: &super::Constraint| constraint.to_string().into();
    parts(name, "", &before.constraints, &after.constraints, constraint_name, found);
    parts(name, "index", &before.indexes, &after.indexes, |index| index.name.clone(), found);
    let options = |table: &Table| {
        (table.comment.clone(), table.strict, table.without_rowid, table.partitioning.clone(), table.storage.clone())
    };
    if options(before) != options(after) {
        found.push(format!("{name} has other options"));
    }
}

fn parts<T: PartialEq + Debug>(
    table: &str,
    kind: &str,
    before: &[T],
    after: &[T],
    name: impl Fn(&T) -> EcoString,
    found: &mut Vec<String>,
) {
    let title = |part: &T| match kind {
        "" => name(part).to_string(),
        kind => format!("{kind} `{}`", name(part)),
    };
    for part in before {
        match after.iter().find(|other| name(other) == name(part)) {
            None => found.push(format!("{table} lacks {}", title(part))),
            Some(other) if other != part => found.push(format!("{table}: {} differs", title(part))),
            Some(_) => {}
        }
    }
    let left = after.iter().filter(|other| before.iter().all(|part| name(part) != name(other)));
    found.extend(left.map(|part| format!("{table} still has {}", title(part))));
}
