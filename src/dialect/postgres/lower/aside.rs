//! What is out of the way while types change.
//!
//! It is dropped before the first change that it would block or that would alter its meaning, and made again from the
//! words of the schema behind the last of the changes that follow one another: a foreign key needs both of its sides
//! changed, and a view may read two columns that change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::locks::Kind;
use super::super::quote::identifier;
use super::super::statement::{AlterTable, CreateTrigger, DropIndex, DropPolicy, DropTrigger};
use super::super::types::same_family;
use super::super::{author_sql, objects, whole};
use super::dependants::{Dependant, in_the_way};
use super::kept::Thing;
use super::{Lowering, Result, table_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Cause, Change, Column, ForeignKey, Rule, Schema, SchemaObject, Table, Transition, View};

/// What is out of the way, each with the operation because of which it is.
pub type Aside = BTreeMap<Dependant, Arc<Cause>>;

impl Lowering<'_> {
    /// Drops what is in the way and not dropped yet, and remembers what it has, and what those things have too.
    pub(super) fn set_aside(
        &mut self,
        dependants: BTreeSet<Dependant>,
        mut things: Vec<Thing>,
        schema: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        let new: BTreeSet<Dependant> =
            dependants.into_iter().filter(|dependant| !self.aside.contains_key(dependant)).collect();
        self.check_columns_stay(&new, schema, cause)?;
        things.extend(new.iter().flat_map(|dependant| self.things(dependant, schema)));
        let mut views: Vec<&View> = whole::views_in_order(schema).into_iter().map(|view| &**view).collect();
        views.retain(|view| new.contains(&Dependant::View { name: view.name.clone() }));
        let materialized: Vec<&View> = views.iter().filter(|view| view.materialized().is_some()).copied().collect();
        self.remember(&things, &materialized, cause);
        let first = self.out.body.len();
        // The order is that of the kinds, but that of the views among each other is their own.
        let mut views = Some(views.into_iter().rev());
        for dependant in &new {
            match dependant {
                Dependant::ForeignKey { table, name } | Dependant::Constraint { table, name } => {
                    let constraint = schema.table(table).and_then(|table| table.constraint(name));
                    let Some(constraint) = constraint else { continue };
                    self.drop_named_constraint(table, name, &constraint.rule, cause);
                }
                Dependant::Trigger { name } => {
                    let Some(trigger) = schema.trigger(name) else { continue };
                    let statement = DropTrigger { trigger: identifier(name), table: self.names.of(&trigger.table) };
                    self.push_on(&trigger.table, Kind::DropTrigger, cause, statement);
                }
                Dependant::Policy { table, name } => {
                    let statement = DropPolicy { policy: identifier(name), table: self.names.of(table) };
                    self.push_on(table, Kind::Secure, cause, statement);
                }
                Dependant::View { .. } => {
                    for view in views.take().into_iter().flatten() {
                        self.drop_view(view, cause);
                    }
                }
                Dependant::Routine { name } => {
                    let routine = schema.atomic_routines().find(|(routine, _)| routine.name == *name);
                    if let Some((routine, _)) = routine {
                        self.push(cause, objects::empty_routine(routine, self.names));
                    }
                }
                Dependant::Index { table, name } => {
                    let statement = DropIndex { online: "", index: self.names.of(name) };
                    self.push_on(table, Kind::DropIndex, cause, statement);
                }
                Dependant::Generated { table, column } => {
                    let actions = vec![format!("DROP COLUMN {}", identifier(column))];
                    let statement = AlterTable { table: self.names.of(table), actions };
                    self.push_on(table, Kind::DropColumn, cause, statement);
                }
            }
        }
        for step in &mut self.out.body[first..] {
            step.comments.push("in the way of the change; made again behind it".to_owned());
        }
        self.aside.extend(new.into_iter().map(|dependant| (dependant, cause.clone())));
        Ok(())
    }

    /// A column that is dropped and added again stands last, so it has to stand there before.
    fn check_columns_stay(&self, new: &BTreeSet<Dependant>, schema: &Schema, cause: &Cause) -> Result<()> {
        for dependant in new {
            let Dependant::Generated { table, column } = dependant else { continue };
            let table = table_of(schema, table, cause)?;
            let goes = |column: &Column| {
                let key = Dependant::Generated { table: table.name.clone(), column: column.name.clone() };
                new.contains(&key) || self.aside.contains_key(&key)
            };
            let behind = table.columns.iter().skip_while(|other| other.name != *column);
            if let Some(other) = behind.into_iter().find(|other| !goes(other)) {
                let obstacle = format!("it would move behind `{}`", other.name);
                return Err(in_the_way(cause, table, column, &dependant.to_string(), &obstacle));
            }
        }
        Ok(())
    }

    /// Makes what is out of the way again, unless this change is one of those that may follow.
    pub(super) fn put_back_before(&mut self, transition: &Transition) -> Result<()> {
        let goes_on = match &transition.change {
            Change::AlterColumn { table, column, .. } => {
                !self.aside.contains_key(&Dependant::Generated { table: table.clone(), column: column.clone() })
            }
            Change::ReplaceEnumValues { .. } | Change::AddEnumValue { .. } | Change::CreateEnum(_) => true,
            _ => false,
        };
        if goes_on { Ok(()) } else { self.put_back(&transition.before) }
    }

    /// Makes everything that is out of the way again, as this schema has it.
    pub(super) fn put_back(&mut self, schema: &Schema) -> Result<()> {
        // Most changes put nothing out of the way, and the views below are all views of the schema.
        if self.aside.is_empty() {
            self.give_back();
            return Ok(());
        }
        let aside = std::mem::take(&mut self.aside);
        let first = self.out.body.len();
        let generated = aside.keys().filter_map(|dependant| match dependant {
            Dependant::Generated { table, .. } => Some(table),
            _ => None,
        });
        for table in generated.collect::<BTreeSet<_>>().into_iter().filter_map(|name| schema.table(name)) {
            for column in &table.columns {
                let key = Dependant::Generated { table: table.name.clone(), column: column.name.clone() };
                if let Some(cause) = aside.get(&key) {
                    self.add_column(&table.name, column, schema, cause)?;
                }
            }
        }
        for (dependant, cause) in &aside {
            let Dependant::Constraint { table, name } = dependant else { continue };
            if let Some(constraint) = schema.table(table).and_then(|table| table.constraint(name)) {
                self.add_constraint(table, constraint, None, cause)?;
            }
        }
        for (dependant, cause) in &aside {
            let Dependant::Index { table, name } = dependant else { continue };
            let table = table_of(schema, table, cause)?;
            if let Some(index) = table.index(name) {
                self.create_index(&table.name, index, None, cause)?;
            }
        }
        for view in whole::views_in_order(schema) {
            if let Some(cause) = aside.get(&Dependant::View { name: view.name.clone() }) {
                self.create_view_again(view, cause)?;
            }
        }
        for (routine, _) in schema.atomic_routines() {
            if let Some(cause) = aside.get(&Dependant::Routine { name: routine.name.clone() }) {
                self.push(cause, objects::fill_routine(routine, self.names));
            }
        }
        for object in schema.objects() {
            let SchemaObject::Policy(policy) = &**object else { continue };
            let key = Dependant::Policy { table: policy.table.clone(), name: policy.name.clone() };
            if let Some(cause) = aside.get(&key) {
                for statement in self.in_words(objects::create(object, schema, self.names), cause)? {
                    self.push_on(&policy.table, Kind::Secure, cause, statement);
                }
            }
        }
        for (dependant, cause) in &aside {
            let Dependant::Trigger { name } = dependant else { continue };
            if let Some(trigger) = schema.trigger(name) {
                let definition = author_sql::clause(&trigger.definition);
                let statement = CreateTrigger { trigger: identifier(name), definition };
                self.push_on(&trigger.table, Kind::CreateTrigger, cause, statement);
            }
        }
        for (dependant, cause) in &aside {
            let Dependant::ForeignKey { table, name } = dependant else { continue };
            let table = table_of(schema, table, cause)?;
            let Some(constraint) = table.constraint(name) else { continue };
            if let Rule::ForeignKey(key) = &constraint.rule {
                check_alike(schema, table, name, key, cause)?;
            }
            self.add_constraint(&table.name, constraint, None, cause)?;
        }
        for step in &mut self.out.body[first..] {
            step.comments.insert(0, "as it was before the change".to_owned());
        }
        self.give_back();
        Ok(())
    }
}

/// Refuses a foreign key between columns whose types Postgres cannot compare.
fn check_alike(schema: &Schema, table: &Table, name: &str, key: &ForeignKey, cause: &Cause) -> Result<()> {
    let referred = table_of(schema, &key.referred_table, cause)?;
    for (own, other) in key.columns.iter().zip(&key.referred_columns) {
        let (Some(own), Some(other)) = (table.column(own), referred.column(other)) else { continue };
        if own.column_type.plain() == other.column_type.plain() || same_family(&own.column_type, &other.column_type) {
            continue;
        }
        let sides = format!("`{}.{}` and `{}.{}`", table.name, own.name, referred.name, other.name);
        return Err(Box::new(
            Diagnostic::new(
                Code::NotYet,
                format!("foreign key `{name}` would compare {sides}, which are of two types"),
            )
            .at(cause.origin, format!("leaves `{}` and `{}`", own.column_type, other.column_type))
            .help(format!(
                "change {sides} in operations that follow one another, or drop the foreign key before and create it \
                     again after them"
            )),
        ));
    }
    Ok(())
}
