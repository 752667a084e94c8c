//! The changes under test: each with what it does to rows, and with what does not come back.

use offprint::prelude::*;

use crate::names::{Names, quoted};
use crate::rows::Rows;
use crate::shapes::Shape;

/// A change of the table under test.
pub struct Change {
    pub name: &'static str,
    pub upgrade: fn(&mut Op, &Shape),
    /// What it does to the rows.
    pub effect: fn(&mut Rows, &Names),
    /// What the way back does not bring back.
    pub lost: fn(&mut Rows, &Names),
}

/// A change that no row notices: none, unless it says more.
pub const UNNOTICED: Change = Change { name: "", upgrade: |_, _| {}, effect: |_, _| {}, lost: |_, _| {} };

/// Every change.
pub const CHANGES: &[Change] = &[
    // Columns.
    Change {
        name: "add a column",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", text());
        },
        effect: |rows, names| rows.add(names.item, "extra", "NULL"),
        ..UNNOTICED
    },
    Change {
        name: "add a column with a default",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", varchar(10).not_null().default("it's"));
        },
        effect: |rows, names| rows.add(names.item, "extra", "'it''s'"),
        ..UNNOTICED
    },
    Change {
        name: "add a column with a computed default",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", integer().not_null().default(sql("abs(-3)")));
        },
        effect: |rows, names| rows.add(names.item, "extra", "3"),
        ..UNNOTICED
    },
    Change {
        name: "add a column of an enum",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", enumeration("kind").not_null().default("b"));
        },
        effect: |rows, names| rows.add(names.item, "extra", "'b'"),
        ..UNNOTICED
    },
    Change {
        name: "add a generated column",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", integer().generated(format!("{} + 1", quoted(names.size))));
        },
        effect: |rows, names| {
            rows.add_by(names.item, "extra", |row| number(&row.values[names.size], |size| size + 1));
        },
        ..UNNOTICED
    },
    Change {
        name: "add a column that refers",
        upgrade: |op, Shape { names, .. }| {
            op.add_column(names.item, "extra", integer().default(2));
            op.create_foreign_key(names.item, ["extra"], "shelf", ["id"]).on_delete(Cascade);
        },
        effect: |rows, names| rows.add(names.item, "extra", "2"),
        ..UNNOTICED
    },
    Change {
        name: "drop a column",
        upgrade: |op, Shape { names, .. }| {
            op.drop_column(names.item, names.spare_id);
        },
        effect: |rows, names| rows.drop(names.item, names.spare_id),
        lost: |rows, names| rows.add(names.item, names.spare_id, "NULL"),
    },
    Change {
        name: "drop a column that a unique constraint names",
        upgrade: |op, Shape { names, .. }| {
            op.drop_column(names.item, names.code);
        },
        effect: |rows, names| rows.drop(names.item, names.code),
        lost: |rows, names| rows.add(names.item, names.code, "NULL"),
    },
    Change {
        name: "drop a column that indexes name",
        upgrade: |op, Shape { names, .. }| {
            op.drop_column(names.item, names.name);
        },
        effect: |rows, names| rows.drop(names.item, names.name),
        lost: |rows, names| rows.add(names.item, names.name, "NULL"),
    },
    Change {
        name: "drop a column that refers",
        upgrade: |op, Shape { names, .. }| {
            op.drop_column(names.item, names.shelf_id);
        },
        effect: |rows, names| rows.drop(names.item, names.shelf_id),
        lost: |rows, names| rows.add(names.item, names.shelf_id, "NULL"),
    },
    Change {
        name: "drop a generated column",
        upgrade: |op, Shape { names, .. }| {
            op.drop_index("ix_item_name");
            op.drop_column(names.item, names.total);
        },
        effect: |rows, names| rows.drop(names.item, names.total),
        ..UNNOTICED
    },
    Change {
        name: "rename a column",
        upgrade: |op, Shape { names, .. }| {
            op.rename_column(names.item, names.note, "remark");
        },
        effect: |rows, names| rows.rename(names.item, names.note, "remark"),
        ..UNNOTICED
    },
    Change {
        name: "rename a column that much names",
        upgrade: |op, Shape { names, .. }| {
            op.rename_column(names.item, names.size, "extent");
        },
        effect: |rows, names| rows.rename(names.item, names.size, "extent"),
        ..UNNOTICED
    },
    Change {
        name: "rename a column of an enum",
        upgrade: |op, Shape { names, .. }| {
            op.rename_column(names.item, names.kind, "sort");
        },
        effect: |rows, names| rows.rename(names.item, names.kind, "sort"),
        ..UNNOTICED
    },
    Change {
        name: "rename the key",
        upgrade: |op, Shape { names, .. }| {
            op.rename_column(names.item, names.id, "number");
        },
        effect: |rows, names| rows.rename(names.item, names.id, "number"),
        ..UNNOTICED
    },
    // Facets of a column.
    Change {
        name: "set not null",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.name).set_not_null();
        },
        ..UNNOTICED
    },
    Change {
        name: "drop not null",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.size).drop_not_null();
        },
        ..UNNOTICED
    },
    Change {
        name: "text becomes a number",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.digits).set_type(integer());
        },
        effect: |rows, names| rows.map(names.item, names.digits, |digits| digits.replace('\'', "")),
        ..UNNOTICED
    },
    Change {
        name: "a number becomes text",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.spare_id).set_type(text());
        },
        effect: |rows, names| {
            rows.map(names.item, names.spare_id, |id| if id == "NULL" { id.into() } else { format!("'{id}'") });
        },
        ..UNNOTICED
    },
    Change {
        name: "values by an expression",
        upgrade: |op, Shape { names, .. }| {
            let size = quoted(names.size);
            op.alter_column(names.item, names.note).set_type(text()).using(format!("'size ' || {size}"));
        },
        effect: |rows, names| {
            rows.add_by(names.item, names.note, |row| format!("'size {}'", row.values[names.size]));
        },
        lost: |rows, names| {
            rows.add_by(names.item, names.note, |row| format!("'size {}'", row.values[names.size]));
        },
    },
    Change {
        name: "set a default",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.note).set_default("none");
        },
        ..UNNOTICED
    },
    Change {
        name: "change a default",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.size).set_default(99);
        },
        ..UNNOTICED
    },
    Change {
        name: "drop a default",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.kind).drop_default();
        },
        ..UNNOTICED
    },
    Change {
        name: "set a collation",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.note).set_collation("RTRIM");
        },
        ..UNNOTICED
    },
    Change {
        name: "drop a collation",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.code).drop_collation();
        },
        ..UNNOTICED
    },
    Change {
        name: "generate a column another way",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.total).set_generated(format!("{} * 3", quoted(names.size)));
        },
        effect: |rows, names| {
            rows.add_by(names.item, names.total, |row| number(&row.values[names.size], |size| size * 3));
            // What is generated from it follows.
            if rows.has(names.item, "twice") {
                rows.add_by(names.item, "twice", |row| number(&row.values[names.size], |size| size * 6));
            }
        },
        ..UNNOTICED
    },
    Change {
        name: "keep the values of a generated column",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.total).drop_generated();
        },
        ..UNNOTICED
    },
    Change {
        name: "number the rows",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column("shelf", "id").add_identity();
            op.alter_column(names.item, names.size).set_default(3);
        },
        effect: |rows, _| rows.begin_sequence("shelf", 2),
        ..UNNOTICED
    },
    Change {
        name: "several facets",
        upgrade: |op, Shape { names, .. }| {
            op.alter_column(names.item, names.kind).set_type(text()).drop_not_null().set_default("none");
        },
        ..UNNOTICED
    },
    // Constraints.
    Change {
        name: "add a check",
        upgrade: |op, Shape { names, .. }| {
            let [item, size] = [names.item, names.size].map(quoted);
            op.create_check_constraint(names.item, "positive", format!("{item}.{size} > 0"));
        },
        ..UNNOTICED
    },
    Change {
        name: "drop a check",
        upgrade: |op, Shape { names, .. }| {
            op.drop_check_constraint(names.item, format!("{} < 1000", quoted(names.size)));
        },
        ..UNNOTICED
    },
    Change {
        name: "rename a check",
        upgrade: |op, Shape { names, .. }| {
            op.rename_constraint(names.item, format!("ck_{}_small", names.item), "ck_size");
        },
        ..UNNOTICED
    },
    Change {
        name: "add a foreign key",
        upgrade: |op, Shape { names, .. }| {
            op.create_foreign_key(names.item, [names.spare_id], "shelf", ["id"]).on_delete(SetNull);
        },
        ..UNNOTICED
    },
    Change {
        name: "drop a foreign key",
        upgrade: |op, Shape { names, .. }| {
            op.drop_foreign_key(names.item, [names.shelf_id]);
        },
        ..UNNOTICED
    },
    Change {
        name: "change the action of a foreign key",
        upgrade: |op, Shape { names, .. }| {
            op.drop_foreign_key(names.item, [names.shelf_id]);
            op.create_foreign_key(names.item, [names.shelf_id], "shelf", ["id"]).on_delete(Restrict).deferrable();
        },
        ..UNNOTICED
    },
    Change {
        name: "add a unique constraint",
        upgrade: |op, Shape { names, .. }| {
            op.create_unique_constraint(names.item, [names.name, names.size]);
        },
        ..UNNOTICED
    },
    Change {
        name: "drop a unique constraint",
        upgrade: |op, Shape { names, .. }| {
            op.drop_unique_constraint(names.item, [names.code]);
        },
        ..UNNOTICED
    },
    Change {
        name: "a wider primary key",
        upgrade: |op, shape| {
            let item = shape.names.item;
            let mut key = shape.key_columns();
            op.add_column(item, "site", varchar(20).not_null().default("here"));
            op.create_unique_constraint(item, key.clone()).name("uq_item_key");
            if shape.has_key() {
                op.drop_primary_key(item);
            }
            key.push("site");
            op.create_primary_key(item, key);
        },
        effect: |rows, names| rows.add(names.item, "site", "'here'"),
        ..UNNOTICED
    },
    Change {
        name: "change the parent's key type",
        upgrade: |op, Shape { names, .. }| {
            op.drop_foreign_key(names.item, [names.shelf_id]);
            op.alter_column("shelf", "id").set_type(text());
            op.alter_column(names.item, names.shelf_id).set_type(text());
            op.create_foreign_key(names.item, [names.shelf_id], "shelf", ["id"]).on_delete(Cascade);
        },
        effect: |rows, names| {
            let text = |id: &str| if id == "NULL" { id.into() } else { format!("'{id}'") };
            rows.map("shelf", "id", text);
            rows.map(names.item, names.shelf_id, text);
        },
        ..UNNOTICED
    },
    // Enums.
    Change {
        name: "add an enum value",
        upgrade: |op, _| {
            op.add_enum_value("kind", "e");
        },
        ..UNNOTICED
    },
    Change {
        name: "rename an enum value",
        upgrade: |op, _| {
            op.rename_enum_value("kind", "c", "see");
        },
        effect: |rows, names| {
            rows.map(names.item, names.kind, |kind| kind.replace("'c'", "'see'"));
            rows.map("shelf", "kind", |kind| kind.replace("'c'", "'see'"));
        },
        ..UNNOTICED
    },
    Change {
        name: "remove enum values",
        upgrade: |op, _| {
            op.replace_enum_values("kind", ["b", "a"]).map([("c", "a")]).otherwise("b");
        },
        effect: merge_kinds,
        lost: merge_kinds,
    },
    Change {
        name: "rename an enum",
        upgrade: |op, _| {
            op.rename_enum("kind", "sort");
        },
        ..UNNOTICED
    },
    // Indexes.
    Change {
        name: "create indexes",
        upgrade: |op, Shape { names, .. }| {
            let note = quoted(names.note);
            op.create_index("ix_note", names.item, [names.note]).filter(format!("{note} IS NOT NULL"));
            op.create_index("ix_expression", names.item, [expression(format!("upper({note})"))]);
            op.create_index("ix_unique", names.item, [column(names.name).collation("NOCASE"), column(names.size)])
                .unique();
        },
        ..UNNOTICED
    },
    Change {
        name: "drop an index",
        upgrade: |op, _| {
            op.drop_index("ix_item_name");
        },
        ..UNNOTICED
    },
    Change {
        name: "rename an index",
        upgrade: |op, _| {
            op.rename_index("ix_item_name", "ix_renamed");
        },
        ..UNNOTICED
    },
    // Tables, views and triggers.
    Change {
        name: "rename the table",
        upgrade: |op, Shape { names, .. }| {
            op.rename_table(names.item, "thing");
        },
        effect: |rows, names| rows.rename_table(names.item, "thing"),
        ..UNNOTICED
    },
    Change {
        name: "rename the parent",
        upgrade: |op, Shape { names, .. }| {
            op.rename_table("shelf", "board");
            op.alter_column(names.item, names.note).set_default("none");
        },
        effect: |rows, _| rows.rename_table("shelf", "board"),
        ..UNNOTICED
    },
    Change {
        name: "create a table that refers",
        upgrade: |op, Shape { names, .. }| {
            op.create_table("visit")
                .column("id", integer())
                .column("shelf_id", integer().not_null())
                .primary_key(["id"])
                .foreign_key(["shelf_id"], "shelf", ["id"])
                .on_delete(Cascade);
            op.alter_column(names.item, names.size).set_default(5);
        },
        effect: |rows, _| rows.create_table("visit"),
        ..UNNOTICED
    },
    Change {
        name: "create a view and a trigger",
        upgrade: |op, Shape { names, .. }| {
            let [item, id, size] = [names.item, names.id, names.size].map(quoted);
            op.create_view("sized", format!("SELECT {id} AS id, {size} AS size FROM {item}"));
            op.sqlite().create_trigger(
                "tr_sized",
                names.item,
                format!("AFTER UPDATE ON {item} BEGIN UPDATE shelf SET kind = 'a' WHERE id = new.{id}; END"),
            );
        },
        ..UNNOTICED
    },
    Change {
        name: "comments",
        upgrade: |op, Shape { names, .. }| {
            op.set_table_comment(names.item, "items");
            op.alter_column(names.item, names.note).set_comment("a note");
        },
        ..UNNOTICED
    },
    // Together.
    Change {
        name: "several changes at once",
        upgrade: |op, Shape { names, .. }| {
            let item = names.item;
            op.add_column(item, "extra", integer().not_null().default(4));
            op.alter_column(item, names.digits).set_type(big_integer()).set_default(0);
            op.rename_column(item, names.note, "remark");
            op.alter_column(item, "remark").set_default("-");
            op.drop_column(item, names.spare_id);
            op.create_check_constraint(item, "extra", "extra > 0");
            op.create_index("ix_extra", item, ["extra", "remark"]);
            op.add_enum_value("kind", "aa").before("b");
            op.alter_column("shelf", "kind").drop_default();
            op.create_foreign_key(item, ["extra"], "shelf", ["id"]).initially_deferred();
            op.drop_foreign_key(item, ["extra"]);
        },
        effect: |rows, names| {
            rows.add(names.item, "extra", "4");
            rows.map(names.item, names.digits, |digits| digits.replace('\'', ""));
            rows.rename(names.item, names.note, "remark");
            rows.drop(names.item, names.spare_id);
        },
        lost: |rows, names| rows.add(names.item, names.spare_id, "NULL"),
    },
    Change {
        name: "rows between changes",
        upgrade: |op, Shape { names, .. }| {
            op.update(names.item).set(names.note, "filled").filter(format!("{} IS NULL", quoted(names.note)));
            op.alter_column(names.item, names.note).set_not_null();
            op.irreversible("the rows that had no note are not known");
        },
        effect: |rows, names| {
            rows.map(names.item, names.note, |note| if note == "NULL" { "'filled'".into() } else { note.into() });
        },
        ..UNNOTICED
    },
];

fn number(literal: &str, calculate: impl Fn(i64) -> i64) -> String {
    calculate(literal.parse().expect("a number")).to_string()
}

fn merge_kinds(rows: &mut Rows, names: &Names) {
    let merged = |kind: &str| kind.replace("'c'", "'a'");
    rows.map(names.item, names.kind, merged);
    rows.map("shelf", "kind", merged);
}
