//! Constraints: create, drop, rename.

use offprint::prelude::*;
use offprint::schema::Dialect;

use crate::case::{Case, cases};
use crate::jobs;

fn loose(op: &mut Op) {
    op.create_table("owner").column("id", integer()).primary_key(["id"]);
    op.create_table("entry")
        .column("id", integer().not_null())
        .column("site", text())
        .column("amount", integer())
        .column("owner_id", integer());
}

const ROWS: &str = "
    INSERT INTO owner (id) VALUES (1), (2);
    INSERT INTO entry (id, site, amount, owner_id) VALUES (1, 'a', 5, 1), (2, 'a', 6, NULL), (3, 'b', NULL, 2);
";

/// Entries with two references to owners, who may refer to each other.
fn referring(op: &mut Op) {
    op.create_table("owner").column("id", integer()).column("boss_id", integer()).primary_key(["id"]);
    op.create_foreign_key("owner", ["boss_id"], "owner", ["id"]).name("fk_itself");
    op.create_table("entry")
        .column("id", integer())
        .column("owner_id", integer())
        .column("other_id", integer())
        .primary_key(["id"]);
    op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).initially_deferred().name("fk_later");
    op.create_foreign_key("entry", ["other_id"], "owner", ["id"]).name("fk_soon");
}

/// The same, where Postgres can look for equal texts in a GiST index.
fn extended(op: &mut Op) {
    loose(op);
    op.postgres().create_extension("btree_gist");
}

/// Entries without an owner, of which no two have the same site and amount; on Postgres.
fn exclusive(op: &mut Op) {
    loose(op);
    op.postgres()
        .create_exclusion_constraint(
            "entry",
            [(column("amount").operator_class("int4_ops"), "="), (expression("lower(site)"), "=")],
        )
        .filter("owner_id IS NULL");
}

fn on_loose(upgrade: fn(&mut Op)) -> Case {
    Case::new(loose, upgrade)
        .seed(ROWS)
        .keeps("SELECT id FROM owner ORDER BY id", ["1", "2"])
        .keeps("SELECT id, site, amount, owner_id FROM entry ORDER BY id", ["1|a|5|1", "2|a|6|NULL", "3|b|NULL|2"])
}

cases! {
    create_primary_key: on_loose(|op| {
        op.create_primary_key("entry", ["id"]);
    })
    .refuses("INSERT INTO entry (id) VALUES (1)");

    create_primary_key_of_two_columns: on_loose(|op| {
        op.create_primary_key("entry", ["site", "id"]).name("entry_key");
    })
    .refuses("INSERT INTO entry (site, id) VALUES ('a', 1)")
    .refuses("INSERT INTO entry (id) VALUES (9)");

    create_primary_key_where_a_row_has_null: on_loose(|op| {
        op.create_primary_key("entry", ["amount"]);
    })
    .stops("");

    create_unique_constraint: on_loose(|op| {
        op.create_unique_constraint("entry", ["site", "amount"]);
        op.create_unique_constraint("entry", ["amount"]).name("one_amount");
    })
    .refuses("INSERT INTO entry (id, site, amount) VALUES (9, 'a', 5)")
    .refuses("INSERT INTO entry (id, site, amount) VALUES (9, 'z', 5)")
    .accepts("INSERT INTO entry (id, site, amount) VALUES (9, 'b', NULL)");

    create_unique_constraint_where_rows_are_equal: on_loose(|op| {
        op.create_unique_constraint("entry", ["site"]);
    })
    .stops("");

    create_check_constraint: on_loose(|op| {
        op.create_check_constraint("entry", "amount", "amount > 0 AND site <> 'it''s'");
        op.create_check_constraint("entry", "ignored", "id > 0").name("positive_id");
    })
    .refuses("INSERT INTO entry (id, amount) VALUES (9, 0)")
    .refuses("INSERT INTO entry (id) VALUES (0)");

    create_check_constraint_where_a_row_breaks_it: on_loose(|op| {
        op.create_check_constraint("entry", "amount", "amount > 5");
    })
    .stops("ck_entry_amount");

    create_foreign_key: on_loose(|op| {
        op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).on_delete(SetNull).on_update(Cascade);
    })
    .accepts("DELETE FROM owner WHERE id = 1")
    .refuses("INSERT INTO entry (id, owner_id) VALUES (9, 99)");

    create_deferred_foreign_key: on_loose(|op| {
        op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).initially_deferred().name("fk_later");
        op.add_column("entry", "other_id", integer());
        op.create_foreign_key("entry", ["other_id"], "owner", ["id"]).deferrable();
    })
    .accepts("INSERT INTO entry (id, owner_id) VALUES (9, 99); INSERT INTO owner (id) VALUES (99)")
    .refuses("INSERT INTO entry (id, other_id) VALUES (9, 99)");

    alter_constraint: Case::new(referring, |op| {
        op.alter_constraint("entry", "fk_later").not_deferrable();
        op.alter_constraint("entry", "fk_soon").initially_deferred();
        op.alter_constraint("owner", "fk_itself").deferrable();
    })
    .seed("INSERT INTO owner (id, boss_id) VALUES (1, 1); INSERT INTO entry VALUES (1, 1, NULL), (2, NULL, 1)")
    .keeps("SELECT id, owner_id, other_id FROM entry ORDER BY id", ["1|1|NULL", "2|NULL|1"])
    .refuses("INSERT INTO entry (id, owner_id) VALUES (9, 99); INSERT INTO owner (id) VALUES (99)")
    .accepts("INSERT INTO entry (id, other_id) VALUES (9, 99); INSERT INTO owner (id) VALUES (99)");

    alter_constraint_that_is_no_foreign_key: Case::new(referring, |op| {
        op.postgres().alter_constraint("entry", "pk_entry").deferrable();
    })
    .refused_on(Dialect::Postgres, "the primary key `pk_entry` is no foreign key")
    .only(Dialect::Postgres);

    alter_constraint_that_is_so_already: Case::new(referring, |op| {
        op.alter_constraint("entry", "fk_later").initially_deferred();
    })
    .refused_on(Dialect::Sqlite, "the foreign key `fk_later` is checked so already")
    .only(Dialect::Sqlite);

    create_foreign_key_where_a_row_refers_to_nothing: on_loose(|op| {
        op.create_foreign_key("entry", ["amount"], "owner", ["id"]);
    })
    .stops("");

    create_unique_constraint_in_which_nulls_are_equal: on_loose(|op| {
        op.create_unique_constraint("entry", ["owner_id", "amount"]).nulls_not_distinct();
    })
    .refused_on(Dialect::Sqlite, "SQLite has no NULLS NOT DISTINCT: unique constraint `uq_entry_owner_id`")
    .accepts("INSERT INTO entry (id) VALUES (9)")
    .refuses("INSERT INTO entry (id) VALUES (9), (10)");

    create_deferrable_unique_constraint: on_loose(|op| {
        op.create_unique_constraint("entry", ["id"]).deferrable();
    })
    .refused_on(Dialect::Sqlite, "SQLite cannot defer the unique constraint `uq_entry_id`: only foreign keys")
    .accepts("UPDATE entry SET id = id + 1")
    .refuses("INSERT INTO entry (id) VALUES (1)");

    create_deferred_primary_key: on_loose(|op| {
        op.create_primary_key("entry", ["id"]).initially_deferred();
    })
    .refused_on(Dialect::Sqlite, "SQLite cannot defer the primary key `pk_entry`: only foreign keys")
    .accepts("INSERT INTO entry (id) VALUES (1); DELETE FROM entry WHERE id = 1 AND site IS NULL")
    .refuses("INSERT INTO entry (id) VALUES (1); SET CONSTRAINTS ALL IMMEDIATE");

    create_exclusion_constraint: Case::new(extended, |op| {
        op.create_exclusion_constraint("entry", [(expression("int4range(id * 10, id * 10 + amount)"), "&&"), (column("site"), "=")])
            .method("gist")
            .filter("site <> 'c'");
    })
    .seed(ROWS)
    .refused_on(Dialect::Sqlite, "SQLite has no exclusion constraints: exclusion constraint `ex_entry_int4range`")
    .refuses("INSERT INTO entry (id, site, amount) VALUES (1, 'a', 1)")
    .accepts("INSERT INTO entry (id, site, amount) VALUES (1, 'b', 1), (1, 'c', 1), (1, 'c', 1)");

    create_deferred_exclusion_constraint: on_loose(|op| {
        op.postgres().create_exclusion_constraint("entry", [("id", "=")]).initially_deferred().name("one id");
        op.postgres().create_exclusion_constraint("entry", [(column("amount"), "OPERATOR(pg_catalog.=)")]).deferrable().unnamed();
    })
    .only(Dialect::Postgres)
    .accepts("UPDATE entry SET id = 4 - id, amount = 11 - amount")
    .refuses("INSERT INTO entry (id) VALUES (1); SET CONSTRAINTS ALL IMMEDIATE");

    create_exclusion_constraint_where_rows_exclude_each_other: on_loose(|op| {
        op.postgres().create_exclusion_constraint("entry", [("site", "=")]);
    })
    .only(Dialect::Postgres)
    .stops("ex_entry_site");

    drop_exclusion_constraint: Case::new(exclusive, |op| {
        op.postgres().drop_constraint("entry", "ex_entry_amount");
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .accepts("INSERT INTO entry (id, site, amount) VALUES (9, 'A', 6)");

    rename_columns_of_an_exclusion_constraint: Case::new(exclusive, |op| {
        op.postgres().rename_column("entry", "amount", "sum");
        op.postgres().rename_column("entry", "site", "place");
        op.postgres().rename_column("entry", "owner_id", "holder");
        op.postgres().rename_constraint("entry", "ex_entry_amount", "one sum");
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .refuses("INSERT INTO entry (id, place, sum) VALUES (9, 'A', 6)");

    drop_column_of_an_exclusion_constraint: Case::new(exclusive, |op| {
        op.postgres().drop_column("entry", "owner_id");
    })
    .seed(ROWS)
    .only(Dialect::Postgres)
    .before("SELECT id, owner_id FROM entry ORDER BY id", ["1|1", "2|NULL", "3|2"])
    .back("SELECT id, owner_id FROM entry ORDER BY id", ["1|NULL", "2|NULL", "3|NULL"])
    .accepts("INSERT INTO entry (id, site, amount) VALUES (9, 'A', 6)");

    create_unnamed_constraints: on_loose(|op| {
        op.create_unique_constraint("entry", ["amount"]).unnamed();
        op.create_check_constraint("entry", "id", "id > 0").unnamed();
        op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).unnamed();
        op.create_primary_key("entry", ["id"]).unnamed();
    })
    .refuses("INSERT INTO entry (id) VALUES (1)")
    .refuses("INSERT INTO entry (id, amount) VALUES (9, 5)")
    .refuses("INSERT INTO entry (id) VALUES (0)")
    .refuses("INSERT INTO entry (id, owner_id) VALUES (9, 99)");

    drop_constraints_by_what_they_demand: Case::new(
        |op| {
            loose(op);
            op.create_primary_key("entry", ["id"]);
            op.create_unique_constraint("entry", ["amount"]);
            op.create_check_constraint("entry", "amount", "amount > 0");
            op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).on_delete(Cascade);
        },
        |op| {
            op.drop_primary_key("entry");
            op.drop_unique_constraint("entry", ["amount"]);
            op.drop_check_constraint("entry", "amount > 0");
            op.drop_foreign_key("entry", ["owner_id"]);
        },
    )
    .seed(ROWS)
    .keeps("SELECT id, site, amount, owner_id FROM entry ORDER BY id", ["1|a|5|1", "2|a|6|NULL", "3|b|NULL|2"])
    .accepts("INSERT INTO entry (id, amount, owner_id) VALUES (1, 5, 99), (10, -1, NULL)");

    drop_unnamed_constraints: Case::new(
        |op| {
            loose(op);
            op.create_table("adopted")
                .column("id", integer())
                .column("amount", integer())
                .column("owner_id", integer())
                .primary_key(["id"])
                .unnamed()
                .unique(["amount"])
                .unnamed()
                .check("amount", "amount > 0")
                .unnamed()
                .foreign_key(["owner_id"], "owner", ["id"])
                .on_delete(Cascade)
                .unnamed();
        },
        |op| {
            op.drop_primary_key("adopted");
            op.drop_unique_constraint("adopted", ["amount"]);
            op.drop_check_constraint("adopted", "amount > 0");
            op.drop_foreign_key("adopted", ["owner_id"]);
        },
    )
    .seed("INSERT INTO owner (id) VALUES (1); INSERT INTO adopted (id, amount, owner_id) VALUES (1, 5, 1), (2, 6, NULL)")
    .keeps("SELECT id, amount, owner_id FROM adopted ORDER BY id", ["1|5|1", "2|6|NULL"])
    .accepts("INSERT INTO adopted (id, amount, owner_id) VALUES (1, 5, 99), (10, -1, NULL)");

    drop_primary_key: Case::new(
        |op| {
            op.create_table("entry").column("id", integer()).column("value", text()).primary_key(["id"]);
        },
        |op| {
            op.drop_constraint("entry", "pk_entry");
        },
    )
    .seed("INSERT INTO entry (id, value) VALUES (1, 'a'), (5, 'b')")
    .keeps("SELECT id, value FROM entry ORDER BY id", ["1|a", "5|b"])
    .accepts("INSERT INTO entry (id) VALUES (1)");

    drop_constraints: Case::new(
        |op| {
            loose(op);
            op.create_unique_constraint("entry", ["amount"]);
            op.create_check_constraint("entry", "amount", "amount > 0");
            op.create_foreign_key("entry", ["owner_id"], "owner", ["id"]).on_delete(Cascade);
        },
        |op| {
            op.drop_constraint("entry", "uq_entry_amount");
            op.drop_constraint("entry", "ck_entry_amount");
            op.drop_constraint("entry", "fk_entry_owner_id_owner");
        },
    )
    .seed(ROWS)
    .keeps("SELECT id, site, amount, owner_id FROM entry ORDER BY id", ["1|a|5|1", "2|a|6|NULL", "3|b|NULL|2"])
    .accepts("INSERT INTO entry (id, amount, owner_id) VALUES (9, 5, 99), (10, -1, NULL)");

    rename_constraints: Case::new(
        |op| {
            jobs::tables(op);
            op.create_unique_constraint("job", ["title"]);
            op.create_check_constraint("job", "attempts", "attempts >= 0");
        },
        |op| {
            op.rename_constraint("job", "pk_job", "job_key");
            op.rename_constraint("job", "uq_job_title", "job_title_once");
            op.rename_constraint("job", "ck_job_attempts", "job_attempts_positive");
            op.rename_constraint("job", "fk_job_owner_id_owner", "job_has_owner");
        },
    )
    .seed(jobs::ROWS)
    .keeps(jobs::JOBS, ["1|1|first|queued|0", "2|1|second|done|NULL", "3|NULL|it's|running|7"])
    .keeps("SELECT id, job_id, note FROM job_event ORDER BY id", ["1|1|a", "2|1|NULL", "3|2|c"])
    .refuses("INSERT INTO job (id, title) VALUES (9, 'first')");

    exchange_a_foreign_key_and_the_key_it_refers_to: Case::new(
        |op| {
            op.create_table("entry").column("id", integer().not_null()).column("code", text().not_null()).primary_key(["id"]);
            op.create_table("child")
                .column("id", integer())
                .column("entry_id", integer())
                .primary_key(["id"])
                .foreign_key(["entry_id"], "entry", ["id"])
                .on_delete(Cascade);
        },
        |op| {
            op.drop_constraint("child", "fk_child_entry_id_entry");
            op.drop_constraint("entry", "pk_entry");
            op.create_primary_key("entry", ["code"]);
            op.create_unique_constraint("entry", ["id"]);
            op.create_foreign_key("child", ["entry_id"], "entry", ["id"]).on_delete(Cascade);
        },
    )
    .seed("INSERT INTO entry VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1, 1), (2, 2)")
    .keeps("SELECT id, code FROM entry ORDER BY id", ["1|a", "2|b"])
    .keeps("SELECT id, entry_id FROM child ORDER BY id", ["1|1", "2|2"])
    .refuses("INSERT INTO child VALUES (3, 3)");
}
