//! Guards against parts that bear the name of a known one and are another one: a rebuild would make the known one of them.

use super::definition::{create_index, known_collation};
use super::guard::{Message, refuse};
use super::layout;
use super::literal::literal;
use super::lower::Result;
use super::plain::{plain, plain_sql, stored_texts};
use super::quote;
use super::rebuild::create_trigger;
use super::row_guards::Guard;
use super::types;
use crate::schema::{Column, ColumnType, Index, IndexKey, Order, Schema, Table, Trigger};

/// Columns with a rule that a rebuild would lose: NOT NULL, another default, another place in the primary key.
///
/// A column that has less than the revisions say is no loss; the rows are asked for what it has to become.
pub fn columns(table: &Table, schema: &Schema) -> Result<Guard> {
    let mut known = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let place = table.primary_key().iter().position(|name| *name == column.name).map_or(0, |place| place + 1);
        let default = default_of(column, table, schema)?;
        known.push(format!(
            "({}, {}, {place}, {}, {})",
            quote::text(&column.name),
            u8::from(column.is_not_null()),
            quote::text(&default),
            quote::text(synonym(&default, column))
        ));
    }
    let source = format!(
        "(
    SELECT
        \"column\".\"name\"
            || iif(\"notnull\", ' NOT NULL', '')
            || coalesce(' DEFAULT ' || replace(\"dflt_value\", '''', '\"'), '')
            || iif(\"pk\", ' in the primary key', '') AS \"found\",
        \"column\".\"pk\" <> \"known\".\"column3\"
            OR \"column\".\"notnull\" > \"known\".\"column2\" AND \"column\".\"pk\" = 0
            OR trim(iif(\"dflt_value\" GLOB '''*', \"plain\", lower(\"plain\")), '()')
                NOT IN (\"known\".\"column4\", \"known\".\"column5\", 'null') AS \"differs\"
    FROM (
        SELECT
            *,
            {} AS \"plain\"
        FROM pragma_table_xinfo({})
    ) AS \"column\"
    JOIN ({}) AS \"known\" ON \"known\".\"column1\" = \"column\".\"name\" COLLATE NOCASE
) AS \"column\"",
        plain_sql("\"dflt_value\"", 4),
        quote::text(&table.name),
        layout::rows(&known, 2)
    );
    let message = Message::new(format!("`{}` has the column `", table.name))
        .value("\"column\".\"found\"")
        .words("`, of which the revisions know something else, and a rebuild would lose it");
    Ok(Guard::of(table, refuse(message, source, "\"column\".\"differs\"")))
}

/// Columns that compare text in another way than the revisions say. The engine shows it of a text in their place: whether that
/// equals one with capital letters, and one without the space at its end.
///
/// # Errors
///
/// SQLite does not have a collation.
pub fn collations(table: &Table) -> Result<Option<Guard>> {
    let mut cases = Vec::with_capacity(table.columns.len());
    let mut selected = Vec::with_capacity(table.columns.len());
    let mut is_collated = false;
    for column in &table.columns {
        let collation = column.collation.as_ref().map(known_collation).transpose()?.unwrap_or("BINARY");
        is_collated |= collation != "BINARY";
        let (name, same) = (
            quote::name(&column.name),
            match collation {
                "NOCASE" => "(1, 0)",
                "RTRIM" => "(0, 1)",
                _ => "(0, 0)",
            },
        );
        let words = quote::text(&format!("{}` COLLATE {collation}", column.name));
        cases.push(format!("\n            WHEN ({name} = 'A ', {name} = 'a') <> {same} THEN {words}"));
        selected.push(quote::column(&table.name, &column.name));
    }
    if !is_collated {
        return Ok(None);
    }
    let source = format!(
        "(
    SELECT
        CASE{}
        END AS \"words\"
    FROM (
        SELECT{}
        FROM {}
        WHERE 0
        UNION ALL
        SELECT {}
    )
) AS \"column\"",
        cases.concat(),
        layout::listed(&selected, 3),
        quote::name(&table.name),
        vec!["'a '"; selected.len()].join(", ")
    );
    let message = Message::new(format!("the revisions know `{}.", table.name))
        .value("\"column\".\"words\"")
        .words(", and the database compares otherwise, which a rebuild would lose");
    Ok(Some(Guard::of(table, refuse(message, source, "\"column\".\"words\" IS NOT NULL"))))
}

/// The default of a column made plain, as the guard makes that of the database.
fn default_of(column: &Column, table: &Table, schema: &Schema) -> Result<String> {
    let Some(default) = &column.default else { return Ok(String::new()) };
    let held = types::hold(&column.column_type, table, schema)?;
    let written = literal(default, &held);
    let text = plain(&written);
    let text = if written.starts_with('\'') { text } else { text.to_ascii_lowercase() };
    Ok(text.trim_matches(['(', ')']).to_owned())
}

/// Another way to write the default that means the same.
fn synonym(default: &str, column: &Column) -> &'static str {
    match (default, &column.column_type) {
        ("1", ColumnType::Boolean) => "true",
        ("0", ColumnType::Boolean) => "false",
        _ => "null",
    }
}

/// Indexes that sort by something else, hold other rows, or are unique where the known one is not.
///
/// # Errors
///
/// SQLite does not have a collation of one.
pub fn indexes<'i>(table: &Table, known: impl IntoIterator<Item = &'i Index>) -> Result<Option<Guard>> {
    let mut rows = Vec::new();
    for index in known {
        let (text, unique) = (definition_of(index, table)?, index.is_unique());
        let parts = parts_of(index, table)?;
        rows.push(format!("({}, {}, {}, {})", quote::text(&index.name), u8::from(unique), quote::text(&parts), text));
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let name = quote::text(&table.name);
    let source = format!(
        "(
    SELECT
        \"list\".\"name\",
        \"list\".\"unique\" <> \"known\".\"column2\"
            OR \"list\".\"partial\" AND \"known\".\"column4\" IS NULL
            OR (
                SELECT group_concat(coalesce(\"name\", '()') || ' ' || \"coll\" || iif(\"desc\", ' DESC', ''), ', ')
                FROM (SELECT * FROM pragma_index_xinfo(\"list\".\"name\") WHERE \"key\" ORDER BY \"seqno\")
            ) <> \"known\".\"column3\" COLLATE NOCASE
            OR substr(\"index\".\"plain\", instr(\"index\".\"plain\", '(')) <> \"known\".\"column4\" AS \"differs\"
    FROM pragma_index_list({name}) AS \"list\"
    JOIN ({}) AS \"known\" ON \"known\".\"column1\" = \"list\".\"name\" COLLATE NOCASE
    JOIN {} AS \"index\" ON \"index\".\"name\" = \"list\".\"name\"
) AS \"index\"",
        layout::rows(&rows, 2),
        stored_texts("\"type\" = 'index'", 2)
    );
    let message = Message::new(format!("`{}` has an index `", table.name)).value("\"index\".\"name\"").words(
        "` that is another one than the revisions know, and a rebuild would lose it; make it as they say, or drop it",
    );
    Ok(Some(Guard::of(table, refuse(message, source, "\"index\".\"differs\""))))
}

/// What the index sorts by, in the words of the guard.
fn parts_of(index: &Index, table: &Table) -> Result<String> {
    let mut parts = Vec::with_capacity(index.parts.len());
    for part in &index.parts {
        let (key, inherited) = match &part.key {
            IndexKey::Column(name) => (name.as_str(), table.column(name).and_then(|column| column.collation.as_ref())),
            IndexKey::Expression(_) => ("()", None),
        };
        let collation = part.collation.as_ref().or(inherited).map(known_collation).transpose()?.unwrap_or("BINARY");
        let order = if part.order == Order::Descending { " DESC" } else { "" };
        parts.push([key, " ", collation, order].concat());
    }
    Ok(parts.join(", "))
}

/// The text of the index from its first parenthesis on, made plain, where pragmas do not show all of it.
fn definition_of(index: &Index, table: &Table) -> Result<String> {
    if index.filter.is_none() && index.expressions().next().is_none() {
        return Ok("NULL".into());
    }
    let statement = create_index(index, &table.name)?.sql();
    let text = plain(statement.trim_end().trim_end_matches(';')).to_ascii_lowercase();
    Ok(quote::text(&text[text.find('(').unwrap_or_default()..]))
}

/// Triggers that do something else.
pub fn triggers<'t>(table: &Table, known: impl IntoIterator<Item = &'t Trigger>) -> Option<Guard> {
    let rows = known.into_iter().map(|trigger| {
        let statement = create_trigger(&trigger.name, &trigger.definition).sql();
        let text = plain(statement.trim_end().trim_end_matches(';')).to_ascii_lowercase();
        format!("({}, {})", quote::text(&trigger.name), quote::text(&text))
    });
    let rows: Vec<String> = rows.collect();
    if rows.is_empty() {
        return None;
    }
    let source = format!(
        "(
    SELECT \"name\", \"plain\" <> \"known\".\"column2\" AS \"differs\"
    FROM {}
    JOIN ({}) AS \"known\" ON \"known\".\"column1\" = \"name\" COLLATE NOCASE
) AS \"trigger\"",
        stored_texts("\"type\" = 'trigger'", 2),
        layout::rows(&rows, 2)
    );
    let message = Message::new(format!("`{}` has a trigger `", table.name)).value("\"trigger\".\"name\"").words(
        "` that is another one than the revisions know, and a rebuild would lose it; make it as they say, or drop it",
    );
    Some(Guard::of(table, refuse(message, source, "\"trigger\".\"differs\"")))
}
