//! Views, materialized or not, and triggers.

use std::sync::Arc;

use ecow::EcoString;

use super::Editor;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::names::{Answer, Dependant, Dependence, Obstacle, Reading};
use crate::schema::{Change, GrantTargetKind, Materialized, ObjectKind, Online, Population, Trigger, View, ViewKind};
use crate::source::{Name, Origin};

impl Editor<'_> {
    /// Creates a view from its query.
    ///
    /// # Errors
    ///
    /// The name is taken, or SQLite would take a name in the query for a string.
    pub fn create_view(&mut self, name: &Name, query: &Name, kind: ViewKind) -> Result<()> {
        self.check_free(name)?;
        self.check_double_quotes(query, None, || Reading::of_query(query, &self.schema, self.dialect))?;
        let view = Arc::new(View { name: name.value.clone(), query: query.value.clone(), kind });
        self.record(Change::CreateView(view.clone()), |schema| schema.put_view(view));
        Ok(())
    }

    /// Creates a view, or puts it in the place of the one that has its name.
    ///
    /// # Errors
    ///
    /// It is so already, it would read itself, or what reads it would lose a column or mean something else.
    pub fn create_or_replace_view(&mut self, name: &Name, query: &Name, kind: ViewKind) -> Result<()> {
        let there = self.schema.view(name).filter(|view| view.materialized().is_none()).cloned();
        let Some(from) = there else { return self.create_view(name, query, kind) };
        self.check_double_quotes(query, None, || Reading::of_query(query, &self.schema, self.dialect))?;
        let to = Arc::new(View { name: name.value.clone(), query: query.value.clone(), kind });
        if from == to {
            return Err(Box::new(
                Diagnostic::new(Code::NothingToDo, format!("view `{name}` is so already"))
                    .at(name.origin, "nothing to change")
                    .help("leave the operation out"),
            ));
        }
        self.check_not_read_by(name, query)?;
        self.check_columns_replaceable(name, &from, &to)?;
        self.record(Change::ReplaceView { from, to: to.clone() }, |schema| schema.put_view(to));
        Ok(())
    }

    /// Refuses a query that reads the view which it is to be the query of, itself or by way of other views.
    fn check_not_read_by(&self, name: &Name, query: &Name) -> Result<()> {
        let reading = Reading::of_query(query, &self.schema, self.dialect);
        let mut readers = vec![name.value.clone()];
        let mut next = 0;
        while let Some(reader) = readers.get(next).cloned() {
            if reading.relation(&reader) != Answer::Absent {
                let message = format!("view `{name}` would read itself");
                let label =
                    if reader == name.value { "reads it".into() } else { format!("reads `{reader}`, which reads it") };
                return Err(Box::new(
                    Diagnostic::new(Code::InUse, message)
                        .at(query.origin, label)
                        .help("write a query over the tables, or over views that do not read it"),
                ));
            }
            for Dependence { dependant, .. } in self.schema.dependants_of_relation(&reader, self.dialect) {
                match dependant {
                    Dependant::View(other) if !readers.contains(&other) => readers.push(other),
                    _ => {}
                }
            }
            next += 1;
        }
        Ok(())
    }

    /// Checks that what reads a view, or is on it, finds the columns that it names, and means the same.
    fn check_columns_replaceable(&mut self, name: &Name, from: &View, to: &View) -> Result<()> {
        let object = format_args!("view `{name}`");
        let columns = |view: &View| self.schema.columns_of_query(&view.query, self.dialect);
        let (Some(old), Some(new)) = (columns(from), columns(to)) else {
            let readers = || {
                let readers = self.schema.dependants_of_relation(name, self.dialect);
                let unknown = |one| Dependence {
                    doubt: Some(Obstacle("the columns of the view do not stand in its query")),
                    ..one
                };
                readers.into_iter().map(unknown).collect()
            };
            return self.check_unused(name.origin, object, readers);
        };
        let lost: Vec<&EcoString> = old.iter().filter(|column| !new.contains(column)).collect();
        for column in &lost {
            self.check_unused(name.origin, format_args!("column `{name}.{column}`"), || {
                self.schema.dependants_of_column(name, column, self.dialect)
            })?;
        }
        for column in new.iter().filter(|column| !old.contains(column)) {
            self.check_not_taken_in(name, &Name::new(column.clone(), name.origin))?;
        }
        for column in lost {
            self.drop_privileges_on_column(name, column);
        }
        Ok(())
    }

    /// Drops a view, after its triggers.
    ///
    /// # Errors
    ///
    /// There is none, or another view or a trigger mentions it.
    pub fn drop_view(&mut self, name: &Name) -> Result<()> {
        let view = self.view(ObjectKind::View, name)?;
        let own: Vec<_> = self.schema.triggers().filter(|trigger| trigger.table == name.value).cloned().collect();
        for trigger in own {
            self.record(Change::DropTrigger(trigger.clone()), |schema| schema.remove_trigger(&trigger.name));
        }
        self.drop_unused_view(view, name)
    }

    /// Drops a materialized view with its indexes.
    ///
    /// # Errors
    ///
    /// There is none, or another view or a trigger mentions it.
    pub fn drop_materialized_view(&mut self, name: &Name) -> Result<()> {
        let view = self.view(ObjectKind::MaterializedView, name)?;
        self.drop_unused_view(view, name)
    }

    fn drop_unused_view(&mut self, view: Arc<View>, name: &Name) -> Result<()> {
        let kind = view.object_kind().title();
        let object = format_args!("{kind} `{name}`");
        self.check_unmentioned(name.origin, object, &[name])?;
        self.check_unused(name.origin, object, || self.schema.dependants_of_relation(name, self.dialect))?;
        self.drop_privileges_on(GrantTargetKind::Relation, name);
        self.note_departure(kind, name);
        self.record(Change::DropView(view), |schema| schema.remove_view(name));
        Ok(())
    }

    /// Fills a materialized view with the rows that its query gives now.
    ///
    /// # Errors
    ///
    /// There is none; or, if others are to read it meanwhile, it is empty or has no index that tells its rows apart.
    pub fn refresh_materialized_view(&mut self, name: &Name) -> Result<()> {
        let view = self.view(ObjectKind::MaterializedView, name)?;
        let Some(materialized) = view.materialized() else { return Ok(()) };
        if self.cause.online == Online::Demanded {
            check_refreshable_online(&view, materialized, self.cause.origin)?;
        }
        let (from, to) = (materialized.population, Population::Filled);
        let kind = ViewKind::Materialized(Materialized::new(to, view.indexes().to_vec()));
        let refreshed = Arc::new(View { kind, ..View::clone(&view) });
        let change = Change::RefreshView { view: name.value.clone(), from, to };
        self.record(change, |schema| schema.put_view(refreshed));
        Ok(())
    }

    /// Creates a trigger on a table or view.
    ///
    /// # Errors
    ///
    /// There is no such table or view, the view is materialized, a trigger of this name exists, or SQLite would take a
    /// name in it for a string.
    pub fn create_trigger(&mut self, name: &Name, table: &Name, definition: &Name) -> Result<()> {
        self.check_object_name(name)?;
        match self.schema.view(table) {
            None => drop(self.table(table)?),
            Some(view) => {
                if view.materialized().is_some() {
                    let message = format!("materialized view `{table}` can have no triggers");
                    return Err(Box::new(
                        Diagnostic::new(Code::InvalidValue, message)
                            .at(table.origin, "nobody writes to it")
                            .help("put the trigger on a table that the view reads"),
                    ));
                }
            }
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

/// Others can read a view while it is refreshed only if it has rows, and an index that tells them all apart by columns.
fn check_refreshable_online(view: &View, materialized: &Materialized, origin: Origin) -> Result<()> {
    let refuse = |problem: &str, help: &str| {
        let message = format!("materialized view `{}` cannot be refreshed concurrently: {problem}", view.name);
        Err(Box::new(Diagnostic::new(Code::InvalidValue, message).at(origin, "demanded here").help(help)))
    };
    if materialized.population == Population::Empty {
        return refuse("it is empty, and nobody can read it", "leave out `.concurrently()`");
    }
    if !view.indexes().iter().any(|index| index.tells_all_rows_apart()) {
        return refuse(
            "it has no unique index that consists of columns and holds all rows",
            "create such an index first, or leave out `.concurrently()`",
        );
    }
    Ok(())
}
