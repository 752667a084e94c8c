//! The matrix would notice: each kind of damage that a rebuild could do, done by hand.

use offprint::dialect::Settings;
use rusqlite::Connection;

use crate::case::Case;
use crate::changes::UNNOTICED;
use crate::shapes::shape;
use crate::support::modes::Mode;

/// A shape, the damage, and the words with which the matrix speaks of it.
const DAMAGES: &[(&str, &str, &str)] = &[
    ("cascading children", "DELETE FROM child WHERE id = 7", "rows of child"),
    ("nulling children", "UPDATE child SET item_id = NULL", "rows of child"),
    ("plain", "UPDATE item SET name = 'name'", "rows of item"),
    ("plain", "UPDATE item SET digits = 10 WHERE id = 1; PRAGMA writable_schema = ON", "settings were"),
    ("plain", "PRAGMA legacy_alter_table = ON", "settings were"),
    ("plain", "CREATE TEMP TABLE guard (x)", "temporary objects"),
    ("plain", "CREATE VIEW offprint_guard AS SELECT 1", "left behind"),
    ("plain", "CREATE TABLE item_2 (x)", "rows of item_2"),
    ("plain", "DROP INDEX ix_item_lower; CREATE INDEX ix_item_lower ON item (\"lower(name)\")", "drift"),
    ("row numbers without a key", "UPDATE item SET rowid = rowid + 1", "rows of item"),
    ("autoincrement with a gap", "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'item'", "rows of sqlite_sequence"),
    ("triggers", "DROP TRIGGER tr_log", "drift"),
    ("triggers", "ALTER TABLE log RENAME TO diary; CREATE TABLE log (what TEXT)", "rows of diary"),
    ("views on views", "DROP VIEW large", "does not compile any more"),
    ("full text search of its rows", "DROP TABLE item_search_config", "rows of item_search_config"),
    (
        "full text search of its rows",
        "INSERT INTO item_search(item_search) VALUES ('delete-all')",
        "rows of item_search",
    ),
    (
        "self reference that cascades",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'ON DELETE CASCADE', '')
            WHERE name = 'item'; PRAGMA writable_schema = RESET",
        "drift",
    ),
    (
        "strict",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '\"name\" TEXT', '\"name\" INTEGER')
            WHERE name = 'item'; PRAGMA writable_schema = RESET",
        "integrity",
    ),
];

#[test]
fn the_matrix_notices_damage() {
    for (name, damage, words) in DAMAGES {
        let unchanged = Case::compile(shape(name), &UNNOTICED, Mode::OwnOff, &Settings::default());
        let case = unchanged.unwrap_or_else(|found| panic!("{name}: {found:#?}"));
        let spoiled = |connection: &Connection| connection.execute_batch(damage).map_err(|error| error.to_string());
        match case.spoil(spoiled) {
            Ok(()) => panic!("nobody notices `{damage}` ({name})"),
            Err(error) => assert!(error.contains(words), "`{damage}` ({name}): {error}"),
        }
    }
}
