//! Random valid histories on real engines, with random rows in the tables.
//!
//! A script either succeeds, and then the engine reports what the replay says and kept the rows that the revision does
//! not speak of; or it stops, since the rows do not allow the change, and then nothing has changed.

mod support;

use std::collections::BTreeMap;
use std::env;

use offprint::applier::Target;
use offprint::compile::Compiler;
use offprint::diagnostic::Diagnostic;
use offprint::dialect::Settings;
use offprint::history::{Direction, History};
use offprint::operation::{ColumnDefinition, Op, Operation, Recorded, Type};
use offprint::prelude::*;
use offprint::replay::Replayed;
use offprint::revision::Revision;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Column, ColumnType, Schema, Value};
use offprint::source::{Name, Origin};
use support::engine::{Engine, Place};
use support::expected::ColumnOrder;

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
    let mut succeeded = 0;
    for seed in seeds.clone() {
        let Some(engine) = Engine::create(&format!("random history {seed} ({place:?})"), place) else { return };
        let mut run = Run {
            engine,
            target: place.target(),
            seed,
            random: Random(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9)),
            revisions: Vec::new(),
            schema: Schema::default(),
            succeeded: 0,
        };
        run.all();
        succeeded += run.succeeded;
    }
    // Otherwise the random rows forbid everything, and the test shows nothing.
    let tried = seeds.count() * REVISIONS;
    assert!(succeeded * 2 >= tried, "only {succeeded} of {tried} revisions went up");
}

/// A small generator of random numbers, the same on every platform.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).expect("31 bits") % limit
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

struct Run {
    engine: Engine,
    target: Target,
    seed: u64,
    random: Random,
    revisions: Vec<Revision>,
    schema: Schema,
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
            self.revision(&scripts);
        }
    }

    fn revision(&mut self, scripts: &Scripts) {
        let Replayed { before, after, .. } = &scripts.replayed;
        let rows = self.rows(before);
        if let Err(error) = self.engine.run(&scripts.up) {
            self.unchanged("a failing upgrade", before, &rows, scripts, &error);
            self.revisions.pop();
            return;
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
                        return;
                    }
                }
            }
        }
        self.schema = after.clone();
        self.fill(after);
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

fn create_table(random: &mut Random, enums: &[String], tables: &[String], schema: &Schema, op: &mut Op) {
    let table = op.create_table(format!("t{}", random.below(6))).column("id", integer());
    let count = 1 + random.below(4);
    for number in 0..count {
        let definition = random_column(random, enums, schema);
        table.column(format!("c{number}"), definition);
    }
    table.primary_key(["id"]);
    if random.chance(30) {
        table.unique(["c0", "id"]);
    }
    if random.chance(30) {
        table.check("id", "id >= 0");
    }
    if let Some(other) = tables.get(random.below(3)) {
        table.column("other_id", integer()).foreign_key(["other_id"], other, ["id"]).on_delete(Cascade);
    }
    if random.chance(10) {
        table.without_rowid();
    }
}

fn random_type(random: &mut Random, enums: &[String]) -> Type {
    match random.below(11) {
        0 => small_integer(),
        1 => integer(),
        2 => big_integer(),
        3 => text(),
        4 => varchar(3),
        5 => boolean(),
        6 => double(),
        7 => date(),
        8 => uuid(),
        9 => jsonb(),
        _ => match enums.first() {
            Some(name) => enumeration(name),
            None => text(),
        },
    }
}

fn random_column(random: &mut Random, enums: &[String], schema: &Schema) -> ColumnDefinition {
    let column_type = random_type(random, enums);
    let default = default_of(&column_type, schema);
    let column = ColumnDefinition::from(column_type);
    match random.below(4) {
        0 => column.not_null(),
        1 => column.not_null().default(default),
        2 => column.comment("it's"),
        _ => column,
    }
}

/// A default for a column that is yet to be.
fn default_of(column_type: &Type, schema: &Schema) -> Value {
    match column_type {
        Type::Plain(column_type) => value_of(column_type, schema),
        Type::Enumeration(name) => value_of(&ColumnType::Enumeration(name.value.clone()), schema),
        _ => Value::Text("d".into()),
    }
}

/// A value that a column of this type can have.
fn value_of(column_type: &ColumnType, schema: &Schema) -> Value {
    let words = |words: &str| Value::Text(words.into());
    match column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => Value::Integer(7),
        ColumnType::Double => Value::Float(0.5),
        ColumnType::Boolean => Value::Boolean(true),
        ColumnType::Date => words("2026-01-31"),
        ColumnType::Uuid => words("0e984725-c51c-4bf4-9960-e1c80e27aba0"),
        ColumnType::Jsonb => words("{}"),
        ColumnType::Enumeration(name) => words(&schema.enumeration(name).expect("the enum exists").values[0]),
        _ => words("d"),
    }
}

fn alter_column(random: &mut Random, table: &str, column: &Column, enums: &[String], schema: &Schema, op: &mut Op) {
    let alter = op.alter_column(table, column.name.as_str());
    match random.below(7) {
        0 | 1 => {
            let column_type = random_type(random, enums);
            alter.set_type(column_type);
        }
        2 => {
            alter.set_not_null();
        }
        3 => {
            alter.drop_not_null();
        }
        4 => {
            alter.set_default(value_of(&column.column_type, schema));
        }
        5 => {
            alter.drop_default();
        }
        _ => {
            alter.set_comment("it's -- said");
        }
    }
}

fn change_enum(random: &mut Random, name: &str, schema: &Schema, op: &mut Op) {
    let values: Vec<&str> =
        schema.enumeration(name).expect("the enum exists").values.iter().map(|v| v.as_str()).collect();
    let value = values[random.below(values.len())];
    let others: Vec<&str> = values.iter().copied().filter(|other| *other != value).collect();
    let new = format!("n{}", random.below(9));
    match random.below(7) {
        0 => {
            op.add_enum_value(name, new);
        }
        1 => {
            op.add_enum_value(name, new).before(value);
        }
        2 => {
            op.rename_enum_value(name, value, new);
        }
        3 if !others.is_empty() => {
            op.replace_enum_values(name, others.as_slice()).map([(value, others[0])]);
        }
        4 if !others.is_empty() => {
            op.replace_enum_values(name, others.as_slice());
        }
        5 => {
            let reversed: Vec<&str> = values.iter().rev().copied().collect();
            op.replace_enum_values(name, reversed);
        }
        6 => {
            op.rename_enum(name, format!("e{}", random.below(6)));
        }
        _ => {
            op.drop_enum(name);
        }
    }
}

/// A value for a row, in words that both engines read.
fn random_value(random: &mut Random, column: &Column, schema: &Schema) -> String {
    let string = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if random.chance(20) {
        return "NULL".to_owned();
    }
    match &column.column_type {
        ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger => random.below(12).to_string(),
        ColumnType::Double => random.pick(&["0.5", "2", "-1e10"]).to_owned(),
        ColumnType::Boolean => random.pick(&["TRUE", "FALSE"]).to_owned(),
        ColumnType::Date => random.pick(&["'2026-01-31'", "'1999-12-31'"]).to_owned(),
        ColumnType::Uuid => string(&format!("0e984725-c51c-4bf4-9960-e1c80e27aba{}", random.below(9))),
        ColumnType::Jsonb => random.pick(&["'{\"a\": 1}'", "'[]'", "'1'"]).to_owned(),
        ColumnType::Enumeration(name) => {
            let values = &schema.enumeration(name).expect("the enum exists").values;
            string(&values[random.below(values.len())])
        }
        _ => random.pick(&["'a'", "'12'", "''", "'x y'", "'it''s'", "'true'", "'-7'"]).to_owned(),
    }
}
