//! Guards against what no revision knows: a script that builds tables anew would lose it, or lose rows to it.

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::quote;
use super::row_guards::{Guard, Reads};
use crate::schema::Table;

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

/// With foreign keys on, rows that refer to a table go or change when it is dropped. `known` are the tables that may refer
/// to these.
pub fn unknown_references<'k>(tables: &[EcoString], known: impl IntoIterator<Item = &'k EcoString>) -> Guard {
    let (names, known) = (quote::texts(tables), quote::texts(known));
    let found = format!(
        "(
    SELECT \"other\".\"name\" AS \"name\", \"key\".\"table\" AS \"referred\"
    FROM sqlite_schema AS \"other\"
    JOIN pragma_foreign_key_list(\"other\".\"name\") AS \"key\"
    WHERE \"other\".\"type\" = 'table'
        AND \"other\".\"name\" NOT GLOB '_cf_*'
        AND \"other\".\"name\" COLLATE NOCASE NOT IN ({known})
        AND \"key\".\"table\" COLLATE NOCASE IN ({names})
) AS \"found\""
    );
    let message = Message::new("table `")
        .value("\"found\".\"name\"")
        .words("` refers to `")
        .value("\"found\".\"referred\"")
        .words("`, which no revision knows, and its rows would change when that is dropped");
    Guard { statement: refuse(message, found, "\"found\".\"name\" IS NOT NULL"), reads: Reads::Tables(tables.to_vec()) }
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
