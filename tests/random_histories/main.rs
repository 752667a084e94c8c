//! Random valid histories on real engines, with random rows in the tables.
//!
//! A script either succeeds, and then the engine reports what the replay says and kept the rows that the revision does
//! not speak of; or it stops, since the rows do not allow the change, and then nothing has changed.

mod changes;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::ops::ControlFlow;

use changes::{alter_column, change_enum, create_table, random_column, random_value};
use offprint::applier::Target;
use offprint::compile::Compiler;
use offprint::diagnostic::Diagnostic;
use offprint::dialect::Settings;
use offprint::history::{Direction, History};
use offprint::operation::{Op, Operation, Recorded};
use offprint::prelude::*;
use offprint::replay::Replayed;
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Column, ColumnType, Schema};
use offprint::source::{Name, Origin};
use support::engine::{Engine, Place};
use support::expected::ColumnOrder;
use support::random::Random;

/// How many histories are tried at each place, and how long each is.
const HISTORIES: u64 = 5;
const REVISIONS: usize = 10;

#[test]
fn on_postgres() {
    run_all(Place::Postgres);
}

#[test]
fn in_the_sqlite_shell() {
    run_all(Place::SqliteShell);
}

#[test]
fn with_the_sqlite_library() {
    run_all(Place::SqliteLibrary);
}

/// `OFFPRINT_RANDOM_HISTORIES` says how many histories are tried, `OFFPRINT_RANDOM_SEED` which one is tried alone.
fn run_all(place: Place) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let seeds = match number("OFFPRINT_RANDOM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("OFFPRINT_RANDOM_HISTORIES").unwrap_or(HISTORIES),
    };
    let (mut tried, mut succeeded) = (0, 0);
    for seed in seeds {
        let Some(engine) = Engine::create(&format!("random history {seed} ({place:?})"), place) else { return };
        let mut run = Run {
            engine,
            target: place.target(),
            seed,
            random: Random::new(seed),
            revisions: Vec::new(),
            schema: Schema::default(),
            tried: 0,
            succeeded: 0,
        };
        run.all();
        tried += run.tried;
        succeeded += run.succeeded;
    }
    // Otherwise the random rows forbid everything, and the test shows nothing.
    assert!(succeeded * 2 >= tried, "only {succeeded} of {tried} revisions went up");
}

struct Run {
    engine: Engine,
    target: Target,
    seed: u64,
    random: Random,
    revisions: Vec<Revision>,
    schema: Schema,
    tried: usize,
    succeeded: usize,
}

/// The scripts of one revision.
struct Scripts {
    replayed: Replayed,
    up: String,
    down: String,
}

impl Run {
    fn all(&mut self) {
        for _ in 0..REVISIONS {
            let scripts = self.next_revision();
            self.tried += 1;
            if self.revision(&scripts).is_break() {
                return;
            }
        }
    }

    /// Runs the scripts of a revision. The history ends where a script stopped behind a part that it had committed.
    fn revision(&mut self, scripts: &Scripts) -> ControlFlow<()> {
        let Replayed { before, after, .. } = &scripts.replayed;
        let rows = self.rows(before);
        if let Err(error) = self.engine.run(&scripts.up) {
            let is_whole = scripts.up.matches("\nCOMMIT;").count() == 1;
            if is_whole {
                self.unchanged("a failing upgrade", before, &rows, scripts, &error);
                self.revisions.pop();
                return ControlFlow::Continue(());
            }
            self.goes_on_later(before, &rows, scripts, &error);
            return ControlFlow::Break(());
        }
        self.succeeded += 1;
        self.reached("the upgrade", after, ColumnOrder::Any, scripts);
        self.kept("the upgrade", &rows, &self.rows(after), scripts);

        self.fill(after);
        let rows = self.rows(after);
        match self.engine.run(&scripts.down) {
            Err(error) => self.unchanged("a failing downgrade", after, &rows, scripts, &error),
            Ok(()) => {
                self.reached("the downgrade", before, ColumnOrder::Any, scripts);
                let back = self.rows(before);
                self.kept("the downgrade", &rows, &back, scripts);
                match self.engine.run(&scripts.up) {
                    Ok(()) => self.reached("the second upgrade", after, ColumnOrder::Any, scripts),
                    Err(error) => {
                        self.unchanged("a failing second upgrade", before, &back, scripts, &error);
                        self.revisions.pop();
                        return ControlFlow::Continue(());
                    }
                }
            }
        }
        self.schema = after.clone();
        self.fill(after);
        ControlFlow::Continue(())
    }

    /// A script of several transactions that stopped: the values of enums that it commits ahead are all that is new, and
    /// once no row is in its way, the same script runs to its end.
    fn goes_on_later(&mut self, before: &Schema, rows: &Rows, scripts: &Scripts, error: &str) {
        let drift = self.engine.drift(before, ColumnOrder::Any);
        let is_ahead = |line: &String| line.starts_with("enum ");
        assert!(drift.iter().all(is_ahead), "{error}\n{drift:#?}\n{}", self.describe(scripts));
        assert_eq!(self.rows(before), *rows, "a failing upgrade changed rows: {error}\n{}", self.describe(scripts));
        let tables: Vec<String> = before.tables().map(|table| quoted(&table.name)).collect();
        self.engine.run(&format!("TRUNCATE {} CASCADE;", tables.join(", "))).expect("tables can be emptied");
        if let Err(error) = self.engine.run(&scripts.up) {
            panic!("the script does not go on: {error}\n{}", self.describe(scripts));
        }
        self.reached("the upgrade that went on", &scripts.replayed.after, ColumnOrder::Any, scripts);
    }

    fn reached(&self, what: &str, schema: &Schema, order: ColumnOrder, scripts: &Scripts) {
        let drift = self.engine.drift(schema, order);
        assert!(
            drift.is_empty(),
            "after {what} the database differs:\n{}\n{}",
            drift.join("\n"),
            self.describe(scripts)
        );
    }

    fn unchanged(&self, what: &str, schema: &Schema, rows: &Rows, scripts: &Scripts, error: &str) {
        let drift = self.engine.drift(schema, ColumnOrder::Any);
        assert!(drift.is_empty(), "{what} changed the schema: {error}\n{drift:#?}\n{}", self.describe(scripts));
        assert_eq!(self.rows(schema), *rows, "{what} changed rows: {error}\n{}", self.describe(scripts));
        let known = [
            "offprint",
            "violate",
            "contains null values",
            "could not create unique index",
            "invalid input",
            "value too long",
            "out of range",
            "constraint failed",
        ];
        let message = error.to_lowercase();
        assert!(
            known.iter().any(|word| message.contains(word)),
            "{what} is not due to the rows: {error}\n{}",
            self.describe(scripts)
        );
    }

    /// Columns that are there before and after under the same table, name and type have the same values.
    fn kept(&self, what: &str, before: &Rows, after: &Rows, scripts: &Scripts) {
        let changes_names = |recorded: &Recorded| {
            matches!(
                recorded.operation,
                Operation::RenameTable(_)
                    | Operation::RenameColumn(_)
                    | Operation::RenameEnumValue(_)
                    | Operation::DropTable(_)
                    | Operation::DropColumn(_)
                    | Operation::ReplaceEnumValues(_)
                    | Operation::AlterColumn(_)
            )
        };
        let revision = self.revisions.last().expect("a revision is tested");
        if revision.upgrade.iter().any(changes_names) {
            let counts =
                |rows: &Rows| rows.iter().map(|(table, rows)| (table.clone(), rows.len())).collect::<BTreeMap<_, _>>();
            let (before, after) = (counts(before), counts(after));
            for (table, count) in before {
                let same = after.get(&table).is_none_or(|other| *other == count || self.is_remade(&table));
                assert!(
                    same,
                    "after {what} {table} has {:?} rows, not {count}\n{}",
                    after.get(&table),
                    self.describe(scripts)
                );
            }
            return;
        }
        for (table, rows) in before {
            let Some(others) = after.get(table) else { continue };
            assert_eq!(rows.len(), others.len(), "after {what} rows of {table} are lost\n{}", self.describe(scripts));
            for (row, other) in rows.iter().zip(others) {
                for ((column, column_type), value) in row {
                    if let Some(found) = other.get(&(column.clone(), column_type.clone())) {
                        assert_eq!(found, value, "after {what}, {table}.{column}\n{}", self.describe(scripts));
                    }
                }
            }
        }
    }

    /// Whether another table may have this name now.
    fn is_remade(&self, _table: &str) -> bool {
        let moves =
            |recorded: &Recorded| matches!(recorded.operation, Operation::DropTable(_) | Operation::RenameTable(_));
        self.revisions.last().is_some_and(|revision| revision.upgrade.iter().any(moves))
    }

    fn describe(&self, scripts: &Scripts) -> String {
        let revision = self.revisions.last().expect("a revision is tested");
        let titles: Vec<String> = revision.upgrade.iter().map(|one| one.operation.title().to_string()).collect();
        format!(
            "OFFPRINT_RANDOM_SEED={}\n{}\n--- up\n{}\n--- down\n{}",
            self.seed,
            titles.join("\n"),
            scripts.up,
            scripts.down
        )
    }

    /// A random revision that the replay and the dialect accept, and that has a way back.
    fn next_revision(&mut self) -> Scripts {
        loop {
            let operations = self.random_operations();
            if operations.is_empty() {
                continue;
            }
            let number = self.revisions.len();
            let name = |text: String| Name::new(text.into(), Origin::Unknown);
            self.revisions.push(Revision {
                id: name(format!("revision_{number}")),
                parents: number.checked_sub(1).map(|parent| name(format!("revision_{parent}"))).into_iter().collect(),
                labels: Vec::new(),
                depends_on: Vec::new(),
                message: "random".into(),
                documentation: Default::default(),
                stem: format!("{number}_random").into(),
                upgrade: operations,
                downgrade: None,
            });
            if let Ok(scripts) = self.compile() {
                return scripts;
            }
            self.revisions.pop();
        }
    }

    /// The scripts of the last revision.
    fn compile(&self) -> Result<Scripts, Vec<Diagnostic>> {
        let nodes: Vec<_> = self.revisions.iter().map(Revision::node).collect();
        let history = History::build(&nodes)?;
        let (naming, settings) = (NamingConvention::default(), Settings::default());
        let compiler = Compiler { history: &history, revisions: &self.revisions, naming: &naming, settings: &settings };
        let mut last = None;
        compiler.replay(self.target.applier.dialect(), |replayed| {
            last = Some(replayed);
            Ok(())
        })?;
        let replayed = last.expect("there is a revision");
        let script = |direction| -> Result<String, Vec<Diagnostic>> {
            let section = compiler.section(&self.target, &replayed, direction)?;
            Ok(section.expect("no revision is irreversible").script())
        };
        Ok(Scripts { up: script(Direction::Up)?, down: script(Direction::Down)?, replayed })
    }

    /// One to four operations; those that the replay refuses after the others are left out.
    fn random_operations(&mut self) -> Vec<Recorded> {
        let dialect = self.target.applier.dialect();
        let naming = NamingConvention::default();
        let mut editor = offprint::schema::Editor::new(self.schema.clone(), dialect, &naming, "random".into());
        let mut accepted = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            let mut op = Op::default();
            let schema = editor.schema().clone();
            self.random_operation(&schema, &mut op);
            for recorded in op.into_recorded() {
                if recorded.operation.apply(&mut editor).is_ok() {
                    accepted.push(recorded);
                }
            }
        }
        accepted
    }

    fn random_operation(&mut self, schema: &Schema, op: &mut Op) {
        let random = &mut self.random;
        let tables: Vec<String> = schema.tables().map(|table| table.name.to_string()).collect();
        let enums: Vec<String> = schema.enumerations().map(|one| one.name.to_string()).collect();
        let new_name = |random: &mut Random, prefix: &str| format!("{prefix}{}", random.below(6));
        if tables.len() < 2 || tables.len() < 5 && random.chance(15) {
            create_table(random, &enums, &tables, schema, op);
            return;
        }
        let table = tables[random.below(tables.len())].as_str();
        let model = schema.table(table).expect("the table exists");
        let columns: Vec<&Column> = model.columns.iter().map(AsRef::as_ref).collect();
        let column = random.pick(&columns);
        let name = column.name.as_str();
        // What an engine cannot have is a mistake of the author that only the engine knows.
        let integral =
            matches!(column.column_type, ColumnType::Integer | ColumnType::SmallInteger | ColumnType::BigInteger);
        match random.below(34) {
            0 => {
                op.drop_table(table);
            }
            1 => {
                op.rename_table(table, new_name(random, "Table "));
            }
            2 => {
                op.set_table_comment(table, new_name(random, "it's "));
            }
            3..=6 => {
                let definition = random_column(random, &enums, schema);
                op.add_column(table, new_name(random, "c"), definition);
            }
            7 => {
                op.drop_column(table, name);
            }
            8 => {
                op.rename_column(table, name, new_name(random, "c"));
            }
            9..=11 | 26..=29 => alter_column(random, table, column, &enums, schema, op),
            12 => {
                op.create_unique_constraint(table, [name]);
            }
            13 => {
                op.create_check_constraint(table, new_name(random, "k"), format!("{} IS NOT NULL", quoted(name)));
            }
            14 if integral => {
                let other = tables[random.below(tables.len())].as_str();
                let action = random.pick(&[&NoAction, &Restrict, &Cascade, &SetNull, &SetDefault]);
                op.create_foreign_key(table, [name], other, ["id"]).on_delete(*action);
            }
            15 => {
                let named: Vec<&str> = model.constraints.iter().filter_map(|one| one.name.as_deref()).collect();
                if let Some(constraint) = named.get(random.below(4)) {
                    op.drop_constraint(table, *constraint);
                }
            }
            16 => {
                if let Some(constraint) = model.constraints.last().and_then(|one| one.name.as_deref()) {
                    op.rename_constraint(table, constraint, new_name(random, "renamed"));
                }
            }
            17 | 18 => {
                let index = new_name(random, "ix");
                let created = match random.below(3) {
                    0 => op.create_index(index, table, ["id", name]),
                    1 => op.create_index(index, table, [offprint::prelude::column(name).desc()]),
                    _ => op.create_index(index, table, [name]).filter(format!("{} IS NOT NULL", quoted(name))),
                };
                if random.chance(20) {
                    created.unique();
                }
            }
            19 => {
                if let Some(index) = model.indexes.first() {
                    op.drop_index(index.name.as_str());
                }
            }
            20 => {
                if let Some(index) = model.indexes.first() {
                    op.rename_index(index.name.as_str(), new_name(random, "ix"));
                }
            }
            21 => {
                op.create_enum(new_name(random, "e"), ["a", "b", "it's"]);
            }
            22..=24 | 30..=32 if !enums.is_empty() => {
                let one = enums[random.below(enums.len())].as_str();
                change_enum(random, one, schema, op);
            }
            _ => {
                // A view keeps what it reads from being renamed or dropped, so few of them stay.
                let view = new_name(random, "v");
                if let Some(old) = schema.views().next() {
                    op.drop_view(old.name.as_str());
                } else {
                    op.create_view(view, format!("SELECT {} FROM {}", quoted(name), quoted(table)));
                }
            }
        }
    }

    /// Adds random rows; those that the schema refuses are left out.
    fn fill(&mut self, schema: &Schema) {
        for table in schema.tables() {
            for _ in 0..3 {
                let written = table.columns.iter().filter(|column| column.generated.is_none());
                let given: Vec<&Column> =
                    written.filter(|column| column.name == "id" || self.random.chance(80)).map(AsRef::as_ref).collect();
                let names: Vec<String> = given.iter().map(|column| quoted(&column.name)).collect();
                let values: Vec<String> =
                    given.iter().map(|column| random_value(&mut self.random, column, schema)).collect();
                // Refused rows are expected, and a refused row is one that is not there.
                let _ = self.engine.execute(&format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quoted(&table.name),
                    names.join(", "),
                    values.join(", ")
                ));
            }
        }
    }

    fn rows(&self, schema: &Schema) -> Rows {
        let table = |table: &std::sync::Arc<offprint::schema::Table>| {
            let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
            let order: Vec<String> = (1..=names.len()).map(|place| place.to_string()).collect();
            let query =
                format!("SELECT {} FROM {} ORDER BY {}", names.join(", "), quoted(&table.name), order.join(", "));
            let key = |column: &std::sync::Arc<Column>| (column.name.to_string(), column.column_type.to_string());
            let keys: Vec<_> = table.columns.iter().map(key).collect();
            let rows = self.engine.values(&query).into_iter().map(|row| keys.iter().cloned().zip(row).collect());
            (table.name.to_string(), rows.collect())
        };
        schema.tables().map(table).collect()
    }
}

/// For each table its rows, each with its values by the name and type of the column.
type Rows = BTreeMap<String, Vec<BTreeMap<(String, String), Option<String>>>>;

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
