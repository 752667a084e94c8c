//! Views and triggers: create and drop.

use std::sync::Arc;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::Reading;
use crate::schema::{Change, GrantTargetKind, Trigger, View, ViewSecurity};
use crate::source::Name;

impl Editor<'_> {
    /// Creates a view from its query.
    ///
    /// # Errors
    ///
    /// The name is taken, or SQLite would take a name in the query for a string.
    pub fn create_view(&mut self, name: &Name, query: &Name, security: ViewSecurity) -> Result<()> {
        self.check_free(name)?;
        self.check_double_quotes(query, None, || Reading::of_query(query, &self.schema, self.dialect))?;
        let view = Arc::new(View { name: name.value.clone(), query: query.value.clone(), security });
        self.record(Change::CreateView(view.clone()), |schema| schema.put_view(view));
        Ok(())
    }

    /// Drops a view, after its triggers.
    ///
    /// # Errors
    ///
    /// There is none, or another view or a trigger mentions it.
    pub fn drop_view(&mut self, name: &Name) -> Result<()> {
        let view = self.view(name)?;
        let own: Vec<_> = self.schema.triggers().filter(|trigger| trigger.table == name.value).cloned().collect();
        for trigger in own {
            self.record(Change::DropTrigger(trigger.clone()), |schema| schema.remove_trigger(&trigger.name));
        }
        let object = format_args!("view `{name}`");
        self.check_unmentioned(name.origin, object, &[name])?;
        self.check_unused(name.origin, object, || self.schema.dependants_of_relation(name, self.dialect))?;
        self.drop_privileges_on(GrantTargetKind::Relation, name);
        self.note_departure("view", name);
        self.record(Change::DropView(view), |schema| schema.remove_view(name));
        Ok(())
    }

    /// Creates a trigger on a table or view.
    ///
    /// # Errors
    ///
    /// There is no such table or view, a trigger of this name exists, or SQLite would take a name in it for a string.
    pub fn create_trigger(&mut self, name: &Name, table: &Name, definition: &Name) -> Result<()> {
        self.check_object_name(name)?;
        if self.schema.view(table).is_none() {
            self.table(table)?;
        }
        if let Some(twin) = self.schema.triggers().find(|other| other.name.eq_ignore_ascii_case(name)) {
            return Err(Box::new(
                Diagnostic::new(Code::AlreadyExists, format!("a trigger `{}` exists already", twin.name))
                    .at(name.origin, "this name is taken")
                    .note("SQLite has one namespace for the triggers of all tables, and ignores the case of letters")
                    .help("choose another name"),
            ));
        }
        let trigger = Arc::new(Trigger {
            name: name.value.clone(),
            table: table.value.clone(),
            definition: definition.value.clone(),
        });
        self.check_double_quotes(definition, None, || Reading::of_trigger(&trigger, &self.schema, self.dialect))?;
        self.record(Change::CreateTrigger(trigger.clone()), |schema| schema.put_trigger(trigger));
        Ok(())
    }

    /// Drops a trigger.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn drop_trigger(&mut self, name: &Name) -> Result<()> {
        let Some(trigger) = self.schema.trigger(name).cloned() else {
            let names = self.schema.triggers().map(|trigger| trigger.name.as_str());
            return Err(self.missing(Code::UnknownObject, "trigger", name, names));
        };
        self.note_departure("trigger", name);
        self.record(Change::DropTrigger(trigger), |schema| schema.remove_trigger(name));
        Ok(())
    }
}
