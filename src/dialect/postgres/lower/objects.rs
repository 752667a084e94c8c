//! Objects of the rarer kinds.

use std::sync::Arc;

use ecow::EcoString;

use super::super::locks::Kind;
use super::super::objects;
use super::Lowering;
use crate::schema::{Cause, Change, Routine, RoutineSecurity, SchemaObject, SchemaObjectKind, Transition, tokens};

impl Lowering<'_> {
    pub fn create_object(&mut self, object: &SchemaObject, cause: &Arc<Cause>) {
        let comments: Vec<String> =
            self.remark_on(object).map(str::to_owned).into_iter().chain(self.locks(effects(object))).collect();
        self.push_with(cause, objects::create(object, self.names), comments);
    }

    pub fn replace_object(&mut self, from: &SchemaObject, to: &SchemaObject, cause: &Arc<Cause>) {
        let mut remark = self.remark_on(to).map(str::to_owned);
        for statement in objects::replace(from, to, self.names) {
            let comments: Vec<String> = remark.take().into_iter().chain(self.locks(effects(to))).collect();
            self.push_with(cause, statement, comments);
        }
    }

    /// What to know of an object that is created.
    fn remark_on(&self, object: &SchemaObject) -> Option<&'static str> {
        match object {
            SchemaObject::Policy(policy) if !self.will_have_row_security(&policy.table) => {
                Some("has no effect until the table has row-level security")
            }
            SchemaObject::Routine(routine) => exposed(routine),
            SchemaObject::RowSecurity(_) | SchemaObject::Policy(_) => None,
        }
    }

    /// Says which bodies name what a change takes away: Postgres does not look into them, so they fail when they run.
    pub fn remark_on_bodies(&mut self, transition: &Transition) {
        let gone: Vec<&str> = match &transition.change {
            Change::DropTable(table) => vec![&table.name],
            Change::RenameTable { from, .. } => vec![from],
            Change::DropColumn { table, column } => vec![table, &column.name],
            Change::RenameColumn { table, from, .. } => vec![table, from],
            _ => return,
        };
        let name = gone.join(".");
        for object in transition.after.objects() {
            let reads = |body: &EcoString| gone.iter().all(|name| tokens::mentions(body, name));
            if object.body().is_some_and(reads) {
                let title = object.title();
                let remark =
                    format!("{title} seems to name {name} in its body, which stays as it is: see that it still works");
                self.remark(&transition.cause, remark);
            }
        }
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
            SchemaObject::Routine(_) | SchemaObject::Policy(_) => None,
        };
        let comments: Vec<String> = remark.map(str::to_owned).into_iter().chain(self.locks(effects(object))).collect();
        self.push_with(cause, objects::drop(object, self.names), comments);
    }

    /// Whether a table has row-level security at the end of the revision.
    fn will_have_row_security(&self, table: &str) -> bool {
        let key = SchemaObjectKind::RowSecurity.key(table);
        self.transitions.last().is_some_and(|last| last.after.object(&key).is_some())
    }
}

/// What creating or dropping an object does to tables.
pub fn effects(object: &SchemaObject) -> Option<(&str, Kind)> {
    match object {
        SchemaObject::RowSecurity(security) => Some((&security.table, Kind::Secure)),
        SchemaObject::Policy(policy) => Some((&policy.table, Kind::Secure)),
        SchemaObject::Routine(_) => None,
    }
}

/// What to know of a routine whose callers could make its names mean something of their own, with its owner's privileges.
fn exposed(routine: &Routine) -> Option<&'static str> {
    let fixed = routine.settings.iter().any(|(parameter, _)| parameter.eq_ignore_ascii_case("search_path"));
    let definer = routine.security == RoutineSecurity::Definer;
    (definer && !fixed).then_some("runs with the privileges of its owner, and its callers choose the search_path")
}
