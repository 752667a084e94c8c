//! Rebuilding a table where foreign keys may be on: together with all tables that refer to it, directly or not.
//!
//! Dropping a table then deletes its rows first, which deletes or changes the rows that refer to them, or fails. So each
//! of these tables gets a new version, whose references lead to the new versions; once all rows are copied the old ones
//! go, each before those that it refers to, and the new ones take their names, which the references follow. A table to which
//! none refers is built anew by itself.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::dependants::Dependants;
use super::lower::{Lowering, Result, located, required};
use super::pending::Pending;
use super::rebuild::{Renaming, Replacement, rebuild, rebuild_together};
use super::rows::Rows;
use super::statement::DeferForeignKeys;
use super::unknown;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Delivery;
use crate::schema::{Table, Trigger};

/// A table of the group, with what changes in it.
struct Member {
    /// As it is in the database.
    source: Table,
    /// As it will be.
    target: Table,
    pending: Option<Pending>,
}

impl Lowering<'_> {
    /// Whether a dropped table may take rows of other tables with it.
    pub fn foreign_keys_may_be_on(&self) -> bool {
        match self.request.delivery {
            Delivery::Own { .. } => false,
            Delivery::Wrapped | Delivery::Hosted => true,
        }
    }

    /// Builds the tables that still refer to one which is about to be dropped, where that would change their rows.
    pub fn flush_referring_to(&mut self, table: &EcoString) -> Result<()> {
        if !self.foreign_keys_may_be_on() {
            return Ok(());
        }
        let refers = |pending: &&Pending| {
            pending.table != *table && pending.source.as_ref().is_some_and(|source| refers_to(source, table))
        };
        let referring: Vec<EcoString> =
            self.pending.iter().filter(refers).map(|pending| pending.table.clone()).collect();
        referring.iter().try_for_each(|name| self.flush(name))
    }

    /// Builds a pending table together with all that refer to it.
    pub fn flush_group(&mut self, table: &EcoString) -> Result<()> {
        if self.flushing.contains(table) {
            return Ok(());
        }
        self.flushing.push(table.clone());
        let flushed = self.flush_referred_first(table);
        self.flushing.pop();
        flushed?;
        if !self.is_pending(table) {
            return Ok(());
        }
        let names = self.group(table);
        self.refuse_mixed_reads(&names)?;
        let members: Vec<Member> = names.iter().map(|name| self.take_member(name)).collect();
        let cause = members.iter().find_map(|member| member.pending.as_ref()).map(|pending| pending.causes[0].clone());
        self.rebuild_group(&members).map_err(|diagnostic| match &cause {
            Some(cause) => Box::new(located(*diagnostic, cause)),
            None => diagnostic,
        })
    }

    /// Builds the pending tables outside of the group that tables of the group will refer to.
    fn flush_referred_first(&mut self, table: &EcoString) -> Result<()> {
        let names = self.group(table);
        let pending = names.iter().filter(|name| self.is_pending(name));
        let targets = pending.filter_map(|name| self.schema.table(name));
        let referred = targets.flat_map(|target| target.foreign_keys().map(|(_, key)| key.referred_table.clone()));
        let outside: Vec<EcoString> = referred.filter(|name| !names.contains(name)).collect();
        outside.iter().try_for_each(|name| self.flush(name))
    }

    /// The table and all that refer to it in the database, directly or not: each before those that refer to it, as far
    /// as they do not refer to each other.
    fn group(&self, table: &EcoString) -> Vec<EcoString> {
        let mut found = vec![table.clone()];
        let mut next = 0;
        while let Some(name) = found.get(next).cloned() {
            next += 1;
            let known = self.schema.users(&name).filter(|user| !self.is_pending(user)).cloned();
            let changing = self.pending.iter().filter(|pending| pending.source.is_some());
            let users: Vec<EcoString> = known.chain(changing.map(|pending| pending.table.clone())).collect();
            for user in users {
                let refers = self.in_database(&user).is_some_and(|table| refers_to(table, &name));
                if refers && !found.contains(&user) {
                    found.push(user);
                }
            }
        }
        let mut placed = Vec::new();
        for name in &found {
            self.place(name, &found, &mut placed, &mut Vec::new());
        }
        placed
    }

    fn place(&self, name: &EcoString, all: &[EcoString], placed: &mut Vec<EcoString>, open: &mut Vec<EcoString>) {
        if placed.contains(name) || open.contains(name) {
            return;
        }
        open.push(name.clone());
        if let Some(table) = self.in_database(name) {
            for other in all.iter().filter(|other| *other != name && refers_to(table, other)) {
                self.place(other, all, placed, open);
            }
        }
        open.pop();
        placed.push(name.clone());
    }

    /// The table as it is in the database.
    fn in_database(&self, name: &str) -> Option<&Table> {
        match self.pending.iter().find(|pending| pending.table == name) {
            Some(pending) => pending.source.as_ref(),
            None => self.schema.table(name).map(AsRef::as_ref),
        }
    }

    /// All rows of the group are read before any table of it is new, so no expression may need another order.
    fn refuse_mixed_reads(&self, names: &[EcoString]) -> Result<()> {
        for reader in self.pending.iter().filter(|pending| names.contains(&pending.table)) {
            let changing = |name: &&EcoString| **name != reader.table && self.is_pending(name) && reader.mentions(name);
            if let Some(read) = names.iter().find(changing) {
                let message = format!(
                    "`{}` gets values that are read from `{read}`, and both have to be rebuilt together",
                    reader.table
                );
                let diagnostic = Diagnostic::new(Code::NotYet, message)
                    .note("foreign keys may be on, and one of the tables refers to the other")
                    .help("change one of them in a revision of its own");
                return Err(Box::new(located(diagnostic, &reader.causes[0])));
            }
        }
        Ok(())
    }

    /// How tables that refer to each other take their names.
    fn renaming(&self) -> Renaming {
        match self.request.delivery {
            Delivery::Hosted => Renaming::References,
            Delivery::Own { .. } | Delivery::Wrapped => Renaming::Everything,
        }
    }

    /// The guard of what mentions the tables and would not make way.
    fn guard_dependants(&mut self, names: &[EcoString]) {
        let schemas = [&self.schema, self.request.before];
        let known = schemas.into_iter().flat_map(|schema| {
            let triggers = schema.triggers().map(|trigger| &trigger.name);
            schema.views().map(|view| &view.name).chain(triggers)
        });
        let known: BTreeSet<&EcoString> = known.collect();
        self.output.guard(unknown::unknown_dependants(names, known), None);
    }

    fn take_member(&mut self, name: &EcoString) -> Member {
        let target = required(self.schema.table(name)).clone();
        let position = self.pending.iter().position(|pending| pending.table == *name);
        let pending = position.map(|position| self.pending.remove(position));
        let source = pending.as_ref().and_then(|pending| pending.source.clone()).unwrap_or_else(|| target.clone());
        Member { source, target, pending }
    }

    fn rebuild_group(&mut self, members: &[Member]) -> Result<()> {
        let mut replacements = Vec::with_capacity(members.len());
        for member in members {
            let rows = match &member.pending {
                Some(pending) => pending.rows(&member.source, &member.target)?,
                None => Rows::unchanged(&member.source, &member.target),
            };
            replacements.push(Replacement { rows, temporary: self.output.free_name(&member.target.name) });
        }
        let names: Vec<EcoString> = members.iter().map(|member| member.target.name.clone()).collect();
        let rows: Vec<&Rows<'_>> = replacements.iter().map(|replacement| &replacement.rows).collect();
        for (replacement, member) in replacements.iter().zip(members) {
            self.guard_rebuild(&replacement.rows, &member.source, &rows)?;
        }
        self.guard_references(&names, None);
        let schema = self.schema.clone();
        let new_triggers: Vec<EcoString> =
            members.iter().filter_map(|member| member.pending.as_ref()).flat_map(Pending::new_triggers).collect();
        let in_database = |trigger: &Trigger| !new_triggers.contains(&trigger.name);
        let (mut dependants, mut statements) = (Dependants::default(), Vec::new());
        let refers_within = |table: &Table| names.iter().any(|name| refers_to(table, name));
        match replacements.as_slice() {
            [alone] if !refers_within(alone.rows.old) && !refers_within(alone.rows.new) => {
                if [alone.rows.old, alone.rows.new].into_iter().any(|table| table.foreign_keys().next().is_some()) {
                    statements.push(DeferForeignKeys {}.into());
                }
                statements.extend(rebuild(alone, &schema)?);
            }
            together => {
                let renaming = self.renaming();
                dependants = match renaming {
                    Renaming::References => Dependants::own(&names, &schema, in_database),
                    Renaming::Everything => {
                        self.guard_dependants(&names);
                        Dependants::of(&names, &schema, in_database)
                    }
                };
                statements.extend(rebuild_together(together, &dependants, renaming, &schema)?);
            }
        }
        for member in members {
            self.output.before_rebuild(&member.target, &schema);
        }
        for name in &names {
            self.output.touch(name);
        }
        let pendings: Vec<&Pending> = members.iter().filter_map(|member| member.pending.as_ref()).collect();
        let mut step = self.output.step(&pendings[0].causes[0], &statements);
        step.comments.extend(pendings.iter().map(|pending| pending.method()));
        step.comments.extend(pendings.iter().filter_map(|pending| pending.also()));
        let along: Vec<&str> = members
            .iter()
            .filter(|member| member.pending.is_none())
            .map(|member| member.target.name.as_str())
            .collect();
        if !along.is_empty() {
            step.comments.push(format!(
                "with a new version of {} too, since foreign keys may be on and dropping a table would then change the rows that refer to it",
                along.join(", ")
            ));
        }
        let back: Vec<&str> = dependants.names().map(EcoString::as_str).collect();
        if !back.is_empty() {
            step.comments.push(format!(
                "{} make way, since SQLite follows the names of tables in all that mentions them",
                back.join(", ")
            ));
        }
        self.output.push(step);
        Ok(())
    }
}

/// Whether the table refers to the one of this name.
fn refers_to(table: &Table, name: &str) -> bool {
    table.foreign_keys().any(|(_, key)| key.referred_table == name)
}
