//! Every row of a database, to be compared and to be changed as a change of the schema should have done it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rusqlite::Connection;

use crate::names::quoted;
use crate::story::Check;
use crate::support::sqlite::rows as read_rows;

/// A row: its number, unless the table has none, and its values as literals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub number: Option<String>,
    pub values: BTreeMap<String, String>,
}

/// The rows of all tables, those of `sqlite_sequence` and of the tables behind a virtual table among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, Vec<Row>>);

const SEQUENCES: &str = "sqlite_sequence";

impl Rows {
    /// Reads all rows but those of the history.
    pub fn read(connection: &Connection) -> Rows {
        let tables = query(
            connection,
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')
            AND name NOT IN ('sqlite_schema', 'alembic_version')",
        );
        let rows = |table: Vec<String>| {
            let [name, without_rowid] = table.try_into().expect("two columns");
            let found = read_table(connection, &name, without_rowid == "0");
            (name, found)
        };
        let mut all: BTreeMap<String, Vec<Row>> = tables.into_iter().map(rows).collect();
        // The table of the sequences comes with the first of them, and stays.
        if all.get(SEQUENCES).is_some_and(Vec::is_empty) {
            all.remove(SEQUENCES);
        }
        Rows(all)
    }

    /// Whether the table has the column.
    pub fn has(&self, table: &str, column: &str) -> bool {
        self.0[table].iter().all(|row| row.values.contains_key(column))
    }

    /// The values of a column, in the order of the rows; none where there is no such table or column.
    pub fn values(&self, table: &str, column: &str) -> Vec<&str> {
        let rows = self.0.get(table).into_iter().flatten();
        rows.filter_map(|row| row.values.get(column).map(String::as_str)).collect()
    }

    fn table(&mut self, table: &str) -> &mut Vec<Row> {
        self.0.get_mut(table).unwrap_or_else(|| panic!("there is no table {table}"))
    }

    /// Each row has another column, with this value.
    pub fn add(&mut self, table: &str, column: &str, value: &str) {
        self.add_by(table, column, |_| value.to_owned());
    }

    /// Each row has another column, with a value that follows from the row.
    pub fn add_by(&mut self, table: &str, column: &str, value: impl Fn(&Row) -> String) {
        for row in self.table(table) {
            let value = value(row);
            row.values.insert(column.to_owned(), value);
        }
    }

    /// The column is gone.
    pub fn drop(&mut self, table: &str, column: &str) {
        for row in self.table(table) {
            row.values.remove(column).unwrap_or_else(|| panic!("there is no {table}.{column}"));
        }
    }

    /// The column has another name.
    pub fn rename(&mut self, table: &str, from: &str, to: &str) {
        for row in self.table(table) {
            let value = row.values.remove(from).unwrap_or_else(|| panic!("there is no {table}.{from}"));
            row.values.insert(to.to_owned(), value);
        }
    }

    /// The column has other values.
    pub fn map(&mut self, table: &str, column: &str, value: impl Fn(&str) -> String) {
        self.add_by(table, column, |row| value(&row.values[column]));
    }

    /// The table has another name, and so has its row in `sqlite_sequence`.
    pub fn rename_table(&mut self, from: &str, to: &str) {
        let rows = self.0.remove(from).unwrap_or_else(|| panic!("there is no table {from}"));
        self.0.insert(to.to_owned(), rows);
        if let Some(sequences) = self.0.get_mut(SEQUENCES) {
            for row in sequences.iter_mut() {
                let name = row.values.get_mut("name").expect("a sequence is of a table");
                if *name == literal(from) {
                    *name = literal(to);
                }
            }
        }
    }

    /// There is another table, without rows.
    pub fn create_table(&mut self, table: &str) {
        self.0.insert(table.to_owned(), Vec::new());
    }

    /// The table numbers its rows from now on, and this is the last number.
    pub fn begin_sequence(&mut self, table: &str, last: i64) {
        let values = [("name", literal(table)), ("seq", last.to_string())];
        let values = values.map(|(column, value)| (column.to_owned(), value)).into();
        let sequences = self.0.entry(SEQUENCES.to_owned()).or_default();
        sequences.push(Row { number: None, values });
    }

    /// Each table as a query that other engines can be asked.
    pub fn checks(&self) -> Vec<Check> {
        let check = |(table, rows): (&String, &Vec<Row>)| {
            let Some(first) = rows.first() else {
                let query = format!("SELECT quote(count(*)) FROM {}", quoted(table));
                return Check { query, rows: vec![vec!["0".to_owned()]] };
            };
            let columns: Vec<&String> = first.values.keys().collect();
            let number = first.number.as_ref().map(|_| number_of(&columns));
            let terms = number.map(str::to_owned).into_iter().chain(columns.iter().map(|column| quoted(column)));
            let terms: Vec<String> = terms.map(|term| format!("quote({term})")).collect();
            let places: Vec<String> = (1..=terms.len()).map(|place| place.to_string()).collect();
            let query = format!("SELECT {} FROM {} ORDER BY {}", terms.join(", "), quoted(table), places.join(", "));
            let mut rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.number.iter().chain(row.values.values()).cloned().collect()).collect();
            rows.sort();
            Check { query, rows }
        };
        self.0.iter().map(check).collect()
    }

    /// What `found` has otherwise; empty when it is equal.
    pub fn difference(&self, found: &Rows) -> String {
        let mut text = String::new();
        let tables: BTreeSet<&String> = self.0.keys().chain(found.0.keys()).collect();
        for table in tables {
            let [expected, found] = [self, found].map(|rows| rows.0.get(table).map(|rows| sorted(rows)));
            if expected != found {
                writeln!(text, "rows of {table}:\n  expected {expected:?}\n  found    {found:?}").expect("a String");
            }
        }
        text
    }
}

fn sorted(rows: &[Row]) -> Vec<&Row> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort();
    rows
}

/// A name of the row number that no column has.
fn number_of(columns: &[&String]) -> &'static str {
    let taken = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name)).expect("one of the three is free")
}

fn read_table(connection: &Connection, table: &str, numbered: bool) -> Vec<Row> {
    let columns = query(connection, &format!("SELECT name FROM pragma_table_xinfo({})", literal(table)));
    let columns: Vec<String> = columns.into_iter().flatten().collect();
    // The row numbers of SQLite's own tables mean nothing.
    let number = (numbered && !table.starts_with("sqlite_")).then(|| number_of(&columns.iter().collect::<Vec<_>>()));
    let values = columns.iter().map(|column| format!("quote({})", quoted(column)));
    let terms: Vec<String> = number.map(str::to_owned).into_iter().chain(values).collect();
    let row = |mut values: Vec<String>| {
        let number = number.is_some().then(|| values.remove(0));
        Row { number, values: columns.iter().cloned().zip(values).collect() }
    };
    query(connection, &format!("SELECT {} FROM {}", terms.join(", "), quoted(table))).into_iter().map(row).collect()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn query(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let rows = read_rows(connection, sql).unwrap_or_else(|error| panic!("{error}\nin: {sql}"));
    let text = |value: Option<String>| value.expect("no value is NULL here");
    rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect()
}
