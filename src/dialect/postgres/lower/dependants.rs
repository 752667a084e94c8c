//! What depends on a column, so that Postgres would refuse to change its type or would change what it means.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use ecow::EcoString;

use super::super::types::Family;
use super::super::{types, whole};
use super::Result;
use super::wording::{self, Fate};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::tokens::{self, Token};
use crate::schema::{Cause, Column, ColumnType, IndexKey, IndexPart, Rule, Schema, SchemaObject, Table, View};

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
        self.views(table, column, effect)?;
        self.triggers(table, column, effect)?;
        self.policies(table, column, effect)?;
        self.generated(table, column, effect)?;
        if !matches!(effect, Effect::Carried) {
            self.constraints(table, column, effect)?;
            self.indexes(table, column, effect)?;
        }
        if !matches!(effect, Effect::Carried | Effect::Related) {
            self.foreign_keys(table, column);
        }
        Ok(())
    }

    fn views(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let schema = self.schema;
        let reads = |view: &&Arc<View>| {
            let query = &view.query;
            tokens::mentions(query, &table.name) && (tokens::mentions(query, column) || selects_all(query))
        };
        for view in schema.views().filter(reads) {
            // Another table of the query may have a column of this name, with other values.
            let mut others = schema.tables().filter(|other| other.name != table.name && other.column(column).is_some());
            let ambiguous = others.any(|other| tokens::mentions(&view.query, &other.name));
            if !ambiguous {
                let obstacle = wording::certain_obstacle(&view.query, column, effect.fate(), schema);
                self.unless(obstacle, table, column, &Dependant::View { name: view.name.clone() })?;
            }
            self.view(view, table, column)?;
        }
        Ok(())
    }

    /// Adds a view, its triggers, and the policies and views that read it.
    fn view(&mut self, view: &View, table: &Table, column: &str) -> Result<()> {
        let dependant = Dependant::View { name: view.name.clone() };
        if selects_all(&view.query) && self.schema.tables().any(|table| tokens::mentions(&view.query, &table.name)) {
            let obstacle = "`*` may stand for other columns today than when the view was created".to_owned();
            self.unless(Some(obstacle), table, column, &dependant)?;
        }
        if !self.found.insert(dependant) {
            return Ok(());
        }
        let own = self.schema.triggers().filter(|trigger| trigger.table == view.name);
        self.found.extend(own.map(|trigger| Dependant::Trigger { name: trigger.name.clone() }));
        let schema = self.schema;
        for object in schema.objects().filter(|object| object.mentions(&[&view.name])) {
            if let SchemaObject::Policy(policy) = &**object {
                let (table, name) = (policy.table.clone(), policy.name.clone());
                self.found.insert(Dependant::Policy { table, name });
            }
        }
        for other in schema.views().filter(|other| whole::reads(other, view)) {
            self.view(other, table, column)?;
        }
        Ok(())
    }

    fn triggers(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let schema = self.schema;
        for trigger in schema.triggers().filter(|trigger| trigger.table == table.name) {
            if tokens::mentions(&trigger.definition, column) {
                let dependant = Dependant::Trigger { name: trigger.name.clone() };
                let obstacle = wording::certain_obstacle(&trigger.definition, column, effect.fate(), schema);
                self.unless(obstacle, table, column, &dependant)?;
                self.found.insert(dependant);
            }
        }
        Ok(())
    }

    /// Adds the policies that name the column, of the table itself or of another one.
    fn policies(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let schema = self.schema;
        for object in schema.objects().filter(|object| object.mentions(&[&table.name, column])) {
            let SchemaObject::Policy(policy) = &**object else { continue };
            let dependant = Dependant::Policy { table: policy.table.clone(), name: policy.name.clone() };
            for text in object.texts() {
                let obstacle = wording::certain_obstacle(text, column, effect.fate(), schema);
                self.unless(obstacle, table, column, &dependant)?;
            }
            self.found.insert(dependant);
        }
        Ok(())
    }

    /// Adds the policies that name an enum which is made anew and loses values.
    ///
    /// # Errors
    ///
    /// A policy names one of these values, or a function or procedure has the enum in its signature.
    pub fn enumeration(&mut self, name: &str, gone: &[EcoString]) -> Result<()> {
        let schema = self.schema;
        for object in schema.objects().filter(|object| object.mentions(&[name])) {
            let obstacle = match &**object {
                SchemaObject::Policy(policy) => {
                    let (table, own) = (policy.table.clone(), policy.name.clone());
                    self.found.insert(Dependant::Policy { table, name: own });
                    object.texts().find_map(|text| wording::certain_obstacle(text, name, Fate::Loses(gone), schema))
                }
                SchemaObject::Routine(_) => Some("its signature would keep the old type".to_owned()),
                SchemaObject::Namespace(_)
                | SchemaObject::Extension(_)
                | SchemaObject::RowSecurity(_)
                | SchemaObject::Privileges(_) => None,
            };
            if let Some(obstacle) = obstacle {
                let title = object.title();
                return Err(Box::new(
                    Diagnostic::new(Code::NotYet, format!("enum `{name}` cannot be made anew while {title} uses it"))
                        .at(self.cause.origin, format!("{title} is in the way"))
                        .note(format!("{title} cannot be made again by itself: {obstacle}"))
                        .help(format!("drop {title} before it, and create it again after it, in the same revision")),
                ));
            }
        }
        Ok(())
    }

    /// Adds the columns that are computed from this one, and what depends on them.
    fn generated(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        let mentions =
            |other: &&Arc<Column>| other.generated.as_ref().is_some_and(|text| tokens::mentions(text, column));
        for other in table.columns.iter().filter(mentions) {
            let expression = other.generated.as_deref().unwrap_or_default();
            let obstacle = wording::obstacle(expression, column, effect.fate(), self.schema);
            self.made_anew(table, other, obstacle)?;
        }
        Ok(())
    }

    /// Adds a computed column, for something that happens to its own type.
    ///
    /// # Errors
    ///
    /// It, or something that depends on it, could not be made again as it was.
    pub fn generated_column(&mut self, table: &Table, column: &Column, effect: Effect<'_>) -> Result<()> {
        let expression = column.generated.as_deref().unwrap_or_default();
        let obstacle = wording::obstacle(expression, &column.name, effect.fate(), self.schema);
        self.made_anew(table, column, obstacle)
    }

    fn made_anew(&mut self, table: &Table, column: &Column, obstacle: Option<String>) -> Result<()> {
        let dependant = Dependant::Generated { table: table.name.clone(), column: column.name.clone() };
        self.unless(obstacle, table, &column.name, &dependant)?;
        if self.found.insert(dependant) {
            self.column(table, &column.name, Effect::MadeAnew)?;
        }
        Ok(())
    }

    fn constraints(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        for constraint in &table.constraints {
            let rule = &constraint.rule;
            let texts = rule.expressions();
            let mut mentioning = texts.into_iter().filter(|text| tokens::mentions(text, column)).peekable();
            // Postgres makes the index behind a constraint again by itself, unless the column goes.
            let goes = matches!(effect, Effect::MadeAnew)
                && rule.has_index()
                && rule.columns().iter().any(|name| name == column);
            let wrong_order = match (rule, effect) {
                (Rule::Exclusion(exclusion), Effect::OtherType(to)) => wrong_order(
                    exclusion.elements.iter().map(|element| &element.part),
                    exclusion.method.as_deref(),
                    column,
                    to,
                ),
                _ => None,
            };
            if mentioning.peek().is_none() && !goes && wrong_order.is_none() {
                continue;
            }
            let obstacle = wrong_order
                .or_else(|| mentioning.find_map(|text| wording::obstacle(text, column, effect.fate(), self.schema)));
            let Some(name) = &constraint.name else {
                return Err(in_the_way(self.cause, table, column, &constraint.to_string(), "it has no name"));
            };
            if let Some(obstacle) = obstacle {
                return Err(in_the_way(self.cause, table, column, &constraint.to_string(), &obstacle));
            }
            self.found.insert(Dependant::Constraint { table: table.name.clone(), name: name.clone() });
        }
        Ok(())
    }

    fn indexes(&mut self, table: &Table, column: &str, effect: Effect<'_>) -> Result<()> {
        for index in &table.indexes {
            let dependant = Dependant::Index { table: table.name.clone(), name: index.name.clone() };
            if let Effect::OtherType(to) = effect {
                let obstacle = wrong_order(&index.parts, index.method.as_deref(), column, to);
                self.unless(obstacle, table, column, &dependant)?;
            }
            let mut affected =
                matches!(effect, Effect::MadeAnew) && index.columns().any(|name| name.as_str() == column);
            for expression in index.expressions().filter(|text| tokens::mentions(text, column)) {
                let obstacle = wording::obstacle(expression, column, effect.fate(), self.schema);
                self.unless(obstacle, table, column, &dependant)?;
                affected = true;
            }
            if affected {
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

    fn unless(&self, obstacle: Option<String>, table: &Table, column: &str, dependant: &Dependant) -> Result<()> {
        match obstacle {
            None => Ok(()),
            Some(obstacle) => Err(in_the_way(self.cause, table, column, &dependant.to_string(), &obstacle)),
        }
    }
}

/// The refusal to change a column while something depends on it that could not be made again.
pub fn in_the_way(cause: &Cause, table: &Table, column: &str, dependant: &str, obstacle: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            Code::NotYet,
            format!("the type of `{}.{column}` cannot change while {dependant} depends on it", table.name),
        )
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
