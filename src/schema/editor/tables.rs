//! Tables: create, drop, rename, comment.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, IndexKey, Nullability, Rule, Schema, Table, tokens};
use crate::source::{Located, Name};

impl Editor<'_> {
    /// Creates a table, whose parts have been checked against each other.
    ///
    /// # Errors
    ///
    /// Its name, or that of one of its indexes or constraints, is taken; or it has no column.
    pub fn create_table(&mut self, table: Located<Table>) -> Result<()> {
        let Located { value: mut table, origin } = table;
        self.check_free(&Name::new(table.name.clone(), origin))?;
        if table.columns.is_empty() {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("table `{}` has no column", table.name))
                    .at(origin, "a table needs a column")
                    .help("add one: `.column(\"id\", uuid())`"),
            ));
        }
        let key = table.primary_key().to_vec();
        for column in table.columns.iter_mut().filter(|column| key.contains(&column.name)) {
            column.nullability = Nullability::NotNull;
        }
        let table = Arc::new(table);
        self.record(Change::CreateTable(table.clone()), |schema| schema.put_table(table));
        Ok(())
    }

    /// Drops a table with its indexes, constraints, triggers, policies and whatever else belongs to it.
    ///
    /// # Errors
    ///
    /// There is none, or a foreign key of another table, a view or a trigger uses it.
    pub fn drop_table(&mut self, name: &Name) -> Result<()> {
        let table = self.table(name)?;
        let referring = self.schema.inbound_foreign_keys(name).find(|(other, ..)| other.name != table.name);
        if let Some((other, constraint, _)) = referring {
            return Err(Box::new(
                Diagnostic::new(Code::InUse, format!("table `{name}` is referred to by `{}`", other.name))
                    .at(name.origin, format!("the {constraint} of `{}` refers to it", other.name))
                    .help("drop the foreign key, or the other table, first"),
            ));
        }
        self.drop_own_triggers(name);
        self.drop_objects_of(name);
        self.check_not_in_text(name.origin, &format!("table `{name}`"), &[name])?;
        self.note_departure("table", name);
        for column in &table.columns {
            self.note_departure("column", &format!("{name}.{}", column.name));
        }
        self.record(Change::DropTable(table), |schema| schema.remove_table(name));
        Ok(())
    }

    fn drop_own_triggers(&mut self, table: &str) {
        let own: Vec<_> = self.schema.triggers().filter(|trigger| trigger.table == table).cloned().collect();
        for trigger in own {
            self.record(Change::DropTrigger(trigger.clone()), |schema| schema.remove_trigger(&trigger.name));
        }
    }

    /// Gives a table another name. Foreign keys follow it.
    ///
    /// # Errors
    ///
    /// There is none, the new name is taken, or a view or trigger mentions the table.
    pub fn rename_table(&mut self, from: &Name, to: &Name) -> Result<()> {
        let table = self.table(from)?;
        self.check_renamed(from, to)?;
        if from.eq_ignore_ascii_case(to) {
            self.check_name(to)?;
        } else {
            self.check_free(to)?;
        }
        if let Some(trigger) = self.schema.triggers().find(|trigger| trigger.table == from.value) {
            return Err(Box::new(
                Diagnostic::new(Code::InUse, format!("table `{from}` has the trigger `{}`", trigger.name))
                    .at(from.origin, "its text names the table")
                    .help("drop the trigger before the change and create it again after it"),
            ));
        }
        self.check_not_in_text(from.origin, &format!("table `{from}`"), &[from])?;
        let renamed = renamed_table(&table, from, &to.value);
        let change = Change::RenameTable { from: from.value.clone(), to: to.value.clone() };
        self.note_departure("table", from);
        self.record(change, |schema| {
            schema.remove_table(from);
            follow_renamed_table(schema, from, &to.value);
            let own: Vec<_> = schema.objects_of(from).cloned().collect();
            for object in own {
                schema.remove_object(&object.key());
                schema.put_object(Arc::new(object.with_table_renamed(from, &to.value)));
            }
            schema.put_table(renamed);
        });
        Ok(())
    }

    /// Sets or drops the comment of a table.
    ///
    /// # Errors
    ///
    /// There is no such table, or it has this comment already.
    pub fn set_table_comment(&mut self, name: &Name, comment: Option<EcoString>) -> Result<()> {
        let table = self.table(name)?;
        if table.comment == comment {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("table `{name}` has this comment already"))
                    .at(name.origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        let change =
            Change::SetTableComment { table: name.value.clone(), from: table.comment.clone(), to: comment.clone() };
        self.record_table(change, Table { comment, ..Table::clone(&table) });
        Ok(())
    }
}

/// The table under its new name, with all that names it inside of it.
fn renamed_table(table: &Table, from: &str, to: &EcoString) -> Table {
    let mut renamed = Table { name: to.clone(), ..table.clone() };
    for constraint in &mut renamed.constraints {
        match &mut constraint.rule {
            Rule::Check { expression } => *expression = tokens::rename_table(expression, from, to),
            Rule::ForeignKey(key) if key.referred_table == from => key.referred_table = to.clone(),
            Rule::ForeignKey(_) | Rule::PrimaryKey { .. } | Rule::Unique { .. } => {}
        }
    }
    for column in &mut renamed.columns {
        if let Some(expression) = &mut column.generated {
            *expression = tokens::rename_table(expression, from, to);
        }
    }
    for index in &mut renamed.indexes {
        let index = Arc::make_mut(index);
        for part in &mut index.parts {
            if let IndexKey::Expression(expression) = &mut part.key {
                *expression = tokens::rename_table(expression, from, to);
            }
        }
        if let Some(filter) = &mut index.filter {
            *filter = tokens::rename_table(filter, from, to);
        }
    }
    renamed
}

/// Lets the foreign keys of other tables refer to the new name.
fn follow_renamed_table(schema: &mut Schema, from: &str, to: &EcoString) {
    let referring: Vec<Arc<Table>> = schema.users(from).filter_map(|name| schema.table(name)).cloned().collect();
    for other in referring {
        let mut other = Table::clone(&other);
        for constraint in &mut other.constraints {
            if let Rule::ForeignKey(key) = &mut constraint.rule
                && key.referred_table == from
            {
                key.referred_table = to.clone();
            }
        }
        schema.put_table(other);
    }
}
