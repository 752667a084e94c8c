//! Tables: create, drop, rename, comment.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, Nullability, Table};
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
            Arc::make_mut(column).nullability = Nullability::NotNull;
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
        let sequences = self.release_sequences(name, None, name.origin)?;
        self.drop_own_triggers(name);
        self.drop_objects_of(name);
        self.check_unmentioned(name.origin, format_args!("table `{name}`"), &[name])?;
        self.check_unused(name.origin, format_args!("table `{name}`"), || {
            self.schema.dependants_of_relation(name, self.dialect)
        })?;
        self.note_departure("table", name);
        for column in &table.columns {
            self.note_departure("column", &format!("{name}.{}", column.name));
        }
        self.record(Change::DropTable(table), |schema| schema.remove_table(name));
        self.drop_released(sequences, name.origin)
    }

    fn drop_own_triggers(&mut self, table: &str) {
        let own: Vec<_> = self.schema.triggers().filter(|trigger| trigger.table == table).cloned().collect();
        for trigger in own {
            self.record(Change::DropTrigger(trigger.clone()), |schema| schema.remove_trigger(&trigger.name));
        }
    }

    /// Gives a table another name. Everything in the schema that names it follows.
    ///
    /// # Errors
    ///
    /// There is none, the new name is taken, or the text of something that uses it cannot follow.
    pub fn rename_table(&mut self, from: &Name, to: &Name) -> Result<()> {
        let table = self.table(from)?;
        self.check_new_name(from, to)?;
        self.check_unmentioned(from.origin, format_args!("table `{from}`"), &[from])?;
        let renamed = self.with_table_renamed_everywhere(&table, from, &to.value)?;
        let change = Change::RenameTable { from: from.value.clone(), to: to.value.clone() };
        self.record(change, |schema| *schema = renamed);
        self.note_departure("table", from);
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
