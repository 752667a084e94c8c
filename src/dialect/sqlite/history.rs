//! The history table: that of Alembic, with one row for each head.

use ecow::{EcoString, eco_format};

use super::frame::{self, Frame};
use super::guard::{Message, refuse};
use super::marks::Marks;
use super::quote;
use super::statement::{CreateHistory, DeleteHistory, InsertHistory, RestoreHistory, Statement};
use crate::dialect::{Delivery, HistoryDirection, HistoryStep, Relative, Request, Settings};
use crate::schema::{Change, Emission};

/// The statements before all others: the history must be where the script starts.
pub fn guards(step: &HistoryStep, request: &Request<'_>) -> Vec<Statement> {
    let table = &request.settings.history_table;
    let mut statements = vec![create(table)];
    let refuse_unless_there = |condition: String| {
        let words = match &step.direction {
            HistoryDirection::UpFromBase { .. } | HistoryDirection::Up { .. } => {
                [&step.revision, " applies to a database at ", &step.from, ", but this one is at "].concat()
            }
            HistoryDirection::Down { .. } => {
                format!(
                    "the way back from {} applies to a database at {}, but this one is at ",
                    step.revision, step.from
                )
            }
        };
        refuse(Message::new(words).value("\"found\".\"revisions\""), found(table), condition)
    };
    match &step.direction {
        HistoryDirection::UpFromBase { allowed } => {
            statements.push(refuse_unless_there(other_than(table, allowed)));
            if allowed.is_empty() {
                statements.extend(nothing_exists(step, request));
            }
        }
        HistoryDirection::Up { predecessors, absent } => {
            let missing = predecessors.iter().map(|relative| ["NOT ", &present(table, &rows_of(relative))].concat());
            let there = (!absent.is_empty()).then(|| present(table, absent));
            let conditions: Vec<String> = missing.chain(there).collect();
            statements.push(refuse_unless_there(conditions.join("\n    OR ")));
        }
        HistoryDirection::Down { .. } => {
            let own = std::slice::from_ref(&step.revision);
            statements.push(refuse_unless_there(format!("NOT {}", present(table, own))));
        }
    }
    statements
}

/// The statements behind all others: the history is where the script ends.
pub fn record(step: &HistoryStep, settings: &Settings) -> Vec<Statement> {
    let table = quote::name(&settings.history_table);
    let own = quote::text(&step.revision);
    match &step.direction {
        HistoryDirection::UpFromBase { .. } => vec![InsertHistory { table, revision: own }.into()],
        HistoryDirection::Up { predecessors, .. } => {
            let revisions = quote::texts(predecessors.iter().map(|relative| &relative.id));
            let delete = DeleteHistory { table: table.clone(), revisions };
            vec![delete.into(), InsertHistory { table, revision: own }.into()]
        }
        HistoryDirection::Down { predecessors } => {
            let delete: Statement = DeleteHistory { table: table.clone(), revisions: own }.into();
            let restored = predecessors.iter().map(|relative| match relative.implied_by.as_slice() {
                [] => InsertHistory { table: table.clone(), revision: quote::text(&relative.id) }.into(),
                rows => RestoreHistory {
                    table: table.clone(),
                    revision: quote::text(&relative.id),
                    implied_by: quote::texts(rows),
                }
                .into(),
            });
            std::iter::once(delete).chain(restored).collect()
        }
    }
}

/// The guard behind the record: the history has moved on.
pub fn recorded(step: &HistoryStep, settings: &Settings) -> Statement {
    let table = &settings.history_table;
    let own = present(table, std::slice::from_ref(&step.revision));
    let condition = match &step.direction {
        HistoryDirection::UpFromBase { .. } => format!("NOT {own}"),
        HistoryDirection::Up { predecessors, .. } => {
            let before: Vec<EcoString> = predecessors.iter().map(|relative| relative.id.clone()).collect();
            format!("NOT {own}\n    OR {}", present(table, &before))
        }
        HistoryDirection::Down { .. } => own,
    };
    let words = format!("the history should be at {}, and is at ", step.to);
    refuse(Message::new(words).value("\"found\".\"revisions\""), found(table), condition)
}

/// The script that records that a database is at these revisions.
pub fn stamp(heads: &[EcoString], settings: &Settings, delivery: Delivery) -> String {
    let table = &settings.history_table;
    let message = Message::new("the history table says ")
        .value("\"found\".\"revisions\"")
        .words(format!(", which is not {}", if heads.is_empty() { "base".to_owned() } else { heads.join(", ") }));
    let mut statements = vec![create(table), refuse(message, found(table), other_than(table, heads))];
    for head in heads {
        let (revision, table) = (quote::text(head), quote::name(table));
        statements.push(RestoreHistory { table, implied_by: revision.clone(), revision }.into());
    }
    let mut marks = Marks::of(delivery);
    let frame = match delivery {
        // No row is in danger, whatever the foreign keys of the client are.
        Delivery::Own { .. } => Frame::own(&[], &mut marks),
        Delivery::Wrapped | Delivery::Hosted => Frame::new(delivery, false, &mut marks),
    };
    let within = marks.write(&statements);
    let Frame { opening, guards, closing } = frame;
    let closing = frame::closing(closing, &marks);
    let parts: Vec<String> = opening.into_iter().chain([guards, within]).chain(closing).collect();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn create(table: &EcoString) -> Statement {
    let constraint = quote::name(&eco_format!("{table}_pkc"));
    CreateHistory { table: quote::name(table), constraint }.into()
}

/// Something to select the revisions from at which the database is.
fn found(table: &EcoString) -> String {
    format!(
        "(\n    SELECT coalesce(group_concat(\"version_num\", ', '), 'base') AS \"revisions\"\n    FROM (SELECT \"version_num\" FROM {} ORDER BY \"version_num\")\n) AS \"found\"",
        quote::name(table)
    )
}

fn present(table: &EcoString, revisions: &[EcoString]) -> String {
    let (table, revisions) = (quote::name(table), quote::texts(revisions));
    ["EXISTS (SELECT 1 FROM ", &table, " WHERE \"version_num\" IN (", &revisions, "))"].concat()
}

fn other_than(table: &EcoString, revisions: &[EcoString]) -> String {
    format!("EXISTS (SELECT 1 FROM {} WHERE \"version_num\" NOT IN ({}))", quote::name(table), quote::texts(revisions))
}

fn rows_of(relative: &Relative) -> Vec<EcoString> {
    std::iter::once(&relative.id).chain(&relative.implied_by).cloned().collect()
}

/// At the base nothing may be there that the revision creates: then its schema may be there without a history.
fn nothing_exists(step: &HistoryStep, request: &Request<'_>) -> Option<Statement> {
    let mut names: Vec<EcoString> = Vec::new();
    for transition in request.transitions.iter().filter(|one| one.cause.emission == Emission::Emitted) {
        match &transition.change {
            Change::CreateTable(table) => names.push(table.name.clone()),
            Change::CreateIndex { index, .. } => names.push(index.name.clone()),
            Change::CreateView(view) => names.push(view.name.clone()),
            Change::CreateTrigger(trigger) => names.push(trigger.name.clone()),
            _ => {}
        }
    }
    if names.is_empty() {
        return None;
    }
    let message = Message::new(format!("{} creates the ", step.revision))
        .value("\"existing\".\"type\"")
        .words(" `")
        .value("\"existing\".\"name\"")
        .words("`, which exists already; if the database has this schema, record it with `offprint stamp`");
    let list = names.iter().map(|name| quote::text(name)).collect::<Vec<_>>().join(",\n    ");
    let condition = format!("\"existing\".\"name\" COLLATE NOCASE IN (\n    {list}\n)");
    Some(refuse(message, "sqlite_schema AS \"existing\"", condition))
}
