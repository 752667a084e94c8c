//! What must not be there before the changes of a section, and what must be there behind them.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::layout::texts;
use super::quote;
use super::statement::Statement;
use crate::dialect::{HistoryDirection, Request};
use crate::schema::{Change, Emission, Schema, tokens};

/// Names of objects of the database. Triggers have a namespace of their own.
#[derive(Debug, Default)]
struct Names {
    objects: BTreeSet<EcoString>,
    triggers: BTreeSet<EcoString>,
}

impl Names {
    /// Those that the schema has, or has not.
    fn retain(&mut self, schema: &Schema, wanted: bool) {
        self.objects.retain(|name| schema.occupant(name).is_some() == wanted);
        self.triggers.retain(|name| schema.trigger(name).is_some() == wanted);
    }

    /// The condition for a row of `sqlite_schema` to be one of them; none where there are no names.
    fn condition(&self) -> Option<String> {
        let list = |names: &BTreeSet<EcoString>, kind: &str| {
            (!names.is_empty()).then(|| {
                ["\"type\" ", kind, " 'trigger' AND \"name\" COLLATE NOCASE IN (", &texts(names, 1), ")"].concat()
            })
        };
        let conditions: Vec<String> =
            [list(&self.objects, "<>"), list(&self.triggers, "=")].into_iter().flatten().collect();
        (!conditions.is_empty()).then(|| conditions.join("\n    OR "))
    }

    fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.triggers.is_empty()
    }
}

/// The names that the section gives to something must be free. `helpers` are those of its own tables.
pub fn free_before(request: &Request<'_>, helpers: &BTreeSet<EcoString>) -> Option<Statement> {
    let mut names = Names { objects: helpers.clone(), ..Names::default() };
    // Where a database has no history, another guard looks for what the first revision creates.
    let at_base = request
        .history
        .is_some_and(|step| matches!(&step.direction, HistoryDirection::UpFromBase { allowed } if allowed.is_empty()));
    if !at_base {
        for transition in request.transitions.iter().filter(|one| one.cause.emission == Emission::Emitted) {
            created(&transition.change, &mut names);
        }
        names.retain(request.before, false);
    }
    let condition = names.condition()?;
    let message = Message::new("there is a ")
        .value("\"type\"")
        .words(" `")
        .value("\"name\"")
        .words("`, which no revision knows, where one of that name is to be made");
    Some(refuse(message, "sqlite_schema", condition))
}

/// What the changes have left is what the schema says: the objects that they touch, and the columns of the tables that
/// are changed in place.
pub fn there_after(
    request: &Request<'_>,
    touched: &BTreeSet<EcoString>,
    in_place: &BTreeSet<EcoString>,
) -> Vec<Statement> {
    let after = request.after;
    let mut present = Names::default();
    for transition in request.transitions {
        created(&transition.change, &mut present);
        dropped(&transition.change, &mut present);
    }
    for table in touched {
        present.objects.insert(table.clone());
        if let Some(table) = after.table(table) {
            present.objects.extend(table.indexes.iter().map(|index| index.name.clone()));
            let own = after.triggers().filter(|trigger| trigger.table == table.name);
            present.triggers.extend(own.map(|trigger| trigger.name.clone()));
        }
    }
    let mut absent = Names { objects: present.objects.clone(), triggers: present.triggers.clone() };
    present.retain(after, true);
    absent.retain(after, false);
    let mut statements = Vec::new();
    if !present.is_empty() {
        statements.push(missing_objects(&present));
    }
    if let Some(condition) = absent.condition() {
        let message = Message::new("the ").value("\"type\"").words(" `").value("\"name\"").words("` has not gone");
        statements.push(refuse(message, "sqlite_schema", condition));
    }
    statements.extend(in_place.iter().filter_map(|table| after.table(table)).map(|table| {
        let columns = texts(table.columns.iter().map(|column| &column.name), 2);
        let found = format!(
            "(\n    SELECT count(*) AS \"count\", total(\"name\" COLLATE NOCASE IN ({columns})) AS \"known\"\n    FROM pragma_table_xinfo({})\n) AS \"found\"",
            quote::text(&table.name)
        );
        let count = table.columns.len();
        let message = Message::new(format!("`{}` has not become what it should: of its {count} columns it has ", table.name))
            .value("CAST(\"found\".\"known\" AS INTEGER)")
            .words(", among ")
            .value("\"found\".\"count\"");
        refuse(message, found, format!("\"found\".\"count\" <> {count} OR \"found\".\"known\" <> {count}"))
    }));
    statements
}

fn missing_objects(names: &Names) -> Statement {
    let objects = names.objects.iter().map(|name| (name, ", 0)"));
    let triggers = names.triggers.iter().map(|name| (name, ", 1)"));
    let mut source = String::from("(\n    VALUES");
    for (number, (name, namespace)) in objects.chain(triggers).enumerate() {
        source.push_str(if number == 0 { "\n        (" } else { ",\n        (" });
        tokens::push_text(&mut source, name);
        source.push_str(namespace);
    }
    source.push_str("\n) AS \"made\"");
    let condition = "NOT EXISTS (
        SELECT 1
        FROM sqlite_schema AS \"there\"
        WHERE \"there\".\"name\" = \"made\".\"column1\" COLLATE NOCASE
            AND (\"there\".\"type\" = 'trigger') = \"made\".\"column2\"
    )";
    let message = Message::new("`").value("\"made\".\"column1\"").words("` has not been made");
    refuse(message, source, condition)
}

/// The names that a change gives to objects.
fn created(change: &Change, names: &mut Names) {
    match change {
        Change::CreateTable(table) => {
            names.objects.insert(table.name.clone());
            names.objects.extend(table.indexes.iter().map(|index| index.name.clone()));
        }
        Change::RenameTable { to, .. } | Change::RenameIndex { to, .. } => {
            names.objects.insert(to.clone());
        }
        Change::CreateIndex { index, .. } => {
            names.objects.insert(index.name.clone());
        }
        Change::CreateView(view) => {
            names.objects.insert(view.name.clone());
        }
        Change::CreateTrigger(trigger) => {
            names.triggers.insert(trigger.name.clone());
        }
        _ => {}
    }
}

/// The names that a change takes away from objects.
fn dropped(change: &Change, names: &mut Names) {
    match change {
        Change::DropTable(table) => {
            names.objects.insert(table.name.clone());
            names.objects.extend(table.indexes.iter().map(|index| index.name.clone()));
        }
        Change::RenameTable { from, .. } | Change::RenameIndex { from, .. } => {
            names.objects.insert(from.clone());
        }
        Change::DropIndex { index, .. } => {
            names.objects.insert(index.name.clone());
        }
        Change::DropView(view) | Change::ReplaceView { from: view, .. } => {
            names.objects.insert(view.name.clone());
        }
        Change::DropTrigger(trigger) => {
            names.triggers.insert(trigger.name.clone());
        }
        _ => {}
    }
}
