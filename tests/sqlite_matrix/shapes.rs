//! The tables under test: one that has a bit of everything, in every surrounding that a change could damage.

use offprint::operation::CreateTable;
use offprint::prelude::*;
use rusqlite::Connection;

use crate::case::column as column_of;
use crate::names::{Names, ODD, PLAIN, quoted};
use crate::rows::Rows;

/// A table under test with what surrounds it.
pub struct Shape {
    pub name: &'static str,
    pub names: Names,
    key: Key,
    /// More parts of the table.
    parts: fn(&mut CreateTable, &Names),
    /// More columns of the table, with their values in its three rows.
    columns: &'static [(&'static str, [&'static str; 3])],
    /// What is created after the table, in the same revision.
    surroundings: fn(&mut Op, &Names),
    /// Rows of the surroundings, and objects that no revision knows.
    seed: fn(&Names) -> String,
    /// The views that no revision knows and that do not compile.
    pub unknown: &'static [&'static str],
    /// What else has to hold whenever the rows are these.
    pub holds: fn(&Connection, &Rows) -> Result<(), String>,
}

/// What identifies a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// `INTEGER PRIMARY KEY`, the row number.
    Integer,
    /// The same with `AUTOINCREMENT`.
    Identity,
    /// The id and `part`.
    Composite,
    /// Only the row number, which no column shows.
    None,
}

const NOTHING: Shape = Shape {
    name: "",
    names: PLAIN,
    key: Key::Integer,
    parts: |_, _| {},
    columns: &[],
    surroundings: |_, _| {},
    seed: |_| String::new(),
    unknown: &[],
    holds: |_, _| Ok(()),
};

/// Every shape.
pub const SHAPES: &[Shape] = &[
    Shape { name: "plain", ..NOTHING },
    Shape {
        name: "cascading children",
        surroundings: |op, names| children(op, names, Cascade),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "nulling children",
        surroundings: |op, names| children(op, names, SetNull),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "defaulting children",
        surroundings: |op, names| children(op, names, SetDefault),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "restricting children",
        surroundings: |op, names| children(op, names, Restrict),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "deferring children",
        surroundings: |op, names| {
            op.create_table("child")
                .column("id", integer())
                .column("item_id", integer())
                .primary_key(["id"])
                .foreign_key(["item_id"], names.item, [names.id])
                .initially_deferred();
        },
        seed: |_| "INSERT INTO child VALUES (1, 1), (2, 4), (3, NULL)".into(),
        ..NOTHING
    },
    Shape {
        name: "self reference that cascades",
        parts: |table, names| {
            table.column("parent_id", integer()).foreign_key(["parent_id"], names.item, [names.id]).on_delete(Cascade);
        },
        columns: &[("parent_id", ["NULL", "1", "2"])],
        ..NOTHING
    },
    Shape {
        name: "self reference that restricts",
        parts: |table, names| {
            table.column("parent_id", integer()).foreign_key(["parent_id"], names.item, [names.id]).on_delete(Restrict);
        },
        columns: &[("parent_id", ["4", "1", "4"])],
        ..NOTHING
    },
    Shape {
        name: "cycle of two tables",
        parts: |table, _| {
            table.column("partner_id", integer());
        },
        columns: &[("partner_id", ["10", "20", "NULL"])],
        surroundings: |op, names| {
            op.create_table("partner")
                .column("id", integer())
                .column("item_id", integer().not_null())
                .primary_key(["id"])
                .foreign_key(["item_id"], names.item, [names.id])
                .on_delete(Cascade);
            op.create_foreign_key(names.item, ["partner_id"], "partner", ["id"]).on_delete(SetNull);
        },
        seed: |_| "INSERT INTO partner VALUES (10, 2), (20, 1), (30, 4)".into(),
        ..NOTHING
    },
    Shape {
        name: "composite key",
        key: Key::Composite,
        parts: |table, _| {
            table.column("part", integer());
        },
        columns: &[("part", ["10", "20", "40"])],
        surroundings: |op, names| {
            op.create_table("child")
                .column("id", integer())
                .column("item_part", integer())
                .column("item_id", integer())
                .primary_key(["id"])
                .foreign_key(["item_id", "item_part"], names.item, [names.id, "part"])
                .on_delete(Cascade)
                .on_update(Cascade);
        },
        seed: |_| "INSERT INTO child VALUES (1, 10, 1), (2, 40, 4), (3, NULL, 9)".into(),
        ..NOTHING
    },
    Shape {
        name: "autoincrement with a gap",
        key: Key::Identity,
        surroundings: |op, names| {
            op.create_table("other").column("id", integer().identity()).primary_key(["id"]);
            children(op, names, Cascade);
        },
        seed: |names| {
            let Names { item, id, .. } = names;
            format!(
                "INSERT INTO {item} ({id}) VALUES (40); DELETE FROM {item} WHERE {id} = 40;
                INSERT INTO other VALUES (7); DELETE FROM other; {CHILDREN}",
                item = quoted(item),
                id = quoted(id),
            )
        },
        ..NOTHING
    },
    Shape { name: "row numbers without a key", key: Key::None, ..NOTHING },
    Shape {
        name: "without rowid",
        parts: |table, _| {
            table.without_rowid();
        },
        surroundings: |op, names| children(op, names, Cascade),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "strict",
        parts: |table, _| {
            table.strict();
        },
        surroundings: |op, names| children(op, names, SetNull),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "generated columns of each other",
        parts: |table, names| {
            table
                .column("twice", integer().generated(format!("{} * 2", quoted(names.total))))
                .column("label", text().generated(format!("upper({}) || '!'", quoted(names.name))))
                .unique(["label"])
                .check("twice", "twice > 0");
        },
        surroundings: |op, names| {
            op.create_index("ix_item_twice", names.item, ["twice", "label"]);
        },
        ..NOTHING
    },
    Shape {
        name: "triggers",
        surroundings: |op, names| {
            op.create_table("log").column("what", text());
            for (trigger, definition) in [
                ("tr_insert", "BEFORE INSERT ON item BEGIN INSERT INTO log VALUES ('insert ' || new.name); END"),
                ("tr_update", "AFTER UPDATE OF size ON item BEGIN INSERT INTO log VALUES ('update'); END;"),
                ("tr_delete", "AFTER DELETE ON item BEGIN DELETE FROM log WHERE what = old.code; END"),
            ] {
                op.sqlite().create_trigger(trigger, names.item, definition);
            }
            op.sqlite().create_trigger(
                "tr_log",
                "log",
                "AFTER INSERT ON log WHEN new.what = 'poke' BEGIN UPDATE item SET size = item.size + 1; END",
            );
        },
        seed: |_| "DELETE FROM log; INSERT INTO log VALUES ('kept')".into(),
        ..NOTHING
    },
    Shape {
        name: "views on views",
        surroundings: |op, names| {
            op.create_view("large", "SELECT id, name FROM item WHERE size > 1");
            op.create_view("larger", "SELECT large.name, item.size FROM large JOIN item ON item.id = large.id");
            op.sqlite().create_trigger(
                "tr_large",
                "large",
                "INSTEAD OF INSERT ON large BEGIN INSERT INTO item (name, size) VALUES (new.name, 50); END",
            );
            children(op, names, Cascade);
        },
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "a view of all columns",
        surroundings: |op, _| {
            op.create_view("everything", "SELECT * FROM item");
        },
        ..NOTHING
    },
    Shape {
        name: "full text search of its rows",
        key: Key::None,
        surroundings: |op, _| {
            op.execute("CREATE VIRTUAL TABLE item_search USING fts5(code, content='item')");
            op.declare().nothing("a virtual table");
            op.irreversible("raw SQL");
        },
        seed: |_| "INSERT INTO item_search(item_search) VALUES ('rebuild')".into(),
        holds: search_finds_rows,
        ..NOTHING
    },
    Shape {
        name: "odd identifiers",
        names: ODD,
        // A column may take one of the names of the row number.
        parts: |table, _| {
            table.column("rowid", text().not_null());
        },
        columns: &[("rowid", ["'r1'", "'r2'", "'r4'"])],
        surroundings: |op, names| children(op, names, Cascade),
        seed: |_| CHILDREN.into(),
        ..NOTHING
    },
    Shape {
        name: "a broken view elsewhere",
        surroundings: |op, names| children(op, names, Cascade),
        seed: |_| format!("CREATE VIEW broken AS SELECT absent FROM nowhere; {CHILDREN}"),
        unknown: &["broken"],
        ..NOTHING
    },
    Shape {
        name: "children of children",
        surroundings: |op, names| {
            children(op, names, Cascade);
            op.create_table("grandchild")
                .column("child_id", integer())
                .column("item_id", integer())
                .foreign_key(["child_id"], "child", ["id"])
                .on_delete(Cascade)
                .foreign_key(["item_id"], names.item, [names.id])
                .on_delete(SetNull);
            op.create_index("ix_grandchild", "grandchild", ["child_id"]).unique();
        },
        seed: |_| format!("{CHILDREN}; INSERT INTO grandchild (rowid, child_id, item_id) VALUES (5, 1, 1), (9, 2, 4)"),
        ..NOTHING
    },
];

/// The shape of this name.
pub fn shape(name: &str) -> &'static Shape {
    SHAPES.iter().find(|shape| shape.name == name).unwrap_or_else(|| panic!("there is no shape `{name}`"))
}

/// The rows of `child`.
const CHILDREN: &str = "INSERT INTO child VALUES (1, 1, 'one'), (2, 4, 'four'), (7, 4, 'seven')";

/// A table whose rows are lost or changed when rows of the table under test are deleted.
fn children(op: &mut Op, names: &Names, on_delete: Action) {
    op.create_table("child")
        .column("id", integer())
        .column("item_id", integer().default(1))
        .column("label", text())
        .primary_key(["id"])
        .foreign_key(["item_id"], names.item, [names.id])
        .on_delete(on_delete);
}

/// The index of a full text search, which knows rows by their numbers only, still fits them.
fn search_finds_rows(connection: &Connection, rows: &Rows) -> Result<(), String> {
    let codes = rows.values("item", "code");
    if codes != ["'c1'", "'c2'", "'C3'"] {
        // The table or the column has another name, or the text is gone: raw SQL has to follow by itself.
        return Ok(());
    }
    let check = "INSERT INTO item_search(item_search, rank) VALUES ('integrity-check', 1)";
    connection.execute_batch(check).map_err(|error| format!("the search does not fit the rows: {error}"))?;
    let found =
        column_of(connection, "SELECT item_search.rowid || code FROM item_search WHERE item_search MATCH 'c3'")?;
    if found == ["8C3"] { Ok(()) } else { Err(format!("the search finds {found:?}")) }
}

impl Shape {
    /// Writes the revision that creates the tables.
    pub fn create(&self, op: &mut Op) {
        let names = &self.names;
        let [name, size, total] = [names.name, names.size, names.total].map(quoted);
        op.create_enum("kind", ["a", "b", "c", "d"]);
        op.create_table("shelf")
            .column("id", integer())
            .column("kind", enumeration("kind").not_null().default("a"))
            .primary_key(["id"]);
        let table = op.create_table(names.item);
        table
            .column(names.id, if self.key == Key::Identity { integer().identity() } else { integer().not_null() })
            .column(names.name, text())
            .column(names.size, integer().not_null().default(1))
            .column(names.digits, text())
            .column(names.note, text())
            .column(names.code, text().collation("NOCASE"))
            .column(names.kind, enumeration("kind").not_null().default("a"))
            .column(names.shelf_id, integer())
            .column(names.spare_id, integer());
        table
            .column(names.total, integer().generated(format!("{size} * 2")))
            .unique([names.code])
            .check("small", format!("{size} < 1000"))
            .foreign_key([names.shelf_id], "shelf", ["id"])
            .on_delete(Cascade);
        match self.key {
            Key::Integer | Key::Identity => {
                table.primary_key([names.id]);
            }
            Key::Composite => {
                table.primary_key([names.id, "part"]);
            }
            Key::None => {}
        }
        (self.parts)(table, names);
        op.create_index("ix_item_name", names.item, [column(names.name).desc(), column(names.size)])
            .filter(format!("{total} > 0"));
        op.create_index("ix_item_lower", names.item, [expression(format!("lower({name})"))]);
        (self.surroundings)(op, names);
    }

    /// Whether the table has a primary key.
    pub fn has_key(&self) -> bool {
        self.key != Key::None
    }

    /// The columns that identify a row.
    pub fn key_columns(&self) -> Vec<&'static str> {
        match self.key {
            Key::Integer | Key::Identity | Key::None => vec![self.names.id],
            Key::Composite => vec![self.names.id, "part"],
        }
    }

    /// SQL that fills the tables, with gaps between the numbers of the rows.
    pub fn fill(&self) -> String {
        let Names { item, id, name, size, digits, note, code, kind, shelf_id, spare_id, .. } = self.names;
        let mut columns = [id, name, size, digits, note, code, kind, shelf_id, spare_id].map(quoted).to_vec();
        let mut rows = [
            ["1", "'alpha'", "5", "'10'", "'n1'", "'c1'", "'a'", "1", "1"].map(str::to_owned).to_vec(),
            ["2", "'be''ta'", "7", "'20'", "NULL", "'c2'", "'b'", "2", "NULL"].map(str::to_owned).to_vec(),
            ["4", "'gamma'", "9", "NULL", "'n4'", "'C3'", "'c'", "NULL", "2"].map(str::to_owned).to_vec(),
        ];
        for (column, values) in self.columns {
            columns.push(quoted(column));
            for (row, value) in rows.iter_mut().zip(values) {
                row.push((*value).to_owned());
            }
        }
        if self.key == Key::None {
            columns.push("rowid".to_owned());
            for (row, number) in rows.iter_mut().zip(["3", "5", "8"]) {
                row.push(number.to_owned());
            }
        }
        let rows = rows.map(|row| format!("({})", row.join(", "))).join(", ");
        format!(
            "INSERT INTO shelf VALUES (1, 'a'), (2, 'c'); INSERT INTO {} ({}) VALUES {rows}; {}",
            quoted(item),
            columns.join(", "),
            (self.seed)(&self.names),
        )
    }
}
