//! Who depends on a column, a table or a view by what its text says.

use std::fmt;

use ecow::EcoString;

use super::{Answer, Obstacle, Reading};
use crate::schema::{Constraint, Dialect, Schema, Table};

/// An object whose text refers to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dependant {
    View(EcoString),
    Trigger {
        name: EcoString,
        table: EcoString,
    },
    GeneratedColumn {
        table: EcoString,
        column: EcoString,
    },
    /// The default of a column, in SQL.
    Default {
        table: EcoString,
        column: EcoString,
    },
    /// A check, or an exclusion constraint that does so in an expression or in its condition.
    Constraint {
        table: EcoString,
        constraint: Constraint,
    },
    /// An index that does so in an expression or in its filter. (The columns that it names as such are in the model.)
    Index {
        table: EcoString,
        name: EcoString,
    },
}

/// A dependant, and whether it surely is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependence {
    pub dependant: Dependant,
    /// Why it cannot be told; `None` where it can.
    pub doubt: Option<Obstacle>,
}

impl Schema {
    /// What refers to a column in its text: views and triggers of the whole schema, and the generated columns, checks
    /// and indexes of the table. The column's own expression does not count.
    pub fn dependants_of_column(&self, table: &str, column: &str, dialect: Dialect) -> Vec<Dependence> {
        let own = self.table(table).map(|table| expressions(table, self, dialect)).into_iter().flatten();
        let own = own.filter(
            |(dependant, _)| !matches!(dependant, Dependant::GeneratedColumn { column: other, .. } if other == column),
        );
        let all = own.chain(self.readers_of(table, dialect));
        all.filter_map(|(dependant, reading)| dependence(dependant, reading.column(table, column))).collect()
    }

    /// The views and triggers that refer to a table or view in their text. The triggers on it are not among them.
    pub fn dependants_of_relation(&self, relation: &str, dialect: Dialect) -> Vec<Dependence> {
        let others = self
            .readers_of(relation, dialect)
            .filter(|(dependant, _)| !matches!(dependant, Dependant::Trigger { table, .. } if table == relation));
        others.filter_map(|(dependant, reading)| dependence(dependant, reading.relation(relation))).collect()
    }

    /// A view or trigger that would mean something else if the table had a column of this name.
    pub(in crate::schema) fn takes_in(&self, table: &str, column: &str, dialect: Dialect) -> Option<Dependence> {
        self.readers_of(table, dialect).find_map(|(dependant, reading)| {
            let doubt = Some(reading.would_take_in(table, column)?);
            Some(Dependence { dependant, doubt })
        })
    }

    /// The views and triggers whose text may name a table or view, read. Those on it are among them.
    fn readers_of<'a>(
        &'a self,
        relation: &'a str,
        dialect: Dialect,
    ) -> impl Iterator<Item = (Dependant, Reading)> + 'a {
        let views = self
            .views()
            .filter(move |view| may_name(&view.query, relation))
            .map(move |view| (Dependant::View(view.name.clone()), Reading::of_query(&view.query, self, dialect)));
        let concerned = move |definition: &str, table: &str| table == relation || may_name(definition, relation);
        let triggers =
            self.triggers().filter(move |trigger| concerned(&trigger.definition, &trigger.table)).map(move |trigger| {
                let dependant = Dependant::Trigger { name: trigger.name.clone(), table: trigger.table.clone() };
                (dependant, Reading::of_trigger(trigger, self, dialect))
            });
        views.chain(triggers)
    }
}

/// Whether an expression of a table names one of its columns, or may do so.
pub fn expression_names_column(
    expression: &str,
    table: &Table,
    column: &str,
    schema: &Schema,
    dialect: Dialect,
) -> bool {
    let read = || Reading::of_expression(expression, table, schema, dialect);
    may_name(expression, column) && read().column(&table.name, column) != Answer::Absent
}

fn dependence(dependant: Dependant, answer: Answer) -> Option<Dependence> {
    match answer {
        Answer::Absent => None,
        Answer::Certain(_) => Some(Dependence { dependant, doubt: None }),
        Answer::Doubtful(doubt) => Some(Dependence { dependant, doubt: Some(doubt) }),
    }
}

/// The expressions of a table, read.
fn expressions<'a>(
    table: &'a Table,
    schema: &'a Schema,
    dialect: Dialect,
) -> impl Iterator<Item = (Dependant, Reading)> + 'a {
    let read = move |text: &EcoString| Reading::of_expression(text, table, schema, dialect);
    let generated = table.columns.iter().filter_map(move |column| {
        let dependant = Dependant::GeneratedColumn { table: table.name.clone(), column: column.name.clone() };
        Some((dependant, read(column.generated.as_ref()?)))
    });
    let constraints = table.constraints.iter().flat_map(move |constraint| {
        let dependant = || Dependant::Constraint { table: table.name.clone(), constraint: constraint.clone() };
        constraint.rule.expressions().into_iter().map(move |text| (dependant(), read(text)))
    });
    let indexes = table.indexes.iter().flat_map(move |index| {
        let dependant = Dependant::Index { table: table.name.clone(), name: index.name.clone() };
        index.expressions().map(move |text| (dependant.clone(), read(text)))
    });
    generated.chain(constraints).chain(indexes)
}

/// Whether a text can have this name in it at all, so that it is worth to be read.
///
/// Decides nothing else: text that has the name may have it in a string. A name with a quote in it can be written in
/// several ways, and so can any name in Postgres' `U&"…"`.
pub(in crate::schema) fn may_name(text: &str, name: &str) -> bool {
    let quoted = name.contains(['"', '\'', '`', ']']) || text.contains("&\"");
    quoted || text.as_bytes().windows(name.len().max(1)).any(|part| part.eq_ignore_ascii_case(name.as_bytes()))
}

impl fmt::Display for Dependant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dependant::View(name) => write!(formatter, "view `{name}`"),
            Dependant::Trigger { name, .. } => write!(formatter, "trigger `{name}`"),
            Dependant::GeneratedColumn { column, .. } => write!(formatter, "generated column `{column}`"),
            Dependant::Default { table, column } => write!(formatter, "the default of `{table}.{column}`"),
            Dependant::Constraint { constraint, .. } => write!(formatter, "{constraint}"),
            Dependant::Index { name, .. } => write!(formatter, "index `{name}`"),
        }
    }
}
