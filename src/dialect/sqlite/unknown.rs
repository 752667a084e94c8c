//! Guards against what no revision knows: a script that builds tables anew would lose it, or lose rows to it.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::guard::{Message, refuse};
use super::layout::{self, texts};
use super::plain::{is_table, plain, stored_texts};
use super::quote;
use super::referable::LostKeys;
use super::row_guards::{Guard, Reads};
use super::statement::Statement;
use crate::schema::{ForeignKey, Rule, Table};

/// A rebuild makes what the revisions know; what someone else has added would be lost.
pub fn unknown_parts(table: &Table, triggers: &[EcoString]) -> Guard {
    let columns: Vec<EcoString> = table.columns.iter().map(|column| column.name.clone()).collect();
    let indexes: Vec<EcoString> = table.indexes.iter().map(|index| index.name.clone()).collect();
    let objects: BTreeSet<&EcoString> = indexes.iter().chain(triggers).collect();
    let known = match texts(objects, 3) {
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
        texts(&columns, 2)
    );
    let message = Message::new(format!("`{}` has the ", table.name))
        .value("\"found\".\"kind\"")
        .words(" `")
        .value("\"found\".\"name\"")
        .words("`, which no revision knows and which a rebuild would lose");
    Guard::of(table, refuse(message, found, "\"found\".\"name\" IS NOT NULL"))
}

/// Foreign keys that a rebuild would lose: those with other columns, another table or column that they lead to, or other actions.
pub fn unknown_keys(table: &Table) -> Guard {
    let known: Vec<String> = table
        .foreign_keys()
        .flat_map(|(_, key)| key.columns.iter().zip(&key.referred_columns).map(move |pair| known_key(key, pair)))
        .collect();
    let condition = if known.is_empty() {
        "\"key\".\"from\" IS NOT NULL".to_owned()
    } else {
        format!(
            "NOT EXISTS (
        SELECT 1
        FROM ({}) AS \"known\"
        WHERE \"known\".\"column1\" = \"key\".\"from\" COLLATE NOCASE
            AND \"known\".\"column2\" = \"key\".\"table\" COLLATE NOCASE
            AND \"known\".\"column3\" = \"key\".\"on_delete\"
            AND \"known\".\"column4\" = \"key\".\"on_update\"
            AND \"known\".\"column5\" = coalesce(\"key\".\"to\", \"known\".\"column5\") COLLATE NOCASE
    )",
            layout::rows(&known, 3)
        )
    };
    let message = Message::new(format!("`{}.", table.name))
        .value("\"key\".\"from\"")
        .words("` refers to `")
        .value("\"key\".\"table\" || coalesce('.' || \"key\".\"to\", '')")
        .words("` ON DELETE ")
        .value("\"key\".\"on_delete\"")
        .words(" ON UPDATE ")
        .value("\"key\".\"on_update\"")
        .words(", which no revision knows and which a rebuild would lose");
    let source = format!("pragma_foreign_key_list({}) AS \"key\"", quote::text(&table.name));
    Guard { statement: refuse(message, source, condition), reads: reads_of_keys(table) }
}

fn known_key(key: &ForeignKey, (column, referred): (&EcoString, &EcoString)) -> String {
    let words = [column.as_str(), &key.referred_table, key.on_delete.sql(), key.on_update.sql(), referred];
    format!("({})", words.map(quote::text).join(", "))
}

/// The names of other tables stand in a foreign key.
fn reads_of_keys(table: &Table) -> Reads {
    let referred = table.foreign_keys().map(|(_, key)| key.referred_table.clone());
    Reads::Tables(std::iter::once(table.name.clone()).chain(referred).collect())
}

/// The words that stand for clauses which no pragma shows, with what they are called.
const CLAUSES: [(&str, &str); 4] = [
    ("COLLATE", "collations"),
    ("CONFLICT", "conflict clauses"),
    ("DEFERRABLE", "deferrable foreign keys"),
    ("AUTOINCREMENT", "AUTOINCREMENT"),
];

/// Clauses that a rebuild would lose: of some there are more in the database than in `known_text`, the table as it is known,
/// or they say something else. `known_checks` are the checks of the table, each with the wordings that it may have.
///
/// Of the text of a table SQL can only count words, and look for what is known. So a comment or a name with such a word stops
/// the script too, where the table was not made by Offprint.
pub fn unknown_clauses(table: &Table, known_text: &str, known_checks: &[Vec<String>]) -> Guard {
    let text = known_text.to_ascii_uppercase();
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
    JOIN ({}) AS \"clause\"
    WHERE {}",
        layout::rows(&clauses.collect::<Vec<_>>(), 2),
        is_table(&name)
    )];
    counts.push(checks(&name, known_text, known_checks));
    counts.push(unique_constraints(table, &name));
    counts.push(generated_columns(table, &name));
    // One SELECT for both: D1 takes no more than five in one statement.
    counts.push(format!(
        "SELECT \"option\".\"column1\", iif(\"option\".\"column2\", \"wr\", \"strict\"), \"option\".\"column3\"
    FROM pragma_table_list({name})
    JOIN (VALUES ('options STRICT', 0, {}), ('options WITHOUT ROWID', 1, {})) AS \"option\"
    WHERE \"schema\" = 'main'",
        u8::from(table.strict),
        u8::from(table.without_rowid)
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

/// The checks of the table, and those among them that have the text of a known one.
fn checks(name: &str, known_text: &str, known: &[Vec<String>]) -> String {
    // The word may also stand in a name or in a string.
    let others = match known_text.to_ascii_uppercase().matches("CHECK").count().saturating_sub(known.len()) {
        0 => String::new(),
        others => format!(" - {others}"),
    };
    format!(
        "SELECT
        'checks',
        (length(\"sql\") - length(replace(upper(\"sql\"), 'CHECK', ''))) / length('CHECK'){others},
        {}",
        found_texts(name, "check", known)
    )
}

/// The generated columns of the table, and those among them that are computed as a known one is.
fn generated_columns(table: &Table, name: &str) -> String {
    let known = table.columns.iter().filter_map(|column| column.generated.as_ref());
    let known = known.map(|expression| vec![quote::parenthesized(&quote::unqualified(expression, &table.name))]);
    format!(
        "SELECT
        'generated columns',
        (SELECT count(*) FROM pragma_table_xinfo({name}) WHERE \"hidden\" > 1),
        {}",
        found_texts(name, "as", &known.collect::<Vec<_>>())
    )
}

/// How many of the known clauses stand behind the keyword in the text of the table, each in one of its wordings; with what
/// to select that from.
fn found_texts(name: &str, keyword: &str, known: &[Vec<String>]) -> String {
    if known.is_empty() {
        return format!("0\n    FROM sqlite_schema\n    WHERE {}", is_table(name));
    }
    let found = known.iter().map(|wordings| {
        let stands = wordings.iter().map(|wording| {
            let text = [keyword, &plain(wording).to_ascii_lowercase()].concat();
            format!("instr(\"plain\", {}) > 0", quote::text(&text))
        });
        format!("({})", layout::one_of(&stands.collect::<Vec<_>>(), 4))
    });
    let found = found.collect::<Vec<_>>().join("\n            + ");
    format!("{found}\n    FROM {}", stored_texts(&is_table(name), 2))
}

/// The unique constraints of the table, and those among them that have the columns of a known one.
fn unique_constraints(table: &Table, name: &str) -> String {
    let known = table.constraints.iter().filter_map(|constraint| match &constraint.rule {
        Rule::Unique { columns, .. } => Some(quote::text(&columns.join(", "))),
        Rule::PrimaryKey { .. } | Rule::Check { .. } | Rule::ForeignKey(_) | Rule::Exclusion(_) => None,
    });
    let known: Vec<String> = known.collect();
    if known.is_empty() {
        return format!(
            "SELECT 'unique constraints', count(*), 0\n    FROM pragma_index_list({name})\n    WHERE \"origin\" = 'u'"
        );
    }
    format!(
        "SELECT
        'unique constraints',
        count(*),
        CAST(total(\"columns\" COLLATE NOCASE IN ({})) AS INTEGER)
    FROM (
        SELECT (
            SELECT group_concat(\"name\", ', ')
            FROM (SELECT \"name\" FROM pragma_index_info(\"list\".\"name\") ORDER BY \"seqno\")
        ) AS \"columns\"
        FROM pragma_index_list({name}) AS \"list\"
        WHERE \"origin\" = 'u'
    )",
        layout::filled(&known, 3)
    )
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
        texts(known, 3)
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
    let known = match texts(known, 3) {
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
