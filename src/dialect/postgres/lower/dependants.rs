//! What depends on a column, so that Postgres would refuse to change its type or would change what it means.

use std::collections::BTreeSet;
use std::fmt;

use ecow::EcoString;

use super::super::types;
use super::super::types::Family;
use super::Result;
use super::wording::{self, Fate, Words};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::names::{self, Dependence, Reference};
use crate::schema::tokens::{self, Token};
use crate::schema::{Cause, Column, ColumnType, Constraint, Dialect, IndexKey, IndexPart, Rule, Schema, Table, View};

/// Something that is dropped before the change of a type and made again after it, in the order in which it is dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dependant {
    ForeignKey {
        table: EcoString,
        name: EcoString,
    },
    Trigger {
        name: EcoString,
    },
    Policy {
        table: EcoString,
        name: EcoString,
    },
    /// A function or procedure whose body the server has read. It is not dropped, but emptied.
    Routine {
        name: EcoString,
    },
    View {
        name: EcoString,
    },
    Index {
        table: EcoString,
        name: EcoString,
    },
    /// Any constraint but a foreign key.
    Constraint {
        table: EcoString,
        name: EcoString,
    },
    Generated {
        table: EcoString,
        column: EcoString,
    },
}

impl fmt::Display for Dependant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dependant::ForeignKey { name, .. } => write!(formatter, "foreign key `{name}`"),
            Dependant::Trigger { name } => write!(formatter, "trigger `{name}`"),
            Dependant::Policy { table, name } => write!(formatter, "policy `{name}` of `{table}`"),
            Dependant::View { name } => write!(formatter, "view `{name}`"),
            Dependant::Routine { name } => write!(formatter, "function or procedure `{name}`"),
            Dependant::Index { name, .. } => write!(formatter, "index `{name}`"),
            Dependant::Constraint { name, .. } => write!(formatter, "constraint `{name}`"),
            Dependant::Generated { column, .. } => write!(formatter, "generated column `{column}`"),
        }
    }
}

/// What happens to a column.
#[derive(Debug, Clone, Copy)]
pub enum Effect<'a> {
    /// Only a modifier of the type changes, such as a length: Postgres carries everything over but what it refuses.
    Carried,
    /// The new type has the operators of the old one. Postgres would carry expressions over too, but with casts in them
    /// that were never written, and that stay on the way back.
    Related,
    /// The same operators, but other values: a foreign key holds only when both of its sides have theirs.
    Mapped,
    /// A type with other operators.
    OtherType(&'a ColumnType),
    /// An enum is made anew under its name and loses these values.
    Swapped(&'a [EcoString]),
    /// The column is dropped and added again.
    MadeAnew,
}

impl<'a> Effect<'a> {
    fn fate(self) -> Fate<'a> {
        match self {
            Effect::Carried | Effect::Related | Effect::Mapped | Effect::MadeAnew => Fate::SameOperators,
            Effect::OtherType(to) => Fate::OtherType(to),
            Effect::Swapped(gone) => Fate::Loses(gone),
        }
    }
}

/// What changes.
#[derive(Debug, Clone, Copy)]
enum Subject<'a> {
    Column { table: &'a Table, column: &'a str },
    Enumeration(&'a str),
    View(&'a str),
}

/// Finds what has to be out of the way while columns change.
pub struct Search<'a> {
    pub schema: &'a Schema,
    pub cause: &'a Cause,
    pub found: BTreeSet<Dependant>,
}

impl<'a> Search<'a> {
    pub fn new(schema: &'a Schema, cause: &'a Cause) -> Self {
        Search { schema, cause, found: BTreeSet::new() }
    }

    /// Adds what depends on a column, directly or not, and would not survive what happens to it.
    ///
    /// # Errors
    ///
    /// Something could not be made again as it was.
    pub fn column(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let subject = Subject::Column { table, column };
        for reference in self.schema.references_to_column(&table.name, column, Dialect::Postgres) {
            let rebuilt =
                matches!(reference.dependant, names::Dependant::Constraint { .. } | names::Dependant::Index { .. });
            // Postgres carries the expressions of these over by itself.
            if !(rebuilt && matches!(effect, Effect::Carried)) {
                self.reference(&reference, subject, effect.fate())?;
            }
        }
        if !matches!(effect, Effect::Carried) {
            self.sorted(table, column, effect)?;
        }
        if !matches!(effect, Effect::Carried | Effect::Related) {
            self.foreign_keys(table, column);
        }
        Ok(())
    }

    /// Adds what names an enum as a type, which is made anew and loses values.
    ///
    /// # Errors
    ///
    /// A text names one of these values; or it is a default, or the signature of a function or procedure, which would
    /// keep the old type.
    pub fn enumeration(&mut self, name: &str, gone: &[EcoString]) -> Result<()> {
        let schema = self.schema;
        let subject = Subject::Enumeration(name);
        for reference in schema.references_to_enumeration(name, Dialect::Postgres) {
            let own = match &reference.dependant {
                // The column is among those that change their type, with their defaults.
                names::Dependant::Default { table, column } => {
                    let column = schema.table(table).and_then(|table| table.column(column));
                    column.is_some_and(|column| column.column_type.names().any(|own| own == name))
                }
                // The domain is made anew too.
                names::Dependant::Domain(domain) => {
                    schema.domain(domain).is_some_and(|domain| domain.base.names().any(|own| own == name))
                }
                _ => false,
            };
            if !own {
                self.reference(&reference, subject, Fate::Loses(gone))?;
            }
        }
        match schema.objects().find(|object| object.mentions(&[name])) {
            None => Ok(()),
            Some(object) => Err(self.refusal(subject, &object.title(), "its signature would keep the old type")),
        }
    }

    /// Adds a text that names what changes.
    fn reference(&mut self, reference: &Reference, subject: Subject<'_>, fate: Fate<'_>) -> Result<()> {
        use names::Dependant as D;
        let schema = self.schema;
        let Reference { dependant, text, sites } = reference;
        let name = match subject {
            Subject::Column { column, .. } => column,
            Subject::Enumeration(name) | Subject::View(name) => name,
        };
        let words = Words { sql: text, name, sites: sites.as_deref().ok() };
        match dependant {
            D::View(name) => {
                self.unless(wording::certain_obstacle(words, fate, schema), subject, dependant)?;
                if let Some(view) = schema.view(name) {
                    self.view(view, subject)?;
                }
            }
            D::Trigger { name, table: on } => {
                // A trigger of Postgres has no query, so that it names columns of its own table alone.
                let elsewhere = matches!(subject, Subject::Column { table, .. } if table.name != *on);
                if !elsewhere {
                    self.unless(wording::certain_obstacle(words, fate, schema), subject, dependant)?;
                    self.found.insert(Dependant::Trigger { name: name.clone() });
                }
            }
            D::Policy { name, table } => {
                self.unless(wording::certain_obstacle(words, fate, schema), subject, dependant)?;
                self.found.insert(Dependant::Policy { table: table.clone(), name: name.clone() });
            }
            D::Routine { name, .. } => {
                self.unless(wording::certain_obstacle(words, fate, schema), subject, dependant)?;
                self.found.insert(Dependant::Routine { name: name.clone() });
            }
            D::GeneratedColumn { table, column } => {
                self.unless(wording::obstacle(words, fate, schema), subject, dependant)?;
                if let Some(table) = schema.table(table) {
                    self.made_anew(table, column)?;
                }
            }
            D::Constraint { table, constraint } => {
                self.unless(wording::obstacle(words, fate, schema), subject, dependant)?;
                self.constraint(table, constraint, subject)?;
            }
            D::Index { table, name } => {
                self.unless(wording::obstacle(words, fate, schema), subject, dependant)?;
                self.found.insert(Dependant::Index { table: table.clone(), name: name.clone() });
            }
            D::PartitionKey { .. } => {
                return Err(self.refusal(subject, &dependant.to_string(), "it divides the rows"));
            }
            D::Default { .. } | D::Domain(_) => {
                return Err(self.refusal(subject, &dependant.to_string(), "it would keep the old type"));
            }
        }
        Ok(())
    }

    /// Adds a view, with its triggers and what reads it.
    fn view(&mut self, view: &View, subject: Subject<'_>) -> Result<()> {
        let dependant = Dependant::View { name: view.name.clone() };
        let schema = self.schema;
        if selects_all(&view.query) && schema.tables().any(|table| tokens::mentions(&view.query, &table.name)) {
            let obstacle = "`*` may stand for other columns today than when the view was created".to_owned();
            self.unless(Some(obstacle), subject, &dependant)?;
        }
        if self.found.insert(dependant) { self.readers_of(view, subject) } else { Ok(()) }
    }

    /// Adds what reads a view, and its triggers.
    ///
    /// # Errors
    ///
    /// Something could not be made again as it was.
    pub fn readers(&mut self, view: &View) -> Result<()> {
        self.readers_of(view, Subject::View(&view.name))
    }

    fn readers_of(&mut self, view: &View, subject: Subject<'_>) -> Result<()> {
        let schema = self.schema;
        let own = schema.triggers().filter(|trigger| trigger.table == view.name);
        self.found.extend(own.map(|trigger| Dependant::Trigger { name: trigger.name.clone() }));
        for Dependence { dependant, .. } in schema.dependants_of_relation(&view.name, Dialect::Postgres) {
            match dependant {
                names::Dependant::View(name) => {
                    if let Some(other) = schema.view(&name) {
                        self.view(other, subject)?;
                    }
                }
                names::Dependant::Policy { name, table } => {
                    self.found.insert(Dependant::Policy { table, name });
                }
                names::Dependant::Routine { name, .. } => {
                    self.found.insert(Dependant::Routine { name });
                }
                // Nothing else has queries in Postgres.
                names::Dependant::Trigger { .. }
                | names::Dependant::GeneratedColumn { .. }
                | names::Dependant::Default { .. }
                | names::Dependant::Domain(_)
                | names::Dependant::Constraint { .. }
                | names::Dependant::Index { .. }
                | names::Dependant::PartitionKey { .. } => {}
            }
        }
        Ok(())
    }

    /// Adds a computed column of an enum that is made anew and loses values.
    ///
    /// # Errors
    ///
    /// It, or something that depends on it, could not be made again as it was.
    pub fn generated_column(&mut self, table: &Table, column: &Column, gone: &[EcoString]) -> Result<()> {
        let sql = column.generated.as_deref().unwrap_or_default();
        let words = Words { sql, name: &column.name, sites: None };
        let dependant = Dependant::Generated { table: table.name.clone(), column: column.name.clone() };
        let subject = Subject::Column { table, column: &column.name };
        self.unless(wording::obstacle(words, Fate::Loses(gone), self.schema), subject, &dependant)?;
        self.made_anew(table, &column.name)
    }

    /// Adds a computed column, and what depends on it.
    fn made_anew(&mut self, table: &Table, column: &EcoString) -> Result<()> {
        if self.found.insert(Dependant::Generated { table: table.name.clone(), column: column.clone() }) {
            self.column(table, column, Effect::MadeAnew)?;
        }
        Ok(())
    }

    fn constraint(&mut self, table: &EcoString, constraint: &Constraint, subject: Subject<'_>) -> Result<()> {
        match &constraint.name {
            None => Err(self.refusal(subject, &constraint.to_string(), "it has no name")),
            Some(name) => {
                self.found.insert(Dependant::Constraint { table: table.clone(), name: name.clone() });
                Ok(())
            }
        }
    }

    /// Adds the indexes, and the constraints with one, that sort by the column and go with it.
    fn sorted(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let subject = Subject::Column { table, column };
        let goes = matches!(effect, Effect::MadeAnew);
        for constraint in &table.constraints {
            let rule = &constraint.rule;
            if let (Rule::Exclusion(exclusion), Effect::OtherType(to)) = (rule, effect) {
                let parts = exclusion.elements.iter().map(|element| &element.part);
                self.unless(wrong_order(parts, exclusion.method.as_deref(), column, to), subject, constraint)?;
            }
            // Postgres makes the index behind a constraint again by itself, unless the column goes.
            if goes && rule.has_index() && rule.columns().iter().any(|name| name == column) {
                self.constraint(&table.name, constraint, subject)?;
            }
        }
        for index in &table.indexes {
            let dependant = Dependant::Index { table: table.name.clone(), name: index.name.clone() };
            if let Effect::OtherType(to) = effect {
                self.unless(wrong_order(&index.parts, index.method.as_deref(), column, to), subject, &dependant)?;
            }
            if goes && index.columns().any(|name| name.as_str() == column) {
                self.found.insert(dependant);
            }
        }
        Ok(())
    }

    fn foreign_keys(&mut self, table: &Table, column: &str) {
        let mut add = |owner: &Table, name: &Option<EcoString>| {
            let name = name.iter().cloned();
            self.found.extend(name.map(|name| Dependant::ForeignKey { table: owner.name.clone(), name }));
        };
        for (constraint, _) in table.foreign_keys().filter(|(_, key)| key.columns.iter().any(|name| name == column)) {
            add(table, &constraint.name);
        }
        for (owner, constraint, key) in self.schema.inbound_foreign_keys(&table.name) {
            if key.referred_columns.iter().any(|name| name == column) {
                add(owner, &constraint.name);
            }
        }
    }

    fn unless(&self, obstacle: Option<String>, subject: Subject<'_>, dependant: &dyn fmt::Display) -> Result<()> {
        match obstacle {
            None => Ok(()),
            Some(obstacle) => Err(self.refusal(subject, &dependant.to_string(), &obstacle)),
        }
    }

    fn refusal(&self, subject: Subject<'_>, dependant: &str, obstacle: &str) -> Box<Diagnostic> {
        match subject {
            Subject::Column { table, column } => in_the_way(self.cause, table, column, dependant, obstacle),
            Subject::View(name) => {
                let message = format!("view `{name}` cannot be made anew while {dependant} reads it");
                cannot_be_made_again(message, self.cause, dependant, obstacle)
            }
            Subject::Enumeration(name) => {
                let message = format!("enum `{name}` cannot be made anew while {dependant} uses it");
                cannot_be_made_again(message, self.cause, dependant, obstacle)
            }
        }
    }
}

/// The refusal to change a column while something depends on it that could not be made again.
pub fn in_the_way(cause: &Cause, table: &Table, column: &str, dependant: &str, obstacle: &str) -> Box<Diagnostic> {
    let message = format!("the type of `{}.{column}` cannot change while {dependant} depends on it", table.name);
    cannot_be_made_again(message, cause, dependant, obstacle)
}

fn cannot_be_made_again(message: String, cause: &Cause, dependant: &str, obstacle: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(Code::NotYet, message)
            .at(cause.origin, format!("{dependant} is in the way"))
            .note(format!("{dependant} cannot be made again by itself: {obstacle}"))
            .help(format!("drop {dependant} before it, and create it again after it, in the same revision")),
    )
}

/// Whether the text has a `*` that is not the one of `count(*)`.
fn selects_all(query: &str) -> bool {
    let all: Vec<Token<'_>> = tokens::tokens(query).collect();
    (0..all.len()).any(|at| {
        let counted = at > 0 && all[at - 1].is_mark("(") && all.get(at + 1).is_some_and(|next| next.is_mark(")"));
        // A product has an operand on both sides.
        let ends_list =
            all.get(at + 1).is_none_or(|next| next.is_mark(",") || next.is_mark(")") || next.is_word("FROM"));
        all[at].is_mark("*") && !counted && ends_list
    })
}

/// Why an index cannot sort by a column of the new type.
fn wrong_order<'p>(
    parts: impl IntoIterator<Item = &'p IndexPart>,
    method: Option<&str>,
    column: &str,
    to: &ColumnType,
) -> Option<String> {
    let mut own = parts.into_iter().filter(|part| matches!(&part.key, IndexKey::Column(name) if name == column));
    let part = own.next()?;
    let method = method.unwrap_or("btree").trim().to_ascii_lowercase();
    let sorts = matches!(method.as_str(), "btree" | "hash");
    let keeps = method == "gin" && types::family(to) == Some(Family::Array);
    if part.operator_class.is_some() || part.collation.is_some() {
        Some("its operator class or collation is that of the old type".to_owned())
    } else if !sorts && !keeps {
        Some(format!("`{method}` may not be able to use `{to}`"))
    } else {
        None
    }
}

/// An index or constraint that sorts by the column, for types that have no order.
pub fn sorted_by(table: &Table, column: &str) -> Option<String> {
    let mut indexes = table.indexes.iter().filter(|index| index.columns().any(|name| name == column));
    let index = indexes.next().map(|index| format!("index `{}`", index.name));
    index.or_else(|| {
        let mut keys = table.constraints.iter().filter(|constraint| {
            constraint.rule.has_index() && constraint.rule.columns().iter().any(|name| name == column)
        });
        keys.next().map(ToString::to_string)
    })
}
