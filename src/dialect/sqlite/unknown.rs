//! Guards against what no revision knows: a script that builds tables anew would lose it, or lose rows to it.

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::quote;
use super::referable::LostKeys;
use super::row_guards::{Guard, Reads};
use super::statement::Statement;
use crate::schema::{ForeignKey, Rule, Table};

/// A rebuild makes what the revisions know; what someone else has added would be lost.
pub fn unknown_parts(table: &Table, triggers: &[EcoString]) -> Guard {
    let columns: Vec<EcoString> = table.columns.iter().map(|column| column.name.clone()).collect();
    let indexes: Vec<EcoString> = table.indexes.iter().map(|index| index.name.clone()).collect();
    let objects: Vec<&EcoString> = indexes.iter().chain(triggers).collect();
    let known = match quote::texts(objects) {
        none if none.is_empty() => none,
        list => format!("\n        AND \"name\" COLLATE NOCASE NOT IN ({list})"),
    };
    let name = quote::text(&table.name);
    let found = format!(
        "(
    SELECT 'column' AS \"kind\", \"name\"
    FROM pragma_table_xinfo({name})
    WHERE \"name\" COLLATE NOCASE NOT IN ({})
    UNION ALL
    SELECT \"type\", \"name\"
    FROM sqlite_schema
    WHERE \"tbl_name\" COLLATE NOCASE = {name}
        AND \"type\" IN ('index', 'trigger')
        AND \"name\" NOT GLOB 'sqlite_*'{known}
) AS \"found\"",
        quote::texts(&columns)
    );
    let message = Message::new(format!("`{}` has the ", table.name))
        .value("\"found\".\"kind\"")
        .words(" `")
        .value("\"found\".\"name\"")
        .words("`, which no revision knows and which a rebuild would lose");
    Guard::of(table, refuse(message, found, "\"found\".\"name\" IS NOT NULL"))
}

/// Foreign keys that a rebuild would lose: those with other columns, another table or other actions.
pub fn unknown_keys(table: &Table) -> Guard {
    let known: Vec<String> = table
        .foreign_keys()
        .flat_map(|(_, key)| key.columns.iter().map(move |column| known_key(key, column)))
        .collect();
    let condition = if known.is_empty() {
        "\"key\".\"from\" IS NOT NULL".to_owned()
    } else {
        format!(
            "NOT EXISTS (
        SELECT 1
        FROM (VALUES {}) AS \"known\"
        WHERE \"known\".\"column1\" = \"key\".\"from\" COLLATE NOCASE
            AND \"known\".\"column2\" = \"key\".\"table\" COLLATE NOCASE
            AND \"known\".\"column3\" = \"key\".\"on_delete\"
            AND \"known\".\"column4\" = \"key\".\"on_update\"
    )",
            known.join(", ")
        )
    };
    let message = Message::new(format!("`{}.", table.name))
        .value("\"key\".\"from\"")
        .words("` refers to `")
        .value("\"key\".\"table\"")
        .words("` ON DELETE ")
        .value("\"key\".\"on_delete\"")
        .words(" ON UPDATE ")
        .value("\"key\".\"on_update\"")
        .words(", which no revision knows and which a rebuild would lose");
    let source = format!("pragma_foreign_key_list({}) AS \"key\"", quote::text(&table.name));
    Guard { statement: refuse(message, source, condition), reads: reads_of_keys(table) }
}

fn known_key(key: &ForeignKey, column: &EcoString) -> String {
    let words = [column.as_str(), &key.referred_table, key.on_delete.sql(), key.on_update.sql()];
    format!("({})", words.map(quote::text).join(", "))
}

/// The names of other tables stand in a foreign key.
fn reads_of_keys(table: &Table) -> Reads {
    let referred = table.foreign_keys().map(|(_, key)| key.referred_table.clone());
    Reads::Tables(std::iter::once(table.name.clone()).chain(referred).collect())
}

/// The words that stand for clauses which no pragma shows, with what they are called.
const CLAUSES: [(&str, &str); 5] = [
    ("CHECK", "checks"),
    ("COLLATE", "collations"),
    ("CONFLICT", "conflict clauses"),
    ("DEFERRABLE", "deferrable foreign keys"),
    ("AUTOINCREMENT", "AUTOINCREMENT"),
];

/// Clauses that a rebuild would lose: of some there are more in the database than in `text`, the table as it is known.
///
/// Of the text of a table SQL can only count words. So a comment or a name with such a word stops the script too, where the
/// table was not made by Offprint.
pub fn unknown_clauses(table: &Table, text: &str) -> Guard {
    let text = text.to_ascii_uppercase();
    let name = quote::text(&table.name);
    let clauses = CLAUSES.iter().map(|(word, title)| {
        let known = text.matches(word).count();
        format!("({}, {}, {known})", quote::text(title), quote::text(word))
    });
    let mut counts = vec![format!(
        "SELECT
        \"clause\".\"column1\" AS \"clauses\",
        (length(\"sql\") - length(replace(upper(\"sql\"), \"clause\".\"column2\", ''))) / length(\"clause\".\"column2\") AS \"count\",
        \"clause\".\"column3\" AS \"known\"
    FROM sqlite_schema
    JOIN (VALUES {}) AS \"clause\"
    WHERE \"type\" = 'table' AND \"name\" = {name} COLLATE NOCASE",
        clauses.collect::<Vec<_>>().join(", ")
    )];
    let unique = table.constraints.iter().filter(|constraint| matches!(constraint.rule, Rule::Unique { .. })).count();
    counts.push(format!(
        "SELECT 'unique constraints', count(*), {unique} FROM pragma_index_list({name}) WHERE \"origin\" = 'u'"
    ));
    let generated = table.columns.iter().filter(|column| column.generated.is_some()).count();
    counts.push(format!(
        "SELECT 'generated columns', count(*), {generated} FROM pragma_table_xinfo({name}) WHERE \"hidden\" > 1"
    ));
    let options = u32::from(table.strict) + u32::from(table.without_rowid);
    counts.push(format!(
        "SELECT 'options', \"strict\" + \"wr\", {options} FROM pragma_table_list({name}) WHERE \"schema\" = 'main'"
    ));
    let source = format!("(\n    {}\n) AS \"found\"", counts.join("\n    UNION ALL\n    "));
    let message = Message::new(format!("of `{}` the revisions know ", table.name))
        .value("\"found\".\"known\"")
        .words(" ")
        .value("\"found\".\"clauses\"")
        .words(", and the database seems to have ")
        .value("\"found\".\"count\"")
        .words("; a rebuild would lose the rest");
    Guard {
        statement: refuse(message, source, "\"found\".\"count\" > \"found\".\"known\""),
        reads: reads_of_keys(table),
    }
}

/// Rows that refer to a table go or change when it is dropped with foreign keys on, and refer to nothing when they are
/// off. `known` are the tables that may refer to these.
pub fn unknown_references<'k>(tables: &[EcoString], known: impl IntoIterator<Item = &'k EcoString>) -> Guard {
    let condition = format!("\"key\".\"table\" COLLATE NOCASE IN ({})", quote::texts(tables));
    let statement =
        unknown_reference(known, &condition, "its rows would change or refer to nothing when that is dropped");
    Guard { statement, reads: Reads::Tables(tables.to_vec()) }
}

/// A table whose foreign key leads to no key of another one can be read, and not written any more. `known` are the tables
/// that may refer to this one.
pub fn unknown_references_to<'k>(
    table: &EcoString,
    keys: &LostKeys,
    known: impl IntoIterator<Item = &'k EcoString>,
) -> Guard {
    let name = quote::text(table);
    let columns = quote::texts(&keys.columns);
    let implied = if keys.primary { " OR \"key\".\"to\" IS NULL" } else { "" };
    let condition = format!(
        "\"key\".\"table\" = {name} COLLATE NOCASE\n        AND (\"key\".\"to\" COLLATE NOCASE IN ({columns}){implied})"
    );
    let statement =
        unknown_reference(known, &condition, "it could not be written any more when the key becomes another one");
    Guard { statement, reads: Reads::Tables(vec![table.clone()]) }
}

fn unknown_reference<'k>(
    known: impl IntoIterator<Item = &'k EcoString>,
    condition: &str,
    consequence: &str,
) -> Statement {
    let found = format!(
        "(
    SELECT \"other\".\"name\" AS \"name\", \"key\".\"table\" AS \"referred\"
    FROM sqlite_schema AS \"other\"
    JOIN pragma_foreign_key_list(\"other\".\"name\") AS \"key\"
    WHERE \"other\".\"type\" = 'table'
        AND \"other\".\"name\" NOT GLOB '_cf_*'
        AND \"other\".\"name\" COLLATE NOCASE NOT IN ({})
        AND {condition}
) AS \"found\"",
        quote::texts(known)
    );
    let message = Message::new("table `")
        .value("\"found\".\"name\"")
        .words("` refers to `")
        .value("\"found\".\"referred\"")
        .words(format!("`, which no revision knows, and {consequence}"));
    refuse(message, found, "\"found\".\"name\" IS NOT NULL")
}

/// Views and triggers that mention a table stop SQLite when another one takes its name. `known` are those that make way.
pub fn unknown_dependants<'k>(tables: &[EcoString], known: impl IntoIterator<Item = &'k EcoString>) -> Guard {
    let known = match quote::texts(known) {
        none if none.is_empty() => none,
        list => format!("\n        AND \"name\" COLLATE NOCASE NOT IN ({list})"),
    };
    let mentions = tables.iter().map(|table| {
        format!("lower(' ' || \"sql\" || ' ') GLOB {}", quote::text(&format!("*{BORDER}{}{BORDER}*", glob(table))))
    });
    let found = format!(
        "(
    SELECT \"type\", \"name\"
    FROM sqlite_schema
    WHERE \"type\" IN ('view', 'trigger'){known}
        AND ({})
) AS \"found\"",
        mentions.collect::<Vec<_>>().join("\n            OR ")
    );
    let message = Message::new("the ")
        .value("\"found\".\"type\"")
        .words(" `")
        .value("\"found\".\"name\"")
        .words(format!("` seems to mention `{}`, and no revision knows it", tables.join("` or `")));
    Guard { statement: refuse(message, found, "\"found\".\"name\" IS NOT NULL"), reads: Reads::Tables(tables.to_vec()) }
}

/// What can stand next to a name that is not part of a longer one.
const BORDER: &str = "[^a-z0-9_$]";

/// The name as a pattern that is found in lower case.
fn glob(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '*' | '?' | '[' => pattern.extend(['[', character, ']']),
            other => pattern.push(other.to_ascii_lowercase()),
        }
    }
    pattern
}
