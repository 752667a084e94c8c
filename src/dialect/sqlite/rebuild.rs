//! Builds a table anew where SQLite cannot change it in place, and keeps every row, row number and sequence.

use ecow::EcoString;

use super::definition::{create_index, create_table, is_rowid_alias, rowid_name};
use super::dependants::Dependants;
use super::guard::{Message, refuse};
use super::quote;
use super::rows::{Rows, Values};
use super::statement::{
    CarrySequence, CopyRows, CreateTrigger, DeferForeignKeys, DropTable, RenameTable, Statement, TakeNames,
};
use crate::diagnostic::Diagnostic;
use crate::schema::{Rule, Schema, Table};

/// A table on its way to a new definition.
#[derive(Debug)]
pub struct Replacement<'a> {
    pub rows: Rows<'a>,
    /// The name of the new table until the old one is gone.
    pub temporary: EcoString,
}

impl Replacement<'_> {
    fn drop_old(&self) -> Statement {
        DropTable { name: quote::name(&self.rows.old.name) }.into()
    }

    /// The name of the new table, and the one that it is to have.
    fn names(&self) -> (String, String) {
        (quote::name(&self.temporary), quote::name(&self.rows.new.name))
    }
}

/// How several new tables that refer to each other take the names of the old ones, so that the references follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renaming {
    /// Foreign keys are on: references alone follow, and nothing else is looked at.
    References,
    /// Foreign keys may be off: all follows that mentions the tables.
    Everything,
}

/// The statements that put a table with the new definition in the place of the old one.
///
/// Foreign keys must be off outside of the transaction, or nothing may refer to the table: else dropping the old one would
/// delete or change the rows that refer to it.
///
/// # Errors
///
/// SQLite cannot hold the new table.
pub fn rebuild(replacement: &Replacement<'_>, schema: &Schema) -> Result<Vec<Statement>, Box<Diagnostic>> {
    let new = replacement.rows.new;
    let mut statements = vec![create_table(new, &replacement.temporary, schema)?];
    statements.extend(copy(replacement, schema));
    statements.push(replacement.drop_old());
    statements.push(TakeNames { tables: vec![replacement.names()] }.into());
    statements.extend(parts(new, schema)?);
    Ok(statements)
}

/// The statements that put several tables in the places of the old ones where foreign keys may be on. All tables that refer
/// to one of them must be among them; each comes behind those that it refers to.
///
/// # Errors
///
/// SQLite cannot hold a new table.
pub fn rebuild_together(
    replacements: &[Replacement<'_>],
    dependants: &Dependants<'_>,
    renaming: Renaming,
    schema: &Schema,
) -> Result<Vec<Statement>, Box<Diagnostic>> {
    let mut statements: Vec<Statement> = vec![DeferForeignKeys {}.into()];
    statements.extend(dependants.drop());
    for replacement in replacements {
        let new = referring_to_new(replacement.rows.new, replacements);
        statements.push(create_table(&new, &replacement.temporary, schema)?);
    }
    for replacement in replacements {
        statements.extend(copy(replacement, schema));
    }
    statements.extend(replacements.iter().rev().map(Replacement::drop_old));
    let names = replacements.iter().map(Replacement::names);
    match renaming {
        Renaming::References => statements.push(TakeNames { tables: names.collect() }.into()),
        Renaming::Everything => statements.extend(names.map(|(from, to)| RenameTable { from, to }.into())),
    }
    for replacement in replacements {
        statements.extend(parts(replacement.rows.new, schema)?);
    }
    statements.extend(dependants.create());
    Ok(statements)
}

/// The table with its references to tables that are replaced leading to their new versions.
fn referring_to_new(table: &Table, replacements: &[Replacement<'_>]) -> Table {
    let mut table = table.clone();
    for constraint in &mut table.constraints {
        if let Rule::ForeignKey(key) = &mut constraint.rule
            && let Some(referred) = replacements.iter().find(|one| one.rows.new.name == key.referred_table)
        {
            key.referred_table = referred.temporary.clone();
        }
    }
    table
}

/// The statements that fill the new table and compare it with the old one.
fn copy(replacement: &Replacement<'_>, schema: &Schema) -> Vec<Statement> {
    let Replacement { rows, temporary } = replacement;
    let mut statements = vec![copy_rows(rows, temporary, schema), same_count(rows.old, temporary)];
    let numbers = |table: &Table| table.columns.iter().any(|column| column.identity.is_some());
    if numbers(rows.old) && numbers(rows.new) {
        statements.push(CarrySequence { from: quote::text(&rows.old.name), to: quote::text(temporary) }.into());
    }
    statements
}

/// The indexes and triggers of a table that was just built.
///
/// # Errors
///
/// SQLite does not have a collation of an index.
pub fn parts(table: &Table, schema: &Schema) -> Result<Vec<Statement>, Box<Diagnostic>> {
    let mut statements = Vec::new();
    for index in &table.indexes {
        statements.push(create_index(index, &table.name)?);
    }
    for trigger in schema.triggers().filter(|trigger| trigger.table == table.name) {
        statements.push(create_trigger(&trigger.name, &trigger.definition));
    }
    Ok(statements)
}

/// The statement that creates a trigger.
pub fn create_trigger(name: &str, definition: &str) -> Statement {
    CreateTrigger { name: quote::name(name), definition: quote::unterminated(definition).into() }.into()
}

fn copy_rows(rows: &Rows<'_>, temporary: &str, schema: &Schema) -> Statement {
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    if let Some(rowid) = carried_rowid(rows, schema) {
        columns.push(rowid.to_owned());
        values.push(format!("{}.{rowid}", quote::name(&rows.old.name)));
    }
    for column in rows.columns() {
        if column.values != Values::Generated && !is_generated(rows.new, &column.name) {
            columns.push(quote::name(&column.name));
            values.push(column.laid_out.clone());
        }
    }
    CopyRows { to: quote::name(temporary), columns, values, from: quote::name(&rows.old.name) }.into()
}

fn is_generated(table: &Table, column: &EcoString) -> bool {
    table.column(column).is_some_and(|column| column.generated.is_some())
}

/// The name of the row number, where the new table numbers its rows by itself and would number them anew.
fn carried_rowid(rows: &Rows<'_>, schema: &Schema) -> Option<&'static str> {
    let has_alias = rows.new.columns.iter().any(|column| is_rowid_alias(rows.new, column, schema));
    if rows.old.without_rowid || rows.new.without_rowid || has_alias {
        return None;
    }
    rowid_name([rows.old, rows.new])
}

fn same_count(old: &Table, temporary: &str) -> Statement {
    let count = |name: &str| format!("(SELECT count(*) FROM {})", quote::name(name));
    let source = format!(
        "(\n    SELECT\n        {} AS \"old\",\n        {} AS \"new\"\n) AS \"rows\"",
        count(&old.name),
        count(temporary)
    );
    let message = Message::new(format!("of the rows of `{}`, which are ", old.name))
        .value("\"rows\".\"old\"")
        .words(", this many were copied: ")
        .value("\"rows\".\"new\"");
    refuse(message, source, "\"rows\".\"old\" <> \"rows\".\"new\"")
}
