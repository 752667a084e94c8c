//! Objects of the rarer kinds.

use std::sync::Arc;

use super::super::objects;
use super::Lowering;
use crate::schema::{Cause, Change, SchemaObject, SchemaObjectKind};

impl Lowering<'_> {
    pub fn create_object(&mut self, object: &SchemaObject, cause: &Arc<Cause>) {
        let statement = objects::create(object, self.names);
        let remark = match object {
            SchemaObject::Policy(policy) if !self.will_have_row_security(&policy.table) => {
                Some("has no effect until the table has row-level security")
            }
            SchemaObject::RowSecurity(_) | SchemaObject::Policy(_) => None,
        };
        self.push_with(cause, statement, remark);
    }

    /// Drops an object, unless it goes away with its table in the same operation.
    pub fn drop_object(&mut self, index: usize, object: &SchemaObject, cause: &Arc<Cause>) {
        let goes_with_table = self.transitions[index..].iter().any(|later| match &later.change {
            Change::DropTable(table) => Arc::ptr_eq(&later.cause, cause) && object.table() == Some(&table.name),
            _ => false,
        });
        if goes_with_table {
            return;
        }
        let remark = match object {
            SchemaObject::RowSecurity(_) => Some("from here on, privileges alone say who sees and changes the rows"),
            SchemaObject::Policy(_) => None,
        };
        self.push_with(cause, objects::drop(object, self.names), remark);
    }

    /// Whether a table has row-level security at the end of the revision.
    fn will_have_row_security(&self, table: &str) -> bool {
        let key = SchemaObjectKind::RowSecurity.key(table);
        self.transitions.last().is_some_and(|last| last.after.object(&key).is_some())
    }
}
