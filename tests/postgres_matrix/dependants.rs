//! What depends on the column that changes.

use offprint::operation::Op;
use offprint::prelude::*;

use crate::changes::Change;
use crate::names::{LONG, Names, PLAIN, QUOTED, quoted};

/// Something that depends on the column.
pub struct Dependant {
    pub name: &'static str,
    pub names: Names,
    /// Makes it, behind the table.
    pub make: fn(&mut Op, &Names, &Change),
    pub rows: Rows,
    /// Other columns that change together with the column.
    pub partners: &'static [(&'static str, &'static str)],
}

/// Which values the rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// All of the change, and NULL.
    All,
    /// All but NULL.
    NotNull,
    /// NULL, and values that are different after the change too.
    Distinct,
    /// The same without NULL.
    Keys,
}

const fn of(name: &'static str, rows: Rows, make: fn(&mut Op, &Names, &Change)) -> Dependant {
    Dependant { name, names: PLAIN, make, rows, partners: &[] }
}

fn condition(names: &Names, change: &Change) -> String {
    names.fill(change.condition)
}

fn everything(op: &mut Op, names: &Names, change: &Change) {
    let (condition, column) = (condition(names, change), quoted(names.column));
    op.create_check_constraint(names.table, "fine", &condition).name("as it should be");
    op.create_index("ix_part", names.table, [names.column]).filter(&condition);
    op.create_view("seen", names.fill(&format!("SELECT id, {column} AS seen FROM {{t}} WHERE {condition}")));
    op.create_trigger(
        "watch",
        names.table,
        names.fill(&format!(
            "BEFORE UPDATE OF {column} ON {{t}} FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION \
             suppress_redundant_updates_trigger()"
        )),
    );
}

/// A table with such a column whose rows are divided by another one.
fn divided(op: &mut Op, names: &Names, change: &Change) {
    let value = (change.from)(names);
    op.create_table("divided").column("id", integer()).column("held", value).partition_by_range(["id"]);
}

pub const DEPENDANTS: &[Dependant] = &[
    of("nothing", Rows::All, |_, _, _| {}),
    of("not null", Rows::NotNull, |op, names, _| {
        op.alter_column(names.table, names.column).set_not_null();
    }),
    of("check", Rows::All, |op, names, change| {
        op.create_check_constraint(names.table, "fine", condition(names, change));
    }),
    of("check over two columns", Rows::All, |op, names, change| {
        let condition = format!("({}) OR note = 'ok'", condition(names, change));
        op.create_check_constraint(names.table, "fine", &condition);
    }),
    of("plain index", Rows::All, |op, names, _| {
        op.create_index("ix", names.table, [names.column, "id"]);
    }),
    of("unique", Rows::Distinct, |op, names, _| {
        op.create_unique_constraint(names.table, [names.column]);
        op.create_index("uq", names.table, [names.column]).unique();
    }),
    of("index with an order of NULL", Rows::Distinct, |op, names, _| {
        op.create_index("ix", names.table, [column(names.column).desc().nulls_last()]).nulls_not_distinct();
        op.create_unique_constraint(names.table, [names.column]).nulls_not_distinct().deferrable();
    }),
    of("partial index", Rows::All, |op, names, change| {
        op.create_index("ix", names.table, ["id"]).filter(condition(names, change));
    }),
    of("expression index", Rows::All, |op, names, change| {
        let parts = [expression(format!("({})", condition(names, change)))];
        op.create_index("ix", names.table, parts).unique().filter("id < 2");
    }),
    of("index of another method", Rows::All, |op, names, change| {
        let method = if change.name == "array of enum" { "gin" } else { "hash" };
        op.create_index("ix", names.table, [names.column]).method(method);
    }),
    of("exclusion constraint", Rows::Distinct, |op, names, change| {
        let condition = condition(names, change);
        op.create_exclusion_constraint(names.table, [(names.column, "=")]).name("alone");
        op.create_exclusion_constraint(names.table, [("id", "="), (names.column, "=")]).filter(&condition).deferrable();
    }),
    of("primary key", Rows::Keys, |op, names, _| {
        op.drop_primary_key(names.table);
        op.create_primary_key(names.table, [names.column]);
    }),
    Dependant {
        partners: &[("other", "key")],
        ..of("foreign key from it", Rows::Distinct, |op, names, change| {
            op.create_table("other").column("key", (change.from)(names)).unique(["key"]);
            op.execute(names.fill("INSERT INTO other SELECT {c} FROM {t}"));
            op.create_foreign_key(names.table, [names.column], "other", ["key"]).on_update(Cascade);
        })
    },
    Dependant {
        partners: &[("other", "key")],
        ..of("deferred foreign key", Rows::Distinct, |op, names, change| {
            op.create_table("other").column("key", (change.from)(names)).primary_key(["key"]);
            op.execute(names.fill("INSERT INTO other SELECT {c} FROM {t} WHERE {c} IS NOT NULL"));
            op.create_foreign_key(names.table, [names.column], "other", ["key"]).initially_deferred();
        })
    },
    Dependant {
        partners: &[("other", "key")],
        ..of("foreign key to it", Rows::Distinct, |op, names, change| {
            op.create_unique_constraint(names.table, [names.column]);
            op.create_table("other").column("key", (change.from)(names));
            op.create_foreign_key("other", ["key"], names.table, [names.column]).on_delete(Cascade);
            op.execute(names.fill("INSERT INTO other SELECT {c} FROM {t}"));
        })
    },
    Dependant {
        partners: &[("entry", "partner")],
        ..of("foreign key to itself", Rows::Distinct, |op, names, change| {
            op.add_column(names.table, "partner", (change.from)(names));
            op.create_unique_constraint(names.table, [names.column]);
            op.create_foreign_key(names.table, ["partner"], names.table, [names.column]);
            op.execute(names.fill("UPDATE {t} SET partner = {c}"));
        })
    },
    of("view", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        op.create_view("seen", names.fill(&format!("SELECT id, {{c}} FROM {{t}} e WHERE {condition}")));
        op.create_view("unseen", names.fill("SELECT note, count(*) FROM {t} GROUP BY note"));
    }),
    of("view on view", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        op.create_view("z_first", names.fill(&format!("SELECT id, {{c}} FROM {{t}} WHERE {condition}")));
        op.create_view("m_second", "SELECT * FROM z_first WHERE id > 0");
        op.create_view("a_third", "SELECT m.id, z.id AS other FROM m_second m JOIN z_first z USING (id)");
        op.create_trigger(
            "instead",
            "a_third",
            "INSTEAD OF DELETE ON a_third FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        );
    }),
    of("view with the rights of who asks", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        let query = names.fill(&format!("SELECT id, {{c}} FROM {{t}} WHERE {condition}"));
        op.create_view("seen", query).security_invoker();
    }),
    of("materialized view with indexes", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        let query = names.fill(&format!("SELECT id, note, {{c}} AS seen FROM {{t}} WHERE {condition}"));
        op.create_materialized_view("z_seen", query);
        let read = condition.replace(&quoted(names.column), "seen");
        op.create_index("uq", "z_seen", ["id"]).unique();
        op.create_index("ix", "z_seen", [column("seen"), expression(format!("({read})"))]).filter(&read);
        op.create_materialized_view("a_many", "SELECT count(*) AS many FROM z_seen");
        op.create_materialized_view("b_none", "SELECT many FROM a_many").with_no_data();
        op.create_view("both", "SELECT many, seen FROM a_many CROSS JOIN z_seen");
    }),
    of("domain", Rows::All, |op, names, change| {
        let rule = change.condition.replace("{c}", "VALUE");
        op.create_domain("feeling", (change.from)(names)).default((change.default)()).check("feeling_fine", rule);
        op.create_domain("a feeling", domain("feeling")).not_null();
        op.add_column(names.table, "felt", domain("feeling"));
        op.add_column(names.table, "sure", domain("a feeling").default((change.default)()));
        op.create_index("ix", names.table, ["felt", "sure"]);
        op.create_view("felt", names.fill("SELECT id, felt, sure FROM {t} WHERE felt IS NOT NULL"));
        op.execute(names.fill("UPDATE {t} SET felt = {c}, sure = coalesce({c}, sure)"));
    }),
    of("composite type", Rows::All, |op, names, change| {
        op.create_composite_type("Pair").attribute("id", integer()).attribute("The value", (change.from)(names));
        op.add_column(names.table, "two", composite("Pair"));
        op.create_view("halves", names.fill("SELECT id, (two).id AS half FROM {t}"));
        op.execute(names.fill("UPDATE {t} SET two = ROW(id, {c})::\"Pair\""));
    }),
    of("policy", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        op.enable_row_level_security(names.table);
        op.create_policy("some", names.table).for_command("select").to(["pg_monitor"]).using(&condition);
        op.create_policy("few", names.table).restrictive().using("id > 0").with_check(&condition);
        op.create_policy("all", names.table).using("note IS NOT NULL");
    }),
    of("policy of another table", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        op.create_table("other").column("entry_id", integer()).column("note", text());
        let query = format!("SELECT note FROM public.{{t}} WHERE public.{{t}}.id = entry_id AND {condition}");
        op.enable_row_level_security("other");
        op.create_policy("some", "other").using(names.fill(&format!("note IN ({query})")));
        op.create_policy("all", "other").restrictive().using(names.fill("EXISTS (SELECT 1 FROM {t} e WHERE e.id > 0)"));
    }),
    of("policy that only has the same words", Rows::All, |op, names, _| {
        op.create_table("other").column(names.column, text()).column("note", text());
        op.create_policy("same", names.table).using("note <> 'value' AND id > (SELECT count(*) FROM other AS value)");
        let condition = names.fill("{c} <> note AND EXISTS (SELECT 1 FROM {t} e WHERE e.note = other.{c})");
        op.create_policy("same", "other").using(&condition);
    }),
    of("function", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        let body = names.fill(&format!("SELECT count(*) FROM {{t}} WHERE {condition}"));
        op.create_function("how_many", "").returns("bigint").language("sql").stable().body(body);
    }),
    of("function with a body that is read", Rows::All, |op, names, change| {
        let condition = condition(names, change);
        op.create_view("seen", names.fill(&format!("SELECT id, {{c}} FROM {{t}} WHERE {condition}")));
        let body = names.fill(&format!(
            "SELECT count(*) FROM public.{{t}} AS e WHERE {condition}; SELECT count(*) FROM seen WHERE id > lowest"
        ));
        op.create_function("how_many", "lowest integer").returns("bigint").stable().begin_atomic(body);
        op.grant(["execute"]).on_function("how_many").to(["pg_monitor"]);
        op.create_check_constraint(names.table, "few", "how_many(id) < 9");
        op.create_view("counted", "SELECT how_many(1) AS many");
    }),
    of("trigger with UPDATE OF", Rows::All, |op, names, _| {
        let definition = "BEFORE UPDATE OF note, {c} ON {t} FOR EACH ROW EXECUTE FUNCTION \
                          suppress_redundant_updates_trigger()";
        op.create_trigger("watch", names.table, names.fill(definition));
    }),
    of("trigger with WHEN", Rows::All, |op, names, _| {
        let definition = "BEFORE UPDATE ON {t} FOR EACH ROW WHEN (OLD.{c} IS DISTINCT FROM NEW.{c}) EXECUTE FUNCTION \
                          suppress_redundant_updates_trigger()";
        op.create_trigger("watch", names.table, names.fill(definition));
    }),
    of("generated column", Rows::All, |op, names, change| {
        let expression = format!("CASE WHEN {} THEN 1 ELSE 0 END", condition(names, change));
        op.add_column(names.table, "seen", integer().generated(&expression).comment("whether it is"));
        op.create_index("ix", names.table, ["seen"]);
        op.create_check_constraint(names.table, "fine", "seen >= 0");
        op.create_view("seen_ones", names.fill("SELECT id FROM {t} WHERE seen = 1"));
    }),
    Dependant {
        partners: &[("second", "also")],
        ..of("several tables", Rows::All, |op, names, change| {
            op.create_table("second").column("id", integer()).column("also", (change.from)(names));
            op.create_index("ix", "second", ["id"]).filter("also IS NOT NULL");
            op.create_view("both", names.fill("SELECT e.id FROM {t} e JOIN second s ON s.also = e.{c}"));
            op.execute(names.fill("INSERT INTO second SELECT id, {c} FROM {t}"));
        })
    },
    Dependant {
        partners: &[("divided", "held")],
        ..of("partition", Rows::All, |op, names, change| {
            let condition = condition(names, change).replace(&quoted(names.column), "held");
            divided(op, names, change);
            op.create_partition("divided_low", "divided").from([sql("MINVALUE")]).to([2]);
            op.create_partition("divided_rest", "divided").all_others();
            op.execute(names.fill("INSERT INTO divided SELECT id, {c} FROM {t}"));
            op.create_check_constraint("divided", "fine", &condition);
            op.create_index("ix", "divided", ["held"]);
            op.create_index("ix_part", "divided", ["id"]).filter(&condition);
            op.create_view("low", "SELECT id, held FROM divided WHERE id < 2");
            op.create_trigger(
                "watch",
                "divided",
                "BEFORE UPDATE OF held ON divided FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            );
        })
    },
    Dependant {
        partners: &[("divided", "held")],
        ..of("partition with a default of its own", Rows::All, |op, names, change| {
            divided(op, names, change);
            let low = op.create_partition("divided_low", "divided").from([sql("MINVALUE")]).to([2]);
            low.default("held", (change.default)());
            op.create_partition("divided_rest", "divided").all_others();
            op.execute(names.fill("INSERT INTO divided SELECT id, {c} FROM {t}"));
        })
    },
    of("sequence that goes with it", Rows::All, |op, names, _| {
        op.create_sequence("counter").start(5).owned_by(names.table, names.column);
        op.create_sequence("numbers");
        let number = big_integer().default(sql("nextval('public.numbers')"));
        op.create_table("numbered").column("id", integer()).column("number", number);
        op.alter_sequence("numbers").owned_by("numbered", "number");
        op.execute(names.fill("INSERT INTO numbered SELECT id FROM {t}"));
    }),
    of("storage parameters", Rows::All, |op, names, change| {
        op.set_storage_parameter(names.table, "fillfactor", 70);
        op.create_index("ix", names.table, [names.column]).storage("fillfactor", 60);
        op.create_index("ix_part", names.table, ["id"]).filter(condition(names, change)).storage("fillfactor", 50);
    }),
    Dependant { names: QUOTED, ..of("quoted names", Rows::All, everything) },
    Dependant { names: LONG, ..of("long names", Rows::All, everything) },
];
