//! What follows when a column, table or enum gets another name: constraints, indexes, foreign keys, and the texts of
//! checks, generated columns, indexes, views, triggers and policies.

use std::sync::Arc;

use ecow::EcoString;

use super::enumerations::edit_users;
use super::{Editor, partitions, privileges, sequences};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::{Dependant, Dependence, Outputs, Reading, Rename, may_name};
use crate::schema::{
    Dialect, Domain, Enumeration, ForeignKey, IndexKey, Literal, Policy, Routine, Rule, Schema, SchemaObject, Table,
    Trigger, View,
};
use crate::source::Name;

/// A rename that cannot be followed in a text.
type Followed<T> = std::result::Result<T, Box<Dependence>>;

impl Editor<'_> {
    /// The schema in which a column has another name, in every text too.
    ///
    /// # Errors
    ///
    /// A text names it, or may name it, in a way that cannot follow.
    pub(super) fn with_column_renamed_everywhere(&self, table: &Table, from: &Name, to: &EcoString) -> Result<Schema> {
        let rename = Rename::Column { table: &table.name, from, to };
        let followed = with_column_renamed(table, from, to, &self.schema, self.dialect).and_then(|renamed| {
            let mut schema = self.schema.clone();
            schema.put_table(renamed);
            privileges::follow_column(&mut schema, &table.name, from, to);
            sequences::follow_column(&mut schema, &table.name, from, to);
            if table.partitioning.is_some() {
                partitions::follow_column(&mut schema, &table.name, from, to);
            }
            follow_in_foreign_keys(&mut schema, &table.name, |key| {
                key.referred_columns
                    .iter_mut()
                    .filter(|name| *name == from.as_str())
                    .for_each(|name| *name = to.clone());
            });
            follow_across_tables(&self.schema, &mut schema, &rename, &table.name, self.dialect)?;
            Ok(schema)
        });
        followed.map_err(|dependence| cannot_follow(&format!("column `{}.{from}`", table.name), from, &dependence))
    }

    /// The schema in which a table has another name, in every text too.
    ///
    /// # Errors
    ///
    /// A text names it, or may name it, in a way that cannot follow.
    pub(super) fn with_table_renamed_everywhere(&self, table: &Table, from: &Name, to: &EcoString) -> Result<Schema> {
        let rename = Rename::Table { from, to };
        let followed = with_table_renamed(table, to, &self.schema, self.dialect).and_then(|renamed| {
            let mut schema = self.schema.clone();
            schema.remove_table(from);
            follow_in_foreign_keys(&mut schema, from, |key| key.referred_table = to.clone());
            schema.put_table(renamed);
            let own: Vec<Arc<Trigger>> =
                schema.triggers().filter(|trigger| trigger.table == from.value).cloned().collect();
            for trigger in own {
                schema.put_trigger(Arc::new(Trigger { table: to.clone(), ..Trigger::clone(&trigger) }));
            }
            let objects: Vec<_> = schema.objects_of(from).cloned().collect();
            for object in objects {
                schema.remove_object(&object.key());
                schema.put_object(Arc::new(object.with_table_renamed(to)));
            }
            follow_across_tables(&self.schema, &mut schema, &rename, from, self.dialect)?;
            Ok(schema)
        });
        followed.map_err(|dependence| cannot_follow(&format!("table `{from}`"), from, &dependence))
    }

    /// The schema in which an enum has another name, in the types of columns and in every text too.
    ///
    /// # Errors
    ///
    /// A text names it, or may name it, in a way that cannot follow.
    pub(super) fn with_enum_renamed_everywhere(
        &self,
        enumeration: &Enumeration,
        from: &Name,
        to: &EcoString,
    ) -> Result<Schema> {
        let mut schema = self.schema.clone();
        schema.remove_enumeration(from);
        schema.put_enumeration(Arc::new(Enumeration { name: to.clone(), values: enumeration.values.clone() }));
        privileges::follow_type(&mut schema, from, to);
        edit_users(&mut schema, from, |table| {
            for column in
                table.columns.iter_mut().filter(|column| column.column_type.enumeration() == Some(&from.value))
            {
                let column = Arc::make_mut(column);
                column.column_type = column.column_type.with_enumeration_renamed(from, to);
            }
        });
        rename_in_types(&mut schema, from, to);
        if self.dialect == Dialect::Sqlite {
            // Its enums are no types there that a text could name.
            return Ok(schema);
        }
        let rename = Rename::Enumeration { from, to };
        let mut follow = || {
            for table in self.schema.tables() {
                let Some(renamed) = schema.table(&table.name).map(|table| Table::clone(table)) else { continue };
                let followed =
                    follow_in_expressions(table, renamed.clone(), &rename, [from, to], &self.schema, self.dialect)?;
                if followed != renamed {
                    schema.put_table(followed);
                }
            }
            follow_in_domains(&self.schema, &mut schema, &rename, [from, to], self.dialect)?;
            follow_across_tables(&self.schema, &mut schema, &rename, from, self.dialect)
        };
        follow().map_err(|dependence| cannot_follow(&format!("enum `{from}`"), from, &dependence))?;
        Ok(schema)
    }
}

/// The refusal of a rename that a text cannot follow.
fn cannot_follow(object: &str, from: &Name, dependence: &Dependence) -> Box<Diagnostic> {
    let Dependence { dependant, doubt } = dependence;
    let mut diagnostic = Diagnostic::new(Code::InUse, format!("{object} is used by {dependant}"))
        .at(from.origin, format!("{dependant} cannot follow by itself"))
        .help(format!("drop {dependant} before the change and create it again after it"));
    if let Some(doubt) = doubt {
        diagnostic = diagnostic.note(format!("the text of {dependant} cannot be told to follow: {}", doubt.0));
    }
    Box::new(diagnostic)
}

/// The table with one of its columns renamed wherever it is named inside the table.
///
/// # Errors
///
/// An expression of the table cannot follow.
pub(crate) fn with_column_renamed(
    table: &Table,
    from: &str,
    to: &EcoString,
    schema: &Schema,
    dialect: Dialect,
) -> Followed<Table> {
    let mut renamed = table.clone();
    let rename = |name: &mut EcoString| {
        if name == from {
            *name = to.clone();
        }
    };
    for column in renamed.columns.iter_mut().filter(|column| column.name == from) {
        rename(&mut Arc::make_mut(column).name);
    }
    for constraint in &mut renamed.constraints {
        match &mut constraint.rule {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => columns.iter_mut().for_each(rename),
            Rule::Check { .. } => {}
            Rule::ForeignKey(key) => {
                key.columns.iter_mut().for_each(rename);
                if key.referred_table == table.name {
                    key.referred_columns.iter_mut().for_each(rename);
                }
            }
            Rule::Exclusion(exclusion) => exclusion.elements.iter_mut().for_each(|element| {
                if let IndexKey::Column(name) = &mut element.part.key {
                    rename(name);
                }
            }),
        }
    }
    for index in &mut renamed.indexes {
        let named = index.columns().any(|name| name == from);
        if named {
            let index = Arc::make_mut(index);
            index.parts.iter_mut().for_each(|part| {
                if let IndexKey::Column(name) = &mut part.key {
                    rename(name);
                }
            });
            index.include.iter_mut().for_each(rename);
        }
    }
    if let Some(partitioning) = &mut renamed.partitioning {
        for part in &mut partitioning.key {
            if let IndexKey::Column(name) = &mut part.key {
                rename(name);
            }
        }
    }
    let change = Rename::Column { table: &table.name, from, to };
    follow_in_expressions(table, renamed, &change, [from, to], schema, dialect)
}

fn with_table_renamed(table: &Table, to: &EcoString, schema: &Schema, dialect: Dialect) -> Followed<Table> {
    let mut renamed = Table { name: to.clone(), ..table.clone() };
    for constraint in &mut renamed.constraints {
        match &mut constraint.rule {
            Rule::ForeignKey(key) if key.referred_table == table.name => key.referred_table = to.clone(),
            Rule::ForeignKey(_)
            | Rule::PrimaryKey { .. }
            | Rule::Unique { .. }
            | Rule::Check { .. }
            | Rule::Exclusion(_) => {}
        }
    }
    let change = Rename::Table { from: &table.name, to };
    follow_in_expressions(table, renamed, &change, [&table.name, to], schema, dialect)
}

/// Lets the expressions of a table follow. `renamed` is the table with its new names and its old expressions.
fn follow_in_expressions(
    table: &Table,
    mut renamed: Table,
    change: &Rename<'_>,
    names: [&str; 2],
    schema: &Schema,
    dialect: Dialect,
) -> Followed<Table> {
    let shape = renamed.clone();
    let follow = |text: &mut EcoString, dependant: &dyn Fn() -> Dependant| -> Followed<()> {
        if !names.iter().any(|name| may_name(text, name)) {
            return Ok(());
        }
        let before = |text: &str| Reading::of_expression(text, table, schema, dialect);
        let after = |text: &str| Reading::of_expression(text, &shape, schema, dialect);
        match change.follow(text, Outputs::Unseen, before, after) {
            Ok(Some(followed)) => *text = followed,
            Ok(None) => {}
            Err(doubt) => return Err(Box::new(Dependence { dependant: dependant(), doubt: Some(doubt) })),
        }
        Ok(())
    };
    let owner = &table.name;
    for column in &mut renamed.columns {
        let name = column.name.clone();
        // A default sees no columns and no tables, but types.
        if let (Rename::Enumeration { .. }, Some(Literal::Sql(_))) = (change, &column.default)
            && let Some(Literal::Sql(expression)) = &mut Arc::make_mut(column).default
        {
            follow(expression, &|| Dependant::Default { table: owner.clone(), column: name.clone() })?;
        }
        if column.generated.is_none() {
            continue;
        }
        if let Some(expression) = &mut Arc::make_mut(column).generated {
            follow(expression, &|| Dependant::GeneratedColumn { table: owner.clone(), column: name.clone() })?;
        }
    }
    for constraint in &mut renamed.constraints {
        let whole = constraint.clone();
        for expression in constraint.rule.expressions_mut() {
            follow(expression, &|| Dependant::Constraint { table: owner.clone(), constraint: whole.clone() })?;
        }
    }
    for index in renamed.indexes.iter_mut().filter(|index| index.expressions().next().is_some()) {
        let name = index.name.clone();
        let dependant = || Dependant::Index { table: owner.clone(), name: name.clone() };
        for expression in Arc::make_mut(index).expressions_mut() {
            follow(expression, &dependant)?;
        }
    }
    if let Some(partitioning) = &mut renamed.partitioning {
        for part in &mut partitioning.key {
            if let IndexKey::Expression(expression) = &mut part.key {
                follow(expression, &|| Dependant::PartitionKey { table: owner.clone() })?;
            }
        }
    }
    Ok(renamed)
}

/// Lets the foreign keys of other tables follow that refer to this one.
fn follow_in_foreign_keys(schema: &mut Schema, table: &str, follow: impl Fn(&mut ForeignKey)) {
    let referring: Vec<Arc<Table>> = schema.users(table).filter_map(|name| schema.table(name)).cloned().collect();
    for other in referring.into_iter().filter(|other| other.name != table) {
        let mut other = Table::clone(&other);
        for constraint in &mut other.constraints {
            if let Rule::ForeignKey(key) = &mut constraint.rule
                && key.referred_table == table
            {
                follow(key);
            }
        }
        schema.put_table(other);
    }
}

/// Gives an enum its other name in the domains and composite types that are made of it.
fn rename_in_types(schema: &mut Schema, from: &str, to: &EcoString) {
    let users: Vec<Arc<SchemaObject>> = schema.objects_of_type(from).cloned().collect();
    for user in users {
        let mut renamed = SchemaObject::clone(&user);
        match &mut renamed {
            SchemaObject::Domain(domain) => domain.base = domain.base.with_enumeration_renamed(from, to),
            SchemaObject::Composite(composite) => {
                for attribute in &mut composite.attributes {
                    attribute.attribute_type = attribute.attribute_type.with_enumeration_renamed(from, to);
                }
            }
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Routine(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Partition(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => {}
        }
        schema.put_object(Arc::new(renamed));
    }
}

/// Lets the rules of domains follow that name a type.
fn follow_in_domains(
    before: &Schema,
    after: &mut Schema,
    change: &Rename<'_>,
    names: [&str; 2],
    dialect: Dialect,
) -> Followed<()> {
    let domains: Vec<Domain> = after.domains().cloned().collect();
    for mut domain in domains {
        let old = domain.clone();
        let dependant = Dependant::Domain(domain.name.clone());
        for text in domain.texts_mut().filter(|text| names.iter().any(|name| may_name(text, name))) {
            let read = |text: &str| Reading::of_value(text, before, dialect);
            let again = |text: &str| Reading::of_value(text, after, dialect);
            match change.follow(text, Outputs::Unseen, read, again) {
                Ok(Some(followed)) => *text = followed,
                Ok(None) => {}
                Err(doubt) => return Err(Box::new(Dependence { dependant, doubt: Some(doubt) })),
            }
        }
        if domain != old {
            after.put_object(Arc::new(SchemaObject::Domain(domain)));
        }
    }
    Ok(())
}

/// Lets the indexes of materialized views follow that name a type. The columns of a view keep their names, so nothing
/// else in an index changes with a table.
fn follow_in_indexes_of_views(
    before: &Schema,
    after: &mut Schema,
    change: &Rename<'_>,
    names: [&str; 2],
    dialect: Dialect,
) -> Followed<()> {
    for view in before.views() {
        let mut indexes = view.indexes().to_vec();
        for index in &mut indexes {
            let dependant = Dependant::Index { table: view.name.clone(), name: index.name.clone() };
            let named = index.expressions().any(|text| names.iter().any(|name| may_name(text, name)));
            if !named {
                continue;
            }
            for text in Arc::make_mut(index).expressions_mut() {
                let read = |text: &str| Reading::of_value(text, before, dialect);
                let again = |text: &str| Reading::of_value(text, after, dialect);
                match change.follow(text, Outputs::Unseen, read, again) {
                    Ok(Some(followed)) => *text = followed,
                    Ok(None) => {}
                    Err(doubt) => return Err(Box::new(Dependence { dependant, doubt: Some(doubt) })),
                }
            }
        }
        if indexes != view.indexes() {
            after.put_view(Arc::new(view.with_indexes(indexes)));
        }
    }
    Ok(())
}

/// Lets the views, triggers and policies follow that name a table or enum.
fn follow_across_tables(
    before: &Schema,
    after: &mut Schema,
    change: &Rename<'_>,
    table: &str,
    dialect: Dialect,
) -> Followed<()> {
    let doubtful = |dependant, doubt| Box::new(Dependence { dependant, doubt: Some(doubt) });
    if let Rename::Enumeration { from, to } = change {
        follow_in_indexes_of_views(before, after, change, [from, to], dialect)?;
    }
    for view in before.views().filter(|view| may_name(&view.query, table)) {
        let read = |query: &str| Reading::of_query(query, before, dialect);
        let again = |query: &str| Reading::of_query(query, after, dialect);
        let followed = change
            .follow(&view.query, Outputs::Kept, read, again)
            .map_err(|doubt| doubtful(Dependant::View(view.name.clone()), doubt))?;
        if let (Some(query), Some(view)) = (followed, after.view(&view.name).cloned()) {
            after.put_view(Arc::new(View { query, ..View::clone(&view) }));
        }
    }
    for old in before.triggers().filter(|trigger| trigger.table == table || may_name(&trigger.definition, table)) {
        // Its table may have followed already.
        let Some(trigger) = after.trigger(&old.name).cloned() else { continue };
        let read = |definition: &str| {
            Reading::of_trigger(&Trigger { definition: definition.into(), ..Trigger::clone(old) }, before, dialect)
        };
        let again = |definition: &str| {
            Reading::of_trigger(&Trigger { definition: definition.into(), ..Trigger::clone(&trigger) }, after, dialect)
        };
        let followed = change.follow(&old.definition, Outputs::Unseen, read, again).map_err(|doubt| {
            doubtful(Dependant::Trigger { name: old.name.clone(), table: old.table.clone() }, doubt)
        })?;
        if let Some(definition) = followed {
            after.put_trigger(Arc::new(Trigger { definition, ..Trigger::clone(&trigger) }));
        }
    }
    for (old, table_before) in before.policies() {
        if old.table != table && !old.texts().any(|text| may_name(text, table)) {
            continue;
        }
        let owner = match change {
            Rename::Table { from, to } if old.table == *from => *to,
            _ => &old.table,
        };
        let Some(table_after) = after.table(owner) else { continue };
        let mut policy = Policy { table: table_after.name.clone(), ..old.clone() };
        for text in policy.using.iter_mut().chain(&mut policy.with_check) {
            let read = |text: &str| Reading::of_expression(text, table_before, before, dialect);
            let again = |text: &str| Reading::of_expression(text, table_after, after, dialect);
            let followed = change.follow(text, Outputs::Unseen, read, again).map_err(|doubt| {
                doubtful(Dependant::Policy { name: old.name.clone(), table: old.table.clone() }, doubt)
            })?;
            if let Some(followed) = followed {
                *text = followed;
            }
        }
        if policy != *old {
            after.put_object(Arc::new(SchemaObject::Policy(policy)));
        }
    }
    for (old, body) in before.atomic_routines().filter(|(_, body)| may_name(body, table)) {
        let read = |body: &str| Reading::of_statements(body, before, dialect);
        let again = |body: &str| Reading::of_statements(body, after, dialect);
        let followed = change
            .follow(body, Outputs::Unseen, read, again)
            .map_err(|doubt| doubtful(Dependant::Routine { kind: old.kind.title(), name: old.name.clone() }, doubt))?;
        if let Some(body) = followed {
            after.put_object(Arc::new(SchemaObject::Routine(Routine { body, ..old.clone() })));
        }
    }
    Ok(())
}
