//! Reads the schema of a SQLite database: from its pragmas, and from the stored text what they leave out. Where both say
//! something, they have to agree.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::sqlite_table::{self, TableText};
use super::sqlite_text::{Token, canonical, closing_bracket, join, split_at_commas, tokens};
use super::{
    GeneratedStorage, IndexOrder, IndexedValue, ObservedColumn, ObservedIdentity, ObservedIndex, ObservedIndexKey,
    ObservedRule, ObservedSchema, ObservedTable, ObservedTrigger, ObservedView, UniqueNulls,
};
use crate::support::postgres::Row;
use crate::support::sqlite::rows;

/// Reads everything but SQLite's own tables and the tables of these names.
pub fn read(connection: &Connection, left_out: &[&str]) -> ObservedSchema {
    let reader = Reader { connection };
    let mut schema = ObservedSchema::default();
    for row in reader.rows(
        "SELECT l.type, l.name, l.strict, l.wr, m.sql FROM pragma_table_list l
        JOIN main.sqlite_schema m ON m.type IN ('table', 'view') AND m.name = l.name
        WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name",
    ) {
        let [kind, name, strict, without_rowid, sql] = texts(row);
        if left_out.contains(&name.as_str()) {
            continue;
        }
        match kind.as_str() {
            "table" => {
                let table = reader.table(&name, &sql);
                let reported = [("STRICT", strict), ("WITHOUT ROWID", without_rowid)];
                for (option, reported) in reported {
                    assert_eq!(table.options.contains(option), reported == "1", "{option} of table {name}");
                }
                schema.tables.insert(name, table);
            }
            "view" => {
                schema.views.insert(name.clone(), reader.view(&name, &sql));
            }
            "virtual" => {
                schema.others.insert(format!("virtual table {name}"), canonical(&sql));
            }
            // The tables that a virtual table keeps for itself.
            "shadow" => {}
            other => panic!("table {name} is of an unknown kind `{other}`"),
        }
    }
    schema
}

struct Reader<'a> {
    connection: &'a Connection,
}

/// The values of a row without NULL.
fn texts<const WIDTH: usize>(row: Row) -> [String; WIDTH] {
    let texts: Vec<String> = row.into_iter().map(|value| value.expect("the value is not NULL")).collect();
    texts.try_into().expect("the row has this width")
}

fn literal(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

impl Reader<'_> {
    fn rows(&self, query: &str) -> Vec<Row> {
        rows(self.connection, query).unwrap_or_else(|error| panic!("{error}\nin: {query}"))
    }

    fn table(&self, name: &str, sql: &str) -> ObservedTable {
        let TableText { columns: mut texts_of_columns, constraints, options } = sqlite_table::parse(&tokens(sql));
        let mut columns = BTreeMap::new();
        let mut column_order = Vec::new();
        let mut key: Vec<(u32, String)> = Vec::new();
        let query = format!(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo({}) ORDER BY cid",
            literal(name)
        );
        for mut row in self.rows(&query) {
            let default = row.remove(3).map(|text| canonical(&text));
            let [column, declared_type, not_null, place_in_key, hidden] = texts(row);
            let text = texts_of_columns.remove(&column).unwrap_or_else(|| panic!("{name}.{column} is not in {sql}"));
            let reported = match hidden.as_str() {
                "0" => None,
                "2" => Some(GeneratedStorage::Virtual),
                "3" => Some(GeneratedStorage::Stored),
                other => panic!("{name}.{column} is hidden in an unknown way {other}"),
            };
            assert_eq!(text.generated.as_ref().map(|generated| generated.storage), reported, "{name}.{column}");
            if place_in_key != "0" {
                key.push((place_in_key.parse().expect("a number"), column.clone()));
            }
            let observed = ObservedColumn {
                declared_type,
                not_null: not_null == "1",
                on_null: text.on_null,
                default,
                identity: text.autoincrement.then_some(ObservedIdentity::Autoincrement),
                generated: text.generated,
                collation: text.collation.filter(|collation| !collation.eq_ignore_ascii_case("binary")),
                comment: None,
            };
            column_order.push(column.clone());
            columns.insert(column, observed);
        }
        assert!(texts_of_columns.is_empty(), "the text of table {name} has more columns than the table: {sql}");
        key.sort();
        let table = ObservedTable {
            columns,
            column_order,
            constraints,
            indexes: self.indexes(name),
            triggers: self.triggers(name),
            options,
            comment: None,
        };
        self.compare_with_pragmas(name, &table, key.into_iter().map(|(_, column)| column).collect());
        table
    }

    /// The keys that the text was found to declare are the keys that the engine keeps.
    fn compare_with_pragmas(&self, name: &str, table: &ObservedTable, key: Vec<String>) {
        // A term of a key is a column's name, or more than that in the words of SQL.
        let column = |term: &String| match table.columns.contains_key(term) {
            true => term.clone(),
            false => tokens(term)[0].name(),
        };
        let mut key_of_text = Vec::new();
        let mut uniques_of_text = BTreeSet::new();
        let mut foreign_keys_of_text = BTreeSet::new();
        for constraint in &table.constraints {
            match &constraint.rule {
                ObservedRule::PrimaryKey { columns, .. } => key_of_text = columns.iter().map(column).collect(),
                ObservedRule::Unique { columns, .. } => {
                    uniques_of_text.insert(columns.iter().map(column).collect::<Vec<String>>());
                }
                ObservedRule::ForeignKey {
                    columns, referred_table, referred_columns, on_update, on_delete, ..
                } => {
                    let actions = [referred_table.clone(), on_update.clone(), on_delete.clone()];
                    foreign_keys_of_text.insert((actions, columns.clone(), referred_columns.clone()));
                }
                ObservedRule::Check { .. } | ObservedRule::Other { .. } => {}
            }
        }
        assert_eq!(key_of_text, key, "the primary key of table {name}");

        let query = format!("SELECT name FROM pragma_index_list({}) WHERE origin = 'u'", literal(name));
        let uniques: BTreeSet<Vec<String>> = self
            .rows(&query)
            .into_iter()
            .map(|row| {
                let [index] = texts(row);
                let query = format!("SELECT name FROM pragma_index_info({}) ORDER BY seqno", literal(&index));
                self.rows(&query).into_iter().map(|row| texts::<1>(row).concat()).collect()
            })
            .collect();
        // A unique constraint on the primary key's columns needs no index of its own.
        uniques_of_text.retain(|columns| *columns != key || uniques.contains(columns));
        assert_eq!(uniques_of_text, uniques, "the unique constraints of table {name}");

        /// The referred table with the actions, the columns, the referred columns.
        type ForeignKey = ([String; 3], Vec<String>, Vec<String>);
        let mut foreign_keys: BTreeMap<String, ForeignKey> = BTreeMap::new();
        let query = format!(
            "SELECT id, \"table\", on_update, on_delete, \"from\", \"to\" FROM pragma_foreign_key_list({}) ORDER BY id, seq",
            literal(name)
        );
        for mut row in self.rows(&query) {
            let to = row.remove(5);
            let [id, referred_table, on_update, on_delete, from] = texts(row);
            let (_, columns, referred) = foreign_keys
                .entry(id)
                .or_insert_with(|| ([referred_table, on_update, on_delete], Vec::new(), Vec::new()));
            columns.push(from);
            referred.extend(to);
        }
        assert_eq!(foreign_keys_of_text, foreign_keys.into_values().collect(), "the foreign keys of table {name}");
    }

    fn indexes(&self, table: &str) -> BTreeMap<String, ObservedIndex> {
        let query = format!(
            "SELECT l.name, l.\"unique\", l.partial, m.sql FROM pragma_index_list({}) l
            JOIN main.sqlite_schema m ON m.type = 'index' AND m.name = l.name WHERE l.origin = 'c'",
            literal(table)
        );
        let index = |row| {
            let [name, unique, partial, sql] = texts(row);
            let tokens = tokens(&sql);
            let open = tokens.iter().position(|token| token.is_symbol("(")).expect("an index has keys");
            let close = closing_bracket(&tokens, open);
            let terms = split_at_commas(&tokens[open + 1..close]);
            let predicate = match &tokens[close + 1..] {
                [] => None,
                [first, rest @ ..] if first.is("WHERE") => Some(join(rest)),
                rest => panic!("index {name} ends with {rest:?}"),
            };
            assert_eq!(predicate.is_some(), partial == "1", "the predicate of index {name}");
            let observed = ObservedIndex {
                unique: (unique == "1").then_some(UniqueNulls::Distinct),
                method: "btree".to_owned(),
                keys: self.index_keys(&name, &terms),
                include: Vec::new(),
                predicate,
                options: BTreeSet::new(),
                comment: None,
            };
            (name, observed)
        };
        self.rows(&query).into_iter().map(index).collect()
    }

    fn index_keys(&self, index: &str, terms: &[&[Token]]) -> Vec<ObservedIndexKey> {
        let query = format!(
            "SELECT name, \"desc\", coll FROM pragma_index_xinfo({}) WHERE key = 1 ORDER BY seqno",
            literal(index)
        );
        let rows = self.rows(&query);
        assert_eq!(rows.len(), terms.len(), "the keys of index {index}");
        let key = |(mut row, term): (Row, &&[Token])| {
            let value = match row.remove(0) {
                Some(column) => IndexedValue::Column(column),
                None => IndexedValue::Expression(join(without_order(term))),
            };
            let [descending, collation] = texts(row);
            ObservedIndexKey {
                value,
                order: if descending == "1" { IndexOrder::Descending } else { IndexOrder::Ascending },
                collation: Some(collation).filter(|collation| !collation.eq_ignore_ascii_case("binary")),
                operator_class: None,
            }
        };
        rows.into_iter().zip(terms).map(key).collect()
    }

    fn triggers(&self, table: &str) -> BTreeMap<String, ObservedTrigger> {
        let query = format!(
            "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower({})",
            literal(table)
        );
        let trigger = |row| {
            let [name, sql] = texts(row);
            let definition = after_name(&sql, &name);
            (name, ObservedTrigger { definition, firing: "enabled".to_owned(), comment: None })
        };
        self.rows(&query).into_iter().map(trigger).collect()
    }

    fn view(&self, name: &str, sql: &str) -> ObservedView {
        ObservedView {
            definition: after_name(sql, name),
            options: BTreeSet::new(),
            indexes: BTreeMap::new(),
            triggers: self.triggers(name),
            comment: None,
        }
    }
}

/// What a stored `CREATE … name …` says after the name.
fn after_name(sql: &str, name: &str) -> String {
    let tokens = tokens(sql);
    let place = tokens.iter().skip(2).position(|token| token.name() == name);
    join(&tokens[place.unwrap_or_else(|| panic!("{name} is not named in {sql}")) + 3..])
}

/// The expression of an index key without its collation and order, which a pragma reports.
fn without_order(mut term: &[Token]) -> &[Token] {
    while let [rest @ .., last] = term
        && (last.is("ASC") || last.is("DESC"))
    {
        term = rest;
    }
    if let [rest @ .., before, _] = term
        && before.is("COLLATE")
    {
        term = rest;
    }
    term
}
