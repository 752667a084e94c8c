//! Tables and indexes in the words of SQLite.

use ecow::EcoString;

use super::checks::{self, Check};
use super::literal;
use super::quote;
use super::statement::{CreateIndex, CreateTable, Statement};
use super::types::{self, Held};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{
    Action, Column, Constraint, Deferrability, ForeignKey, Index, IndexKey, Order, Rule, Schema, Table, UniqueNulls,
    Uniqueness,
};

/// The statement that creates a table under a name that may not be its own yet.
///
/// # Errors
///
/// SQLite cannot hold a column, number its rows, or compare its text so.
pub fn create_table(table: &Table, name: &str, schema: &Schema) -> Result<Statement, Box<Diagnostic>> {
    has_stored_column(table)?;
    let mut definitions = Vec::with_capacity(table.columns.len() + table.constraints.len());
    for column in &table.columns {
        definitions.push(column_definition(column, table, schema)?);
    }
    for constraint in &table.constraints {
        if !is_part_of_identity(constraint, table) {
            definitions.push(constraint_definition(constraint, table)?);
        }
    }
    if table.without_rowid && table.primary_key().is_empty() {
        let message = format!("`{}` is WITHOUT ROWID and has no primary key", table.name);
        return Err(Box::new(
            Diagnostic::new(Code::NotInDialect, message).help("give it a primary key, or leave `.without_rowid()` out"),
        ));
    }
    let options = [("STRICT", table.strict), ("WITHOUT ROWID", table.without_rowid)];
    let options = options.into_iter().filter(|(_, wanted)| *wanted).map(|(option, _)| option).collect();
    Ok(CreateTable { name: quote::name(name), definitions, options }.into())
}

/// Checks that the database does not compute all columns of the table.
///
/// # Errors
///
/// It does.
pub fn has_stored_column(table: &Table) -> Result<(), Box<Diagnostic>> {
    if table.columns.iter().any(|column| column.generated.is_none()) {
        return Ok(());
    }
    let message = format!("all columns of `{}` would be generated, and SQLite wants one that is not", table.name);
    Err(Box::new(
        Diagnostic::new(Code::NotInDialect, message).help("keep a column with values of its own, or drop the table"),
    ))
}

/// A column with all that belongs to it.
///
/// # Errors
///
/// SQLite cannot hold it, number its rows, or compare its text so.
pub fn column_definition(column: &Column, table: &Table, schema: &Schema) -> Result<String, Box<Diagnostic>> {
    let mut definition = unchecked_definition(column, table, schema)?;
    if let Some(check) = Check::of_enum(column, table, schema) {
        definition.extend([" ", &check.definition()]);
    }
    Ok(definition)
}

/// A column with all that belongs to it but for the check of its enum.
///
/// # Errors
///
/// As for all of it.
pub fn unchecked_definition(column: &Column, table: &Table, schema: &Schema) -> Result<String, Box<Diagnostic>> {
    let held = types::hold(&column.column_type, table, schema)?;
    let name = quote::name(&column.name);
    let mut definition = String::with_capacity(80);
    definition.push_str(&name);
    definition.push(' ');
    definition.push_str(&held.declared);
    let mut push = |words: &[&str]| definition.extend([" "].iter().chain(words).copied());
    if let Some(collation) = &column.collation {
        push(&["COLLATE ", known_collation(collation)?]);
    }
    if column.is_not_null() {
        push(&["NOT NULL"]);
    }
    if let Some(default) = &column.default {
        literal::check(default, &held)?;
        push(&["DEFAULT ", &literal::literal(default, &held)]);
    }
    if let Some(expression) = &column.generated {
        let expression = quote::unqualified(expression, &table.name);
        push(&["GENERATED ALWAYS AS ", &quote::parenthesized(&expression), " STORED"]);
    }
    if column.identity.is_some() {
        push(&[&identity(column, table, &held)?]);
    }
    Ok(definition)
}

/// `PRIMARY KEY AUTOINCREMENT` behind the column that numbers the rows.
fn identity(column: &Column, table: &Table, held: &Held) -> Result<String, Box<Diagnostic>> {
    let refused = |message: String, help: &str| Box::new(Diagnostic::new(Code::NotInDialect, message).help(help));
    let place = || format!("{}.{}", table.name, column.name);
    if table.primary_key() != [column.name.clone()] {
        return Err(refused(
            format!("SQLite can number `{}` only as the whole primary key of its table", place()),
            "make the column alone the primary key, or leave `.identity()` out on SQLite",
        ));
    }
    if !held.declared.eq_ignore_ascii_case("INTEGER") {
        return Err(refused(
            format!("SQLite can number `{}` only as INTEGER, and it is {}", place(), held.declared),
            "use `integer()` or `big_integer()` for the column",
        ));
    }
    if table.without_rowid {
        return Err(refused(
            format!("SQLite cannot number the rows of `{}`, which is WITHOUT ROWID", table.name),
            "leave `.without_rowid()` or `.identity()` out",
        ));
    }
    let key = table.constraints.iter().find(|constraint| is_part_of_identity(constraint, table));
    let name = key.and_then(|key| key.name.as_ref());
    let named = name.map(|name| ["CONSTRAINT ", &quote::name(name), " "].concat()).unwrap_or_default();
    Ok(named + "PRIMARY KEY AUTOINCREMENT")
}

/// Whether the constraint is the primary key that stands behind the column which numbers the rows.
fn is_part_of_identity(constraint: &Constraint, table: &Table) -> bool {
    match &constraint.rule {
        Rule::PrimaryKey { columns } => {
            matches!(columns.as_slice(), [only] if table.column(only).is_some_and(|column| column.identity.is_some()))
        }
        Rule::Unique { .. } | Rule::Check { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => false,
    }
}

/// A constraint behind the columns of its table.
///
/// # Errors
///
/// SQLite has nothing that means the same.
pub fn constraint_definition(constraint: &Constraint, table: &Table) -> Result<String, Box<Diagnostic>> {
    let name = constraint.name.as_ref();
    let named = name.map(|name| format!("CONSTRAINT {} ", quote::name(name))).unwrap_or_default();
    let rule = match &constraint.rule {
        Rule::PrimaryKey { columns } => format!("PRIMARY KEY ({})", quote::names(columns)),
        Rule::Unique { columns, nulls } => {
            check_nulls(*nulls, &constraint.to_string())?;
            format!("UNIQUE ({})", quote::names(columns))
        }
        Rule::Check { expression } => format!("CHECK {}", checks::condition(expression, table)),
        Rule::ForeignKey(key) => foreign_key(key) + constraint.deferrability.sql(),
        Rule::Exclusion(_) => {
            return Err(Box::new(
                Diagnostic::new(Code::NotInDialect, format!("SQLite has no exclusion constraints: {constraint}"))
                    .help("add it with `op.postgres().create_exclusion_constraint(…)`"),
            ));
        }
    };
    if constraint.rule.has_index() && constraint.deferrability != Deferrability::NotDeferrable {
        return Err(Box::new(
            Diagnostic::new(Code::NotInDialect, format!("SQLite cannot defer the {constraint}: only foreign keys"))
                .help("leave `.deferrable()` out, or add the constraint for each dialect with `op.postgres()` and `op.sqlite()`"),
        ));
    }
    Ok(format!("{named}{rule}"))
}

/// SQLite tells all rows apart that have NULL in a unique column.
fn check_nulls(nulls: UniqueNulls, title: &str) -> Result<(), Box<Diagnostic>> {
    match nulls {
        UniqueNulls::Distinct => Ok(()),
        UniqueNulls::NotDistinct => Err(Box::new(
            Diagnostic::new(Code::NotInDialect, format!("SQLite has no NULLS NOT DISTINCT: {title}"))
                .help("limit it to Postgres, or index `coalesce(…)` with a value that no row has"),
        )),
    }
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        quote::names(&key.columns),
        quote::name(&key.referred_table),
        quote::names(&key.referred_columns)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    text
}

/// The statement that creates an index.
///
/// # Errors
///
/// SQLite does not have a collation of it, or cannot take NULL for a value.
pub fn create_index(index: &Index, table: &str) -> Result<Statement, Box<Diagnostic>> {
    if let Uniqueness::Unique(nulls) = index.uniqueness {
        check_nulls(nulls, &format!("index `{}`", index.name))?;
    }
    let mut parts = Vec::with_capacity(index.parts.len());
    for part in &index.parts {
        let mut words = vec![match &part.key {
            IndexKey::Column(name) => quote::name(name),
            IndexKey::Expression(expression) => quote::trailing(&quote::unqualified(expression, table)),
        }];
        if let Some(collation) = &part.collation {
            words.push(format!("COLLATE {}", known_collation(collation)?));
        }
        if part.order == Order::Descending {
            words.push("DESC".into());
        }
        parts.push(words.join(" "));
    }
    Ok(CreateIndex {
        unique: index.is_unique(),
        name: quote::name(&index.name),
        table: quote::name(table),
        parts,
        filter: index.filter.as_deref().map(quote::trailing),
    }
    .into())
}

/// What an index asks for that means nothing on SQLite.
pub fn index_comments(index: &Index) -> Vec<String> {
    let mut comments = Vec::new();
    if let Some(method) = &index.method {
        comments.push(format!("SQLite has one kind of index; {method} means nothing to it"));
    }
    if !index.include.is_empty() {
        comments.push(format!("SQLite has no INCLUDE; the index does not carry {}", index.include.join(", ")));
    }
    if !index.storage.is_empty() {
        comments.push("SQLite has no storage parameters".into());
    }
    if index.parts.iter().any(|part| part.nulls.is_some()) {
        comments.push(
            "SQLite has NULL first, or last in a descending index; NULLS FIRST and LAST mean nothing to it".into(),
        );
    }
    let classes: Vec<&str> = index.parts.iter().filter_map(|part| part.operator_class.as_deref()).collect();
    if !classes.is_empty() {
        comments.push(format!("SQLite has no operator classes; {} means nothing to it", classes.join(", ")));
    }
    comments
}

/// The collation in SQLite's spelling.
///
/// # Errors
///
/// SQLite does not have it.
pub fn known_collation(collation: &EcoString) -> Result<&'static str, Box<Diagnostic>> {
    let bare = collation.trim().trim_matches('"');
    ["BINARY", "NOCASE", "RTRIM"].into_iter().find(|known| known.eq_ignore_ascii_case(bare)).ok_or_else(|| {
        Box::new(
            Diagnostic::new(Code::NotInDialect, format!("SQLite has no collation `{collation}`"))
                .note("every SQLite has BINARY, NOCASE and RTRIM, and no other one")
                .help("write one of them for SQLite: `.collation(sql(\"…\").sqlite(\"NOCASE\"))`"),
        )
    })
}

/// Whether the column is the row's own number, which SQLite calls an alias of the rowid.
pub fn is_rowid_alias(table: &Table, column: &Column, schema: &Schema) -> bool {
    !table.without_rowid
        && table.primary_key() == [column.name.clone()]
        && types::hold(&column.column_type, table, schema)
            .is_ok_and(|held| held.declared.eq_ignore_ascii_case("INTEGER"))
}

/// The names by which the number of a row can be spoken of.
const ROWID_NAMES: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// Whether a column of this name hides the number of the row.
pub fn is_rowid_name(name: &str) -> bool {
    ROWID_NAMES.iter().any(|rowid| rowid.eq_ignore_ascii_case(name))
}

/// The name by which the number of a row can be spoken of, where no column hides it.
pub fn rowid_name(tables: [&Table; 2]) -> Option<&'static str> {
    let hidden = |name: &str| {
        tables.iter().any(|table| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
    };
    ROWID_NAMES.into_iter().find(|name| !hidden(name))
}
