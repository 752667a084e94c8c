//! Checks as they stand in a table: those of the author, and those that keep columns to the values of their enums.
//!
//! SQLite 3.53 and later takes a check out of a table by its name, wherever it stands in the text, and adds one after it
//! has looked at all rows.

use ecow::EcoString;

use super::definition::known_collation;
use super::guard::{Message, refuse};
use super::layout;
use super::lower::{Lowering, required};
use super::output::Output;
use super::plain::{is_table, plain, stored_texts};
use super::quote;
use super::row_guards::{self, Guard};
use super::rows::Rows;
use super::statement::{AddCheck, DropConstraint, Statement};
use super::types;
use crate::schema::{Cause, Change, Column, ColumnType, Constraint, Rule, Schema, Table};

/// A check of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: Option<EcoString>,
    /// What it demands, in parentheses.
    pub condition: String,
}

impl Check {
    /// The check that keeps a column to the values of its enum, if it has one.
    pub fn of_enum(column: &Column, table: &Table, schema: &Schema) -> Option<Check> {
        let ColumnType::Enumeration(name) = &column.column_type else { return None };
        let values = schema.enumeration(name).map(|enumeration| enumeration.values.as_slice()).unwrap_or_default();
        Some(Check {
            name: Some(types::enumeration_check(&table.name, &column.name)),
            condition: enum_condition(column, values),
        })
    }

    /// The check of a constraint, if it is one.
    pub fn of_constraint(constraint: &Constraint, table: &Table) -> Option<Check> {
        let Rule::Check { expression } = &constraint.rule else { return None };
        Some(Check { name: constraint.name.clone(), condition: condition(expression, table) })
    }

    /// The check as it stands in a table.
    pub fn definition(&self) -> String {
        let name = self.name.as_ref().map(|name| ["CONSTRAINT ", &quote::name(name), " "].concat());
        [name.as_deref().unwrap_or_default(), "CHECK ", &self.condition].concat()
    }
}

/// The author's expression as it stands in a check of the table.
pub fn condition(expression: &str, table: &Table) -> String {
    quote::parenthesized(&quote::unqualified(expression, &table.name))
}

/// The values are compared byte by byte, whatever the collation of the column.
fn enum_condition(column: &Column, values: &[EcoString]) -> String {
    let collation = column.collation.as_ref().and_then(|collation| known_collation(collation).ok());
    let by_bytes = if collation.is_none_or(|collation| collation == "BINARY") { "" } else { " COLLATE BINARY" };
    format!("({}{by_bytes} IN ({}))", quote::name(&column.name), quote::texts(values))
}

impl Lowering<'_> {
    /// The statements that put checks in the places of others, when the table has become the other one but for that.
    pub fn exchange_checks(
        &mut self,
        [before, after]: [&Table; 2],
        old: &[Check],
        new: &[Check],
        cause: &Cause,
    ) -> Vec<Statement> {
        let place = quote::name(&after.name);
        let mut statements = Vec::with_capacity(old.len() + new.len());
        for check in old {
            // One without a name is never dropped in place.
            let Some(name) = &check.name else { continue };
            self.output.guard(self.known_check(before, check, name), Output::guarded(cause));
            statements.push(DropConstraint { table: place.clone(), name: quote::name(name) }.into());
        }
        let added = new.iter().map(|check| AddCheck { table: place.clone(), definition: check.definition() }.into());
        statements.extend(added);
        self.output.touch(&after.name);
        statements
    }

    /// The statements that put the check of an enum in the place of the one that the column has; one of them may be missing.
    pub fn exchange_enum_check(&mut self, index: usize, table: &EcoString, column: &EcoString) -> Vec<Statement> {
        let transition = &self.request.transitions[index];
        let [(before, old), (after, new)] = [&transition.before, &transition.after].map(|schema| {
            let known = required(schema.table(table));
            (known, known.column(column).and_then(|column| Check::of_enum(column, known, schema)))
        });
        if old == new {
            return Vec::new();
        }
        let is_collated = after.column(column).is_some_and(|column| column.collation.is_some());
        if let (true, Some(check)) = (is_collated, &new) {
            let rows = Rows::unchanged(before, after);
            let guard = row_guards::check(&rows, check.name.as_deref(), &check.condition);
            guard.into_iter().for_each(|guard| self.output.guard(guard, Output::guarded(&transition.cause)));
        }
        self.exchange_checks([before, after], old.as_slice(), new.as_slice(), &transition.cause)
    }

    /// The statements that give the checks of enums the names that they have in a table or column of another name.
    pub fn rename_enum_checks(&mut self, index: usize, [from, to]: [&EcoString; 2]) -> Vec<Statement> {
        let transition = &self.request.transitions[index];
        let [before, after] = [(&transition.before, from), (&transition.after, to)].map(|(schema, name)| {
            let table = required(schema.table(name));
            let checks = table.columns.iter().filter_map(|column| Check::of_enum(column, table, schema));
            (table, checks.collect::<Vec<Check>>())
        });
        let others = |(_, checks): &(&Table, Vec<Check>), than: &[Check]| -> Vec<Check> {
            let other = |check: &&Check| than.iter().all(|one| one.name != check.name);
            checks.iter().filter(other).cloned().collect()
        };
        let (old, new) = (others(&before, &after.1), others(&after, &before.1));
        self.exchange_checks([before.0, after.0], &old, &new, &transition.cause)
    }

    /// Refuses to drop another check than the one that the revisions know under this name.
    fn known_check(&self, table: &Table, check: &Check, name: &EcoString) -> Guard {
        let stands = self.wordings(table, check).into_iter().map(|wording| {
            let text = ["constraint", &plain(name), "check", &plain(&wording)].concat().to_ascii_lowercase();
            format!("instr(\"table\".\"plain\", {}) > 0", quote::text(&text))
        });
        let source = format!("{} AS \"table\"", stored_texts(&is_table(&quote::text(&table.name)), 1));
        let message = Message::new("`")
            .value("\"table\".\"name\"")
            .words(format!("` has no check `{name}`, or another one than the revisions know"));
        let condition = format!("NOT ({})", layout::one_of(&stands.collect::<Vec<_>>(), 1));
        Guard::of(table, refuse(message, source, condition))
    }

    /// The checks of the table, each with the wordings that it may have.
    pub fn wordings_of_checks(&self, table: &Table) -> Vec<Vec<String>> {
        let enums = table.columns.iter().filter_map(|column| Check::of_enum(column, table, &self.schema));
        let constraints = table.constraints.iter().filter_map(|constraint| Check::of_constraint(constraint, table));
        enums.chain(constraints).map(|check| self.wordings(table, &check)).collect()
    }

    /// The wordings that a check may have. That of an enum follows its values, and which of them are in the database depends
    /// on how often the revision has changed the table until then. One of another tool compares as its column does.
    fn wordings(&self, table: &Table, check: &Check) -> Vec<String> {
        for column in &table.columns {
            let own =
                check.name.as_ref().is_some_and(|name| *name == types::enumeration_check(&table.name, &column.name));
            if let (true, ColumnType::Enumeration(name)) = (own, &column.column_type) {
                let plain = Column { collation: None, ..Column::clone(column) };
                let all = self.values_of_enum(name);
                let mut wordings: Vec<String> = Vec::new();
                for wording in all.iter().flat_map(|values| [column, &plain].map(|one| enum_condition(one, values))) {
                    if !wordings.contains(&wording) {
                        wordings.push(wording);
                    }
                }
                return wordings;
            }
        }
        vec![check.condition.clone()]
    }

    /// All the values that the enum has in the course of the revision.
    fn values_of_enum(&self, name: &EcoString) -> Vec<Vec<EcoString>> {
        let mut names = vec![name.clone()];
        for transition in self.request.transitions.iter().rev() {
            if let Change::RenameEnum { from, to, .. } = &transition.change {
                let other = if names.contains(to) { from } else { to };
                if names.contains(from) || names.contains(to) {
                    names.push(other.clone());
                }
            }
        }
        let schemas = self.request.transitions.iter().map(|transition| &transition.after);
        let mut all: Vec<Vec<EcoString>> = Vec::new();
        for schema in std::iter::once(self.request.before).chain(schemas) {
            for values in names.iter().filter_map(|name| schema.enumeration(name)).map(|found| &found.values) {
                if !all.contains(values) {
                    all.push(values.clone());
                }
            }
        }
        all
    }
}
