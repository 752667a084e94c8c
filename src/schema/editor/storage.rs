//! Storage parameters of tables and indexes: set, reset.

use std::sync::Arc;

use ecow::{EcoString, eco_format};

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, Dialect, ObjectKind, Storage, StorageOwner, Table, Value};
use crate::source::{Located, Name};

impl Editor<'_> {
    /// Gives storage parameters of a table or an index values, or takes them.
    ///
    /// # Errors
    ///
    /// There is no such table or index, it has partitions, or a parameter is so already.
    pub fn set_storage_parameter(&mut self, owner: &Name, parameter: &Name, value: Option<EcoString>) -> Result<()> {
        match self.schema.occupant(owner).map(|occupant| occupant.kind) {
            Some(ObjectKind::Index) => {
                let (_, index) = self.index(owner)?;
                let from = self.other_value(owner, parameter, &index.storage, &value)?;
                let named = StorageOwner::Index(owner.value.clone());
                let change = set(named, parameter, from, &value);
                self.edit_index(change, owner, |index| index.storage.set(parameter.value.clone(), value))
            }
            _ => {
                let table = self.table(owner)?;
                self.check_stored(&table, owner)?;
                let from = self.other_value(owner, parameter, &table.storage, &value)?;
                let mut after = Table::clone(&table);
                let change = set(StorageOwner::Table(owner.value.clone()), parameter, from, &value);
                after.storage.set(parameter.value.clone(), value);
                self.record_table(change, after);
                Ok(())
            }
        }
    }

    /// Checks that a table, which may still be in the making, keeps rows itself.
    ///
    /// # Errors
    ///
    /// It is divided among partitions, which Postgres keeps the rows in.
    pub fn check_stored(&self, table: &Table, name: &Name) -> Result<()> {
        if table.partitioning.is_none() || self.dialect != Dialect::Postgres {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(
                Code::NotInDialect,
                format!("table `{name}` keeps its rows in partitions and has no storage parameters"),
            )
            .at(name.origin, "keeps no rows itself")
            .help("set them for the partitions with `op.execute(…)`"),
        ))
    }

    /// The value that a parameter has, which is another one than it gets.
    fn other_value(
        &self,
        owner: &Name,
        parameter: &Name,
        storage: &Storage,
        value: &Option<EcoString>,
    ) -> Result<Option<EcoString>> {
        check_parameter(parameter)?;
        let from = storage.get(parameter).cloned();
        if from != *value {
            return Ok(from);
        }
        let message = match value {
            Some(value) => format!("`{parameter}` of `{owner}` is `{value}` already"),
            None => format!("`{parameter}` of `{owner}` has no value"),
        };
        Err(Box::new(
            Diagnostic::new(Code::NothingToDo, message)
                .at(parameter.origin, "nothing to change")
                .help("leave the operation out"),
        ))
    }

    /// The storage of a new table or index.
    ///
    /// # Errors
    ///
    /// A parameter cannot be one, or stands twice.
    pub fn storage(&self, parameters: &[(Name, Located<Value>)]) -> Result<Storage> {
        let mut storage = Storage::default();
        for (parameter, value) in parameters {
            check_parameter(parameter)?;
            if storage.get(parameter).is_some() {
                return Err(Box::new(
                    Diagnostic::new(Code::AlreadyExists, format!("`{parameter}` stands twice"))
                        .at(parameter.origin, "stands before already")
                        .help("leave one of them out"),
                ));
            }
            storage.set(parameter.value.clone(), Some(self.storage_value(value)?));
        }
        Ok(storage)
    }

    /// The value of a storage parameter as the server keeps it.
    ///
    /// # Errors
    ///
    /// It is no number, truth value or word.
    pub fn storage_value(&self, value: &Located<Value>) -> Result<EcoString> {
        let word = |text: &EcoString| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match &value.value {
            Value::Boolean(truth) => Ok(eco_format!("{truth}")),
            Value::Integer(number) => Ok(eco_format!("{number}")),
            Value::Float(number) => Ok(eco_format!("{number:?}")),
            Value::Text(text) if word(text) => Ok(text.clone()),
            _ => Err(Box::new(
                Diagnostic::new(Code::InvalidValue, "a storage parameter is a number, a truth value or a word")
                    .at(value.origin, "none of them")
                    .help("write it as in `.storage(\"fillfactor\", 70)`"),
            )),
        }
    }

    fn edit_index(&mut self, change: Change, name: &Name, edit: impl FnOnce(&mut crate::schema::Index)) -> Result<()> {
        let (owner, _) = self.index(name)?;
        self.record_indexes(change, owner, |indexes| {
            if let Some(index) = indexes.iter_mut().find(|index| index.name == name.value) {
                edit(Arc::make_mut(index));
            }
        });
        Ok(())
    }
}

fn set(owner: StorageOwner, parameter: &Name, from: Option<EcoString>, to: &Option<EcoString>) -> Change {
    Change::SetStorageParameter { owner, parameter: parameter.value.clone(), from, to: to.clone() }
}

/// A parameter is written without quotes. Those of the table for large values belong to another table.
fn check_parameter(parameter: &Name) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if parameter.starts_with(|c: char| c.is_ascii_lowercase()) && parameter.chars().all(plain) {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::new(Code::InvalidName, format!("`{parameter}` is not the name of a storage parameter"))
            .at(parameter.origin, "small letters, digits and `_` alone")
            .help("write a name such as `fillfactor`; one that begins with `toast.` takes `op.execute(…)`"),
    ))
}
