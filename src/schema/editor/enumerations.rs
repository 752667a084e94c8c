//! Enums: create, drop, rename, and change their values.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;

use super::{Editor, partitions};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{
    Change, ColumnType, Conversion, Domain, Enumeration, GrantTargetKind, Literal, ObjectKind, Schema, SchemaObject,
    Table,
};
use crate::source::{Located, Name};

/// Where a new value of an enum goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Position {
    #[default]
    Last,
    Before(Name),
    After(Name),
}

impl Editor<'_> {
    /// Creates an enum.
    ///
    /// # Errors
    ///
    /// The name is taken, there is no value, or a value stands twice.
    pub fn create_enum(&mut self, name: &Name, values: &[Name]) -> Result<()> {
        self.check_free(name)?;
        check_values(name, values)?;
        let values = values.iter().map(|value| value.value.clone()).collect();
        let enumeration = Arc::new(Enumeration { name: name.value.clone(), values });
        self.record(Change::CreateEnum(enumeration.clone()), |schema| schema.put_enumeration(enumeration));
        Ok(())
    }

    /// Drops an enum.
    ///
    /// # Errors
    ///
    /// There is none, a column uses it, or a text names it as a type.
    pub fn drop_enum(&mut self, name: &Name) -> Result<()> {
        let enumeration = self.enumeration(name)?;
        self.check_type_unused(ObjectKind::Enumeration, name)?;
        self.drop_privileges_on(GrantTargetKind::Type, name);
        self.note_departure("enum", name);
        self.record(Change::DropEnum(enumeration), |schema| schema.remove_enumeration(name));
        Ok(())
    }

    /// Gives an enum another name. Columns follow it, and so do the texts that name it as a type.
    ///
    /// # Errors
    ///
    /// There is none, the new name is taken, or a text that names it cannot follow.
    pub fn rename_enum(&mut self, from: &Name, to: &Name) -> Result<()> {
        let enumeration = self.enumeration(from)?;
        self.check_new_name(from, to)?;
        self.check_enum_not_in_objects(from)?;
        let renamed = self.with_enum_renamed_everywhere(&enumeration, from, &to.value)?;
        self.note_departure("enum", from);
        let change = Change::RenameEnum { from: from.value.clone(), to: to.value.clone() };
        self.record(change, |schema| *schema = renamed);
        Ok(())
    }

    /// Refuses a change of an enum while the SQL of a function's signature or the like names it.
    fn check_enum_not_in_objects(&self, name: &Name) -> Result<()> {
        match self.schema.objects().find(|object| object.mentions(&[name])) {
            None => Ok(()),
            Some(object) => Err(Box::new(
                Diagnostic::new(Code::InUse, format!("enum `{name}` is used by {}", object.title()))
                    .at(name.origin, "still in use")
                    .help(format!("drop {} before the change and create it again after it", object.title())),
            )),
        }
    }

    /// Adds a value to an enum.
    ///
    /// # Errors
    ///
    /// There is no such enum, it has the value already, or it lacks the one next to which it should go.
    pub fn add_enum_value(&mut self, name: &Name, value: &Name, position: &Position) -> Result<()> {
        let enumeration = self.enumeration(name)?;
        check_value(value)?;
        check_absent(&enumeration, value)?;
        let index = match position {
            Position::Last => enumeration.values.len(),
            Position::Before(other) => self.value_position(&enumeration, other)?,
            Position::After(other) => self.value_position(&enumeration, other)? + 1,
        };
        let mut values = enumeration.values.clone();
        values.insert(index, value.value.clone());
        let change = Change::AddEnumValue {
            name: name.value.clone(),
            value: value.value.clone(),
            from: enumeration.values.clone(),
            to: values.clone(),
        };
        self.record_values(change, name, values);
        Ok(())
    }

    /// Gives a value of an enum another name. Rows and defaults follow it.
    ///
    /// # Errors
    ///
    /// There is no such enum or value, or the new value exists already.
    pub fn rename_enum_value(&mut self, name: &Name, from: &Name, to: &Name) -> Result<()> {
        let enumeration = self.enumeration(name)?;
        let position = self.value_position(&enumeration, from)?;
        check_value(to)?;
        check_absent(&enumeration, to)?;
        self.check_no_array_default(name, &from.value)?;
        let mut values = enumeration.values.clone();
        values[position] = to.value.clone();
        let renamed = Arc::new(Enumeration { name: name.value.clone(), values });
        let change =
            Change::RenameEnumValue { name: name.value.clone(), from: from.value.clone(), to: to.value.clone() };
        self.record(change, |schema| {
            schema.put_enumeration(renamed);
            partitions::follow_value(schema, name, &from.value, &to.value);
            edit_users(schema, name, |table| {
                let uses =
                    table.columns.iter_mut().filter(|column| column.column_type.enumeration() == Some(&name.value));
                for column in uses {
                    if column.default == Some(Literal::Text(from.value.clone())) {
                        Arc::make_mut(column).default = Some(Literal::Text(to.value.clone()));
                    }
                }
            });
            let domains: Vec<Domain> = schema.domains_over(name).into_iter().cloned().collect();
            for domain in domains.into_iter().filter(|one| one.default == Some(Literal::Text(from.value.clone()))) {
                let default = Some(Literal::Text(to.value.clone()));
                schema.put_object(Arc::new(SchemaObject::Domain(Domain { default, ..domain })));
            }
        });
        Ok(())
    }

    /// Gives an enum another list of values. `conversion` says what becomes of rows with values that go away.
    ///
    /// # Errors
    ///
    /// There is no such enum, the list is as it was, the conversion speaks of values that are none, or a default is
    /// a value that goes away.
    pub fn replace_enum_values(&mut self, name: &Name, values: &[Name], conversion: Conversion) -> Result<()> {
        let enumeration = self.enumeration(name)?;
        check_values(name, values)?;
        let to: Vec<EcoString> = values.iter().map(|value| value.value.clone()).collect();
        if to == enumeration.values {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("enum `{name}` has these values already"))
                    .at(name.origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        for (table, column) in self.schema.columns_of_enum(name) {
            // The default of an array is written as a list of values, which only the server can read.
            if let (ColumnType::Enumeration(_), Some(Literal::Text(default))) =
                (column.column_type.plain(), &column.default)
                && !to.contains(default)
            {
                let place = format!("{}.{}", table.name, column.name);
                return Err(Box::new(
                    Diagnostic::new(Code::InUse, format!("`{default}` is the default of `{place}`"))
                        .at(name.origin, "the new list does not have it")
                        .help(format!(
                            "set another default first: `op.alter_column({:?}, {:?}).set_default(…)`",
                            table.name, column.name
                        )),
                ));
            }
        }
        let divided = self.schema.columns_of_enum(name).filter(|(table, column)| {
            table.partitioning.is_some() && matches!(column.column_type.plain(), ColumnType::Enumeration(_))
        });
        for (table, column) in divided {
            if let Some((partition, default)) = self.partition_default_outside(table, &column.name, &to) {
                let message = format!("`{default}` is the default of `{}` in partition `{partition}`", column.name);
                return Err(Box::new(
                    Diagnostic::new(Code::InUse, message)
                        .at(name.origin, "the new list does not have it")
                        .help("detach the partition before it, change its default, and attach it again"),
                ));
            }
        }
        for domain in self.schema.domains_over(name) {
            if let (ColumnType::Enumeration(_), Some(Literal::Text(default))) = (domain.base.plain(), &domain.default)
                && !to.contains(default)
            {
                let message = format!("`{default}` is the default of domain `{}`", domain.name);
                return Err(Box::new(
                    Diagnostic::new(Code::InUse, message).at(name.origin, "the new list does not have it").help(
                        format!("set another default first: `op.alter_domain({:?}).set_default(…)`", domain.name),
                    ),
                ));
            }
        }
        for gone in enumeration.values.iter().filter(|value| !to.contains(value)) {
            self.check_no_array_default(name, gone)?;
        }
        let change = Change::ReplaceEnumValues {
            name: name.value.clone(),
            from: enumeration.values.clone(),
            to: to.clone(),
            conversion,
        };
        self.record_values(change, name, to);
        Ok(())
    }

    /// Refuses to touch a value that the default of an array names: it stands inside of a text there.
    fn check_no_array_default(&self, name: &Name, value: &str) -> Result<()> {
        let may_name = |column_type: &ColumnType, default: &Literal| match (column_type.plain(), default) {
            (ColumnType::Array(_), Literal::Text(text)) => text.contains(value),
            (ColumnType::Array(_), other) => !other.is_constant(),
            _ => false,
        };
        let mut columns = self.schema.columns_of_enum(name);
        let column = columns.find(|(table, column)| {
            let own = self.own_defaults(table, &column.name);
            own.chain(&column.default).any(|default| may_name(&column.column_type, default))
        });
        let place = column.map(|(table, column)| format!("`{}.{}`", table.name, column.name)).or_else(|| {
            let mut domains = self.schema.domains_over(name).into_iter();
            let domain =
                domains.find(|domain| domain.default.as_ref().is_some_and(|default| may_name(&domain.base, default)));
            domain.map(|domain| format!("domain `{}`", domain.name))
        });
        match place {
            None => Ok(()),
            Some(place) => Err(Box::new(
                Diagnostic::new(Code::InUse, format!("the default of {place} may name `{value}`"))
                    .at(name.origin, "inside of an array, where Offprint does not look")
                    .help("drop the default before the change and set it again after it"),
            )),
        }
    }

    fn record_values(&mut self, change: Change, name: &Name, values: Vec<EcoString>) {
        let changed = Arc::new(Enumeration { name: name.value.clone(), values });
        self.record(change, |schema| schema.put_enumeration(changed));
    }

    fn value_position(&self, enumeration: &Enumeration, value: &Name) -> Result<usize> {
        enumeration.values.iter().position(|other| *other == value.value).ok_or_else(|| {
            let values = enumeration.values.iter().map(EcoString::as_str);
            Box::new(
                Diagnostic::new(Code::NotAnEnumValue, format!("enum `{}` has no value `{value}`", enumeration.name))
                    .at(value.origin, "not one of its values")
                    .did_you_mean(value, values.clone())
                    .help(format!("write one of its values: {}", super::list(values))),
            )
        })
    }
}

/// Changes the tables that use an enum.
pub(super) fn edit_users(schema: &mut Schema, name: &str, edit: impl Fn(&mut Table)) {
    let users: Vec<Arc<Table>> = schema.users(name).filter_map(|user| schema.table(user)).cloned().collect();
    for table in users {
        let mut table = Table::clone(&table);
        edit(&mut table);
        schema.put_table(table);
    }
}

fn check_absent(enumeration: &Enumeration, value: &Name) -> Result<()> {
    if enumeration.values.contains(&value.value) {
        return Err(Box::new(
            Diagnostic::new(
                Code::AlreadyExists,
                format!("enum `{}` has the value `{value}` already", enumeration.name),
            )
            .at(value.origin, "exists already")
            .help("leave the operation out, or choose another value"),
        ));
    }
    Ok(())
}

fn check_values(name: &Name, values: &[Name]) -> Result<()> {
    if values.is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::NothingToDo, format!("enum `{name}` has no value"))
                .at(name.origin, "needs a value")
                .help("list its values: `[\"queued\", \"running\"]`"),
        ));
    }
    let mut seen = BTreeSet::new();
    for value in values {
        check_value(value)?;
        if !seen.insert(&value.value) {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("the value `{value}` stands twice"))
                    .at(value.origin, "stands above already")
                    .help("write it once"),
            ));
        }
    }
    Ok(())
}

/// Postgres limits a label to 63 bytes and refuses longer ones.
fn check_value(value: &Located<EcoString>) -> Result<()> {
    let problem = if value.is_empty() {
        "an enum value is empty"
    } else if value.len() > crate::schema::naming::LONGEST_NAME {
        "an enum value is longer than the 63 bytes that Postgres allows"
    } else if value.chars().any(char::is_control) {
        "an enum value has a control character"
    } else {
        return Ok(());
    };
    Err(Box::new(
        Diagnostic::new(Code::InvalidName, problem).at(value.origin, "cannot be a value").help("write another"),
    ))
}
