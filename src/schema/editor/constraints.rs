//! Constraints: add, drop, rename.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, Column, Constraint, Deferrability, Facet, Nullability, Rule, Table, Validity};
use crate::source::{Located, Name, Origin};

impl Editor<'_> {
    /// Adds a constraint, whose columns exist.
    ///
    /// The columns of a new primary key become NOT NULL first, as a change of their own, so that the way back frees
    /// them again.
    ///
    /// # Errors
    ///
    /// There is no such table, the name is taken, or the table has a primary key already.
    pub fn add_constraint(&mut self, table_name: &Name, constraint: Located<Constraint>) -> Result<()> {
        let mut table = Table::clone(&*self.table(table_name)?);
        self.check_new_constraint(&table, &constraint)?;
        if let Rule::PrimaryKey { columns } = &constraint.rule {
            let nullable = |column: &Arc<Column>| columns.contains(&column.name) && !column.is_not_null();
            while let Some(position) = table.columns.iter().position(nullable) {
                Arc::make_mut(&mut table.columns[position]).nullability = Nullability::NotNull;
                let facet = Facet::Nullability { from: Nullability::Nullable, to: Nullability::NotNull };
                let column = table.columns[position].name.clone();
                self.record_table(Change::AlterColumn { table: table.name.clone(), column, facet }, table.clone());
            }
        }
        let constraint = constraint.value;
        table.constraints.push(constraint.clone());
        self.record_table(Change::AddConstraint { table: table.name.clone(), constraint }, table);
        Ok(())
    }

    /// Checks that a table, which may still be in the making, can have this constraint too.
    ///
    /// # Errors
    ///
    /// The name is taken, or the table has a primary key already.
    pub fn check_new_constraint(&self, table: &Table, constraint: &Located<Constraint>) -> Result<()> {
        let origin = constraint.origin;
        if let Rule::PrimaryKey { .. } = constraint.rule
            && !table.primary_key().is_empty()
        {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("table `{}` has a primary key already", table.name))
                    .at(origin, "a second primary key")
                    .help("drop the other first with `op.drop_constraint(…)`, or add a unique constraint"),
            ));
        }
        self.check_divided(table, constraint)?;
        let Some(name) = &constraint.name else { return Ok(()) };
        let name = Name::new(name.clone(), origin);
        if constraint.rule.has_index() {
            self.check_free(&name)?;
        } else {
            self.check_name(&name)?;
        }
        Self::check_no_twin(table, &name)
    }

    /// Checks that no constraint of the table has this name.
    fn check_no_twin(table: &Table, name: &Name) -> Result<()> {
        let twin = table.constraints.iter().find_map(|other| {
            let other_name = other.name.as_ref()?;
            other_name.eq_ignore_ascii_case(name).then_some(other)
        });
        match twin {
            None => Ok(()),
            Some(other) => Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("table `{}` has the {other} already", table.name))
                    .at(name.origin, "its name is taken")
                    .help("give it another name with `.name(\"…\")`"),
            )),
        }
    }

    /// Drops a constraint by its name.
    ///
    /// # Errors
    ///
    /// There is none, or a foreign key relies on its columns being unique.
    pub fn drop_constraint(&mut self, table_name: &Name, name: &Name) -> Result<()> {
        let table = self.table(table_name)?;
        let position = self.constraint_position(&table, name)?;
        self.drop_constraint_at(&table, position, name.origin)
    }

    /// Drops the constraint with this rule, named or not. `description` is what it is, for the message.
    ///
    /// # Errors
    ///
    /// There is none, or a foreign key relies on its columns being unique.
    pub fn drop_constraint_where(
        &mut self,
        table_name: &Name,
        origin: Origin,
        description: &str,
        wanted: impl Fn(&Rule) -> bool,
    ) -> Result<()> {
        let table = self.table(table_name)?;
        match table.constraints.iter().position(|constraint| wanted(&constraint.rule)) {
            Some(position) => self.drop_constraint_at(&table, position, origin),
            None => Err(Box::new(
                Diagnostic::new(Code::UnknownObject, format!("table `{}` has no {description}", table.name))
                    .at(origin, "no such constraint")
                    .help("leave the operation out, or name another table"),
            )),
        }
    }

    fn drop_constraint_at(&mut self, table: &Table, position: usize, origin: Origin) -> Result<()> {
        let mut table = table.clone();
        let constraint = table.constraints.remove(position);
        self.check_not_referred_to(&table, &constraint, origin)?;
        if let Some(name) = &constraint.name {
            self.note_departure("constraint", &format!("{}.{name}", table.name));
        }
        self.record_table(Change::DropConstraint { table: table.name.clone(), constraint }, table);
        Ok(())
    }

    /// A foreign key needs its referred columns to be a primary key or unique.
    fn check_not_referred_to(&self, remaining: &Table, dropped: &Constraint, origin: Origin) -> Result<()> {
        let Some(key) = dropped.rule.key() else { return Ok(()) };
        let same =
            |columns: &[EcoString]| columns.len() == key.len() && columns.iter().all(|column| key.contains(column));
        let replaced = remaining.constraints.iter().any(|other| other.rule.key().is_some_and(same));
        let referring = self.schema.inbound_foreign_keys(&remaining.name).find(|(.., k)| same(&k.referred_columns));
        match referring {
            Some((other, constraint, _)) if !replaced => Err(Box::new(
                Diagnostic::new(Code::InUse, format!("the {dropped} is relied on by `{}`", other.name))
                    .at(origin, format!("the {constraint} of `{}` refers to its columns", other.name))
                    .help("drop the foreign key first, and create it again afterwards"),
            )),
            _ => Ok(()),
        }
    }

    /// Gives a constraint another name.
    ///
    /// # Errors
    ///
    /// There is none, or the new name is taken.
    pub fn rename_constraint(&mut self, table_name: &Name, from: &Name, to: &Name) -> Result<()> {
        let mut table = Table::clone(&*self.table(table_name)?);
        let position = self.constraint_position(&table, from)?;
        let constraint = table.constraints.remove(position);
        if constraint.rule.has_index() {
            self.check_new_name(from, to)?;
        } else {
            self.check_renamed(from, to)?;
            self.check_name(to)?;
        }
        Self::check_no_twin(&table, to)?;
        let renamed = Constraint { name: Some(to.value.clone()), ..constraint };
        table.constraints.insert(position, renamed);
        let change =
            Change::RenameConstraint { table: table.name.clone(), from: from.value.clone(), to: to.value.clone() };
        self.record_table(change, table);
        Ok(())
    }

    /// Changes when a foreign key is checked.
    ///
    /// # Errors
    ///
    /// There is none, it is checked so already, or it is a constraint of another kind, which no engine changes.
    pub fn set_deferrability(&mut self, table_name: &Name, name: &Name, to: Deferrability) -> Result<()> {
        let mut table = Table::clone(&*self.table(table_name)?);
        let position = self.constraint_position(&table, name)?;
        let constraint = &mut table.constraints[position];
        if !matches!(constraint.rule, Rule::ForeignKey(_)) {
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, format!("the {constraint} is no foreign key"))
                    .at(name.origin, "is checked as it was created")
                    .help("drop the constraint, and create it again with `.deferrable()` or without it"),
            ));
        }
        let from = constraint.deferrability;
        if from == to {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("the {constraint} is checked so already"))
                    .at(name.origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        constraint.deferrability = to;
        let change = Change::SetDeferrability { table: table.name.clone(), name: name.value.clone(), from, to };
        self.record_table(change, table);
        Ok(())
    }

    /// Says that all rows keep a check or a foreign key that was added without looking at them.
    ///
    /// # Errors
    ///
    /// There is none, or its rows are known to keep it already.
    pub fn validate_constraint(&mut self, table_name: &Name, name: &Name) -> Result<()> {
        let mut table = Table::clone(&*self.table(table_name)?);
        let position = self.constraint_position(&table, name)?;
        let constraint = &mut table.constraints[position];
        if constraint.validity == Validity::Valid {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("the {constraint} of `{}` is valid already", table.name))
                    .at(name.origin, "has been checked for all rows")
                    .help("add it with `.not_valid()` to have the rows checked later"),
            ));
        }
        constraint.validity = Validity::Valid;
        let change = Change::SetValidity { table: table.name.clone(), name: name.value.clone(), to: Validity::Valid };
        self.record_table(change, table);
        Ok(())
    }

    fn constraint_position(&self, table: &Table, name: &Name) -> Result<usize> {
        let position = table.constraints.iter().position(|constraint| constraint.name.as_ref() == Some(&name.value));
        position.ok_or_else(|| {
            let message = format!("table `{}` has no constraint `{name}`", table.name);
            let names = table.constraints.iter().filter_map(|constraint| constraint.name.as_deref());
            let mut diagnostic = Diagnostic::new(Code::UnknownObject, message)
                .at(name.origin, "no such constraint")
                .did_you_mean(name, names.clone());
            if let Some(revision) = self.schema.departed("constraint", &format!("{}.{name}", table.name)) {
                diagnostic = diagnostic.note(format!("it went away in revision {revision}"));
            }
            let known = super::list(names);
            Box::new(match (diagnostic.helps.is_empty(), known.is_empty()) {
                (true, false) => diagnostic.help(format!("its constraints are: {known}")),
                (true, true) => diagnostic.help("it has no named constraint"),
                (false, _) => diagnostic,
            })
        })
    }
}
