//! One case of the matrix: a change of a shape in a mode, up, down and up again.

use offprint::diagnostic::Diagnostic;
use offprint::dialect::Settings;
use offprint::prelude::{Op, integer};
use offprint::schema::Schema;
use rusqlite::Connection;

use crate::changes::Change;
use crate::names::quoted;
use crate::rows::Rows;
use crate::shapes::Shape;
use crate::story::{Step, Story};
use crate::support::expected::{ColumnOrder, drift_on_connection};
use crate::support::modes::Mode;
use crate::support::scripts::{self, Scripts};
use crate::support::sqlite::rows as read_rows;

/// How a case ended, when all was as it has to be.
pub enum Ending {
    /// Up, down where there is a way back, and up again.
    Whole(Story),
    /// A script stopped with this message and changed nothing.
    Stopped(String),
}

/// A case that Offprint compiles.
pub struct Case<'a> {
    shape: &'a Shape,
    change: &'a Change,
    mode: Mode,
    scripts: Scripts,
}

impl<'a> Case<'a> {
    /// Makes sure that Offprint takes the shape itself, so that what it refuses is the change.
    pub fn check_shape(shape: &Shape, mode: Mode) {
        let unchanged = |op: &mut Op| {
            op.create_table("unrelated").column("id", integer());
        };
        if let Err(found) = scripts::compile(|op| shape.create(op), unchanged, None, &mode.target()) {
            panic!("{} is refused: {found:#?}", shape.name);
        }
    }

    /// Compiles the scripts of a case.
    ///
    /// # Errors
    ///
    /// Why Offprint refuses the change.
    pub fn compile(
        shape: &'a Shape,
        change: &'a Change,
        mode: Mode,
        settings: &Settings,
    ) -> Result<Case<'a>, Vec<Diagnostic>> {
        let upgrade = |op: &mut Op| (change.upgrade)(op, shape);
        let scripts = scripts::compile_with(|op| shape.create(op), upgrade, None, &mode.target(), settings)?;
        Ok(Case { shape, change, mode, scripts })
    }

    /// Runs the case.
    ///
    /// # Errors
    ///
    /// The first thing that is not as it has to be.
    pub fn run(&self) -> Result<Ending, String> {
        let Scripts { base, upgrade, downgrade, before, after, .. } = &self.scripts;
        let mut run = Run { case: self, connection: self.mode.open(), settings: Vec::new(), steps: Vec::new() };
        run.script(base).map_err(|error| format!("the base: {error}"))?;
        let sql = self.shape.fill();
        fill(&run.connection, &sql)?;
        run.steps.push(Step::Fill(sql));
        run.settings = settings(&run.connection);
        let rows = Rows::read(&run.connection);
        run.state("filling", &rows, before, ColumnOrder::Exact)?;

        let mut changed = rows.clone();
        (self.change.effect)(&mut changed, &self.shape.names);
        if let Err(error) = run.script(upgrade) {
            return run.stop("the upgrade", &error, &rows, before);
        }
        run.state("the upgrade", &changed, after, ColumnOrder::Exact)?;
        if let Some(downgrade) = downgrade {
            if let Err(error) = run.script(downgrade) {
                return run.stop("the downgrade", &error, &changed, after);
            }
            let mut rows = rows;
            (self.change.lost)(&mut rows, &self.shape.names);
            run.state("the downgrade", &rows, before, ColumnOrder::Any)?;
            run.script(upgrade).map_err(|error| format!("the second upgrade: {error}"))?;
            (self.change.effect)(&mut rows, &self.shape.names);
            run.state("the second upgrade", &rows, after, ColumnOrder::Any)?;
        }
        let title = format!("{}: {} ({})", self.shape.name, self.change.name, self.mode.name());
        Ok(Ending::Whole(Story { title, mode: self.mode, steps: run.steps }))
    }

    /// Runs the base, lets something be done to the database, and looks at it as after any script.
    ///
    /// # Errors
    ///
    /// What is not as it was before.
    pub fn spoil(&self, spoil: impl FnOnce(&Connection) -> Result<(), String>) -> Result<(), String> {
        let mut connection = self.mode.open();
        self.mode.run(&mut connection, &self.scripts.base)?;
        fill(&connection, &self.shape.fill())?;
        let (rows, settings) = (Rows::read(&connection), settings(&connection));
        spoil(&connection)?;
        same(&settings, &self::settings(&connection))?;
        self.state(&connection, &rows, &self.scripts.before, ColumnOrder::Exact)
    }

    fn state(
        &self,
        connection: &Connection,
        expected: &Rows,
        schema: &Schema,
        order: ColumnOrder,
    ) -> Result<(), String> {
        let difference = expected.difference(&Rows::read(connection));
        if !difference.is_empty() {
            return Err(difference);
        }
        let nothing = |what: &str, sql: &str| match column(connection, sql)? {
            found if found.is_empty() => Ok(()),
            found => Err(format!("{what}: {}", found.join(", "))),
        };
        nothing("broken references", "SELECT \"table\" FROM pragma_foreign_key_check")?;
        nothing("integrity", "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'")?;
        nothing("temporary objects", "SELECT name FROM temp.sqlite_schema")?;
        nothing("left behind", "SELECT name FROM sqlite_schema WHERE name LIKE '%offprint%'")?;
        everything_compiles(connection, self.shape.unknown)?;
        (self.shape.holds)(connection, expected)?;
        let drift = drift_on_connection(schema, connection, self.shape.unknown, order);
        if drift.is_empty() { Ok(()) } else { Err(format!("drift: {}", drift.join("; "))) }
    }
}

/// A case that is being run.
struct Run<'a> {
    case: &'a Case<'a>,
    connection: Connection,
    /// The settings that have to be left alone.
    settings: Vec<String>,
    steps: Vec<Step>,
}

impl Run<'_> {
    fn script(&mut self, script: &str) -> Result<(), String> {
        self.steps.push(Step::Script(script.to_owned()));
        self.case.mode.run(&mut self.connection, script)
    }

    fn state(&mut self, when: &str, expected: &Rows, schema: &Schema, order: ColumnOrder) -> Result<(), String> {
        self.case
            .state(&self.connection, expected, schema, order)
            .and_then(|()| same(&self.settings, &settings(&self.connection)))
            .and_then(|()| Step::checks(&self.connection, expected, self.case.shape.unknown))
            .map(|checks| self.steps.push(checks))
            .map_err(|error| format!("after {when}: {error}"))
    }

    /// A script may stop only at what no revision knows. The client then rolls back, or closes its connection, and
    /// nothing has changed.
    fn stop(&mut self, what: &str, error: &str, expected: &Rows, schema: &Schema) -> Result<Ending, String> {
        if self.case.shape.unknown.is_empty() {
            return Err(format!("{what}: {error}"));
        }
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK").map_err(|error| format!("{what}: {error}"))?;
        }
        self.case.mode.set_foreign_keys(&self.connection);
        // What a script counts its statements in belongs to the connection, and the next script makes it anew.
        let forget = "DROP TABLE IF EXISTS temp.offprint_marks";
        self.connection.execute_batch(forget).map_err(|error| format!("{what}: {error}"))?;
        self.state("the stop", expected, schema, ColumnOrder::Exact)?;
        Ok(Ending::Stopped(format!("{what}: {error}")))
    }
}

fn same(expected: &[String], found: &[String]) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("settings were {expected:?} and are {found:?}")) }
}

/// Puts rows into the tables and objects beside them that no revision knows.
fn fill(connection: &Connection, sql: &str) -> Result<(), String> {
    let enforced = column(connection, "PRAGMA foreign_keys")?.concat();
    let script = format!("PRAGMA foreign_keys = OFF; BEGIN; {sql}; COMMIT; PRAGMA foreign_keys = {enforced};");
    connection.execute_batch(&script).map_err(|error| format!("filling: {error}\n{sql}"))
}

/// The settings of a connection that a script could leave behind.
fn settings(connection: &Connection) -> Vec<String> {
    let setting = |name: &str| {
        let value = column(connection, &format!("PRAGMA {name}")).unwrap_or_else(|error| vec![error]);
        format!("{name} = {}", value.concat())
    };
    [
        "foreign_keys",
        "defer_foreign_keys",
        "legacy_alter_table",
        "writable_schema",
        "ignore_check_constraints",
        "recursive_triggers",
        "query_only",
        "user_version",
    ]
    .map(setting)
    .to_vec()
}

/// Every view can be read, and every table written, so that all triggers, checks and references are looked at.
fn everything_compiles(connection: &Connection, unknown: &[&str]) -> Result<(), String> {
    let compiles = |sql: &str| {
        connection.prepare(sql).map(drop).map_err(|error| format!("{sql} does not compile any more: {error}"))
    };
    for name in column(connection, "SELECT name FROM sqlite_schema WHERE type = 'view'")? {
        if !unknown.contains(&name.as_str()) {
            compiles(&format!("SELECT * FROM {} LIMIT 0", quoted(&name)))?;
        }
    }
    let with_triggers =
        "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%INSTEAD OF INSERT%'";
    for view in column(connection, with_triggers)? {
        compiles(&format!("EXPLAIN INSERT INTO {} DEFAULT VALUES", quoted(&view)))?;
    }
    let tables =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'";
    for table in column(connection, tables)? {
        let columns = format!(
            "SELECT '\"' || replace(name, '\"', '\"\"') || '\"' FROM pragma_table_xinfo('{}') WHERE hidden = 0",
            table.replace('\'', "''")
        );
        let columns: Vec<String> =
            column(connection, &columns)?.iter().map(|column| format!("{column} = {column}")).collect();
        let table = quoted(&table);
        compiles(&format!("EXPLAIN INSERT INTO {table} DEFAULT VALUES"))?;
        compiles(&format!("EXPLAIN UPDATE {table} SET {}", columns.join(", ")))?;
        compiles(&format!("EXPLAIN DELETE FROM {table}"))?;
    }
    Ok(())
}

/// The first column of a query.
pub fn column(connection: &Connection, sql: &str) -> Result<Vec<String>, String> {
    let rows = read_rows(connection, sql).map_err(|error| format!("{error} in {sql}"))?;
    Ok(rows.into_iter().map(|mut row| row.remove(0).unwrap_or_else(|| "NULL".into())).collect())
}
