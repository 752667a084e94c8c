//! Rows: insert, update, delete; and raw SQL.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::schema::{Change, Delete, Execute, Insert, Update};

impl Editor<'_> {
    /// Records new rows. The table and its columns exist, and the values fit them.
    pub fn insert(&mut self, insert: Insert) {
        self.record(Change::Insert(Arc::new(insert)), |_| ());
    }

    /// Records new values for rows. The table and its columns exist, and the values fit them.
    pub fn update(&mut self, update: Update) {
        self.record(Change::Update(Arc::new(update)), |_| ());
    }

    /// Records the deletion of rows. The table exists.
    pub fn delete(&mut self, delete: Delete) {
        self.record(Change::Delete(Arc::new(delete)), |_| ());
    }

    /// Records raw SQL, whose effect on the schema is declared after it.
    pub fn execute(&mut self, sql: EcoString) {
        self.record(Change::Execute(Arc::new(Execute { sql })), |_| ());
    }
}
