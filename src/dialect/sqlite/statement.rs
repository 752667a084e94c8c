//! What the dialect can say: the closed list of statements, each with its template in `templates/sqlite/`.
//!
//! Names and values come quoted; the templates only lay out.

use std::fmt;

use askama::Template;

/// Declares the statements with the files of their templates.
macro_rules! statements {
    ($(
        $(#[doc = $docs:literal])*
        $name:ident($path:literal) { $( $(#[doc = $field_docs:literal])* $field:ident: $kind:ty ),* $(,)? }
    )*) => {
        /// Any statement.
        #[derive(Debug, Clone)]
        pub enum Statement { $( $(#[doc = $docs])* $name($name), )* }

        $(
            $(#[doc = $docs])*
            #[derive(Debug, Clone, Template)]
            #[template(path = $path, whitespace = "preserve")]
            pub struct $name { $( $(#[doc = $field_docs])* pub $field: $kind, )* }

            impl From<$name> for Statement {
                fn from(statement: $name) -> Self {
                    Statement::$name(statement)
                }
            }
        )*

        impl Statement {
            /// Writes the statement with its semicolon behind a text.
            fn push_to(&self, text: &mut String) {
                match self { $( Statement::$name(statement) => write(statement, text), )* }
            }
        }

        impl fmt::Display for Statement {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.sql())
            }
        }
    };
}

statements! {
    /// Creates a table from the definitions of its columns and constraints.
    CreateTable("sqlite/create_table.sql") {
        name: String,
        definitions: Vec<String>,
        /// `STRICT` and `WITHOUT ROWID`.
        options: Vec<&'static str>,
    }
    /// Drops a table.
    DropTable("sqlite/drop_table.sql") { name: String }
    /// Renames a table; what refers to it follows.
    RenameTable("sqlite/rename_table.sql") { from: String, to: String }
    /// Gives new tables the names of old ones that have gone. What mentions the names is neither read nor touched, but for
    /// references, which follow where foreign keys are on.
    TakeNames("sqlite/take_names.sql") { tables: Vec<(String, String)> }
    /// Adds a column behind the others.
    AddColumn("sqlite/add_column.sql") { table: String, definition: String }
    /// Drops a column.
    DropColumn("sqlite/drop_column.sql") { table: String, column: String }
    /// Renames a column; what refers to it follows.
    RenameColumn("sqlite/rename_column.sql") { table: String, from: String, to: String }
    /// Makes a column NOT NULL. SQLite 3.53 or later.
    SetNotNull("sqlite/set_not_null.sql") { table: String, column: String }
    /// Lets a column be NULL. SQLite 3.53 or later.
    DropNotNull("sqlite/drop_not_null.sql") { table: String, column: String }
    /// Adds a check. SQLite 3.53 or later.
    AddCheck("sqlite/add_check.sql") { table: String, definition: String }
    /// Drops a check (SQLite 3.53 or later) or a foreign key (3.54) by its name.
    DropConstraint("sqlite/drop_constraint.sql") { table: String, name: String }
    /// Creates an index.
    CreateIndex("sqlite/create_index.sql") {
        unique: bool,
        name: String,
        table: String,
        parts: Vec<String>,
        filter: Option<String>,
    }
    /// Drops an index.
    DropIndex("sqlite/drop_index.sql") { name: String }
    /// Creates a view.
    CreateView("sqlite/create_view.sql") { name: String, query: String }
    /// Drops a view.
    DropView("sqlite/drop_view.sql") { name: String }
    /// Creates a trigger.
    CreateTrigger("sqlite/create_trigger.sql") { name: String, definition: String }
    /// Drops a trigger.
    DropTrigger("sqlite/drop_trigger.sql") { name: String }
    /// Inserts rows that are written out.
    Insert("sqlite/insert.sql") { table: String, columns: String, rows: Vec<String> }
    /// Gives rows new values.
    Update("sqlite/update.sql") { table: String, assignments: Vec<String>, filter: Option<String> }
    /// Deletes rows.
    Delete("sqlite/delete.sql") { table: String, filter: Option<String> }
    /// Deletes the rows with these keys.
    DeleteKeys("sqlite/delete_keys.sql") { table: String, columns: String, several: bool, keys: Vec<String> }
    /// The author's own statements.
    Execute("sqlite/execute.sql") { sql: String }
    /// Copies the rows of a table into the one that takes its place.
    CopyRows("sqlite/copy_rows.sql") { to: String, columns: Vec<String>, values: Vec<String>, from: String }
    /// Keeps the highest number that an AUTOINCREMENT table has given out.
    CarrySequence("sqlite/carry_sequence.sql") { from: String, to: String }
    /// Stops the script with a message when a row is found.
    Refuse("sqlite/refuse.sql") {
        /// Those of the function that raises the message. They may use the columns of `source`, and are only evaluated for a row.
        arguments: String,
        source: String,
        condition: String,
    }
    /// Makes the table of the marks.
    MakeMarks("sqlite/make_marks.sql") {}
    /// Drops the table of the marks, if it is there.
    ForgetMarks("sqlite/forget_marks.sql") {}
    /// Rolls the transaction back unless there are as many marks as this.
    DemandMarks("sqlite/demand_marks.sql") { wanted: usize }
    /// Changes no row, and says so to `changes()`.
    ForgetChanges("sqlite/forget_changes.sql") {}
    /// Leaves a mark if the statement before has changed rows.
    MarkChanges("sqlite/mark_changes.sql") {
        /// What to select the rows from that it should have changed; it need not if there are none.
        unless: Option<String>,
    }
    /// Leaves a mark if a row is found.
    MarkIf("sqlite/mark_if.sql") { source: String, condition: String }
    /// Looks at the database, and returns nothing.
    LookAtDatabase("sqlite/look_at_database.sql") {}
    /// Opens a savepoint, and with it a transaction where none is open.
    Savepoint("sqlite/savepoint.sql") {}
    /// Makes the table that remembers how many rows refer to nothing.
    RememberViolations("sqlite/remember_violations.sql") { helper: String, counts: Vec<ViolationCount> }
    /// Drops the table that remembers how many rows refer to nothing.
    ForgetViolations("sqlite/forget_violations.sql") { helper: String }
    /// Opens the transaction, with the lock of a writer from the start.
    Begin("sqlite/begin.sql") {}
    /// Commits the transaction.
    Commit("sqlite/commit.sql") {}
    /// Lets the transaction end with foreign keys checked, whatever they are in between.
    DeferForeignKeys("sqlite/defer_foreign_keys.sql") {}
    /// Switches the enforcement of foreign keys, which works outside of transactions only.
    SetForeignKeys("sqlite/set_foreign_keys.sql") { state: &'static str }
    /// Creates the history table if it is missing.
    CreateHistory("sqlite/create_history.sql") { table: String, constraint: String }
    /// Takes revisions out of the history table.
    DeleteHistory("sqlite/delete_history.sql") { table: String, revisions: String }
    /// Puts a revision into the history table.
    InsertHistory("sqlite/insert_history.sql") { table: String, revision: String }
    /// Puts a revision into the history table, unless one is there that implies it.
    RestoreHistory("sqlite/restore_history.sql") { table: String, revision: String, implied_by: String }
}

/// A refusal that leaves a mark when no row is found. It is another way to write one, and never planned by itself.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "sqlite/refuse_or_mark.sql", whitespace = "preserve")]
pub struct RefuseOrMark<'a> {
    pub refuse: &'a Refuse,
}

/// A table whose references are counted: its name as it will be, and as it is now if it exists.
#[derive(Debug, Clone)]
pub struct ViolationCount {
    pub table: String,
    pub existing: Option<String>,
}

/// Statements one after the other, as one text.
pub fn join(statements: &[Statement]) -> String {
    let mut script = Script::of(statements.len());
    statements.iter().for_each(|statement| script.push_any(statement));
    script.text
}

/// Statements on their way to one text. Each is written behind the others, so that none has a text of its own.
#[derive(Debug)]
pub struct Script {
    pub text: String,
}

/// Most statements are shorter, so that their text is never moved while it grows.
const USUAL_LENGTH: usize = 240;

impl Script {
    /// An empty one with room for this many statements.
    pub fn of(statements: usize) -> Script {
        Script { text: String::with_capacity(USUAL_LENGTH * statements) }
    }

    /// Writes one kind of statement.
    pub fn push(&mut self, statement: &impl Template) {
        self.separate();
        write(statement, &mut self.text);
    }

    /// Writes any statement.
    pub fn push_any(&mut self, statement: &Statement) {
        self.separate();
        statement.push_to(&mut self.text);
    }

    fn separate(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
    }
}

fn write(statement: &impl Template, text: &mut String) {
    let written = statement.render_into(text);
    // Nothing in a template can fail but the writing, and a String takes everything.
    debug_assert!(written.is_ok());
}

impl Statement {
    /// The statement with its semicolon.
    pub fn sql(&self) -> String {
        join(std::slice::from_ref(self))
    }
}
