//! Proof that all statements of a script have done what they should, for clients that go on after an error.
//!
//! SQLite has nothing by which a script could stop its client. But a script that opens its transaction can take
//! everything back at its end: each guard that passes and each statement that changes rows leaves a mark in a temporary
//! table, and the last statement before the `COMMIT` rolls back unless all of them are there. An earlier one must not roll
//! back, for what follows would then be run outside of any transaction.
//!
//! Some errors make SQLite roll back by itself, and `BEGIN` may find the database locked. So a savepoint stands behind it
//! and behind each statement that may need much room: where no transaction is open, it opens one.

use super::plain::{is_table, plain, stored_texts};
use super::quote;
use super::statement::{
    self, DeleteKeys, ForgetChanges, MarkChanges, MarkIf, RefuseOrMark, Savepoint, Script, Statement,
};
use crate::dialect::Delivery;

/// The marks that a script leaves.
#[derive(Debug)]
pub enum Marks {
    /// As many as this, when all is well.
    Kept { wanted: usize },
    /// None: the applier has opened the transaction, and ends it at the first error.
    None,
}

/// What proves that a statement has done what it should.
enum Proof {
    /// It changes rows, or there are none that it would change: there is nothing to select from this.
    Rows { unless: Option<String> },
    /// It leaves the schema such that this finds a row.
    Schema(MarkIf),
    /// Its effect is looked at elsewhere.
    Elsewhere,
}

impl Marks {
    /// The statements as text, with the marks that they leave.
    pub fn write(&mut self, statements: &[Statement]) -> String {
        match self {
            Marks::None => statement::join(statements),
            Marks::Kept { wanted } => {
                let mut script = Script::of(statements.len());
                statements.iter().for_each(|statement| write_marked(statement, &mut script, wanted));
                script.text
            }
        }
    }

    /// The marks of a script that is delivered so.
    pub fn of(delivery: Delivery) -> Marks {
        match delivery {
            Delivery::Own { .. } => Marks::Kept { wanted: 0 },
            Delivery::Wrapped | Delivery::Hosted => Marks::None,
        }
    }
}

/// Writes a statement with what proves that it has done what it should.
fn write_marked(statement: &Statement, script: &mut Script, wanted: &mut usize) {
    if let Statement::Refuse(refuse) = statement {
        *wanted += 1;
        script.push(&RefuseOrMark { refuse });
        return;
    }
    match proof(statement) {
        Proof::Rows { unless } => {
            *wanted += 1;
            script.push(&ForgetChanges {});
            script.push_any(statement);
            script.push(&MarkChanges { unless });
        }
        Proof::Schema(found) => {
            *wanted += 1;
            script.push_any(statement);
            script.push(&found);
        }
        Proof::Elsewhere => script.push_any(statement),
    }
    if needs_room(statement) {
        script.push(&Savepoint {});
    }
}

fn proof(statement: &Statement) -> Proof {
    let matching = |table: &str, filter: Option<&String>| match filter {
        Some(filter) => format!("{table} WHERE {filter}"),
        None => table.to_owned(),
    };
    match statement {
        Statement::Insert(_) => Proof::Rows { unless: None },
        Statement::Update(update) => Proof::Rows { unless: Some(matching(&update.table, update.filter.as_ref())) },
        Statement::Delete(delete) => Proof::Rows { unless: Some(matching(&delete.table, delete.filter.as_ref())) },
        Statement::DeleteKeys(delete) => Proof::Rows { unless: Some(matching(&delete.table, Some(&keys(delete)))) },
        Statement::CarrySequence(carry) => {
            let named = format!("\"name\" = {}", carry.to);
            Proof::Rows { unless: Some(matching(&quote::name("sqlite_sequence"), Some(&named))) }
        }
        Statement::RememberViolations(_) => Proof::Rows { unless: None },
        Statement::SetNotNull(set) => Proof::Schema(nullability(&set.table, &set.column, 1)),
        Statement::DropNotNull(drop) => Proof::Schema(nullability(&drop.table, &drop.column, 0)),
        Statement::AddCheck(add) => {
            let text = plain(&add.definition).to_ascii_lowercase();
            Proof::Schema(text_of(&add.table, &format!("instr(\"plain\", {}) > 0", quote::text(&text))))
        }
        Statement::DropConstraint(drop) => {
            let name = plain(&drop.name);
            let gone = ["check", "foreignkey", "references"].map(|keyword| {
                let text = ["constraint", &name, keyword].concat().to_ascii_lowercase();
                format!("instr(\"plain\", {}) = 0", quote::text(&text))
            });
            Proof::Schema(text_of(&drop.table, &gone.join(" AND ")))
        }
        _ => Proof::Elsewhere,
    }
}

/// Finds the column if it is as nullable as this.
fn nullability(table: &str, column: &str, not_null: u8) -> MarkIf {
    MarkIf {
        source: format!("pragma_table_xinfo({})", quote::text_of_name(table)),
        condition: format!("\"name\" = {} COLLATE NOCASE AND \"notnull\" = {not_null}", quote::text_of_name(column)),
    }
}

/// Finds the table if this holds for its text, made plain.
fn text_of(table: &str, condition: &str) -> MarkIf {
    MarkIf { source: stored_texts(&is_table(&quote::text_of_name(table)), 1), condition: condition.to_owned() }
}

/// The condition of the rows with some keys.
fn keys(delete: &DeleteKeys) -> String {
    let DeleteKeys { columns, several, keys, .. } = delete;
    if *several {
        let keys: Vec<String> = keys.iter().map(|key| format!("({key})")).collect();
        format!("({columns}) IN (VALUES {})", keys.join(", "))
    } else {
        format!("{columns} IN ({})", keys.join(", "))
    }
}

/// Whether a statement writes so much that the disk may be full, upon which SQLite may roll back.
fn needs_room(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::CopyRows(_)
            | Statement::CreateIndex(_)
            | Statement::DropColumn(_)
            | Statement::Insert(_)
            | Statement::Update(_)
            | Statement::Delete(_)
            | Statement::DeleteKeys(_)
            | Statement::Execute(_)
    )
}
