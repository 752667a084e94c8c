//! Who depends on a column, a table or a view by what its text says.

use std::fmt;

use ecow::EcoString;

use super::{Answer, Obstacle, Reading, Site};
use crate::schema::{Constraint, Dialect, Literal, Schema, Table, View};

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
    Policy {
        name: EcoString,
        table: EcoString,
    },
    /// A domain, in a check or in its default.
    Domain(EcoString),
    /// A function or procedure, `kind` says which, whose body the server has read.
    Routine {
        kind: &'static str,
        name: EcoString,
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
    /// An expression that divides the rows of a table among its partitions.
    PartitionKey {
        table: EcoString,
    },
}

/// A dependant, and whether it surely is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependence {
    pub dependant: Dependant,
    /// Why it cannot be told; `None` where it can.
    pub doubt: Option<Obstacle>,
}

/// A text that refers to something, or may do so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub dependant: Dependant,
    pub text: EcoString,
    /// Where it does so, or why that cannot be told.
    pub sites: Result<Vec<Site>, Obstacle>,
}

impl From<Reference> for Dependence {
    fn from(reference: Reference) -> Self {
        Dependence { dependant: reference.dependant, doubt: reference.sites.err() }
    }
}

/// A text that was read, and whose it is.
struct ReadText<'a> {
    dependant: Dependant,
    text: &'a EcoString,
    reading: Reading,
}

impl ReadText<'_> {
    fn reference(self, answer: impl FnOnce(&Reading) -> Answer) -> Option<Reference> {
        let sites = match answer(&self.reading) {
            Answer::Absent => return None,
            Answer::Certain(sites) => Ok(sites),
            Answer::Doubtful(doubt) => Err(doubt),
        };
        Some(Reference { dependant: self.dependant, text: self.text.clone(), sites })
    }
}

impl Schema {
    /// The texts that refer to a column: of views, triggers, policies and bodies of routines of the whole schema, and of the generated
    /// columns, checks and indexes of the table. The column's own expression does not count. What the indexes of such a view
    /// say may be about a column that shows this one.
    pub fn references_to_column(&self, table: &str, column: &str, dialect: Dialect) -> Vec<Reference> {
        let own = self.table(table).map(|table| expressions(table, self, dialect, |_| true)).into_iter().flatten();
        let own = own.filter(
            |one| !matches!(&one.dependant, Dependant::GeneratedColumn { column: other, .. } if other == column),
        );
        let all = own.chain(self.readers_of(table, dialect));
        let mut references: Vec<Reference> =
            all.filter_map(|one| one.reference(|reading| reading.column(table, column))).collect();
        let views = references.iter().filter_map(|reference| match &reference.dependant {
            Dependant::View(name) => self.view(name),
            _ => None,
        });
        let in_indexes: Vec<Reference> = views.flat_map(|view| in_indexes_of(view)).collect();
        references.extend(in_indexes);
        references
    }

    /// What refers to a column in its text.
    pub fn dependants_of_column(&self, table: &str, column: &str, dialect: Dialect) -> Vec<Dependence> {
        self.references_to_column(table, column, dialect).into_iter().map(Dependence::from).collect()
    }

    /// The views, triggers, policies and bodies of routines that refer to a table or view in their text. The triggers and policies on it are
    /// not among them.
    pub fn dependants_of_relation(&self, relation: &str, dialect: Dialect) -> Vec<Dependence> {
        let own = |dependant: &Dependant| match dependant {
            Dependant::Trigger { table, .. } | Dependant::Policy { table, .. } => table == relation,
            _ => false,
        };
        let others = self.readers_of(relation, dialect).filter(|one| !own(&one.dependant));
        let references = others.filter_map(|one| one.reference(|reading| reading.relation(relation)));
        references.map(Dependence::from).collect()
    }

    /// The texts that name an enum as a type, those of defaults among them.
    pub fn references_to_enumeration(&self, name: &str, dialect: Dialect) -> Vec<Reference> {
        let own = self.tables().flat_map(|table| {
            let named = |text: &str| may_name(text, name);
            defaults(table, self, dialect, named).chain(expressions(table, self, dialect, named))
        });
        let across = self.texts_across_tables(dialect, |text, _| may_name(text, name));
        let in_views = self.views().flat_map(|view| {
            let texts = view.indexes().iter().flat_map(|index| index.expressions());
            texts.filter(|text| may_name(text, name)).map(|text| ReadText {
                dependant: Dependant::View(view.name.clone()),
                text,
                // Types do not depend on what the other names are bound to.
                reading: Reading::of_value(text, self, dialect),
            })
        });
        let in_domains = self.domains().flat_map(|domain| {
            domain.texts().filter(|text| may_name(text, name)).map(|text| ReadText {
                dependant: Dependant::Domain(domain.name.clone()),
                text,
                reading: Reading::of_value(text, self, dialect),
            })
        });
        let all = own.chain(across).chain(in_views).chain(in_domains);
        all.filter_map(|one| one.reference(|reading| reading.enumeration(name))).collect()
    }

    /// A view, trigger or policy that would mean something else if the table had a column of this name.
    pub(in crate::schema) fn takes_in(&self, table: &str, column: &str, dialect: Dialect) -> Option<Dependence> {
        self.readers_of(table, dialect).find_map(|one| {
            let doubt = Some(one.reading.would_take_in(table, column)?);
            Some(Dependence { dependant: one.dependant, doubt })
        })
    }

    /// The views, triggers, policies and bodies of routines whose text may name a table or view, read. Those on it are among them.
    fn readers_of<'a>(&'a self, relation: &'a str, dialect: Dialect) -> impl Iterator<Item = ReadText<'a>> + 'a {
        self.texts_across_tables(dialect, move |text, on| on == Some(relation) || may_name(text, relation))
    }

    /// The texts of views, triggers, policies and bodies of routines, read where they are worth it. They are asked with the table that they
    /// are on.
    fn texts_across_tables<'a>(
        &'a self,
        dialect: Dialect,
        worth: impl Fn(&str, Option<&str>) -> bool + Copy + 'a,
    ) -> impl Iterator<Item = ReadText<'a>> + 'a {
        let views = self.views().filter(move |view| worth(&view.query, None)).map(move |view| ReadText {
            dependant: Dependant::View(view.name.clone()),
            text: &view.query,
            reading: Reading::of_query(&view.query, self, dialect),
        });
        let triggers = self.triggers().filter(move |trigger| worth(&trigger.definition, Some(&trigger.table)));
        let triggers = triggers.map(move |trigger| ReadText {
            dependant: Dependant::Trigger { name: trigger.name.clone(), table: trigger.table.clone() },
            text: &trigger.definition,
            reading: Reading::of_trigger(trigger, self, dialect),
        });
        let policies = self.policies().flat_map(move |(policy, table)| {
            let texts = policy.texts().filter(move |text| worth(text, Some(&policy.table)));
            texts.map(move |text| ReadText {
                dependant: Dependant::Policy { name: policy.name.clone(), table: policy.table.clone() },
                text,
                reading: Reading::of_expression(text, table, self, dialect),
            })
        });
        let routines = self.atomic_routines().filter(move |(_, body)| worth(body, None));
        let routines = routines.map(move |(routine, body)| ReadText {
            dependant: Dependant::Routine { kind: routine.kind.title(), name: routine.name.clone() },
            text: body,
            reading: Reading::of_statements(body, self, dialect),
        });
        views.chain(triggers).chain(policies).chain(routines)
    }
}

/// The texts in the indexes of a view that shows something, which have to be made again with it.
fn in_indexes_of(view: &View) -> impl Iterator<Item = Reference> + '_ {
    let texts = view.indexes().iter().flat_map(|index| index.expressions());
    texts.map(|text| Reference {
        dependant: Dependant::View(view.name.clone()),
        text: text.clone(),
        sites: Err(Obstacle("its names are those of the columns of the view")),
    })
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

/// The expressions of a table, read where they are worth it.
fn expressions<'a>(
    table: &'a Table,
    schema: &'a Schema,
    dialect: Dialect,
    worth: impl Fn(&str) -> bool + Copy + 'a,
) -> impl Iterator<Item = ReadText<'a>> + 'a {
    let read = move |dependant: Dependant, text: &'a EcoString| {
        worth(text).then(|| {
            let reading = Reading::of_expression(text, table, schema, dialect);
            ReadText { dependant, text, reading }
        })
    };
    let generated = table.columns.iter().filter_map(move |column| {
        let dependant = Dependant::GeneratedColumn { table: table.name.clone(), column: column.name.clone() };
        read(dependant, column.generated.as_ref()?)
    });
    let constraints = table.constraints.iter().flat_map(move |constraint| {
        let dependant = || Dependant::Constraint { table: table.name.clone(), constraint: constraint.clone() };
        constraint.rule.expressions().into_iter().filter_map(move |text| read(dependant(), text))
    });
    let indexes = table.indexes.iter().flat_map(move |index| {
        let dependant = Dependant::Index { table: table.name.clone(), name: index.name.clone() };
        index.expressions().filter_map(move |text| read(dependant.clone(), text))
    });
    let divided = table.partitioning.iter().flat_map(move |partitioning| {
        let dependant = Dependant::PartitionKey { table: table.name.clone() };
        partitioning.expressions().filter_map(move |text| read(dependant.clone(), text))
    });
    generated.chain(constraints).chain(indexes).chain(divided)
}

/// The defaults of a table that are written in SQL, read where they are worth it. They see no columns.
fn defaults<'a>(
    table: &'a Table,
    schema: &'a Schema,
    dialect: Dialect,
    worth: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = ReadText<'a>> + 'a {
    table.columns.iter().filter_map(move |column| {
        let Some(Literal::Sql(text)) = &column.default else { return None };
        worth(text).then(|| ReadText {
            dependant: Dependant::Default { table: table.name.clone(), column: column.name.clone() },
            text,
            reading: Reading::of_value(text, schema, dialect),
        })
    })
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
            Dependant::Routine { kind, name } => write!(formatter, "{kind} `{name}`"),
            Dependant::Policy { name, table } => write!(formatter, "policy `{name}` of `{table}`"),
            Dependant::Domain(name) => write!(formatter, "domain `{name}`"),
            Dependant::Constraint { constraint, .. } => write!(formatter, "{constraint}"),
            Dependant::Index { name, .. } => write!(formatter, "index `{name}`"),
            Dependant::PartitionKey { table } => write!(formatter, "the partition key of `{table}`"),
        }
    }
}
