//! The history table: its guard, and how its rows move.

use ecow::EcoString;

use super::quote::{self, Names, identifier, text, texts};
use super::statement::{
    CreateHistoryTable, DeleteHistory, HistoryGuard, InsertHistory, InsertHistoryUnlessImplied, ObjectsGuard, Statement,
};
use crate::dialect::{HistoryDirection, HistoryStep, Relative, Settings};
use crate::plan::{Purpose, Step};
use crate::schema::{Change, ObjectKind, Transition};

/// The history table of a project.
struct HistoryTable<'a> {
    settings: &'a Settings,
    /// With its schema and in quotes.
    name: String,
}

impl<'a> HistoryTable<'a> {
    fn of(settings: &'a Settings) -> Self {
        let name = Names { schema: &settings.history_schema }.of(&settings.history_table);
        HistoryTable { settings, name }
    }

    /// The table exactly as Alembic makes it.
    fn create(&self) -> Step {
        let primary_key = identifier(&format!("{}_pkc", self.settings.history_table));
        step(Purpose::History, CreateHistoryTable { table: self.name.clone(), primary_key })
    }

    /// A condition: one of these revisions is recorded.
    fn has(&self, revisions: &[&EcoString]) -> String {
        ["EXISTS (SELECT FROM ", &self.name, " WHERE version_num IN (", &texts(revisions), "))"].concat()
    }

    fn guard(&self, conditions: Vec<String>, problem: String, missing: Option<String>) -> Step {
        let (problem, missing) = (text(&problem), missing.map(|missing| text(&missing)));
        let bodies: Vec<&str> = conditions.iter().chain([&problem]).chain(&missing).map(String::as_str).collect();
        step(
            Purpose::Guard,
            HistoryGuard {
                tag: quote::dollar_tag(&[bodies.as_slice(), &[&self.name]].concat()),
                table_text: text(&self.name),
                table: self.name.clone(),
                conditions,
                problem,
                missing,
            },
        )
    }

    fn insert(&self, relative: &Relative) -> Step {
        let (table, revision) = (self.name.clone(), text(&relative.id));
        if relative.implied_by.is_empty() {
            step(Purpose::History, InsertHistory { table, revisions: vec![revision] })
        } else {
            let implied_by = texts(&relative.implied_by);
            step(Purpose::History, InsertHistoryUnlessImplied { table, revision, implied_by })
        }
    }
}

fn step(purpose: Purpose, statement: impl Into<Statement>) -> Step {
    Step::new(purpose, statement.into().sql())
}

/// The steps that stop the script unless the database is where the revision starts.
pub fn guard(history: &HistoryStep, transitions: &[Transition], settings: &Settings) -> Vec<Step> {
    let table = HistoryTable::of(settings);
    let applies = match &history.direction {
        HistoryDirection::UpFromBase { .. } | HistoryDirection::Up { .. } => {
            ["offprint: ", &history.revision, " applies to a database at ", &history.from].concat()
        }
        HistoryDirection::Down { .. } => {
            ["offprint: the way down from ", &history.revision, " applies to a database at ", &history.from].concat()
        }
    };
    let problem = [&applies, ", but this one is at "].concat();
    let missing = [&applies, ", but this one has no history table ", &table.name, "; nothing was changed"].concat();
    match &history.direction {
        HistoryDirection::UpFromBase { allowed } => {
            let foreign = match allowed.as_slice() {
                [] => format!("EXISTS (SELECT FROM {})", table.name),
                allowed => {
                    format!("EXISTS (SELECT FROM {} WHERE version_num NOT IN ({}))", table.name, texts(allowed))
                }
            };
            let mut steps = vec![table.create(), table.guard(vec![foreign], problem, None)];
            if allowed.is_empty() {
                steps.extend(objects_guard(history, transitions, settings));
            }
            steps
        }
        HistoryDirection::Up { predecessors, absent } => {
            let mut conditions: Vec<String> = predecessors
                .iter()
                .map(|predecessor| {
                    let present: Vec<&EcoString> =
                        [&predecessor.id].into_iter().chain(&predecessor.implied_by).collect();
                    ["NOT ", &table.has(&present)].concat()
                })
                .collect();
            if !absent.is_empty() {
                conditions.push(table.has(&absent.iter().collect::<Vec<_>>()));
            }
            vec![table.guard(conditions, problem, Some(missing))]
        }
        HistoryDirection::Down { .. } => {
            let condition = ["NOT ", &table.has(&[&history.revision])].concat();
            vec![table.guard(vec![condition], problem, Some(missing))]
        }
    }
}

/// Nothing that the first revision creates may exist yet.
fn objects_guard(history: &HistoryStep, transitions: &[Transition], settings: &Settings) -> Option<Step> {
    let mut created: Vec<(&str, &EcoString)> = Vec::new();
    for transition in transitions {
        match &transition.change {
            Change::CreateTable(table) => created.push(("table", &table.name)),
            Change::CreateEnum(enumeration) => created.push(("enum", &enumeration.name)),
            Change::CreateView(view) => created.push((view.object_kind().title(), &view.name)),
            Change::CreateIndex { index, .. } => created.push(("index", &index.name)),
            Change::CreateObject(object) => {
                let kind = object.occupies().map(ObjectKind::title);
                created.extend(kind.map(|kind| (kind, object.name())));
            }
            _ => {}
        }
    }
    if created.is_empty() {
        return None;
    }
    let schema = text(&settings.postgres_schema);
    let objects: Vec<String> = created.iter().map(|(kind, name)| format!("{}, {}", text(kind), text(name))).collect();
    let before = text(&format!(
        "offprint: {} creates the objects of a database at {}, but this one has them already: ",
        history.revision, history.from
    ));
    let after = text(&format!(
        "; if they are the ones of this history, record that with `offprint stamp {} --sql`; nothing was changed",
        history.revision
    ));
    let bodies: Vec<&str> = objects.iter().chain([&schema, &before, &after]).map(String::as_str).collect();
    Some(step(Purpose::Guard, ObjectsGuard { tag: quote::dollar_tag(&bodies), schema, objects, before, after }))
}

/// The steps that record that the database has moved.
pub fn rows(history: &HistoryStep, settings: &Settings) -> Vec<Step> {
    let table = HistoryTable::of(settings);
    let own = Relative { id: history.revision.clone(), implied_by: Vec::new() };
    let delete = |revisions: &[&EcoString]| {
        step(Purpose::History, DeleteHistory { table: table.name.clone(), revisions: texts(revisions) })
    };
    match &history.direction {
        HistoryDirection::UpFromBase { .. } => vec![table.insert(&own)],
        HistoryDirection::Up { predecessors, .. } => {
            let gone: Vec<&EcoString> = predecessors.iter().map(|predecessor| &predecessor.id).collect();
            let deleted = (!gone.is_empty()).then(|| delete(&gone));
            deleted.into_iter().chain([table.insert(&own)]).collect()
        }
        HistoryDirection::Down { predecessors } => {
            let deleted = delete(&[&history.revision]);
            [deleted].into_iter().chain(predecessors.iter().map(|predecessor| table.insert(predecessor))).collect()
        }
    }
}

/// The statements that record that a database is at these revisions.
pub fn stamp(heads: &[EcoString], settings: &Settings) -> Vec<Step> {
    let table = HistoryTable::of(settings);
    let wanted = if heads.is_empty() { "base".to_owned() } else { heads.join(", ") };
    let other = if heads.is_empty() {
        format!("EXISTS (SELECT FROM {})", table.name)
    } else {
        format!("EXISTS (SELECT FROM {} WHERE version_num NOT IN ({}))", table.name, texts(heads))
    };
    let problem = format!("offprint: the stamp {wanted} is for a database without a history, but this one is at ");
    let mut steps = vec![table.create(), table.guard(vec![other], problem, None)];
    steps.extend(heads.iter().map(|head| table.insert(&Relative { id: head.clone(), implied_by: vec![head.clone()] })));
    steps
}
