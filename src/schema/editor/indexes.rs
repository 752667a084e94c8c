//! Indexes: create, drop, rename.

use std::sync::Arc;

use super::Editor;
use crate::diagnostic::{Code, Result};
use crate::schema::{Change, Index, Table};
use crate::source::{Located, Name};

impl Editor<'_> {
    /// Creates an index, whose columns exist.
    ///
    /// # Errors
    ///
    /// There is no such table, or the name is taken.
    pub fn create_index(&mut self, table_name: &Name, index: Located<Index>) -> Result<()> {
        let mut table = Table::clone(&*self.table(table_name)?);
        self.check_free(&Name::new(index.name.clone(), index.origin))?;
        let index = Arc::new(index.value);
        table.indexes.push(index.clone());
        self.record_table(Change::CreateIndex { table: table.name.clone(), index }, table);
        Ok(())
    }

    /// Drops an index by its name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn drop_index(&mut self, name: &Name) -> Result<()> {
        let (mut table, index) = self.index(name)?;
        table.indexes.retain(|other| other.name != name.value);
        self.note_departure("index", name);
        self.record_table(Change::DropIndex { table: table.name.clone(), index }, table);
        Ok(())
    }

    /// Gives an index another name.
    ///
    /// # Errors
    ///
    /// There is none, or the new name is taken.
    pub fn rename_index(&mut self, from: &Name, to: &Name) -> Result<()> {
        let (mut table, _) = self.index(from)?;
        self.check_new_name(from, to)?;
        for index in table.indexes.iter_mut().filter(|index| index.name == from.value) {
            Arc::make_mut(index).name = to.value.clone();
        }
        let change = Change::RenameIndex { table: table.name.clone(), from: from.value.clone(), to: to.value.clone() };
        self.record_table(change, table);
        Ok(())
    }

    fn index(&self, name: &Name) -> Result<(Table, Arc<Index>)> {
        if let Some((table, index)) = self.schema.index(name) {
            return Ok((Table::clone(table), index.clone()));
        }
        let names = self.schema.tables().flat_map(|table| table.indexes.iter().map(|index| index.name.as_str()));
        Err(self.missing(Code::UnknownObject, "index", name, names))
    }
}
