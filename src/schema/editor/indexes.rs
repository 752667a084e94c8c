//! Indexes: create, drop, rename.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::columns_of_view;
use crate::schema::{Change, Index, Schema, Sql, Table, View};
use crate::source::{Located, Name};

/// The rows that an index is made of.
#[derive(Debug, Clone)]
pub enum IndexedRows<'r> {
    /// Of a table that may still be in the making.
    OfTable(&'r Table),
    OfView {
        view: &'r View,
        /// The names of its columns, as far as its query tells them.
        columns: Option<Vec<EcoString>>,
    },
}

/// What has an index.
pub(super) enum Owner {
    Table(Arc<Table>),
    View(Arc<View>),
}

impl Editor<'_> {
    /// The rows of a table or of a materialized view.
    ///
    /// # Errors
    ///
    /// There is no such table or materialized view.
    pub fn indexed_rows(&self, name: &Name) -> Result<IndexedRows<'_>> {
        if let Some(view) = self.materialized_view(name) {
            let columns = columns_of_view(name, &self.schema, self.dialect);
            return Ok(IndexedRows::OfView { view, columns });
        }
        match self.schema.table(name) {
            Some(table) => Ok(IndexedRows::OfTable(table)),
            None => Err(self.missing_table(name)),
        }
    }

    fn materialized_view(&self, name: &str) -> Option<&Arc<View>> {
        self.schema.view(name).filter(|view| view.materialized().is_some())
    }

    /// The name of a column of the rows.
    ///
    /// # Errors
    ///
    /// There surely is none.
    pub fn indexed_column(&self, rows: &IndexedRows<'_>, name: &Name) -> Result<EcoString> {
        match rows {
            IndexedRows::OfTable(table) => self.column(table, name).map(|column| column.name.clone()),
            IndexedRows::OfView { view, columns: Some(columns) } if !columns.contains(&name.value) => {
                let message = format!("materialized view `{}` has no column `{name}`", view.name);
                let names = columns.iter().map(EcoString::as_str);
                Err(Box::new(
                    Diagnostic::new(Code::UnknownColumn, message)
                        .at(name.origin, "no such column")
                        .did_you_mean(name, names.clone())
                        .help(format!("the columns of `{}` are: {}", view.name, super::list(names))),
                ))
            }
            IndexedRows::OfView { .. } => Ok(name.value.clone()),
        }
    }

    /// The text of an expression over the rows.
    ///
    /// # Errors
    ///
    /// It cannot stand in a statement.
    pub fn indexed_expression(&self, rows: &IndexedRows<'_>, sql: &Sql) -> Result<Name> {
        match rows {
            IndexedRows::OfTable(table) => self.row_expression(sql, table),
            IndexedRows::OfView { .. } => self.expression(sql),
        }
    }

    /// Creates an index of a table or materialized view, whose columns exist.
    ///
    /// # Errors
    ///
    /// There is no such table, or the name is taken.
    pub fn create_index(&mut self, owner: &Name, index: Located<Index>) -> Result<()> {
        let owner = match self.materialized_view(owner) {
            Some(view) => Owner::View(view.clone()),
            None => Owner::Table(self.table(owner)?),
        };
        self.check_free(&Name::new(index.name.clone(), index.origin))?;
        if let (true, Owner::Table(table)) = (index.is_unique(), &owner) {
            let columns: Vec<_> = index.columns().cloned().collect();
            self.check_key_divided(table, &columns, &format!("index `{}`", index.name), index.origin)?;
        }
        let index = Arc::new(index.value);
        let change = Change::CreateIndex { table: owner.name().clone(), index: index.clone() };
        self.record_indexes(change, owner, |indexes| indexes.push(index));
        Ok(())
    }

    /// Drops an index by its name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn drop_index(&mut self, name: &Name) -> Result<()> {
        let (owner, index) = self.index(name)?;
        self.note_departure("index", name);
        let change = Change::DropIndex { table: owner.name().clone(), index };
        self.record_indexes(change, owner, |indexes| indexes.retain(|other| other.name != name.value));
        Ok(())
    }

    /// Gives an index another name.
    ///
    /// # Errors
    ///
    /// There is none, or the new name is taken.
    pub fn rename_index(&mut self, from: &Name, to: &Name) -> Result<()> {
        let (owner, _) = self.index(from)?;
        self.check_new_name(from, to)?;
        let change =
            Change::RenameIndex { table: owner.name().clone(), from: from.value.clone(), to: to.value.clone() };
        self.record_indexes(change, owner, |indexes| {
            for index in indexes.iter_mut().filter(|index| index.name == from.value) {
                Arc::make_mut(index).name = to.value.clone();
            }
        });
        Ok(())
    }

    pub(super) fn index(&self, name: &Name) -> Result<(Owner, Arc<Index>)> {
        if let Some((table, index)) = self.schema.index(name) {
            return Ok((Owner::Table(table.clone()), index.clone()));
        }
        if let Some((view, index)) = self.schema.index_of_view(name) {
            return Ok((Owner::View(view.clone()), index.clone()));
        }
        let of_tables = self.schema.tables().flat_map(|table| &table.indexes);
        let of_views = self.schema.views().flat_map(|view| view.indexes());
        let names = of_tables.chain(of_views).map(|index| index.name.as_str());
        Err(self.missing(Code::UnknownObject, "index", name, names))
    }

    /// Records a change of the indexes of a table or view.
    pub(super) fn record_indexes(&mut self, change: Change, owner: Owner, edit: impl FnOnce(&mut Vec<Arc<Index>>)) {
        self.record(change, |schema| owner.put_with_indexes(schema, edit));
    }
}

impl Owner {
    fn name(&self) -> &EcoString {
        match self {
            Owner::Table(table) => &table.name,
            Owner::View(view) => &view.name,
        }
    }

    /// Puts the owner with other indexes into a schema.
    fn put_with_indexes(self, schema: &mut Schema, edit: impl FnOnce(&mut Vec<Arc<Index>>)) {
        match self {
            Owner::Table(table) => {
                let mut table = Table::clone(&table);
                edit(&mut table.indexes);
                schema.put_table(table);
            }
            Owner::View(view) => {
                let mut indexes = view.indexes().to_vec();
                edit(&mut indexes);
                schema.put_view(Arc::new(view.with_indexes(indexes)));
            }
        }
    }
}
