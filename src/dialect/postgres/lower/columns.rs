//! The facets of columns: all that one operation changes in one table is one `ALTER TABLE`.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::super::clauses;
use super::super::locks::Kind;
use super::super::quote::{dollar_tag, identifier, text};
use super::super::statement::{AlterTable, MoveSequence};
use super::super::types::{same_family, same_operators};
use super::conversion::Nulls;
use super::dependants::{self, Dependant, Effect, Search};
use super::guards::is_null;
use super::online::is_proven_not_null;
use super::{Lowering, Result, table_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::names::expression_names_column;
use crate::schema::{
    Cause, Change, Column, ColumnType, Conversion, Dialect, Facet, Nullability, Schema, Table, Transition,
};

/// The actions of one `ALTER TABLE`, in the order in which they are written.
#[derive(Default)]
pub(super) struct Actions {
    pub actions: Vec<String>,
    kinds: Vec<Kind>,
    /// The other tables of the foreign keys that the server makes again by itself.
    made_again: Vec<(EcoString, Kind)>,
    /// What is in the way of the actions.
    pub in_the_way: BTreeSet<Dependant>,
}

impl Actions {
    pub(super) fn on(&mut self, column: &Column, action: impl AsRef<str>) {
        self.actions.push(["ALTER COLUMN ", &identifier(&column.name), " ", action.as_ref()].concat());
    }

    /// What the actions do beside changing the catalogue.
    pub(super) fn does(&mut self, kind: Kind) {
        self.kinds.push(kind);
    }
}

/// A column before and after an operation, and what the operation says about it.
pub(super) struct Alteration<'a> {
    pub table: &'a Table,
    pub before: &'a Column,
    pub after: &'a Column,
    pub facets: Vec<&'a Facet>,
    /// The schema with the enums that values go to.
    pub schema: &'a Schema,
    pub cause: &'a Arc<Cause>,
}

impl Lowering<'_> {
    /// The facets that one operation changes in one table.
    pub(super) fn alter_columns(&mut self, group: &[Transition]) -> Result<()> {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return Ok(()) };
        let facets: Vec<(&EcoString, &EcoString, &Facet)> = group.iter().filter_map(facet_of).collect();
        let Some((table_name, ..)) = facets.first() else { return Ok(()) };
        let cause = &first.cause;
        let before = table_of(&first.before, table_name, cause)?;
        let after = table_of(&last.after, table_name, cause)?;
        let mut names: Vec<&EcoString> = Vec::new();
        for (_, name, _) in &facets {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let mut actions = Actions::default();
        for name in &names {
            let (Some(old), Some(new)) = (before.column(name), after.column(name)) else { continue };
            let facets = facets.iter().filter(|(_, other, _)| other == name).map(|(.., facet)| *facet).collect();
            let alteration =
                Alteration { table: before, before: old, after: new, facets, schema: &first.before, cause };
            self.alter_column(&alteration, &mut actions)?;
        }
        let renewed: Vec<&EcoString> = names.into_iter().filter(|name| renews_default(name, &facets)).collect();
        self.set_aside(actions.in_the_way, Vec::new(), &first.before, cause)?;
        for column in renewed.iter().filter_map(|name| before.column(name)) {
            for (partition, statement) in self.drop_partition_defaults(column, before, &first.before) {
                let locks = self.locks([(partition.as_str(), Kind::AlterColumn)]);
                let comment = "the partition has a default of its own, which would not fit".to_owned();
                self.push_with(cause, statement, [comment].into_iter().chain(locks));
            }
        }
        if !actions.actions.is_empty() {
            let kinds = [Kind::AlterColumn].into_iter().chain(actions.kinds);
            let own = kinds.map(|kind| (table_name.as_str(), kind));
            let others = actions.made_again.iter().map(|(other, kind)| (other.as_str(), *kind));
            let locks = self.locks(own.chain(others));
            let statement = AlterTable { table: self.names.of(table_name), actions: actions.actions };
            self.push_with(cause, statement, locks);
        }
        for column in renewed.into_iter().filter_map(|name| after.column(name)) {
            for (partition, statement) in self.set_partition_defaults(column, after, &last.after, cause)? {
                let locks = self.locks([(partition.as_str(), Kind::AlterColumn)]);
                let comment = "the partition keeps a default of its own".to_owned();
                self.push_with(cause, statement, [comment].into_iter().chain(locks));
            }
        }
        for (table, column, facet) in facets {
            match facet {
                Facet::Identity { from: None, to: Some(_) } => self.move_sequence(table, column, cause),
                Facet::Comment { to, .. } => self.comment_on_column(table, column, to.as_deref(), cause),
                // A column that was made anew has lost its comment.
                Facet::Generated { to: Some(_), .. } => {
                    if let Some(comment) = after.column(column).and_then(|column| column.comment.as_deref()) {
                        self.comment_on_column(table, column, Some(comment), cause);
                    }
                }
                Facet::Type { .. }
                | Facet::Nullability { .. }
                | Facet::Default { .. }
                | Facet::Identity { .. }
                | Facet::Generated { to: None, .. }
                | Facet::Collation { .. } => {}
            }
        }
        Ok(())
    }

    fn alter_column(&mut self, alteration: &Alteration<'_>, actions: &mut Actions) -> Result<()> {
        let Alteration { before, after, facets, cause, .. } = alteration;
        if let Some(expression) = self.becomes_generated(alteration) {
            return self.set_generated(alteration, expression, actions);
        }
        let mut conversion = None;
        let mut default_changes = false;
        let mut becomes_not_null = false;
        let mut becomes_nullable = false;
        let mut gets_identity = false;
        for facet in facets {
            match facet {
                Facet::Type { conversion: given, .. } => conversion = Some(given.clone()),
                Facet::Collation { .. } => conversion = conversion.or_else(|| Some(Conversion::default())),
                Facet::Default { .. } => default_changes = true,
                Facet::Nullability { to: Nullability::NotNull, .. } => becomes_not_null = true,
                Facet::Nullability { to: Nullability::Nullable, .. } => becomes_nullable = true,
                Facet::Identity { from: None, to: Some(_) } => gets_identity = true,
                Facet::Identity { from: Some(_), to: Some(identity) } => {
                    let generation = clauses::generation(identity.generation);
                    actions.on(before, format!("SET GENERATED {generation}"));
                }
                Facet::Identity { to: None, .. } => actions.on(before, "DROP IDENTITY"),
                Facet::Generated { .. } => {
                    self.require_version(13, "making a generated column an ordinary one", cause)?;
                    actions.on(before, "DROP EXPRESSION");
                }
                // A statement of its own.
                Facet::Comment { .. } => {}
            }
        }
        let type_changes = conversion.is_some();
        if before.default.is_some() && (type_changes || after.default.is_none()) {
            actions.on(before, "DROP DEFAULT");
        }
        if becomes_nullable {
            self.check_droppable_not_null(alteration)?;
            actions.on(before, "DROP NOT NULL");
        }
        let nulls = match conversion {
            Some(conversion) => self.alter_type(alteration, &conversion, actions)?,
            None => Some(Nulls { condition: is_null(&before.name), early: true }),
        };
        if type_changes || default_changes {
            self.set_default(after, cause, actions)?;
        }
        if becomes_not_null {
            let proven = !type_changes && is_proven_not_null(alteration.table, &before.name);
            if let Some(Nulls { condition, early }) = nulls.filter(|_| !proven) {
                self.guard_nulls(&alteration.table.name, &before.name, condition, early);
            }
            actions.on(before, "SET NOT NULL");
            if !proven {
                actions.does(Kind::SetNotNull);
            }
        }
        if gets_identity {
            self.add_identity(after, cause, actions)?;
        } else if after.identity.is_some() {
            self.in_words(clauses::check_identity(after), cause)?;
        }
        Ok(())
    }

    fn set_default(&self, after: &Column, cause: &Cause, actions: &mut Actions) -> Result<()> {
        if let Some(crate::schema::Value::RandomUuid) = &after.default {
            self.require_version(13, "`gen_random_uuid()`", cause)?;
        }
        if let Some(default) = self.in_words(clauses::default(after, self.names), cause)? {
            actions.on(after, ["SET DEFAULT ", &default].concat());
        }
        Ok(())
    }

    fn add_identity(&self, after: &Column, cause: &Cause, actions: &mut Actions) -> Result<()> {
        self.in_words(clauses::check_identity(after), cause)?;
        if !after.is_not_null() {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("`{}` may be NULL and cannot be numbered", after.name))
                    .at(cause.origin, "numbers a column that may be NULL")
                    .help("add `.set_not_null()`"),
            ));
        }
        if let Some(identity) = &after.identity {
            actions.on(after, ["ADD", &clauses::identity(identity)].concat());
        }
        Ok(())
    }

    /// Changes the type or the collation, which is a clause of the type. Gives the rows that will be NULL.
    fn alter_type(
        &mut self,
        alteration: &Alteration<'_>,
        conversion: &Conversion,
        actions: &mut Actions,
    ) -> Result<Option<Nulls>> {
        let Alteration { table, before, after, schema, cause, .. } = alteration;
        if before.generated.is_some() || after.generated.is_some() {
            return Err(Box::new(
                Diagnostic::new(
                    Code::NotYet,
                    format!("the type of the generated column `{}` cannot change", before.name),
                )
                .at(cause.origin, "changes a generated column")
                .help("drop the column and add it again: the database computes its values anew"),
            ));
        }
        self.check_not_dividing(table, &before.name, cause)?;
        let same_type = before.column_type == after.column_type;
        let (from, to) = (&before.column_type, &after.column_type);
        let survives = same_family(from, to) || same_type || same_operators(from, to);
        let converts = !conversion.is_empty();
        let in_domain = matches!(from, ColumnType::Domain { .. });
        let modified = !in_domain && std::mem::discriminant(from) == std::mem::discriminant(to);
        let effect = match (survives, converts) {
            (true, false) if modified => Effect::Carried,
            (true, false) => Effect::Related,
            (true, true) => Effect::Mapped,
            (false, _) => Effect::OtherType(&after.column_type),
        };
        let mut search = Search::new(schema, cause);
        search.column(table, &before.name, effect)?;
        actions.in_the_way.append(&mut search.found);
        let make_references_again = |actions: &mut Actions, kind| {
            if matches!(effect, Effect::Carried | Effect::Related) {
                let partners = partners(table, &before.name, schema);
                actions.made_again.extend(partners.map(|other| (other.clone(), kind)));
            }
        };
        if *after.column_type.plain() == ColumnType::Json && !same_type {
            self.check_unsorted(table, before, cause)?;
        }
        let clause = clauses::typed(&after.column_type, after.collation.as_deref(), self.names);
        if same_type && !converts {
            actions.on(before, format!("TYPE {clause}"));
            actions.does(if indexed(table, &before.name, schema) { Kind::ChangeCollation } else { Kind::Relabel });
            make_references_again(actions, Kind::LoseReference);
            return Ok(Some(Nulls { condition: is_null(&before.name), early: true }));
        }
        let change = self.type_change(table, before, &after.column_type, conversion, schema, cause)?;
        if let Some(misfit) = change.misfit {
            self.guard_rows(&table.name, misfit);
        }
        let looked_at = change.rewrites || schema.has_rules(&after.column_type);
        actions.does(if looked_at { Kind::ChangeType } else { Kind::Relabel });
        make_references_again(actions, if looked_at { Kind::CheckReferenceAgain } else { Kind::LoseReference });
        match change.using {
            None => actions.on(before, ["TYPE ", &clause].concat()),
            Some(using) if using.contains('\n') => actions.on(before, format!("TYPE {clause} USING\n        {using}")),
            Some(using) => actions.on(before, format!("TYPE {clause} USING {using}")),
        }
        Ok(change.nulls)
    }

    fn check_unsorted(&self, table: &Table, column: &Column, cause: &Cause) -> Result<()> {
        let Some(user) = dependants::sorted_by(table, &column.name) else { return Ok(()) };
        let message = format!("`{}.{}` cannot be json while {user} sorts by it", table.name, column.name);
        Err(Box::new(
            Diagnostic::new(Code::InUse, message)
                .at(cause.origin, "json has no order")
                .help(format!("drop {user} first, or use `jsonb()`")),
        ))
    }

    fn check_droppable_not_null(&self, alteration: &Alteration<'_>) -> Result<()> {
        let Alteration { table, before, after, cause, .. } = alteration;
        let reason = if table.primary_key().contains(&before.name) {
            "is part of the primary key"
        } else if after.identity.is_some() {
            "is numbered by the database"
        } else {
            return Ok(());
        };
        Err(Box::new(
            Diagnostic::new(Code::InUse, format!("`{}.{}` {reason} and must not be NULL", table.name, before.name))
                .at(cause.origin, "allows NULL")
                .help("drop the primary key or the identity first"),
        ))
    }

    /// Lets an identity column go on behind the numbers that are in use.
    pub(super) fn move_sequence(&mut self, table: &str, column: &str, cause: &Arc<Cause>) {
        let full = self.names.of(table);
        let sequence = format!("pg_get_serial_sequence({}, {})", text(&full), text(column));
        let tag = dollar_tag(&[&full, &sequence]);
        let table_text = text(&full);
        let statement = MoveSequence { tag, table: full, table_text, column: identifier(column), sequence };
        let comments = ["new rows are numbered behind those that are there".to_owned()];
        let locks = self.locks([(table, Kind::MoveSequence)]);
        self.push_with(cause, statement, comments.into_iter().chain(locks));
    }
}

/// Whether the facets of a column have its default written again, in the partitions of the table too.
fn renews_default(column: &str, facets: &[(&EcoString, &EcoString, &Facet)]) -> bool {
    facets.iter().any(|(_, name, facet)| match facet {
        Facet::Type { .. } | Facet::Default { .. } | Facet::Collation { .. } => *name == column,
        Facet::Nullability { .. } | Facet::Identity { .. } | Facet::Generated { .. } | Facet::Comment { .. } => false,
    })
}

/// The other tables of the foreign keys that a column is part of, on either side.
fn partners<'s>(table: &'s Table, column: &'s str, schema: &'s Schema) -> impl Iterator<Item = &'s EcoString> {
    let is_in = move |columns: &[EcoString]| columns.iter().any(|name| name == column);
    let referred = table.foreign_keys().filter(move |(_, key)| is_in(&key.columns));
    let referring = schema.inbound_foreign_keys(&table.name).filter(move |(.., key)| is_in(&key.referred_columns));
    let both = referred.map(|(_, key)| &key.referred_table).chain(referring.map(|(other, ..)| &other.name));
    both.filter(|other| **other != table.name)
}

/// Whether an index or a key sorts by a column.
fn indexed(table: &Table, column: &str, schema: &Schema) -> bool {
    let named = |text: &EcoString| expression_names_column(text, table, column, schema, Dialect::Postgres);
    table.indexes.iter().any(|index| index.columns().any(|name| name == column) || index.expressions().any(named))
        || table.constraints.iter().any(|constraint| {
            constraint.rule.has_index() && constraint.rule.columns().iter().any(|name| name == column)
        })
}

fn facet_of(transition: &Transition) -> Option<(&EcoString, &EcoString, &Facet)> {
    match &transition.change {
        Change::AlterColumn { table, column, facet } => Some((table, column, facet)),
        _ => None,
    }
}
