//! What is said of each change where SQLite can make it in place, and where it becomes part of a rebuild.

use std::sync::Arc;

use ecow::EcoString;

use super::checks::Check;
use super::definition::{constraint_definition, create_index, index_comments};
use super::dependants::Dependants;
use super::dependants::create_view;
use super::lower::{Lowering, Result, required};
use super::method;
use super::output::Output;
use super::pending::Pending;
use super::quote;
use super::rebuild::create_trigger;
use super::row_guards;
use super::rows::Rows;
use super::statement::{
    AddCheck, DeferForeignKeys, DropConstraint, DropIndex, DropNotNull, DropTable, DropTrigger, DropView, RenameColumn,
    RenameTable, SetNotNull, Statement,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{
    Cause, Constraint, Dialect, Facet, Index, Nullability, Rule, Schema, Table, Trigger, View, ViewKind, ViewSecurity,
    with_column_renamed,
};

impl Lowering<'_> {
    pub fn create_table(&mut self, index: usize, table: &Arc<Table>) -> Result<()> {
        let transition = &self.request.transitions[index];
        let pending = Pending::creation(table, &transition.cause);
        self.pending.push(pending);
        if !self.will_rebuild(index, &table.name) {
            self.schema = transition.after.clone();
            self.flush(&table.name)?;
        }
        Ok(())
    }

    pub fn drop_table(&mut self, table: &Arc<Table>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_readers_of(&table.name)?;
        self.flush_referring_to(&table.name)?;
        if let Some(position) = self.pending.iter().position(|pending| pending.table == table.name)
            && self.pending.remove(position).source.is_none()
        {
            self.note(cause, "the table of this revision is not created in the first place");
            return Ok(());
        }
        let refers_to_itself = table.foreign_keys().any(|(_, key)| key.referred_table == table.name);
        let mut statements: Vec<Statement> = Vec::new();
        self.guard_references(std::slice::from_ref(&table.name), Output::guarded(cause));
        if self.foreign_keys_may_be_on() && refers_to_itself {
            statements.push(DeferForeignKeys {}.into());
        }
        self.output.foreign_keys_off = true;
        self.output.forget_table(&table.name);
        statements.push(DropTable { name: quote::name(&table.name) }.into());
        self.changes(cause, statements);
        Ok(())
    }

    pub fn rename_table(&mut self, index: usize, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        self.flush_readers_of(from)?;
        self.flush(from)?;
        // Those of a table that is still to be built come back with it.
        let upserting = Dependants::upserting(to, &transition.after, |trigger| !self.is_pending(&trigger.table));
        let mut statements: Vec<Statement> = upserting.drop().collect();
        let mut step_comment = method::in_place_comment(&transition.change);
        if from.eq_ignore_ascii_case(to) {
            let between = self.output.free_name(to);
            statements.push(RenameTable { from: quote::name(from), to: quote::name(&between) }.into());
            statements.push(RenameTable { from: quote::name(&between), to: quote::name(to) }.into());
            step_comment = Some("in place, by way of another name: SQLite takes the new one for the old one");
        } else {
            statements.push(RenameTable { from: quote::name(from), to: quote::name(to) }.into());
        }
        statements.extend(upserting.create());
        if !self.folds(index, to) {
            statements.extend(self.rename_enum_checks(index, [from, to]));
        }
        let aside: Vec<&str> = upserting.names().map(EcoString::as_str).collect();
        let aside = (!aside.is_empty()).then(|| {
            format!("{} make way, since SQLite would take `excluded` in them for the table", aside.join(", "))
        });
        for pending in &mut self.pending {
            pending.follow_renamed_table(from, to);
        }
        self.output.rename_table(from, to);
        let mut step = self.output.step(&transition.cause, &statements);
        step.comments.extend(step_comment.map(str::to_owned));
        step.comments.extend(aside);
        self.output.push(step);
        self.schema = transition.after.clone();
        self.start_rebuilds(index, to)
    }

    pub fn rename_column(&mut self, index: usize, table: &EcoString, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        self.flush_readers_of(table)?;
        let awaits = |pending: &Pending| {
            let taken = pending.source.as_ref().is_some_and(|source| {
                source
                    .columns
                    .iter()
                    .any(|column| column.name.eq_ignore_ascii_case(to) && !from.eq_ignore_ascii_case(to))
            });
            // What is only in the database may name the column in a way that cannot follow; it goes with the rebuild.
            let follows = |source: &Table| with_column_renamed(source, from, to, &self.schema, Dialect::Sqlite).is_ok();
            taken || pending.mentions(from) || !pending.source.as_ref().is_none_or(follows)
        };
        if self.pending.iter().any(|pending| pending.table == *table && awaits(pending)) {
            self.flush(table)?;
        }
        if method::is_renamed_by_rebuild(transition, table, [from, to]) {
            return self.rename_by_rebuild(index, table, from, to);
        }
        let mut in_database = true;
        for pending in &mut self.pending {
            if pending.table == *table {
                let known = pending.source.as_ref().and_then(|source| source.column(from)).is_some();
                in_database = known && pending.values(from).reads(from);
                if let (true, Some(source)) = (in_database, &mut pending.source) {
                    *source = match with_column_renamed(source, from, to, &self.schema, Dialect::Sqlite) {
                        Ok(renamed) => renamed,
                        Err(_) => unreachable!("the table would have been built above"),
                    };
                }
                pending.rename_column(from, to);
            } else {
                pending.follow_renamed_column(table, from, to);
            }
        }
        if in_database {
            let checks =
                if self.folds(index, table) { Vec::new() } else { self.rename_enum_checks(index, [table, table]) };
            self.output.change_columns(table);
            let (old, new) = (quote::name(from), quote::name(to));
            // A view publishes names of its own: it makes way, and comes back with them.
            let rewritten = Dependants::rewritten(&transition.before, &transition.after);
            let mut statements: Vec<Statement> = rewritten.drop().collect();
            statements.push(RenameColumn { table: quote::name(table), from: old, to: new }.into());
            statements.extend(rewritten.create());
            statements.extend(checks);
            self.changes_in_place(index, &statements);
        }
        self.schema = transition.after.clone();
        self.start_rebuilds(index, table)
    }

    /// The rebuild of the table gives the column its name, and those of the tables that refer to it follow.
    fn rename_by_rebuild(&mut self, index: usize, table: &EcoString, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        let others = |trigger: &&Arc<Trigger>| {
            trigger.table != *table && transition.before.trigger(&trigger.name) != Some(trigger)
        };
        let trigger = transition.after.triggers().find(others).map(|trigger| format!("trigger `{}`", trigger.name));
        let view = Dependants::rewritten(&transition.before, &transition.after).names().next().cloned();
        if let Some(dependant) = trigger.or_else(|| view.map(|name| format!("`{name}`"))) {
            let message = format!("`{table}.{from}` gets its new name in a rebuild, which {dependant} does not follow");
            let help = format!("drop {dependant} before the change and create it again after it");
            return Err(Box::new(Diagnostic::new(Code::NotYet, message).help(help)));
        }
        let pending = self.pending(index, table)?;
        let values = pending.values(from);
        pending.forget_column(from);
        pending.set_values(to, values);
        for other in self.forced(index).filter(|other| other != table).collect::<Vec<_>>() {
            self.pending(index, &other)?;
        }
        Ok(())
    }

    pub fn alter_column(&mut self, index: usize, table: &EcoString, column: &EcoString, facet: &Facet) -> Result<()> {
        let transition = &self.request.transitions[index];
        let cause = &transition.cause;
        if let Facet::Comment { .. } = facet {
            self.note(cause, "SQLite keeps no comments; nothing to do");
            return Ok(());
        }
        if let Facet::Nullability { to: Nullability::Nullable, .. } = facet
            && required(transition.after.table(table)).primary_key().contains(column)
        {
            let message = format!("`{table}.{column}` is part of the primary key, which must not be NULL");
            return Err(Box::new(
                Diagnostic::new(Code::InUse, message).help("drop the primary key first: `op.drop_constraint(…)`"),
            ));
        }
        if self.folds(index, table) {
            return self.fold_altered_column(index, table, column, facet);
        }
        let (table_name, column_name) = (quote::name(table), quote::name(column));
        match facet {
            Facet::Nullability { to: Nullability::NotNull, .. } if self.rules_in_place() => {
                let guard = row_guards::set_not_null(required(transition.before.table(table)), column);
                self.output.guard(guard, Output::guarded(cause));
                self.change_in_place(index, SetNotNull { table: table_name, column: column_name }.into());
            }
            Facet::Nullability { to: Nullability::Nullable, .. } if self.rules_in_place() => {
                self.change_in_place(index, DropNotNull { table: table_name, column: column_name }.into());
            }
            Facet::Type { from, to, .. } => self.check_same_storage(index, table, column, [from, to])?,
            Facet::Nullability { .. }
            | Facet::Default { .. }
            | Facet::Identity { .. }
            | Facet::Generated { .. }
            | Facet::Collation { .. }
            | Facet::Comment { .. } => self.note(cause, "the same on SQLite; nothing to do"),
        }
        Ok(())
    }

    pub fn add_constraint(&mut self, index: usize, table: &EcoString, constraint: &Constraint) -> Result<()> {
        let transition = &self.request.transitions[index];
        let (before, after) = (required(transition.before.table(table)), required(transition.after.table(table)));
        let definition = constraint_definition(constraint, after)?;
        if self.folds(index, table) {
            self.pending(index, table)?;
            return Ok(());
        }
        if let Rule::Check { expression } = &constraint.rule {
            let rows = Rows::unchanged(before, after);
            if let Some(guard) = row_guards::check(&rows, constraint.name.as_deref(), expression) {
                self.output.guard(guard, Output::guarded(&transition.cause));
            }
        }
        self.output.touch(table);
        self.change_in_place(index, AddCheck { table: quote::name(table), definition }.into());
        Ok(())
    }

    pub fn drop_constraint(&mut self, index: usize, table: &EcoString, constraint: &Constraint) {
        let transition = &self.request.transitions[index];
        let [before, after] = [&transition.before, &transition.after].map(|schema| required(schema.table(table)));
        let statements = match (Check::of_constraint(constraint, before), &constraint.name) {
            (Some(check), _) => self.exchange_checks([before, after], &[check], &[], &transition.cause),
            (None, Some(name)) => {
                self.output.touch(table);
                vec![DropConstraint { table: quote::name(table), name: quote::name(name) }.into()]
            }
            (None, None) => unreachable!("a constraint without a name is dropped by a rebuild"),
        };
        self.changes_in_place(index, &statements);
    }

    pub fn rename_check(&mut self, index: usize, table: &EcoString, [from, to]: [&EcoString; 2]) {
        let transition = &self.request.transitions[index];
        let [before, after] = [&transition.before, &transition.after].map(|schema| required(schema.table(table)));
        let find = |known: &Table, name| known.constraint(name).and_then(|one| Check::of_constraint(one, known));
        let (old, new) = (find(before, from), find(after, to));
        let statements = self.exchange_checks([before, after], old.as_slice(), new.as_slice(), &transition.cause);
        self.changes_in_place(index, &statements);
    }

    pub fn create_index(&mut self, index: usize, table: &EcoString, created: &Arc<Index>) -> Result<()> {
        let transition = &self.request.transitions[index];
        let cause = &transition.cause;
        let statement = create_index(created, table)?;
        let comments = index_comments(created);
        if self.folds(index, table) {
            self.pending(index, table)?;
            for comment in &comments {
                self.note(cause, comment);
            }
            return Ok(());
        }
        if created.is_unique() {
            let (before, after) = (required(transition.before.table(table)), required(transition.after.table(table)));
            if let Some(guard) = row_guards::unique_index(&Rows::unchanged(before, after), created) {
                self.output.guard(guard, Output::guarded(cause));
            }
        }
        let mut step = self.output.step(cause, &[statement]);
        step.comments.extend(comments);
        self.output.push(step);
        Ok(())
    }

    /// SQLite cannot rename an index, so it is made again.
    pub fn rename_index(&mut self, index: usize, table: &EcoString, from: &EcoString, to: &EcoString) -> Result<()> {
        let transition = &self.request.transitions[index];
        let position = self.pending.iter().position(|pending| pending.table == *table);
        if position.is_none_or(|position| self.pending[position].has_index(from)) {
            self.drop_index(table, from, &transition.cause);
        }
        if position.is_some() {
            self.pending(index, table)?;
            return Ok(());
        }
        if let Some(renamed) = required(transition.after.table(table)).index(to) {
            let step = self.output.step(&transition.cause, &[create_index(renamed, table)?]);
            self.output.push(step.comment("SQLite cannot rename an index"));
        }
        Ok(())
    }

    /// Drops an index, unless it is not in the database yet.
    pub fn drop_index(&mut self, table: &EcoString, name: &EcoString, cause: &Arc<Cause>) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.table == *table) {
            if !pending.has_index(name) {
                self.note(cause, "the index of this revision is not created in the first place");
                return;
            }
            pending.forget_index(name);
        }
        self.change(cause, DropIndex { name: quote::name(name) }.into());
    }

    pub fn create_view(&mut self, view: &Arc<View>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_mentioned(&view.query, None)?;
        self.change(cause, create_view(view));
        if let ViewKind::Plain { security: ViewSecurity::Invoker } = view.kind {
            self.note(cause, "SQLite has no roles: everyone sees through the view what it reads");
        }
        Ok(())
    }

    /// Drops a view and creates it anew, with its triggers. What reads it finds it when it runs.
    pub fn replace_view(&mut self, view: &Arc<View>, schema: &Schema, cause: &Arc<Cause>) -> Result<()> {
        self.flush_mentioned(&view.query, None)?;
        self.change(cause, DropView { name: quote::name(&view.name) }.into());
        self.create_view(view, cause)?;
        for trigger in schema.triggers().filter(|trigger| trigger.table == view.name) {
            self.create_trigger(trigger, cause)?;
        }
        Ok(())
    }

    pub fn create_trigger(&mut self, trigger: &Arc<Trigger>, cause: &Arc<Cause>) -> Result<()> {
        self.flush_mentioned(&trigger.definition, Some(&trigger.table))?;
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.table == trigger.table) {
            pending.new_triggers.insert(trigger.name.clone());
            pending.add_cause(cause);
            return Ok(());
        }
        self.change(cause, create_trigger(&trigger.name, &trigger.definition));
        Ok(())
    }

    pub fn drop_trigger(&mut self, trigger: &Arc<Trigger>, cause: &Arc<Cause>) {
        let pending = self.pending.iter_mut().find(|pending| pending.table == trigger.table);
        if pending.is_some_and(|pending| pending.new_triggers.remove(&trigger.name)) {
            self.note(cause, "the trigger of this revision is not created in the first place");
        } else {
            self.change(cause, DropTrigger { name: quote::name(&trigger.name) }.into());
        }
    }
}
