//! Objects of the rarer kinds: create, drop.

use std::sync::Arc;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::{Change, GrantTargetKind, SchemaObject, SchemaObjectKind, tokens};
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

    /// Creates an object, or puts it in the place of the one that has its name.
    ///
    /// # Errors
    ///
    /// It is so already; or what is there has to be dropped for it, and something uses that.
    pub fn create_or_replace_object(&mut self, object: Located<SchemaObject>) -> Result<()> {
        let Some(from) = self.schema.object(&object.key()).cloned() else { return self.create_object(object) };
        let Located { value: to, origin } = object;
        if *from == to {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("{} is so already", from.title()))
                    .at(origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        if !to.replaces(&from) {
            self.check_uncalled(&from, origin)?;
        }
        let to = Arc::new(to);
        self.record(Change::ReplaceObject { from, to: to.clone() }, |schema| schema.put_object(to));
        Ok(())
    }

    /// Drops a function or a procedure, `kind` says which.
    ///
    /// # Errors
    ///
    /// There is none, or something calls it that would be dropped with it.
    pub fn drop_routine(&mut self, name: &Name, kind: &str) -> Result<()> {
        let title = format!("{kind} `{name}`");
        match self.schema.object(&SchemaObjectKind::Routine.key(name)).cloned() {
            Some(routine) if routine.title() == title => self.check_uncalled(&routine, name.origin)?,
            _ => return Err(self.missing_object(SchemaObjectKind::Routine, name, &title, name.origin)),
        }
        self.drop_privileges_on(GrantTargetKind::Routine, name);
        self.drop_object(SchemaObjectKind::Routine, name, &title, name.origin)
    }

    /// Refuses to drop a routine that something in the schema calls. The bodies of other routines do not count: they
    /// find it when they run.
    fn check_uncalled(&self, object: &SchemaObject, origin: Origin) -> Result<()> {
        let SchemaObject::Routine(routine) = object else { return Ok(()) };
        match self.caller(&routine.name) {
            None => Ok(()),
            Some(caller) => Err(Box::new(
                Diagnostic::new(Code::InUse, format!("{} is used by {caller}", object.title()))
                    .at(origin, format!("called by {caller}"))
                    .help(format!("drop {caller} before the change and create it again after it")),
            )),
        }
    }

    /// What calls a routine of this name.
    fn caller(&self, name: &str) -> Option<String> {
        let calls = |text: &str| tokens::calls(text, name);
        let mut views = self.schema.views().filter(|view| view.texts().any(|text| calls(text)));
        let view = views.next().map(|view| format!("{} `{}`", view.object_kind().title(), view.name));
        let trigger = || {
            let mut triggers = self.schema.triggers().filter(|trigger| calls(&trigger.definition));
            triggers.next().map(|trigger| format!("trigger `{}`", trigger.name))
        };
        let object = || {
            // A routine may call itself.
            let others = self.schema.objects().filter(|object| object.key() != SchemaObjectKind::Routine.key(name));
            let mut objects = others.filter(|object| object.texts().any(|text| calls(text)));
            objects.next().map(|object| object.title())
        };
        let table = || {
            let mut tables = self.schema.tables().filter(|table| table.expressions().any(calls));
            tables.next().map(|table| format!("table `{}`", table.name))
        };
        view.or_else(trigger).or_else(object).or_else(table)
    }

    /// Drops a schema of the database.
    ///
    /// # Errors
    ///
    /// There is none, or an extension is in it.
    pub fn drop_namespace(&mut self, name: &Name) -> Result<()> {
        let title = format!("schema `{name}`");
        let inside = |object: &&Arc<SchemaObject>| match &***object {
            SchemaObject::Extension(extension) => extension.schema.as_ref() == Some(&name.value),
            _ => false,
        };
        if let Some(extension) = self.schema.objects().find(inside).map(|object| object.title()) {
            return Err(Box::new(
                Diagnostic::new(Code::InUse, format!("{title} is used by {extension}"))
                    .at(name.origin, format!("{extension} is in it"))
                    .help(format!("drop {extension} first")),
            ));
        }
        if self.schema.object(&SchemaObjectKind::Namespace.key(name)).is_some() {
            self.drop_privileges_on(GrantTargetKind::Schema, name);
        }
        self.drop_object(SchemaObjectKind::Namespace, name, &title, name.origin)
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

    pub(super) fn missing_object(
        &self,
        kind: SchemaObjectKind,
        name: &str,
        title: &str,
        origin: Origin,
    ) -> Box<Diagnostic> {
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

    /// Checks that a name can be the name of something outside of the history, such as a role.
    ///
    /// # Errors
    ///
    /// It is empty, longer than 63 bytes, or holds a control character.
    pub fn check_foreign_name(&self, name: &Name) -> Result<()> {
        super::check_spelling(name)
    }
}
