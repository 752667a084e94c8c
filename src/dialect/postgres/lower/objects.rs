//! Objects of the rarer kinds.

use std::sync::Arc;

use ecow::EcoString;

use super::super::clauses::{self, DomainActions};
use super::super::locks::Kind;
use super::super::objects;
use super::super::statement::{AlterDomain, Statement};
use super::{Lowering, Result};
use crate::schema::{
    Cause, Change, Domain, GrantTargetKind, Routine, RoutineSecurity, Schema, SchemaObject, SchemaObjectKind,
    Transition, tokens,
};

impl Lowering<'_> {
    pub fn create_object(&mut self, object: &SchemaObject, after: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let statements = self.in_words(objects::create(object, after, self.names), cause)?;
        match object {
            SchemaObject::Partition(partition) => {
                let mut locks = self.locks_of_new_partition(partition, after);
                statements.into_iter().for_each(|statement| self.push_with(cause, statement, locks.drain(..)));
            }
            _ => self.push_object(object, statements, self.remark_on(object), cause),
        }
        Ok(())
    }

    /// Puts an object in the place of another one. What roles may do with it stays, also where it is dropped for that.
    pub fn replace_object(
        &mut self,
        from: &SchemaObject,
        to: &SchemaObject,
        after: &Schema,
        cause: &Arc<Cause>,
    ) -> Result<()> {
        if let (SchemaObject::Domain(from), SchemaObject::Domain(to)) = (from, to) {
            return self.alter_domain(from, to, after, cause);
        }
        let statements = self.in_words(objects::replace(from, to, after, self.names), cause)?;
        self.push_object(to, statements, self.remark_on(to), cause);
        if let (SchemaObject::Routine(_), false) = (to, to.replaces(from)) {
            for object in after.objects().filter(|object| is_about(object, GrantTargetKind::Routine, to.name())) {
                let statements = self.in_words(objects::create(object, after, self.names), cause)?;
                self.push_object(object, statements, None, cause);
            }
        }
        Ok(())
    }

    /// Changes the rules of a domain. The server looks at all values of it for a new one, and refuses it if one breaks it.
    fn alter_domain(&mut self, from: &Domain, to: &Domain, schema: &Schema, cause: &Arc<Cause>) -> Result<()> {
        let DomainActions { loosening, tightening } =
            self.in_words(clauses::alter_domain(from, to, self.names), cause)?;
        let name = self.names.of(&to.name);
        for action in loosening {
            self.push(cause, AlterDomain { name: name.clone(), action });
        }
        for action in tightening {
            let users = schema.columns_of_type(&to.name).map(|(table, _)| (table.name.as_str(), Kind::CheckDomain));
            let locks = self.locks(users);
            self.push_with(cause, AlterDomain { name: name.clone(), action }, locks);
        }
        Ok(())
    }

    /// Steps that are about an object, what is to be known of it at the first of them.
    fn push_object(
        &mut self,
        object: &SchemaObject,
        statements: Vec<Statement>,
        mut remark: Option<&'static str>,
        cause: &Arc<Cause>,
    ) {
        for statement in statements {
            let remark = remark.take().map(str::to_owned);
            let comments: Vec<String> = remark.into_iter().chain(self.locks(effects(object))).collect();
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
            SchemaObject::Namespace(_)
            | SchemaObject::Extension(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Partition(_)
            | SchemaObject::Domain(_)
            | SchemaObject::Composite(_)
            | SchemaObject::RowSecurity(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => None,
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

    /// Drops an object, unless it goes away with what it belongs to in the same operation.
    pub fn drop_object(&mut self, index: usize, object: &SchemaObject, cause: &Arc<Cause>) {
        let mut later = self.transitions[index..].iter().filter(|later| Arc::ptr_eq(&later.cause, cause));
        if later.any(|later| takes_along(&later.change, object)) {
            return;
        }
        let remark = match object {
            SchemaObject::RowSecurity(_) => Some("from here on, privileges alone say who sees and changes the rows"),
            SchemaObject::Namespace(_) => Some("stops while there is something in it"),
            SchemaObject::Extension(_) => Some("stops while something uses its types, functions or operators"),
            SchemaObject::Domain(_)
            | SchemaObject::Composite(_)
            | SchemaObject::Routine(_)
            | SchemaObject::Sequence(_)
            | SchemaObject::Partition(_)
            | SchemaObject::Policy(_)
            | SchemaObject::Privileges(_) => None,
        };
        let statements = objects::drop(object, self.names);
        match object {
            SchemaObject::Partition(partition) => {
                let mut locks = self.locks([(partition.parent.as_str(), Kind::DropTable)]);
                statements.into_iter().for_each(|statement| self.push_with(cause, statement, locks.drain(..)));
            }
            _ => self.push_object(object, statements, remark, cause),
        }
    }

    /// Whether a table has row-level security at the end of the revision.
    fn will_have_row_security(&self, table: &str) -> bool {
        let key = SchemaObjectKind::RowSecurity.key(table);
        self.transitions.last().is_some_and(|last| last.after.object(&key).is_some())
    }
}

/// Whether a change drops what the object belongs to.
fn takes_along(change: &Change, object: &SchemaObject) -> bool {
    match change {
        Change::DropTable(table) => object.table() == Some(&table.name),
        Change::DropView(view) => object.table() == Some(&view.name),
        Change::DropEnum(enumeration) => is_about(object, GrantTargetKind::Type, &enumeration.name),
        Change::DropObject(other) => match &**other {
            SchemaObject::Routine(routine) => is_about(object, GrantTargetKind::Routine, &routine.name),
            SchemaObject::Namespace(namespace) => is_about(object, GrantTargetKind::Schema, &namespace.name),
            SchemaObject::Domain(_) | SchemaObject::Composite(_) => {
                is_about(object, GrantTargetKind::Type, other.name())
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether the object is privileges on an object of this kind and name.
fn is_about(object: &SchemaObject, kind: GrantTargetKind, name: &str) -> bool {
    matches!(object, SchemaObject::Privileges(privileges) if privileges.target.kind == kind && privileges.target.name == name)
}

/// What creating or dropping an object does to tables.
pub fn effects(object: &SchemaObject) -> Option<(&str, Kind)> {
    match object {
        SchemaObject::RowSecurity(security) => Some((&security.table, Kind::Secure)),
        SchemaObject::Policy(policy) => Some((&policy.table, Kind::Secure)),
        // Other defaults; what creates and drops one says more.
        SchemaObject::Partition(partition) => Some((&partition.name, Kind::AlterColumn)),
        SchemaObject::Namespace(_)
        | SchemaObject::Extension(_)
        | SchemaObject::Domain(_)
        | SchemaObject::Composite(_)
        | SchemaObject::Routine(_)
        | SchemaObject::Sequence(_)
        | SchemaObject::Privileges(_) => None,
    }
}

/// What to know of a routine whose callers could make its names mean something of their own, with its owner's privileges.
fn exposed(routine: &Routine) -> Option<&'static str> {
    let fixed = routine.settings.iter().any(|(parameter, _)| parameter.eq_ignore_ascii_case("search_path"));
    let definer = routine.security == RoutineSecurity::Definer;
    (definer && !fixed).then_some("runs with the privileges of its owner, and its callers choose the search_path")
}
