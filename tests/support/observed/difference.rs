//! The differences of two observed schemas, each in words.
//!
//! Every structure is taken apart by name and in full, so that a new facet does not compile until it is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug, Write};

use super::{
    IndexedValue, ObservedColumn, ObservedConstraint, ObservedEnum, ObservedIndex, ObservedIndexKey, ObservedRule,
    ObservedSchema, ObservedTable, ObservedTrigger, ObservedView,
};

/// What differs, one sentence each; empty exactly when the two are equal. The first is what was expected.
pub fn difference(expected: &ObservedSchema, found: &ObservedSchema) -> Vec<String> {
    let mut differences = Differences::default();
    differences.schema(expected, found);
    assert_eq!(differences.found.is_empty(), expected == found, "the comparison misses a facet");
    differences.found
}

#[derive(Default)]
struct Differences {
    /// The object in words, from the outside to the inside.
    place: Vec<String>,
    found: Vec<String>,
}

impl Differences {
    fn say(&mut self, what: &str) {
        let mut sentence = self.place.join(": ");
        if !sentence.is_empty() {
            sentence.push_str(": ");
        }
        sentence.push_str(what);
        self.found.push(sentence);
    }

    fn facet<T: PartialEq + Debug>(&mut self, name: &str, expected: &T, found: &T) {
        if expected != found {
            self.say(&format!("{name} {expected:?} vs {found:?}"));
        }
    }

    fn set(&mut self, name: &str, expected: &BTreeSet<String>, found: &BTreeSet<String>) {
        for missing in expected.difference(found) {
            self.say(&format!("{name} {missing} is missing"));
        }
        for unexpected in found.difference(expected) {
            self.say(&format!("{name} {unexpected} is unexpected"));
        }
    }

    fn objects<T: Debug>(
        &mut self,
        kind: &str,
        expected: &BTreeMap<String, T>,
        found: &BTreeMap<String, T>,
        mut compare: impl FnMut(&mut Self, &T, &T),
    ) {
        for (name, object) in expected {
            match found.get(name) {
                Some(other) => {
                    self.place.push(format!("{kind} {name}"));
                    compare(self, object, other);
                    self.place.pop();
                }
                None => self.say(&format!("{kind} {name} is missing")),
            }
        }
        for name in found.keys().filter(|name| !expected.contains_key(*name)) {
            self.say(&format!("{kind} {name} is unexpected"));
        }
    }

    fn schema(&mut self, expected: &ObservedSchema, found: &ObservedSchema) {
        let ObservedSchema { tables, views, enums, sequences, others } = expected;
        self.objects("table", tables, &found.tables, Self::table);
        self.objects("view", views, &found.views, Self::view);
        self.objects("enum", enums, &found.enums, Self::enumeration);
        self.objects("sequence", sequences, &found.sequences, |this, expected, found| {
            this.facet("definition", expected, found);
        });
        self.objects("object", others, &found.others, |this, expected, found| {
            this.facet("definition", expected, found);
        });
    }

    fn table(&mut self, expected: &ObservedTable, found: &ObservedTable) {
        let ObservedTable { columns, column_order, constraints, indexes, triggers, options, comment } = expected;
        self.objects("column", columns, &found.columns, Self::column);
        if columns.keys().eq(found.columns.keys()) {
            self.facet("column order", column_order, &found.column_order);
        }
        self.constraints(constraints, &found.constraints);
        self.objects("index", indexes, &found.indexes, Self::index);
        self.objects("trigger", triggers, &found.triggers, Self::trigger);
        self.set("option", options, &found.options);
        self.facet("comment", comment, &found.comment);
    }

    fn column(&mut self, expected: &ObservedColumn, found: &ObservedColumn) {
        let ObservedColumn { declared_type, not_null, on_null, default, identity, generated, collation, comment } =
            expected;
        self.facet("type", declared_type, &found.declared_type);
        self.facet("not null", not_null, &found.not_null);
        self.facet("not null on conflict", on_null, &found.on_null);
        self.facet("default", default, &found.default);
        self.facet("identity", identity, &found.identity);
        self.facet("generated", generated, &found.generated);
        self.facet("collation", collation, &found.collation);
        self.facet("comment", comment, &found.comment);
    }

    fn constraints(&mut self, expected: &BTreeSet<ObservedConstraint>, found: &BTreeSet<ObservedConstraint>) {
        let named = |constraints: &BTreeSet<ObservedConstraint>| -> BTreeMap<String, ObservedConstraint> {
            constraints.iter().filter_map(|one| Some((one.name.clone()?, one.clone()))).collect()
        };
        self.objects("constraint", &named(expected), &named(found), Self::constraint);
        let unnamed = |constraints: &BTreeSet<ObservedConstraint>| -> BTreeSet<String> {
            constraints.iter().filter(|one| one.name.is_none()).map(described).collect()
        };
        self.set("unnamed", &unnamed(expected), &unnamed(found));
    }

    fn constraint(&mut self, expected: &ObservedConstraint, found: &ObservedConstraint) {
        let ObservedConstraint { name: _, rule, checked, validated, on_conflict, comment } = expected;
        if rule != &found.rule {
            self.say(&format!("{rule} vs {}", found.rule));
        }
        self.facet("checked", checked, &found.checked);
        self.facet("validated", validated, &found.validated);
        self.facet("on conflict", on_conflict, &found.on_conflict);
        self.facet("comment", comment, &found.comment);
    }

    fn index(&mut self, expected: &ObservedIndex, found: &ObservedIndex) {
        let ObservedIndex { unique, method, keys, include, predicate, options, comment } = expected;
        self.facet("unique", unique, &found.unique);
        self.facet("method", method, &found.method);
        if keys != &found.keys {
            self.say(&format!("keys {} vs {}", listed(keys), listed(&found.keys)));
        }
        self.facet("include", include, &found.include);
        self.facet("predicate", predicate, &found.predicate);
        self.set("option", options, &found.options);
        self.facet("comment", comment, &found.comment);
    }

    fn trigger(&mut self, expected: &ObservedTrigger, found: &ObservedTrigger) {
        let ObservedTrigger { definition, firing, comment } = expected;
        self.facet("definition", definition, &found.definition);
        self.facet("firing", firing, &found.firing);
        self.facet("comment", comment, &found.comment);
    }

    fn view(&mut self, expected: &ObservedView, found: &ObservedView) {
        let ObservedView { definition, options, indexes, triggers, comment } = expected;
        self.facet("definition", definition, &found.definition);
        self.set("option", options, &found.options);
        self.objects("index", indexes, &found.indexes, Self::index);
        self.objects("trigger", triggers, &found.triggers, Self::trigger);
        self.facet("comment", comment, &found.comment);
    }

    fn enumeration(&mut self, expected: &ObservedEnum, found: &ObservedEnum) {
        let ObservedEnum { values, comment } = expected;
        self.facet("values", values, &found.values);
        self.facet("comment", comment, &found.comment);
    }
}

/// A constraint without a name is known by all that it says.
fn described(constraint: &ObservedConstraint) -> String {
    let ObservedConstraint { name: _, rule, checked, validated, on_conflict, comment } = constraint;
    let mut text = format!("{rule} {checked:?}");
    if !validated {
        text.push_str(" NOT VALID");
    }
    if let Some(action) = on_conflict {
        write!(text, " ON CONFLICT {action}").expect("a string takes text");
    }
    if let Some(comment) = comment {
        write!(text, " comment {comment:?}").expect("a string takes text");
    }
    text
}

fn listed(keys: &[ObservedIndexKey]) -> String {
    keys.iter().map(ObservedIndexKey::to_string).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for ObservedRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let include = |columns: &[String]| match columns {
            [] => String::new(),
            columns => format!(" INCLUDE ({})", columns.join(", ")),
        };
        match self {
            ObservedRule::PrimaryKey { columns, include: included } => {
                write!(formatter, "PRIMARY KEY ({}){}", columns.join(", "), include(included))
            }
            ObservedRule::Unique { columns, include: included, nulls } => {
                write!(formatter, "UNIQUE NULLS {nulls:?} ({}){}", columns.join(", "), include(included))
            }
            ObservedRule::Check { expression } => write!(formatter, "CHECK ({expression})"),
            ObservedRule::ForeignKey { columns, referred_table, referred_columns, on_update, on_delete, matching } => {
                write!(
                    formatter,
                    "FOREIGN KEY ({}) REFERENCES {referred_table} ({}) ON UPDATE {on_update} ON DELETE {on_delete} \
                     MATCH {matching}",
                    columns.join(", "),
                    referred_columns.join(", "),
                )
            }
            ObservedRule::Other { definition } => formatter.write_str(definition),
        }
    }
}

impl fmt::Display for ObservedIndexKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            IndexedValue::Column(name) => write!(formatter, "{name}")?,
            IndexedValue::Expression(text) => write!(formatter, "({text})")?,
        }
        if let Some(collation) = &self.collation {
            write!(formatter, " COLLATE {collation}")?;
        }
        if let Some(class) = &self.operator_class {
            write!(formatter, " {class}")?;
        }
        write!(formatter, " {:?}", self.order)
    }
}
