//! The views and triggers that make way for a rebuild and come back behind it.
//!
//! Where foreign keys may be off, references to a new table follow its name only if everything follows that mentions it. For
//! that SQLite reads every view and trigger of the database again, and stops at one that mentions a table which is not there
//! at that moment.

use ecow::EcoString;

use super::quote;
use super::rebuild::create_trigger;
use super::statement::{CreateView, DropTrigger, DropView, Statement};
use crate::schema::{Schema, Trigger, View, tokens};

/// What mentions some tables, or a view of them.
#[derive(Debug, Default)]
pub struct Dependants<'s> {
    /// Each behind those that it mentions.
    views: Vec<&'s View>,
    /// The triggers of the tables themselves, which go with them.
    own: Vec<&'s Trigger>,
    /// The triggers of other tables and of views.
    triggers: Vec<&'s Trigger>,
}

impl<'s> Dependants<'s> {
    /// Finds what mentions the tables in a schema, the triggers aside that are not in the database yet.
    pub fn of(tables: &[EcoString], schema: &'s Schema, is_in_database: impl Fn(&Trigger) -> bool + Copy) -> Self {
        let mut names: Vec<&EcoString> = tables.iter().collect();
        let mut views = Vec::new();
        for view in views_in_order(schema) {
            if names.iter().any(|name| tokens::mentions(&view.query, name)) {
                names.push(&view.name);
                views.push(view);
            }
        }
        let others = schema.triggers().map(AsRef::as_ref).filter(|trigger| !tables.contains(&trigger.table));
        let mentions = |trigger: &&Trigger| {
            names.iter().any(|name| trigger.table == **name || tokens::mentions(&trigger.definition, name))
        };
        let triggers = others.filter(|trigger| is_in_database(trigger)).filter(mentions).collect();
        Dependants { views, triggers, ..Dependants::own(tables, schema, is_in_database) }
    }

    /// Finds the triggers of the tables alone, those aside that are not in the database yet.
    pub fn own(tables: &[EcoString], schema: &'s Schema, is_in_database: impl Fn(&Trigger) -> bool) -> Self {
        let own = schema.triggers().map(AsRef::as_ref).filter(|trigger| tables.contains(&trigger.table));
        Dependants { own: own.filter(|trigger| is_in_database(trigger)).collect(), ..Dependants::default() }
    }

    /// The views whose text a rename changes, and what mentions them.
    ///
    /// All of them are in the database: what is still to be built with a table has no view yet.
    pub fn rewritten(before: &Schema, after: &'s Schema) -> Self {
        let changed = |view: &View| before.view(&view.name).is_some_and(|old| **old != *view);
        if !after.views().any(|view| changed(view)) {
            return Dependants::default();
        }
        let mut views: Vec<&View> = Vec::new();
        for view in views_in_order(after) {
            if changed(view) || views.iter().any(|other| tokens::mentions(&view.query, &other.name)) {
                views.push(view);
            }
        }
        let mentions = |trigger: &&Trigger| {
            views.iter().any(|view| trigger.table == view.name || tokens::mentions(&trigger.definition, &view.name))
        };
        let triggers = after.triggers().map(AsRef::as_ref).filter(mentions).collect();
        Dependants { views, own: Vec::new(), triggers }
    }

    /// The triggers that fill a table and name `excluded`. SQLite takes that word for the table when it renames the table, so
    /// that the upsert would go on with the old values.
    pub fn upserting(table: &str, schema: &'s Schema, is_in_database: impl Fn(&Trigger) -> bool) -> Self {
        let upserts =
            |trigger: &&Trigger| ["excluded", table].iter().all(|word| tokens::mentions(&trigger.definition, word));
        let triggers = schema.triggers().map(AsRef::as_ref).filter(upserts).filter(|trigger| is_in_database(trigger));
        Dependants { triggers: triggers.collect(), ..Dependants::default() }
    }

    /// The statements that take them out of the way. The triggers of the tables go first: dropping a table whose rows
    /// refer to each other fires them.
    pub fn drop(&self) -> impl Iterator<Item = Statement> {
        let triggers = self.own.iter().chain(&self.triggers);
        let triggers = triggers.map(|trigger| DropTrigger { name: quote::name(&trigger.name) }.into());
        let views = self.views.iter().rev().map(|view| DropView { name: quote::name(&view.name) }.into());
        triggers.chain(views)
    }

    /// The statements that bring them back, those of the tables aside.
    pub fn create(&self) -> impl Iterator<Item = Statement> {
        let views = self.views.iter().map(|view| create_view(view));
        views.chain(self.triggers.iter().map(|trigger| create_trigger(&trigger.name, &trigger.definition)))
    }

    /// The names of what comes back, for a comment.
    pub fn names(&self) -> impl Iterator<Item = &EcoString> {
        let triggers = self.triggers.iter().map(|trigger| &trigger.name);
        self.views.iter().map(|view| &view.name).chain(triggers)
    }
}

/// The statement that creates a view.
pub fn create_view(view: &View) -> Statement {
    CreateView { name: quote::name(&view.name), query: quote::unterminated(&view.query).to_owned() }.into()
}

/// The views, each behind those that it mentions.
pub fn views_in_order(schema: &Schema) -> Vec<&View> {
    fn place<'s>(view: &'s View, schema: &'s Schema, placed: &mut Vec<&'s View>, open: &mut Vec<&'s View>) {
        if placed.contains(&view) || open.contains(&view) {
            return;
        }
        open.push(view);
        for other in schema.views().filter(|other| other.name != view.name) {
            if tokens::mentions(&view.query, &other.name) {
                place(other, schema, placed, open);
            }
        }
        open.pop();
        placed.push(view);
    }
    let mut placed = Vec::new();
    for view in schema.views() {
        place(view, schema, &mut placed, &mut Vec::new());
    }
    placed
}
