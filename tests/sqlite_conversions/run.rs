//! Runs a case: the surviving values are those that are predicted, or nothing has changed.

use offprint::applier::Target;
use offprint::diagnostic::Code;
use offprint::schema::Schema;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use crate::case::{Case, State};
use crate::compiled::compile;
use crate::prediction::Fate;
use crate::prediction::Stored::{self, Blob, Integer, Null, Real, Text};
use crate::support::engine::Place;
use crate::support::expected::{ColumnOrder, drift_on_sqlite};
use crate::support::modes::Mode;
use crate::support::sqlite::{ForeignKeys, SqliteDatabase};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The compiler has refused one of the directions, as it has to.
    Refused,
    StoppedUp,
    StoppedDown,
    ThereAndBack,
}

/// Who runs the scripts of a case.
#[derive(Debug, Clone, Copy)]
pub enum Client {
    /// The installed `sqlite3` shell, in which foreign keys are off.
    Shell,
    /// The newer library that the tests bundle, in one of the ways of appliers.
    Library(Mode),
}

impl Client {
    fn target(self) -> Target {
        match self {
            Client::Shell => Place::SqliteShell.target(),
            Client::Library(mode) => mode.target(),
        }
    }

    fn run(self, database: &SqliteDatabase, script: &str) -> Result<(), String> {
        match self {
            Client::Shell => {
                let outcome = database.shell(script);
                if outcome.succeeded() { Ok(()) } else { Err(outcome.stderr) }
            }
            Client::Library(mode) => {
                let mut connection = database.connect(ForeignKeys::Off);
                mode.set_foreign_keys(&connection);
                mode.run(&mut connection, script)
            }
        }
    }
}

/// All of a database that a case looks at.
#[derive(Debug, PartialEq)]
struct Contents {
    /// The columns that change, row by row.
    table: Vec<Vec<Stored>>,
    /// What has to stay as it is.
    around: Vec<Vec<Vec<Stored>>>,
}

/// A case that is being run.
struct Run<'a> {
    case: &'a Case,
    client: Client,
    database: SqliteDatabase,
}

impl Case {
    /// Runs the case.
    pub fn run(&self, client: Client) -> Outcome {
        let compiled = compile(&client.target(), |op| self.base(op), |op| self.upgrade(op));
        for (section, refused) in [&compiled.up, &compiled.down].into_iter().zip(self.is_refused()) {
            match section {
                Ok(script) => assert!(!refused, "has to be refused: {self:#?}\n{script}"),
                Err(found) => {
                    assert!(refused, "{found:#?}\n{self:#?}");
                    assert!(found.iter().all(|one| one.code == Code::CannotConvert), "{found:#?}\n{self:#?}");
                }
            }
        }
        let (Ok(up), Ok(down)) = (&compiled.up, &compiled.down) else { return Outcome::Refused };
        let [first, second] = &compiled.replayed;
        let run = Run { case: self, client, database: SqliteDatabase::create(&format!("conversion {}", self.seed)) };
        client.run(&run.database, &compiled.base).unwrap_or_else(|error| panic!("{error}\n{}", compiled.base));
        run.fill();
        if !run.step(State::After, up, [&first.after, &second.after]) {
            return Outcome::StoppedUp;
        }
        if !run.step(State::Before, down, [&second.after, &first.after]) {
            return Outcome::StoppedDown;
        }
        Outcome::ThereAndBack
    }
}

impl Run<'_> {
    fn fill(&self) {
        let Case { shape, columns, rows, .. } = self.case;
        let connection = self.database.connect(ForeignKeys::Off);
        let names: String = (0..columns.len()).map(|index| format!(", c{index}")).collect();
        let marks = ", ?".repeat(columns.len());
        let mut ids = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let id = 10 * (index as i64 + 1);
            // Without a key the number of the row is another one than that in `id`.
            let (rowid, value) =
                if shape.is_keyless() { ("rowid, ", format!("{}, ", id + 5)) } else { ("", String::new()) };
            let sql = format!("INSERT INTO t ({rowid}id{names}) VALUES ({value}{id}{marks})");
            let values: Vec<&dyn ToSql> = row.iter().map(|value| value as &dyn ToSql).collect();
            connection.execute(&sql, values.as_slice()).unwrap_or_else(|error| panic!("{error}\n{:#?}", self.case));
            ids.push(id);
        }
        shape.fill(&ids, &connection);
    }

    fn read(&self, state: State) -> Contents {
        let connection = self.database.connect(ForeignKeys::Off);
        let (case, table) = (self.case, self.case.table(state));
        let names: Vec<String> = case.names(state).into_iter().map(|(_, name)| name).collect();
        let columns = if names.is_empty() { "NULL".to_owned() } else { names.join(", ") };
        Contents {
            table: read(&connection, &format!("SELECT {columns} FROM {table} ORDER BY id")),
            around: case.shape.observations(table).iter().map(|query| read(&connection, query)).collect(),
        }
    }

    /// Runs a script that leads to a state, and compares; whether it went through.
    fn step(&self, to: State, script: &str, schemas: [&Schema; 2]) -> bool {
        let Run { case, client, database } = self;
        let describe = || format!("to {to:?}, OFFPRINT_CONVERSION_SEED={}, {client:?}\n{case:#?}\n{script}", case.seed);
        let from = if to == State::After { State::Before } else { State::After };
        let before = self.read(from);
        let expected: Vec<Vec<Fate>> = before.table.iter().map(|row| case.row(row, to)).collect();
        let unfit = |position: usize| expected.iter().filter(|row| row[position] == Fate::Stops).count();
        let stops = expected.iter().flatten().any(|fate| *fate == Fate::Stops)
            || to == State::After && case.breaks_a_rule(&expected);
        let Err(error) = client.run(database, script) else {
            assert!(!stops, "it has to stop: {expected:#?}\n{}", describe());
            let after = self.read(to);
            let drift = drift_on_sqlite(schemas[1], database, ColumnOrder::Any);
            assert!(drift.is_empty(), "{drift:#?}\n{}", describe());
            assert_eq!(after.around, before.around, "{}", describe());
            assert_eq!(after.table.len(), before.table.len(), "{}", describe());
            for ((new, old), fates) in after.table.iter().zip(&before.table).zip(&expected) {
                let all = new.len() == fates.len() && new.iter().zip(fates).all(|(new, fate)| fate.is(new));
                assert!(all || fates.is_empty(), "{old:?} became {new:?}, not {fates:?}\n{}", describe());
            }
            let connection = database.connect(ForeignKeys::On);
            for probe in case.shape.probes(case.table(to)) {
                connection.prepare(&probe).unwrap_or_else(|error| panic!("{probe}: {error}\n{}", describe()));
            }
            return true;
        };
        assert!(stops, "it must not stop: {error}\n{before:#?}\n{}", describe());
        assert!(error.contains("offprint: ") && error.contains("; nothing was changed"), "{error}\n{}", describe());
        if let Some((_, told)) = error.split_once("that have no place in ") {
            let named = |number: usize| ["c", "r"].iter().any(|one| error.contains(&format!(".{one}{number}`")));
            let column = (0..case.columns.len()).find(|number| named(*number));
            let column = column.unwrap_or_else(|| panic!("no column is named: {error}"));
            let position = case.names(to).iter().position(|(number, _)| *number == Some(column));
            let unfit = unfit(position.unwrap_or_else(|| panic!("the column is not there any more: {error}")));
            let count: usize = told
                .split_once("): ")
                .or_else(|| told.split_once("`: "))
                .and_then(|(_, count)| count.split_once(", for example `")?.0.parse().ok())
                .unwrap_or_else(|| panic!("no number is told: {error}"));
            // What becomes of a value twice is told of the first time that it fits nowhere.
            let told = if case.changes_twice(column) { (1..=unfit).contains(&count) } else { count == unfit };
            assert!(told, "{error}\n{before:#?}\n{}", describe());
        }
        assert_eq!(self.read(from), before, "{}", describe());
        let drift = drift_on_sqlite(schemas[0], database, ColumnOrder::Any);
        assert!(drift.is_empty(), "{drift:#?}\n{}", describe());
        false
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
