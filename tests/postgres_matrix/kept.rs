//! What raw SQL or an administrator has given to objects is theirs again after they were made again.

use offprint::prelude::*;
use offprint::schema::Schema;

use crate::catalogue::{catalogue, same};
use crate::harness::{Replayed, replay};
use crate::support::postgres::PostgresDatabase;

fn base() -> Replayed {
    replay(&Schema::default(), |op| {
        op.create_enum("mood", ["gone", "sad", "ok"]);
        op.create_domain("feeling", enumeration("mood")).check("feeling_given", "VALUE IS NOT NULL");
        op.create_composite_type("Pair")
            .attribute("The value", enumeration("mood"))
            .attribute("felt", domain("feeling"));
        op.create_table("entry")
            .column("id", integer())
            .column("value", enumeration("mood"))
            .column("two", composite("Pair").default("(sad,ok)"))
            .column("felt", domain("feeling").default("sad"))
            .column("sad", boolean().generated("value = 'sad'").comment("whether it is"))
            .check("fine", "value <> 'ok'")
            .primary_key(["id"]);
        op.create_index("ix", "entry", [column("id"), expression("value")]);
        op.create_view("seen", "SELECT id, value FROM entry");
        op.create_view("own", "SELECT id FROM seen");
        op.create_materialized_view("kept", "SELECT id, value FROM seen");
        op.create_index("uq_kept", "kept", ["id"]).unique();
        op.create_materialized_view("a_late", "SELECT id FROM kept").with_no_data();
        op.create_trigger(
            "watch",
            "entry",
            "BEFORE UPDATE OF value ON entry FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        );
        op.create_trigger(
            "off",
            "entry",
            "BEFORE UPDATE OF value ON entry FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        );
    })
}

/// What no operation can say.
const GIVEN: &str = "
    ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO pg_read_all_stats;
    COMMENT ON TYPE mood IS 'how it''s; going';
    GRANT USAGE ON TYPE mood TO pg_monitor WITH GRANT OPTION;
    REVOKE USAGE ON TYPE mood FROM PUBLIC;
    COMMENT ON TYPE \"Pair\" IS 'two of them';
    COMMENT ON COLUMN \"Pair\".\"The value\" IS 'an attribute';
    ALTER TYPE \"Pair\" OWNER TO pg_monitor;
    COMMENT ON DOMAIN feeling IS 'what is felt';
    COMMENT ON CONSTRAINT feeling_given ON DOMAIN feeling IS 'a rule';
    GRANT USAGE ON TYPE feeling TO pg_monitor;
    REVOKE USAGE ON TYPE feeling FROM PUBLIC;
    ALTER DOMAIN feeling OWNER TO pg_monitor;
    COMMENT ON VIEW seen IS 'what is \\seen';
    COMMENT ON COLUMN seen.value IS 'a column';
    ALTER VIEW seen SET (security_invoker = true, security_barrier = true);
    ALTER VIEW own OWNER TO pg_monitor;
    GRANT SELECT ON seen TO PUBLIC;
    GRANT SELECT, INSERT ON seen TO pg_monitor WITH GRANT OPTION;
    GRANT UPDATE (value) ON seen TO pg_read_all_data;
    GRANT SELECT (sad) ON entry TO pg_monitor;
    COMMENT ON MATERIALIZED VIEW kept IS 'what is kept';
    COMMENT ON COLUMN kept.value IS 'another column';
    GRANT SELECT (value) ON kept TO pg_read_all_data;
    GRANT SELECT ON kept TO pg_monitor;
    ALTER MATERIALIZED VIEW kept SET (fillfactor = 60, autovacuum_enabled = false);
    ALTER MATERIALIZED VIEW kept ALTER value SET STATISTICS 500;
    ALTER MATERIALIZED VIEW kept CLUSTER ON uq_kept;
    COMMENT ON INDEX uq_kept IS 'another index';
    ALTER MATERIALIZED VIEW a_late OWNER TO pg_monitor;
    GRANT SELECT ON kept TO pg_monitor;
    REFRESH MATERIALIZED VIEW a_late;
    COMMENT ON CONSTRAINT ck_entry_fine ON entry IS 'a check';
    COMMENT ON INDEX ix IS 'an index';
    ALTER INDEX ix SET (fillfactor = 50);
    ALTER TABLE entry CLUSTER ON ix;
    COMMENT ON TRIGGER watch ON entry IS 'a trigger';
    ALTER TABLE entry ENABLE ALWAYS TRIGGER watch;
    ALTER TABLE entry DISABLE TRIGGER off;
    INSERT INTO entry (id, value) VALUES (1, 'sad');
";

#[test]
fn what_the_schema_does_not_know_is_kept() {
    let Some(database) = PostgresDatabase::create("kept by a swap") else { return };
    database.psql(&base().script()).expect_success();
    database.execute(GIVEN);
    let before = catalogue(&database);
    let change = replay(&base().after, |op| {
        op.replace_enum_values("mood", ["sad", "ok"]);
    });
    database.psql(&change.script()).expect_success();
    let values = |lines: &std::collections::BTreeSet<String>| {
        lines.iter().map(|line| line.replace("gone,sad,ok", "sad,ok")).collect()
    };
    same("before and after the swap", &values(&before), &catalogue(&database))
        .unwrap_or_else(|found| panic!("{found}"));
    database.psql(&change.inverse().script()).expect_success();
    same("before it and after the way back", &before, &catalogue(&database)).unwrap_or_else(|found| panic!("{found}"));
}

#[test]
fn a_change_of_a_type_keeps_it_too() {
    let Some(database) = PostgresDatabase::create("kept by a change of type") else { return };
    let base = replay(&Schema::default(), |op| {
        op.create_table("entry").column("id", integer()).column("value", varchar(4));
        op.create_view("seen", "SELECT id, value FROM entry");
        op.create_view("own", "SELECT id FROM seen");
    });
    database.psql(&base.script()).expect_success();
    database.execute("GRANT SELECT ON own TO pg_monitor; COMMENT ON VIEW own IS 'mine'");
    database.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_read_all_data");
    let before = catalogue(&database);
    let change = replay(&base.after, |op| {
        op.alter_column("entry", "value").set_type(varchar(9));
    });
    database.psql(&change.script()).expect_success();
    let privileges = "SELECT FROM pg_class, aclexplode(relacl) WHERE relname = 'seen' AND grantee <> relowner";
    assert_eq!(database.rows(privileges).len(), 0, "the view is given away");
    database.psql(&change.inverse().script()).expect_success();
    let own =
        |lines: &std::collections::BTreeSet<String>| lines.iter().find(|line| line.starts_with("view own")).cloned();
    assert_eq!(own(&before), own(&catalogue(&database)));
}

/// A view with one that reads it, and what an administrator has made of them.
const GIVEN_TO_VIEWS: &str = "
    ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO pg_read_all_stats;
    COMMENT ON VIEW seen IS 'what is \\seen';
    COMMENT ON COLUMN seen.value IS 'a column';
    COMMENT ON COLUMN seen.note IS 'one that goes';
    ALTER VIEW seen SET (security_barrier = true);
    ALTER VIEW own OWNER TO pg_monitor;
    ALTER VIEW own SET (security_barrier = true);
    GRANT SELECT ON seen TO pg_monitor WITH GRANT OPTION;
    ALTER TABLE seen ALTER COLUMN value SET DEFAULT 'it''s';
    GRANT UPDATE (value, note) ON seen TO pg_read_all_data;
    ALTER TABLE seen ALTER COLUMN note SET DEFAULT 'x';
    INSERT INTO entry (id, value, note) VALUES (1, 'a', 'b');
";

/// What of it is there whatever the columns and the rights are with which the view reads.
const HELD: &str = "
    SELECT relname, relowner::regrole::text, 
        (SELECT string_agg(item::text, ' ' ORDER BY item::text)
         FROM unnest(coalesce(relacl, acldefault('r', relowner))) AS item),
        array_remove(reloptions, 'security_invoker=true')::text,
        obj_description(pg_class.oid, 'pg_class'), attacl::text, col_description(attrelid, attnum),
        pg_get_expr(adbin, adrelid)
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'value'
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
    ORDER BY relname
";

#[test]
fn a_view_that_takes_the_place_of_another_one_keeps_it_too() {
    for (query, what, in_place) in [
        ("SELECT id AS more, id, value, note FROM entry WHERE id > 0", "gets a column", false),
        ("SELECT id, value, note, id AS more FROM entry WHERE id > 0", "gets a column behind the others", true),
        ("SELECT id, value FROM entry", "loses a column", false),
        ("SELECT id, value::varchar(9) AS value, note FROM entry", "gets another type", false),
    ] {
        let Some(database) = PostgresDatabase::create(what) else { return };
        let base = replay(&Schema::default(), |op| {
            op.create_table("entry").column("id", integer()).column("value", text()).column("note", text());
            op.create_view("seen", "SELECT id, value, note FROM entry").security_invoker();
            op.create_view("own", "SELECT id, value FROM seen");
        });
        database.psql(&base.script()).expect_success();
        database.execute(GIVEN_TO_VIEWS);
        let (before, held) = (catalogue(&database), database.rows(HELD));
        let change = replay(&base.after, |op| {
            op.create_view("seen", query).or_replace();
        });
        let script = change.script();
        assert_eq!(script.contains("CREATE OR REPLACE VIEW"), in_place, "{script}");
        database.psql(&script).expect_success();
        assert_eq!(database.rows(HELD), held, "{what}");
        database.psql(&change.inverse().script()).expect_success();
        // What a column had that went does not come back with it.
        let gone = what == "loses a column";
        let known = |lines: std::collections::BTreeSet<String>| {
            lines.into_iter().filter(|line| !(gone && line.starts_with("column seen note"))).collect()
        };
        same(what, &known(before), &known(catalogue(&database))).unwrap_or_else(|found| panic!("{found}"));
    }
}
