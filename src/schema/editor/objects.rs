//! Objects of the rarer kinds: create, drop.

use std::sync::Arc;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, SchemaObject, SchemaObjectKind};
use crate::source::{Located, Name, Origin};

impl Editor<'_> {
    /// Creates an object of one of the rarer kinds.
    ///
    /// # Errors
    ///
    /// There is such an object already.
    pub fn create_object(&mut self, object: Located<SchemaObject>) -> Result<()> {
        let Located { value: object, origin } = object;
        if self.schema.object(&object.key()).is_some() {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("{} exists already", object.title()))
                    .at(origin, "exists already")
                    .help("leave the operation out, or drop what is there first"),
            ));
        }
        let object = Arc::new(object);
        self.record(Change::CreateObject(object.clone()), |schema| schema.put_object(object));
        Ok(())
    }

    /// Drops an object of one of the rarer kinds.
    ///
    /// # Errors
    ///
    /// There is none of this kind and name; `title` says in words what is meant.
    pub fn drop_object(&mut self, kind: SchemaObjectKind, name: &str, title: &str, origin: Origin) -> Result<()> {
        let key = kind.key(name);
        let Some(object) = self.schema.object(&key).cloned() else {
            return Err(self.missing_object(kind, name, title, origin));
        };
        self.note_departure(kind.title(), name);
        self.record(Change::DropObject(object), |schema| schema.remove_object(&key));
        Ok(())
    }

    fn missing_object(&self, kind: SchemaObjectKind, name: &str, title: &str, origin: Origin) -> Box<Diagnostic> {
        let mut diagnostic =
            Diagnostic::new(Code::UnknownObject, format!("no {title} exists here")).at(origin, "no such object");
        if let Some(revision) = self.schema.departed(kind.title(), name) {
            diagnostic = diagnostic.note(format!("{title} went away in revision {revision}"));
        }
        let others = self.schema.objects().filter(|object| object.kind() == kind);
        let others: Vec<String> = others.take(3).map(|object| object.title()).collect();
        let help = if others.is_empty() {
            "create it first, in this revision or in one before it".into()
        } else {
            format!("there is {}", others.join(", "))
        };
        Box::new(diagnostic.help(help))
    }

    /// Drops the objects that belong to a table, before the table.
    pub(super) fn drop_objects_of(&mut self, table: &str) {
        let mut own: Vec<_> = self.schema.objects_of(table).cloned().collect();
        own.sort_by_key(|object| std::cmp::Reverse(object.kind()));
        for object in own {
            let key = object.key();
            self.record(Change::DropObject(object), |schema| schema.remove_object(&key));
        }
    }

    /// Checks that a name can be the name of a role.
    ///
    /// # Errors
    ///
    /// It is empty, longer than 63 bytes, or holds a control character.
    pub fn check_role(&self, name: &Name) -> Result<()> {
        super::check_spelling(name)
    }
}
