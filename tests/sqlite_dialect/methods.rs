//! Which method a change takes: in place where that is exact on a table with rows, else a rebuild.
//!
//! One case for each kind of change, run with rows in the table, up and down, by the old shell and the new library.

use offprint::diagnostic::Code;
use offprint::dialect::ForeignKeys as Declared;
use offprint::prelude::*;

use crate::{Revisions, own};

/// How the upgrade changes the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// By `ALTER TABLE`, with these words about the reason.
    InPlace(&'static str),
    /// By one rebuild, with these words about the reason.
    Rebuild(&'static str),
}
use Method::{InPlace, Rebuild};

type Upgrade = fn(&mut Op);

/// Runs a change on `t` with two rows, `1|a` and `2|NULL`, and a child of each.
#[track_caller]
fn takes(method: Method, upgrade: Upgrade, after: &[&str]) {
    takes_from((3, 40), method, upgrade, after);
}

#[track_caller]
fn takes_from(floor: (u32, u32), method: Method, upgrade: Upgrade, after: &[&str]) {
    let case = Revisions::new(base, upgrade).floor(floor.0, floor.1);
    let script = case.scripts(own(Declared::On)).upgrade;
    let (words, rebuilds) = match method {
        InPlace(words) => (words, 0),
        Rebuild(words) => (words, 1),
    };
    assert!(script.contains(words), "`{words}` is not in\n{script}");
    assert_eq!(script.matches("INSERT OR ABORT").count(), rebuilds, "{method:?}\n{script}");
    let before: &[(&str, &[&str])] =
        &[("SELECT id, x, y, z FROM t", &["1|a|1|p", "2|NULL|2|q"]), ("SELECT * FROM child", &["1|1", "2|2"])];
    let query = "SELECT * FROM t";
    case.run(SEED, before, &[(query, after), ("SELECT * FROM child", &["1|1", "2|2"])]);
}

fn base(op: &mut Op) {
    op.create_table("t")
        .column("id", integer())
        .column("x", text())
        .column("y", integer())
        .column("z", text())
        .primary_key(["id"])
        .unique(["y"])
        .check("known", "z <> ''");
    op.create_table("child")
        .column("id", integer())
        .column("t_y", integer())
        .primary_key(["id"])
        .foreign_key(["t_y"], "t", ["y"])
        .on_delete(Cascade);
}

const SEED: &str = "INSERT INTO t VALUES (1, 'a', 1, 'p'), (2, NULL, 2, 'q'); INSERT INTO child VALUES (1, 1), (2, 2)";

#[test]
fn names() {
    takes(
        InPlace("by way of another name"),
        |op| {
            op.rename_table("t", "T");
        },
        &["1|a|1|p", "2|NULL|2|q"],
    );
    takes(
        InPlace("what names it follows"),
        |op| {
            op.rename_column("t", "y", "Y");
        },
        &["1|a|1|p", "2|NULL|2|q"],
    );
    takes(
        InPlace("what names it follows"),
        |op| {
            op.rename_column("t", "x", "w");
        },
        &["1|a|1|p", "2|NULL|2|q"],
    );
    let rename_constraint: Upgrade = |op| {
        op.rename_constraint("t", "ck_t_known", "ck_t_other");
    };
    takes(Rebuild("the name of a constraint is part of the table"), rename_constraint, &["1|a|1|p", "2|NULL|2|q"]);
}

#[test]
fn a_column_that_is_added() {
    let nullable: Upgrade = |op| {
        op.add_column("t", "n", text());
    };
    takes(InPlace("have NULL in the new column"), nullable, &["1|a|1|p|NULL", "2|NULL|2|q|NULL"]);
    let constant: Upgrade = |op| {
        op.add_column("t", "n", integer().not_null().default(-7));
    };
    takes(InPlace("read the constant default"), constant, &["1|a|1|p|-7", "2|NULL|2|q|-7"]);
    let binary: Upgrade = |op| {
        op.add_column("t", "n", bytes().default(hex("00ff")));
    };
    takes(InPlace("read the constant default"), binary, &["1|a|1|p|x'00ff'", "2|NULL|2|q|x'00ff'"]);
    let collated: Upgrade = |op| {
        op.add_column("t", "n", text().collation("NOCASE").default("it's"));
    };
    takes(InPlace("read the constant default"), collated, &["1|a|1|p|it's", "2|NULL|2|q|it's"]);
    let computed: Upgrade = |op| {
        op.add_column("t", "n", integer().default(sql("1 + 1")));
    };
    takes(Rebuild("whose default it has to compute"), computed, &["1|a|1|p|2", "2|NULL|2|q|2"]);
    let generated: Upgrade = |op| {
        op.add_column("t", "n", integer().generated("y * 2"));
    };
    takes(Rebuild("cannot add a stored generated column"), generated, &["1|a|1|p|2", "2|NULL|2|q|4"]);
    fn referring(op: &mut Op) {
        op.add_column("t", "n", integer().default(1));
        op.create_foreign_key("t", ["n"], "t", ["y"]);
    }
    takes(Rebuild("a foreign key is part of the table"), referring, &["1|a|1|p|1", "2|NULL|2|q|1"]);
    fn unique(op: &mut Op) {
        op.add_column("t", "n", integer());
        op.create_unique_constraint("t", ["n"]);
    }
    takes(Rebuild("a unique constraint is part of the table"), unique, &["1|a|1|p|NULL", "2|NULL|2|q|NULL"]);
    fn indexed(op: &mut Op) {
        op.add_column("t", "n", integer());
        op.create_index("uq_t_n", "t", ["n"]).unique();
    }
    takes(InPlace("CREATE UNIQUE INDEX"), indexed, &["1|a|1|p|NULL", "2|NULL|2|q|NULL"]);
}

#[test]
fn a_column_that_is_added_with_an_enum() {
    fn upgrade(op: &mut Op) {
        op.create_enum("kind", ["a", "b"]);
        op.add_column("t", "k", enumeration("kind").not_null().default("a"));
    }
    takes(InPlace("read the constant default"), upgrade, &["1|a|1|p|a", "2|NULL|2|q|a"]);
}

#[test]
fn a_required_column_that_is_added_without_a_default() {
    let case = Revisions::new(base, |op| {
        op.add_column("t", "n", integer().not_null());
    });
    case.run("", &[], &[("SELECT count(*) FROM t", &["0"])]);
    case.stops(SEED, "rows of `t` without a value for the new column `t.n`, which is NOT NULL and has no default: 2");
}

#[test]
fn a_column_that_is_dropped() {
    fn free(op: &mut Op) {
        op.drop_column("t", "x");
    }
    // What comes back on the way down is the column, not its values.
    let case = Revisions::new(base, free);
    let script = case.scripts(own(Declared::On));
    assert!(script.upgrade.contains("in place: nothing else names the column"), "{}", script.upgrade);
    assert!(!script.upgrade.contains("INSERT OR ABORT"), "{}", script.upgrade);
    let children = ("SELECT * FROM child", ["1|1", "2|2"]);
    let after: &[(&str, &[&str])] = &[("SELECT * FROM t ORDER BY id", &["1|1|p", "2|2|q"]), (children.0, &children.1)];
    case.run(SEED, &[(children.0, &children.1)], after);

    fn checked(op: &mut Op) {
        op.drop_column("t", "z");
    }
    let case = Revisions::new(base, checked);
    let script = case.scripts(own(Declared::On));
    assert_eq!(script.upgrade.matches("INSERT OR ABORT").count(), 1, "{}", script.upgrade);
    let after: &[(&str, &[&str])] =
        &[("SELECT * FROM t ORDER BY id", &["1|a|1", "2|NULL|2"]), (children.0, &children.1)];
    case.run(SEED, &[(children.0, &children.1)], after);
}

#[test]
fn columns_with_a_name_of_the_row_number() {
    fn add(op: &mut Op) {
        op.add_column("t", "oid", text().default("o"));
    }
    takes(Rebuild("cannot add a column with a name of the row number"), add, &["1|a|1|p|o", "2|NULL|2|q|o"]);
    fn rename(op: &mut Op) {
        op.rename_column("t", "x", "Rowid");
    }
    takes(Rebuild("cannot rename a column from or to a name of the row number"), rename, &["1|a|1|p", "2|NULL|2|q"]);
    // The foreign key of the child follows, which takes a rebuild of the child.
    fn referred(op: &mut Op) {
        op.alter_column("t", "z").set_default("z");
        op.rename_column("t", "y", "_rowid_");
        op.rename_column("t", "_rowid_", "number");
        op.rename_column("t", "number", "ROWID");
    }
    let children: (&str, &[&str]) = ("SELECT * FROM child", &["1|1", "2|2"]);
    Revisions::new(base, referred).run(
        SEED,
        &[children, ("SELECT y FROM t", &["1", "2"])],
        &[children, ("SELECT \"ROWID\" FROM t", &["1", "2"])],
    );
    fn drop_it(op: &mut Op) {
        op.drop_column("k", "rowid");
    }
    fn keyless(op: &mut Op) {
        op.create_table("k").column("rowid", text()).column("a", text());
    }
    let seed = "INSERT INTO k(_rowid_, rowid, a) VALUES (5, 'r', 'a'), (9, 's', 'b')";
    let case = Revisions::new(keyless, drop_it);
    case.run(seed, &[("SELECT a FROM k", &["a", "b"])], &[("SELECT rowid, a FROM k", &["5|a", "9|b"])]);
    // Without row numbers the names mean nothing.
    fn numberless(op: &mut Op) {
        op.create_table("k").column("id", text()).column("rowid", text()).primary_key(["id"]).without_rowid();
    }
    let case = Revisions::new(numberless, drop_it);
    assert!(case.scripts(own(Declared::On)).upgrade.contains("DROP COLUMN \"rowid\""));
    case.run("INSERT INTO k VALUES ('a', 'r')", &[], &[("SELECT * FROM k", &["a"])]);
}

#[test]
fn required_and_optional() {
    fn require(op: &mut Op) {
        op.alter_column("t", "y").set_not_null();
    }
    let same = &["1|a|1|p", "2|NULL|2|q"];
    takes(Rebuild("SQLite before 3.53 cannot change NOT NULL in place"), require, same);
    takes_from((3, 53), InPlace("in place, as SQLite 3.53 and later can change NOT NULL"), require, same);
    fn free(op: &mut Op) {
        op.alter_column("n", "x").drop_not_null();
    }
    fn required(op: &mut Op) {
        op.create_table("n").column("id", integer()).column("x", text().not_null()).primary_key(["id"]).strict();
    }
    for (floor, statements) in [((3, 40), 0), ((3, 53), 1)] {
        let case = Revisions::new(required, free).floor(floor.0, floor.1);
        let script = case.scripts(own(Declared::On)).upgrade;
        assert_eq!(script.matches("ALTER COLUMN \"x\" DROP NOT NULL").count(), statements, "{script}");
        let rows: &[(&str, &[&str])] = &[("SELECT * FROM n", &["1|a"])];
        case.run("INSERT INTO n VALUES (1, 'a')", rows, rows);
    }
}

#[test]
fn checks() {
    let same = &["1|a|1|p", "2|NULL|2|q"];
    let add: Upgrade = |op| {
        op.create_check_constraint("t", "positive", "t.y > 0");
    };
    takes(Rebuild("a check constraint is part of the table"), add, same);
    takes_from((3, 53), InPlace("in place, as SQLite 3.53 and later can add a check"), add, same);
    let drops: Upgrade = |op| {
        op.drop_constraint("t", "ck_t_known");
    };
    takes(Rebuild("a check constraint is part of the table"), drops, same);
    takes_from((3, 53), InPlace("in place, as SQLite 3.53 and later can drop a check by its name"), drops, same);
}

/// SQLite takes the first constraint of a name. The check of an enum may bear the same name as one of the author's.
#[test]
fn a_check_whose_name_is_that_of_an_enum() {
    fn enums(op: &mut Op) {
        op.create_enum("kind", ["a", "b"]);
        op.create_table("e")
            .column("id", integer())
            .column("k", enumeration("kind"))
            .primary_key(["id"])
            .check("K", "id > 0");
    }
    fn drops(op: &mut Op) {
        op.drop_constraint("e", "ck_e_K");
    }
    let case = Revisions::new(enums, drops).floor(3, 53);
    let script = case.scripts(own(Declared::On)).upgrade;
    assert!(script.contains("no name tells the check constraint from others"), "{script}");
    let rows: &[(&str, &[&str])] = &[("SELECT * FROM e", &["1|a"])];
    case.run("INSERT INTO e VALUES (1, 'a')", rows, rows);
}

#[test]
fn foreign_keys_and_keys() {
    let same = &["1|a|1|p", "2|NULL|2|q"];
    fn unlink(op: &mut Op) {
        op.drop_constraint("child", "fk_child_t_y_t");
    }
    takes(Rebuild("a foreign key is part of the table"), unlink, same);
    takes_from((3, 53), Rebuild("a foreign key is part of the table"), unlink, same);
    takes_from((3, 54), InPlace("in place, as SQLite 3.54 and later can drop a foreign key by its name"), unlink, same);
    let link: Upgrade = |op| {
        op.create_foreign_key("t", ["y"], "t", ["id"]);
    };
    takes_from((3, 54), Rebuild("a foreign key is part of the table"), link, same);
    let unique: Upgrade = |op| {
        op.create_unique_constraint("t", ["x", "y"]);
    };
    takes_from((3, 54), Rebuild("a unique constraint is part of the table"), unique, same);
    let key: Upgrade = |op| {
        op.drop_constraint("t", "pk_t");
    };
    takes_from((3, 54), Rebuild("a primary key is part of the table"), key, same);
}

#[test]
fn what_only_a_rebuild_can_change() {
    let same = &["1|a|1|p", "2|NULL|2|q"];
    let changes: [(&'static str, Upgrade); 5] = [
        ("SQLite cannot change the default of x in place", |op| {
            op.alter_column("t", "x").set_default("d");
        }),
        ("SQLite cannot change the collation of x in place", |op| {
            op.alter_column("t", "x").set_collation("NOCASE");
        }),
        ("SQLite cannot change AUTOINCREMENT in place", |op| {
            op.alter_column("t", "id").add_identity();
        }),
        ("SQLite cannot change the type of x in place", |op| {
            op.alter_column("t", "x").set_type(varchar(9));
        }),
        ("the values of y become others", |op| {
            op.alter_column("t", "y").set_type(text());
            op.irreversible("the child refers to text");
        }),
    ];
    for (words, change) in changes {
        takes_from((3, 54), Rebuild(words), change, same);
    }
    fn default(op: &mut Op) {
        op.add_column("t", "n", integer().default(1));
    }
    // The rows that are there keep the default that they read when the column was added.
    fn later(op: &mut Op) {
        op.alter_column("t", "n").set_default(99);
    }
    fn both(op: &mut Op) {
        base(op);
        default(op);
    }
    let rows: &[(&str, &[&str])] = &[("SELECT n FROM t", &["1", "1"])];
    let seed = "ALTER TABLE t DROP COLUMN n; INSERT INTO t VALUES (1, 'a', 1, 'p'), (2, 'b', 2, 'q');
        ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 1";
    Revisions::new(both, later).run(seed, rows, rows);
}

#[test]
fn a_table_of_generated_columns_only() {
    fn base(op: &mut Op) {
        op.create_table("t").column("a", integer()).column("b", integer().generated("7"));
    }
    fn drop(op: &mut Op) {
        op.drop_column("t", "a");
    }
    fn generate(op: &mut Op) {
        op.alter_column("t", "a").set_generated("8");
    }
    fn create(op: &mut Op) {
        op.create_table("u").column("b", integer().generated("7"));
    }
    for upgrade in [drop as fn(&mut Op), generate, create] {
        let (code, message) = Revisions::new(base, upgrade).refusal(own(Declared::Off));
        assert_eq!(code, Code::NotInDialect, "{message}");
        assert!(message.contains("SQLite wants one that is not"), "{message}");
    }
}
