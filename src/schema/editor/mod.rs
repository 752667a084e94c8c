//! The only way to change a [`Schema`]: each method checks, changes and records in one call.

mod columns;
mod constraints;
mod data;
mod double_quotes;
mod enumerations;
mod indexes;
mod objects;
mod partitions;
mod privileges;
mod renames;
mod sequences;
mod storage;
mod tables;
mod types;
mod views;

use std::fmt;
use std::sync::Arc;

use ecow::{EcoString, eco_format};

pub use columns::ColumnFacets;
pub use enumerations::Position;
pub use indexes::IndexedRows;
pub use privileges::{Grant, Revocation};
pub(crate) use renames::with_column_renamed;
pub use types::DomainFacets;

use super::decimal::DecimalDigits;
use super::misreading::{Misreading, misreading};
use super::names::{Dependence, Reading, expression_names_column};
use super::naming::{LONGEST_NAME, NamingConvention, postgres_default};
use super::statements::{Escape, escape, stays_in_block};
use super::value::is_hexadecimal;
use super::{
    Cause, Change, Column, Dialect, Enumeration, Literal, ObjectKind, Schema, Sql, Table, Transition, Value, View,
    tokens,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::schema::Rule;
use crate::source::{Located, Name, Origin};

/// Changes a schema on behalf of one revision and keeps what it changed.
#[derive(Debug)]
pub struct Editor<'a> {
    schema: Schema,
    dialect: Dialect,
    naming: &'a NamingConvention,
    revision: EcoString,
    cause: Arc<Cause>,
    transitions: Vec<Transition>,
}

impl<'a> Editor<'a> {
    /// An editor of `schema` for one dialect and one revision.
    pub fn new(schema: Schema, dialect: Dialect, naming: &'a NamingConvention, revision: EcoString) -> Self {
        let cause = Arc::new(Cause {
            number: 0,
            title: EcoString::new(),
            origin: Origin::Unknown,
            emission: super::Emission::Emitted,
            online: super::Online::No,
        });
        Editor { schema, dialect, naming, revision, cause, transitions: Vec::new() }
    }

    /// From now on changes are due to this operation.
    pub fn begin(&mut self, cause: Cause) {
        self.cause = Arc::new(cause);
    }

    /// The schema as it is now.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The dialect of this replay.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The naming convention of the project.
    pub fn naming(&self) -> &'a NamingConvention {
        self.naming
    }

    /// The operation that is being applied.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// The schema and all changes that led to it.
    pub fn finish(self) -> (Schema, Vec<Transition>) {
        (self.schema, self.transitions)
    }

    /// Changes the schema and records the change, in one call.
    fn record(&mut self, change: Change, edit: impl FnOnce(&mut Schema)) {
        let before = self.schema.clone();
        edit(&mut self.schema);
        let after = self.schema.clone();
        self.transitions.push(Transition { before, change, after, cause: self.cause.clone() });
    }

    /// Records a change of one table, whose new state is given whole.
    fn record_table(&mut self, change: Change, table: Table) {
        self.record(change, |schema| schema.put_table(table));
    }

    /// The table of this name.
    ///
    /// # Errors
    ///
    /// There is none; says in which revision it went away, or which name comes close.
    pub fn table(&self, name: &Name) -> Result<Arc<Table>> {
        match self.schema.table(name) {
            Some(table) => Ok(table.clone()),
            None => Err(self.missing_table(name)),
        }
    }

    fn missing_table(&self, name: &Name) -> Box<Diagnostic> {
        self.missing(Code::UnknownTable, "table", name, self.schema.tables().map(|table| table.name.as_str()))
    }

    /// The column of this name in a table that may still be in the making.
    ///
    /// # Errors
    ///
    /// There is none; says in which revision it went away, or which name comes close.
    pub fn column<'t>(&self, table: &'t Table, name: &Name) -> Result<&'t Column> {
        if let Some(column) = table.column(name) {
            return Ok(column);
        }
        let message = format!("table `{}` has no column `{name}`", table.name);
        let key = eco_format!("{}.{name}", table.name);
        let mut diagnostic = Diagnostic::new(Code::UnknownColumn, message).at(name.origin, "no such column");
        if let Some(revision) = self.schema.departed("column", &key) {
            diagnostic = diagnostic.note(format!("`{key}` went away in revision {revision}"));
        }
        let names = table.columns.iter().map(|column| column.name.as_str());
        let diagnostic = diagnostic.did_you_mean(name, names.clone());
        Err(Box::new(if diagnostic.helps.is_empty() {
            diagnostic.help(format!("the columns of `{}` are: {}", table.name, list(names)))
        } else {
            diagnostic
        }))
    }

    /// The enum of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn enumeration(&self, name: &Name) -> Result<Arc<Enumeration>> {
        match self.schema.enumeration(name) {
            Some(enumeration) => Ok(enumeration.clone()),
            None => {
                let names = self.schema.enumerations().map(|enumeration| enumeration.name.as_str());
                Err(self.missing(Code::UnknownObject, "enum", name, names))
            }
        }
    }

    /// The view of this kind and name.
    ///
    /// # Errors
    ///
    /// There is none, or it is of the other kind.
    fn view(&self, kind: ObjectKind, name: &Name) -> Result<Arc<View>> {
        match self.schema.view(name).filter(|view| view.object_kind() == kind) {
            Some(view) => Ok(view.clone()),
            None => {
                let views = self.schema.views().filter(|view| view.object_kind() == kind);
                Err(self.missing(Code::UnknownObject, kind.title(), name, views.map(|view| view.name.as_str())))
            }
        }
    }

    fn missing<'n>(
        &self,
        code: Code,
        kind: &str,
        name: &Name,
        candidates: impl Iterator<Item = &'n str>,
    ) -> Box<Diagnostic> {
        let mut diagnostic =
            Diagnostic::new(code, format!("no {kind} `{name}` exists here")).at(name.origin, format!("no such {kind}"));
        if let Some(revision) = self.schema.departed(kind, name) {
            diagnostic = diagnostic.note(format!("{kind} `{name}` went away in revision {revision}"));
        }
        if let Some(occupant) = self.schema.occupant(name)
            && occupant.kind.title() != kind
        {
            diagnostic = diagnostic.note(format!("`{}` is {}", occupant.name, occupant.kind.with_article()));
        }
        let diagnostic = diagnostic.did_you_mean(name, candidates);
        Box::new(if diagnostic.helps.is_empty() {
            diagnostic.help(format!("create the {kind} first, in this revision or in one before it"))
        } else {
            diagnostic
        })
    }

    /// Checks that a name can be a name.
    ///
    /// # Errors
    ///
    /// It is empty, longer than 63 bytes, or holds a control character or a dot.
    pub fn check_name(&self, name: &Name) -> Result<()> {
        check_spelling(name)?;
        if name.contains('.') {
            let help = "write the name without its schema: objects live in the schema that `offprint.toml` names";
            return Err(refuse_name(name, format!("the name `{name}` has a dot"), "names one object in another", help));
        }
        Ok(())
    }

    /// Checks that a name can be the name of a table, or of another object of the schema.
    fn check_object_name(&self, name: &Name) -> Result<()> {
        self.check_name(name)?;
        const RESERVED: &str = "sqlite_";
        let begins_reserved =
            name.get(..RESERVED.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(RESERVED));
        if self.dialect == Dialect::Sqlite && begins_reserved {
            let problem = format!("SQLite keeps names such as `{name}`, which begin with `{RESERVED}`, for itself");
            return Err(refuse_name(name, problem, "reserved", "choose a name that begins otherwise"));
        }
        Ok(())
    }

    /// Checks that nothing bears this name yet.
    ///
    /// # Errors
    ///
    /// The name cannot be a name, or a table, view, index, enum or constraint with an index has it already.
    pub fn check_free(&self, name: &Name) -> Result<()> {
        self.check_object_name(name)?;
        let Some(occupant) = self.schema.occupant(name) else { return self.check_no_sequence(name) };
        let kind = occupant.kind.title();
        let taken = format!("{} `{}` exists already", occupant.kind.with_article(), occupant.name);
        let message = if occupant.name == name.value {
            taken
        } else {
            format!("{taken}, and SQLite does not tell it from `{name}`")
        };
        Err(Box::new(
            Diagnostic::new(Code::AlreadyExists, message)
                .at(name.origin, "this name is taken")
                .note("tables, views, indexes, types, primary keys and unique constraints share one namespace")
                .help(format!("choose another name, or drop or rename the {kind} first")),
        ))
    }

    /// Checks that no column has its numbers from a sequence of this name, which Postgres has made for it.
    fn check_no_sequence(&self, name: &Name) -> Result<()> {
        let maybe = name.trim_end_matches(|last: char| last.is_ascii_digit()).ends_with("_seq");
        if self.dialect != Dialect::Postgres || !maybe {
            return Ok(());
        }
        for table in self.schema.tables() {
            let numbered = |column: &&Arc<Column>| column.identity.is_some();
            for column in table.columns.iter().filter(numbered) {
                if postgres_default(&table.name, &column.name, "seq") == name.value {
                    let message =
                        format!("the numbers of `{}.{}` are from a sequence `{name}`", table.name, column.name);
                    return Err(Box::new(
                        Diagnostic::new(Code::AlreadyExists, message)
                            .at(name.origin, "this name is taken")
                            .note("tables, indexes and sequences share one namespace")
                            .help("choose another name"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Checks that an object can get another name, which may differ from its own only in the case of letters.
    fn check_new_name(&self, from: &Name, to: &Name) -> Result<()> {
        self.check_renamed(from, to)?;
        if from.eq_ignore_ascii_case(to) { self.check_object_name(to) } else { self.check_free(to) }
    }

    /// Checks that a renaming gives another name.
    fn check_renamed(&self, from: &Name, to: &Name) -> Result<()> {
        if from.value != to.value {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(Code::NothingToDo, format!("`{from}` has this name already"))
                .at(to.origin, "nothing to change")
                .help("leave the operation out, or write another name"),
        ))
    }

    /// The text of SQL for the dialect of this replay.
    ///
    /// # Errors
    ///
    /// There is a text for other dialects only, or the database would read it in another way than it looks.
    pub fn text(&self, sql: &Sql) -> Result<Name> {
        let Some(text) = sql.text(self.dialect) else {
            let dialect = self.dialect;
            return Err(Box::new(
                Diagnostic::new(Code::MissingSql, format!("there is no SQL for {} here", dialect.title()))
                    .at(sql.origin(), "written for another dialect only")
                    .help(format!(
                        "add `.{dialect}(\"…\")`, or limit the operation with `op.postgres()` or `op.sqlite()`"
                    )),
            ));
        };
        if let Some(token) = tokens::tokens(text).find(|token| token.kind == tokens::TokenKind::Unclosed) {
            let opening: String = token.text.chars().take(12).collect();
            return Err(Box::new(
                Diagnostic::new(Code::InvalidValue, "a quote or comment in the SQL is never closed")
                    .at(text.origin, format!("opens at `{opening}`"))
                    .help("close it"),
            ));
        }
        if let Some(Misreading { problem, help }) = misreading(text, self.dialect) {
            let diagnostic = Diagnostic::new(Code::RefusedSql, problem);
            return Err(Box::new(diagnostic.at(text.origin, "is not read as it looks").help(help)));
        }
        Ok(text.clone())
    }

    /// The text of statements that stand between `BEGIN ATOMIC` and `END`.
    ///
    /// # Errors
    ///
    /// There is a text for other dialects only, there is no statement in it, or it would reach beyond its place.
    pub fn block(&self, sql: &Sql) -> Result<Name> {
        let text = self.text(sql)?;
        if stays_in_block(&text) {
            return Ok(text);
        }
        Err(Box::new(
            Diagnostic::new(Code::RefusedSql, "this is not one or more whole statements")
                .at(text.origin, "must stay between BEGIN ATOMIC and END")
                .help(
                    "write statements with semicolons between them, with as many END as CASE, and no END of the body",
                ),
        ))
    }

    /// The text of an expression, a query or a name for the dialect of this replay, which ends up inside a statement.
    ///
    /// # Errors
    ///
    /// There is a text for other dialects only, or it would reach beyond its place: it has a semicolon before its end,
    /// or a parenthesis without its partner.
    pub fn expression(&self, sql: &Sql) -> Result<Name> {
        let text = self.text(sql)?;
        let (problem, help) = match escape(&text) {
            None => return Ok(text),
            Some(Escape::NotOneStatement) => {
                ("an expression is one expression, without a semicolon in it", "write one expression")
            }
            Some(Escape::Closed) => ("a parenthesis is closed that was not opened", "open it, or leave it out"),
            Some(Escape::Open) => ("a parenthesis is opened and not closed", "close it, or leave it out"),
        };
        let diagnostic = Diagnostic::new(Code::RefusedSql, problem);
        Err(Box::new(diagnostic.at(text.origin, "must stay inside its statement").help(help)))
    }

    /// The name that the engine gives a constraint of a table for which none is written; `None` where it gives none.
    pub fn engine_name(&self, table: &Table, rule: &Rule) -> Option<EcoString> {
        match self.dialect {
            Dialect::Postgres => Some(self.postgres_name(table, rule, None)),
            Dialect::Sqlite => None,
        }
    }

    /// The name that Postgres gives a constraint of a table for which none is written. What a check is about may be said
    /// in place of its columns.
    pub fn postgres_name(&self, table: &Table, rule: &Rule, subject: Option<&str>) -> EcoString {
        let (columns, label) = match (rule, subject) {
            (Rule::PrimaryKey { .. }, _) => (String::new(), "pkey"),
            (Rule::Unique { columns, .. }, _) => (columns.join("_"), "key"),
            (Rule::ForeignKey(key), _) => (key.columns.join("_"), "fkey"),
            (Rule::Exclusion(exclusion), _) => (exclusion.subjects().join("_"), "excl"),
            (Rule::Check { .. }, Some(subject)) => (subject.to_owned(), "check"),
            (Rule::Check { expression }, None) => {
                let used = table.columns.iter().filter(|column| {
                    expression_names_column(expression, table, &column.name, &self.schema, self.dialect)
                });
                let names: Vec<&str> = used.map(|column| column.name.as_str()).collect();
                (if let [only] = names.as_slice() { (*only).into() } else { String::new() }, "check")
            }
        };
        // Postgres makes the names unique among the constraints of all tables, although they need not be.
        let taken = |name: &EcoString| {
            let bears = |table: &Table| table.constraint(name).is_some();
            let others = self.schema.tables().filter(|other| other.name != table.name);
            bears(table)
                || (rule.has_index() && self.schema.occupant(name).is_some())
                || others.into_iter().any(|other| bears(other))
        };
        let mut name = postgres_default(&table.name, &columns, label);
        let mut number = 1;
        while taken(&name) {
            name = postgres_default(&table.name, &columns, &format!("{label}{number}"));
            number += 1;
        }
        name
    }

    /// The text of SQL for the dialect of this replay, if there is one.
    pub fn own_text<'s>(&self, sql: &'s Sql) -> Option<&'s Name> {
        sql.text(self.dialect)
    }

    /// A value as the dialect of this replay sees it.
    ///
    /// # Errors
    ///
    /// It is raw SQL for other dialects only, nothing that a database can hold, or SQLite would take a name in it for a
    /// string.
    pub fn value(&self, value: &Located<Value>) -> Result<Literal> {
        self.resolved(value, |sql| {
            let text = self.expression(sql)?;
            self.check_double_quotes(&text, None, || Reading::of_value(&text, &self.schema, self.dialect))?;
            Ok(text)
        })
    }

    fn resolved(&self, value: &Located<Value>, expression: impl Fn(&Sql) -> Result<Name>) -> Result<Literal> {
        let refuse = |problem: String, label: &str, help: &str| {
            Err(Box::new(Diagnostic::new(Code::InvalidValue, problem).at(value.origin, label).help(help)))
        };
        match &value.value {
            Value::Text(text) => check_storable(text, value.origin)?,
            Value::Decimal(digits) if DecimalDigits::parse(digits).is_none() => {
                let problem = format!("`{digits}` is not a decimal number");
                return refuse(problem, "no decimal number", "write digits, as in `decimal(\"-1.10\")`");
            }
            Value::Hex(digits) if !is_hexadecimal(digits) => {
                let problem = format!("`{digits}` is not pairs of hexadecimal digits");
                return refuse(problem, "no binary data", "write two digits for each byte, as in `hex(\"00ff\")`");
            }
            _ => {}
        }
        value.resolve(|sql| expression(sql).map(|text| text.value))
    }

    /// The text of a comment that a database keeps.
    ///
    /// # Errors
    ///
    /// No database can hold it.
    pub fn comment(&self, text: &Name) -> Result<EcoString> {
        check_storable(text, text.origin)?;
        Ok(text.value.clone())
    }

    fn note_departure(&mut self, kind: &str, name: &str) {
        self.schema.note_departure(kind, name, &self.revision);
    }

    /// Refuses a change while the text of something else refers to the object, or may do so. The words for the object
    /// are put together only where they are needed.
    fn check_unused(
        &self,
        origin: Origin,
        object: fmt::Arguments<'_>,
        dependences: impl FnOnce() -> Vec<Dependence>,
    ) -> Result<()> {
        let mut found = dependences();
        // What surely is in the way says more than what may be.
        found.sort_by_key(|dependence| dependence.doubt.is_some());
        let Some(Dependence { dependant, doubt }) = found.first() else { return Ok(()) };
        let help = format!("drop {dependant} before the change and create it again after it");
        Err(Box::new(match doubt {
            None => Diagnostic::new(Code::InUse, format!("{object} is used by {dependant}"))
                .at(origin, format!("named in the text of {dependant}"))
                .help(help),
            Some(doubt) => Diagnostic::new(Code::InUse, format!("{object} may be used by {dependant}"))
                .at(origin, format!("perhaps meant in the text of {dependant}"))
                .note(format!("of its text: {}", doubt.0))
                .help(help),
        }))
    }

    /// Refuses a change while the text of an object of the rarer kinds may mention all of these names: it would have to
    /// change too.
    fn check_unmentioned(&self, origin: Origin, object: fmt::Arguments<'_>, names: &[&str]) -> Result<()> {
        match self.schema.objects().find(|other| other.mentions(names)).map(|other| other.title()) {
            None => Ok(()),
            Some(dependant) => Err(Box::new(
                Diagnostic::new(Code::InUse, format!("{object} is used by {dependant}"))
                    .at(origin, format!("mentioned in the text of {dependant}"))
                    .help(format!("drop {dependant} before the change and create it again after it")),
            )),
        }
    }
}

/// Checks that a text can be kept by a database.
fn check_storable(text: &str, origin: Origin) -> Result<()> {
    if !text.contains('\0') {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::new(Code::InvalidValue, "a text has a NUL character, which Postgres cannot hold")
            .at(origin, "has a NUL character")
            .help("use `bytes()` for binary data"),
    ))
}

/// Checks that a name can be the name of anything.
fn check_spelling(name: &Name) -> Result<()> {
    if name.is_empty() {
        return Err(refuse_name(name, "a name is empty".into(), "this name is empty", "give it a name"));
    }
    if name.len() > LONGEST_NAME {
        let problem = format!("the name has {} bytes", name.len());
        let help = "shorten it to 63 bytes: Postgres cuts longer names, and two of them may then be the same";
        return Err(refuse_name(name, problem, "longer than 63 bytes", help));
    }
    if name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    if name.chars().any(char::is_control) {
        let problem = "the name has a control character".into();
        return Err(refuse_name(name, problem, "not printable", "write it without"));
    }
    Ok(())
}

fn refuse_name(name: &Name, problem: String, label: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::InvalidName, problem).at(name.origin, label).help(help))
}

/// Names in a list for a sentence.
fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
