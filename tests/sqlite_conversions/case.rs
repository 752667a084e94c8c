//! One random table, its rows, a change, and what has to become of them.

use offprint::diagnostic::Code;
use offprint::operation::{Op, Type};
use offprint::prelude::*;
use offprint::schema::{Schema, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use crate::compiled::compile;
use crate::prediction::Stored::{self, Blob, Integer, Null, Real, Text};
use crate::prediction::{Fate, Kind, by_itself, given, needs_a_word};
use crate::support::engine::{Engine, Place};
use crate::support::expected::ColumnOrder;
use crate::support::random::Random;
use crate::support::sqlite::{ForeignKeys, SqliteDatabase};
use crate::values;

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The compiler has refused one of the directions, as it has to.
    Refused,
    StoppedUp,
    StoppedDown,
    ThereAndBack,
}

/// A table `t` with a key, columns that change, and a child whose rows follow theirs.
#[derive(Debug)]
pub struct Case {
    seed: u64,
    shape: Shape,
    columns: Vec<Kind>,
    rows: Vec<Vec<Stored>>,
    /// The values of the enum `mood` before and after.
    moods: [Vec<String>; 2],
    enum_change: Option<EnumChange>,
    type_changes: Vec<TypeChange>,
    unique: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Plain,
    WithoutRowid,
    Strict,
    /// Without a key, so that the numbers of the rows are all that tells them apart.
    Keyless,
}

#[derive(Debug)]
enum EnumChange {
    Add,
    Rename,
    Replace { map: bool, otherwise: bool },
}

#[derive(Debug)]
struct TypeChange {
    column: usize,
    to: Kind,
    word: Word,
    required: bool,
}

/// What the author says of the values.
#[derive(Debug)]
enum Word {
    Nothing,
    Map { pairs: Vec<(Stored, Stored)>, otherwise: Option<Stored> },
    Using(Expression),
}

#[derive(Debug, Clone, Copy)]
enum Expression {
    Itself,
    Missing,
    Seven,
    SevenAsReal,
    Storage,
}

impl Expression {
    fn sql(self, column: &str) -> String {
        match self {
            Expression::Itself => format!("t.{column}"),
            Expression::Missing => "NULL".to_owned(),
            Expression::Seven => format!("CASE WHEN {column} IS NULL THEN NULL ELSE 7 END"),
            Expression::SevenAsReal => "7.0".to_owned(),
            Expression::Storage => format!("typeof({column})"),
        }
    }

    fn gives(self, value: &Stored) -> Stored {
        let storage = match value {
            Null => "null",
            Integer(_) => "integer",
            Real(_) => "real",
            Text(_) => "text",
            Blob(_) => "blob",
        };
        match self {
            Expression::Itself => value.clone(),
            Expression::Missing => Null,
            Expression::Seven if *value == Null => Null,
            Expression::Seven => Integer(7),
            Expression::SevenAsReal => Real(7.0),
            Expression::Storage => Text(storage.to_owned()),
        }
    }
}

impl Case {
    pub fn random(seed: u64, random: &mut Random) -> Case {
        let shapes = [Shape::Plain, Shape::WithoutRowid, Shape::Strict, Shape::Keyless];
        let shape = shapes[random.below(shapes.len())];
        let kind = |random: &mut Random| loop {
            let kind = Kind::ALL[random.below(Kind::ALL.len())];
            // A STRICT table knows no such type.
            if shape != Shape::Strict || kind != Kind::Decimal {
                return kind;
            }
        };
        let columns: Vec<Kind> = (0..1 + random.below(4)).map(|_| kind(random)).collect();
        let list = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<String>>();
        let before = list(&["ok", "sad"]);
        let hostile = !random.one_in(3);
        let row = |random: &mut Random| {
            let value = |&kind: &Kind| values::any(kind, hostile && shape != Shape::Strict, &before, random);
            columns.iter().map(value).collect::<Vec<Stored>>()
        };
        let rows: Vec<Vec<Stored>> = (0..random.below(5)).map(|_| row(random)).collect();
        let enum_change = match random.below(8) {
            0 => Some(EnumChange::Add),
            1 => Some(EnumChange::Rename),
            2 | 3 => Some(EnumChange::Replace { map: random.one_in(2), otherwise: random.one_in(2) }),
            _ => None,
        };
        let after = match &enum_change {
            None => before.clone(),
            Some(EnumChange::Add) => list(&["new", "ok", "sad"]),
            Some(EnumChange::Rename) => list(&["ok", "it's blue"]),
            Some(EnumChange::Replace { .. }) => list(&["calm", "ok"]),
        };
        let mut type_changes = Vec::new();
        for column in 0..columns.len() {
            let to = kind(random);
            if random.one_in(3) || enum_change.is_some() && random.one_in(2) {
                continue;
            }
            let from = columns[column];
            let word = random_word(from, to, rows.iter().map(|row| &row[column]), &after, random);
            if from == to && matches!(word, Word::Nothing) {
                continue;
            }
            type_changes.push(TypeChange { column, to, word, required: random.one_in(6) });
        }
        let unique = random.one_in(6).then(|| random.below(columns.len()));
        Case { seed, shape, columns, rows, moods: [before, after], enum_change, type_changes, unique }
    }

    fn base(&self) -> Op {
        let mut op = Op::default();
        op.create_enum("mood", self.moods[0].clone());
        let mut columns = vec![("id".to_owned(), integer().not_null())];
        for (index, kind) in self.columns.iter().enumerate() {
            let column = type_of(*kind);
            let column = if *kind == Kind::Mood { column.default("sad") } else { column.into() };
            columns.push((format!("c{index}"), column));
        }
        let table = op.create_table("t");
        for (name, column) in columns {
            table.column(name, column);
        }
        match self.shape {
            Shape::Plain => drop_result(table.primary_key(["id"])),
            Shape::WithoutRowid => drop_result(table.primary_key(["id"]).without_rowid()),
            Shape::Strict => drop_result(table.primary_key(["id"]).strict()),
            Shape::Keyless => drop_result(table.unique(["id"])),
        }
        op.create_table("child")
            .column("t_id", integer())
            .column("mood", enumeration("mood").not_null())
            .foreign_key(["t_id"], "t", ["id"])
            .on_delete(Cascade);
        op
    }

    fn upgrade(&self) -> Op {
        let mut op = Op::default();
        match &self.enum_change {
            None => {}
            Some(EnumChange::Add) => drop_result(op.add_enum_value("mood", "new").before("ok")),
            Some(EnumChange::Rename) => drop_result(op.rename_enum_value("mood", "sad", "it's blue")),
            Some(EnumChange::Replace { map, otherwise }) => {
                for (index, kind) in self.columns.iter().enumerate() {
                    if *kind == Kind::Mood {
                        op.alter_column("t", format!("c{index}")).set_default("ok");
                    }
                }
                let replace = op.replace_enum_values("mood", self.moods[1].clone());
                if *map {
                    replace.map([("sad", "calm")]);
                }
                if *otherwise {
                    replace.otherwise("ok");
                }
            }
        }
        for change in &self.type_changes {
            let name = format!("c{}", change.column);
            if self.columns[change.column] == Kind::Mood {
                op.alter_column("t", name.clone()).drop_default();
            }
            let alter = op.alter_column("t", name.clone()).set_type(type_of(change.to));
            match &change.word {
                Word::Nothing => {}
                Word::Using(expression) => drop_result(alter.using(expression.sql(&name))),
                Word::Map { pairs, otherwise } => {
                    let from = self.columns[change.column];
                    let pairs: Vec<(Value, Value)> =
                        pairs.iter().map(|(old, new)| (literal(old, from), literal(new, change.to))).collect();
                    if !pairs.is_empty() {
                        alter.map(pairs);
                    }
                    if let Some(value) = otherwise {
                        alter.otherwise(literal(value, change.to));
                    }
                }
            }
            if change.required {
                alter.set_not_null();
            }
        }
        if let Some(column) = self.unique {
            op.create_unique_constraint("t", [format!("c{column}")]);
        }
        if self.type_changes.is_empty() && self.enum_change.is_none() && self.unique.is_none() {
            op.add_column("t", "more", text());
        }
        op
    }

    /// What becomes of a value of a column on the way up.
    fn up(&self, column: usize, value: &Stored) -> Fate {
        let from = self.columns[column];
        let moods = [self.moods[0].as_slice(), self.moods[1].as_slice()];
        let value = match (from, self.changed_mood(value)) {
            (Kind::Mood, Some(mood)) => mood,
            (Kind::Mood, None) => return Fate::Stops,
            _ => value.clone(),
        };
        let Some(change) = self.type_changes.iter().find(|change| change.column == column) else {
            return Fate::Becomes(value);
        };
        let after = [moods[1], moods[1]];
        match &change.word {
            Word::Nothing => by_itself(&value, from, change.to, after),
            Word::Using(expression) => given(&expression.gives(&value), change.to, moods[1]),
            Word::Map { pairs, otherwise } => {
                if let Some((_, new)) = pairs.iter().find(|(old, _)| *old == value) {
                    return Fate::Becomes(new.clone());
                }
                let fate = match value {
                    Null => Fate::Becomes(Null),
                    _ if needs_a_word(from, change.to) => Fate::Stops,
                    _ => by_itself(&value, from, change.to, after),
                };
                match (fate, otherwise) {
                    (Fate::Stops, Some(otherwise)) => Fate::Becomes(otherwise.clone()),
                    (fate, _) => fate,
                }
            }
        }
    }

    /// What a value of the enum becomes when the enum changes; `None` where it stops the script.
    fn changed_mood(&self, value: &Stored) -> Option<Stored> {
        let Text(mood) = value else { return Some(Null) };
        let new = match (&self.enum_change, mood.as_str()) {
            (Some(EnumChange::Rename), "sad") => "it's blue",
            (Some(EnumChange::Replace { map: true, .. }), "sad") => "calm",
            (Some(EnumChange::Replace { otherwise: true, .. }), "sad") => "ok",
            (Some(EnumChange::Replace { .. }), "sad") => return None,
            (_, same) => same,
        };
        Some(Text(new.to_owned()))
    }

    /// What becomes of a value on the way down.
    fn down(&self, column: usize, value: &Stored) -> Fate {
        let from = self.columns[column];
        let moods = [self.moods[0].as_slice(), self.moods[1].as_slice()];
        let fate = match self.type_changes.iter().find(|change| change.column == column) {
            Some(change) => by_itself(value, change.to, from, [moods[1], moods[1]]),
            None => Fate::Becomes(value.clone()),
        };
        match (from, fate) {
            (Kind::Mood, Fate::Becomes(Text(mood))) => match self.enum_change {
                Some(EnumChange::Rename) if mood == "it's blue" => Fate::Becomes(Text("sad".to_owned())),
                _ if moods[0].contains(&mood) => Fate::Becomes(Text(mood)),
                _ => Fate::Stops,
            },
            (_, fate) => fate,
        }
    }

    /// Whether the compiler has to refuse the upgrade or the way back.
    fn is_refused(&self) -> [bool; 2] {
        let from = |change: &TypeChange| self.columns[change.column];
        let up = |change: &TypeChange| matches!(change.word, Word::Nothing) && needs_a_word(from(change), change.to);
        let down = |change: &TypeChange| needs_a_word(change.to, from(change));
        [self.type_changes.iter().any(up), self.type_changes.iter().any(down)]
    }

    /// Runs the case, unless the engine is not installed.
    pub fn run(&self, place: Place) -> Option<Outcome> {
        let engine = Engine::create(&format!("conversion {}", self.seed), place)?;
        let database = match &engine {
            Engine::SqliteShell(database) | Engine::SqliteLibrary(database) => database,
            Engine::Postgres(_) => panic!("these cases are about SQLite"),
        };
        let (compiled, refused) = (compile(&place.target(), self.base(), self.upgrade()), self.is_refused());
        for (section, refused) in [&compiled.up, &compiled.down].into_iter().zip(refused) {
            match section {
                Ok(script) => assert!(!refused, "has to be refused: {self:#?}\n{script}"),
                Err(found) => {
                    assert!(refused, "{found:#?}\n{self:#?}");
                    assert!(found.iter().all(|one| one.code == Code::CannotConvert), "{found:#?}\n{self:#?}");
                }
            }
        }
        let (Ok(up), Ok(down)) = (&compiled.up, &compiled.down) else { return Some(Outcome::Refused) };
        let [first, second] = &compiled.replayed;
        engine.run(&compiled.base).unwrap_or_else(|error| panic!("{error}\n{}", compiled.base));
        self.seed_rows(database);
        let before = self.read(database);

        let expected = self.expected(&before, |column, value| self.up(column, value));
        let run = Run { case: self, engine: &engine, database };
        if !run.step("the upgrade", up, [&first.after, &second.after], &before, &expected) {
            return Some(Outcome::StoppedUp);
        }
        let before = self.read(database);
        let expected = self.expected(&before, |column, value| self.down(column, value));
        if !run.step("the downgrade", down, [&second.after, &first.after], &before, &expected) {
            return Some(Outcome::StoppedDown);
        }
        Some(Outcome::ThereAndBack)
    }

    fn seed_rows(&self, database: &SqliteDatabase) {
        let connection = database.connect(ForeignKeys::Off);
        let names: String = (0..self.columns.len()).map(|index| format!(", c{index}")).collect();
        let marks = ", ?".repeat(self.columns.len());
        for (index, row) in self.rows.iter().enumerate() {
            let number = 10 * (index as i64 + 1);
            // Without a key the number of the row is another one than that in `id`.
            let (rowid, value) = match self.shape {
                Shape::Keyless => ("rowid, ", format!("{}, ", number + 5)),
                _ => ("", String::new()),
            };
            let sql = format!("INSERT INTO t ({rowid}id{names}) VALUES ({value}{number}{marks})");
            let values: Vec<&dyn ToSql> = row.iter().map(|value| value as &dyn ToSql).collect();
            connection.execute(&sql, values.as_slice()).unwrap_or_else(|error| panic!("{error}\n{self:#?}"));
            connection.execute("INSERT INTO child VALUES (?, 'ok')", [number]).expect("a child");
        }
    }

    /// The rows, with their numbers in front.
    fn read(&self, database: &SqliteDatabase) -> Rows {
        let connection = database.connect(ForeignKeys::Off);
        let names: String = (0..self.columns.len()).map(|index| format!(", c{index}")).collect();
        let number = if self.shape == Shape::Keyless { "rowid" } else { "id" };
        Rows {
            table: read(&connection, &format!("SELECT {number}, id{names} FROM t ORDER BY id")),
            child: read(&connection, "SELECT t_id, mood FROM child ORDER BY rowid"),
        }
    }

    fn expected(&self, before: &Rows, fate: impl Fn(usize, &Stored) -> Fate) -> Vec<Vec<Fate>> {
        let row = |row: &Vec<Stored>| row[2..].iter().enumerate().map(|(index, value)| fate(index, value)).collect();
        before.table.iter().map(row).collect()
    }

    /// Whether NULL stands where a value is required, or the same value where it is unique, after the upgrade.
    fn breaks_a_rule(&self, expected: &[Vec<Fate>]) -> bool {
        let null = Fate::Becomes(Null);
        let missing = self
            .type_changes
            .iter()
            .any(|change| change.required && expected.iter().any(|row| row[change.column] == null));
        let twice = self.unique.is_some_and(|column| {
            let values: Vec<&Fate> = expected.iter().map(|row| &row[column]).filter(|fate| **fate != null).collect();
            values.iter().enumerate().any(|(index, value)| values[..index].contains(value))
        });
        missing || twice
    }
}

/// One script that is run.
struct Run<'a> {
    case: &'a Case,
    engine: &'a Engine,
    database: &'a SqliteDatabase,
}

impl Run<'_> {
    /// Runs a script and compares; whether it went through.
    fn step(&self, what: &str, script: &str, schemas: [&Schema; 2], before: &Rows, expected: &[Vec<Fate>]) -> bool {
        let Run { case, engine, database } = self;
        let describe = || format!("{what}, OFFPRINT_CONVERSION_SEED={}\n{case:#?}\n{script}", case.seed);
        let unfit = |column: usize| expected.iter().filter(|row| row[column] == Fate::Stops).count();
        let any_unfit = (0..case.columns.len()).any(|column| unfit(column) > 0);
        let stops = any_unfit || what == "the upgrade" && case.breaks_a_rule(expected);
        let result = engine.run(script);
        let after = case.read(database);
        let Err(error) = result else {
            assert!(!stops, "it has to stop: {expected:#?}\n{}", describe());
            let drift = engine.drift(schemas[1], ColumnOrder::Any);
            assert!(drift.is_empty(), "{drift:#?}\n{}", describe());
            assert_eq!(after.child, before.child, "{}", describe());
            for ((new, old), fates) in after.table.iter().zip(&before.table).zip(expected) {
                assert_eq!(new[..2], old[..2], "{}", describe());
                for (index, fate) in fates.iter().enumerate() {
                    let (new, old) = (&new[index + 2], &old[index + 2]);
                    assert!(fate.is(new), "c{index}: {old:?} became {new:?}, not {fate:?}\n{}", describe());
                }
            }
            assert_eq!(after.table.len(), before.table.len(), "{}", describe());
            return true;
        };
        assert!(stops, "it must not stop: {error}\n{before:#?}\n{}", describe());
        assert!(error.contains("offprint: ") && error.contains("; nothing was changed"), "{error}\n{}", describe());
        if let Some((_, told)) = error.split_once("that have no place in ") {
            let column = (0..case.columns.len()).find(|column| error.contains(&format!("`t.c{column}`")));
            let column = column.unwrap_or_else(|| panic!("no column is named: {error}"));
            let count: usize = told
                .split_once("): ")
                .or_else(|| told.split_once("`: "))
                .and_then(|(_, count)| count.split_once(", for example `")?.0.parse().ok())
                .unwrap_or_else(|| panic!("no number is told: {error}"));
            // What becomes of a value twice is told of the first time that it fits nowhere.
            let twice = case.columns[column] == Kind::Mood
                && case.enum_change.is_some()
                && case.type_changes.iter().any(|change| change.column == column);
            let told = if twice { (1..=unfit(column)).contains(&count) } else { count == unfit(column) };
            assert!(told, "{error}\n{before:#?}\n{}", describe());
        }
        assert_eq!(after, *before, "{}", describe());
        let drift = engine.drift(schemas[0], ColumnOrder::Any);
        assert!(drift.is_empty(), "{drift:#?}\n{}", describe());
        false
    }
}

#[derive(Debug, PartialEq)]
struct Rows {
    table: Vec<Vec<Stored>>,
    child: Vec<Vec<Stored>>,
}

fn random_word<'v>(
    from: Kind,
    to: Kind,
    present: impl Iterator<Item = &'v Stored>,
    moods: &[String],
    random: &mut Random,
) -> Word {
    if random.one_in(5) && to != Kind::Decimal {
        let all =
            [Expression::Itself, Expression::Missing, Expression::Seven, Expression::SevenAsReal, Expression::Storage];
        return Word::Using(all[random.below(all.len())]);
    }
    // Without a word most pairs of types are refused.
    if !(random.one_in(3) || needs_a_word(from, to) && random.one_in(2)) {
        return Word::Nothing;
    }
    let mut pairs: Vec<(Stored, Stored)> = Vec::new();
    for value in present {
        let natural = match value {
            Null => true,
            Integer(number) => from.is_integer() || from == Kind::Boolean && matches!(number, 0 | 1),
            Real(number) => from.is_real() && number.is_finite(),
            Text(text) => from.is_text() && from != Kind::Mood && !text.contains('\0'),
            Blob(_) => from == Kind::Bytes,
        };
        if natural && random.one_in(2) && pairs.iter().all(|(old, _)| old != value) {
            pairs.push((value.clone(), values::own(to, moods, random)));
        }
    }
    let otherwise = random.one_in(2).then(|| if random.one_in(4) { Null } else { values::own(to, moods, random) });
    let pairs: Vec<_> = pairs.into_iter().filter(|(_, new)| can_be_written(new)).collect();
    let otherwise = otherwise.filter(can_be_written);
    if pairs.is_empty() && otherwise.is_none() { Word::Nothing } else { Word::Map { pairs, otherwise } }
}

/// A literal of a revision has no NUL.
fn can_be_written(value: &Stored) -> bool {
    !matches!(value, Text(text) if text.contains('\0'))
}

fn literal(value: &Stored, kind: Kind) -> Value {
    match value {
        Null => Value::Null,
        Integer(number) if kind == Kind::Boolean => Value::Boolean(*number == 1),
        Integer(number) => Value::Integer(*number),
        Real(number) => Value::Float(*number),
        Text(text) => Value::Text(text.as_str().into()),
        Blob(bytes) => Value::Hex(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()),
    }
}

/// The type in the words of the vocabulary.
pub fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::SmallInteger => small_integer(),
        Kind::Integer => integer(),
        Kind::BigInteger => big_integer(),
        Kind::Float => float(),
        Kind::Double => double(),
        Kind::Boolean => boolean(),
        Kind::Text => text(),
        Kind::Varchar => varchar(8),
        Kind::Date => date(),
        Kind::Time => time(),
        Kind::Timestamp => timestamp(),
        Kind::Timestamptz => timestamptz(),
        Kind::Uuid => uuid(),
        Kind::Json => json(),
        Kind::NumericAsText => numeric(10, 2).sqlite("TEXT"),
        Kind::Mood => enumeration("mood"),
        Kind::Bytes => bytes(),
        Kind::Decimal => native("DECIMAL(10,2)"),
    }
}

fn read(connection: &Connection, query: &str) -> Vec<Vec<Stored>> {
    let mut statement = connection.prepare(query).unwrap_or_else(|error| panic!("{error}\nin: {query}"));
    let width = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..width).map(|index| Ok(stored(row.get_ref(index)?))).collect();
    let rows = statement.query_map([], row).expect("the query runs");
    rows.collect::<rusqlite::Result<_>>().expect("the rows are readable")
}

fn stored(value: ValueRef<'_>) -> Stored {
    match value {
        ValueRef::Null => Null,
        ValueRef::Integer(number) => Integer(number),
        ValueRef::Real(number) => Real(number),
        ValueRef::Text(bytes) => Text(String::from_utf8(bytes.to_vec()).expect("the texts of the cases are UTF-8")),
        ValueRef::Blob(bytes) => Blob(bytes.to_vec()),
    }
}

impl ToSql for Stored {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Null => ValueRef::Null,
            Integer(number) => ValueRef::Integer(*number),
            Real(number) => ValueRef::Real(*number),
            Text(text) => ValueRef::Text(text.as_bytes()),
            Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// For the branches of a `match` that end in an operation of the vocabulary.
fn drop_result<T>(_: T) {}
