//! The names that Postgres makes, against a server that makes them.

use std::collections::BTreeSet;

use offprint::operation::Op;
use offprint::prelude::*;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Cause, Dialect, Editor, Emission, Schema};

use crate::harness::replay;
use crate::support::postgres::PostgresDatabase;
use crate::support::random::Random;

/// The schema after some operations, under the convention of Postgres, or why there is none.
fn replayed(write: impl FnOnce(&mut Op)) -> Result<Schema, String> {
    let mut op = Op::default();
    write(&mut op);
    let naming = NamingConvention::Postgres;
    let mut editor = Editor::new(Schema::default(), Dialect::Postgres, &naming, "here".into());
    for (number, recorded) in (1..).zip(op.into_recorded()) {
        let (title, online) = (recorded.operation.title(), recorded.operation.online());
        editor.begin(Cause { number, title, origin: recorded.origin.0, emission: Emission::Emitted, online });
        recorded.operation.apply(&mut editor).map_err(|diagnostic| diagnostic.message)?;
    }
    Ok(editor.finish().0)
}

/// The names of the constraints in a schema, each with its table.
fn names_in(schema: &Schema) -> BTreeSet<(String, String)> {
    let named = |table: &offprint::schema::Table| {
        let table_name = table.name.to_string();
        let names = table.constraints.iter().filter_map(|constraint| constraint.name.as_ref());
        names.map(|name| (table_name.clone(), name.to_string())).collect::<Vec<_>>()
    };
    schema.tables().flat_map(|table| named(table)).collect()
}

/// The names of the constraints on a server, each with its table.
fn names_on(database: &PostgresDatabase) -> BTreeSet<(String, String)> {
    let query = "SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE contype IN ('c', 'p', 'u', 'f') AND relnamespace = 'public'::regnamespace";
    let pair = |row: Vec<Option<String>>| match row.as_slice() {
        [Some(table), Some(name)] => (table.clone(), name.clone()),
        other => panic!("two names: {other:?}"),
    };
    database.rows(query).into_iter().map(pair).collect()
}

/// A name of one to three parts, some of them long, some with letters of several bytes, so that names meet and are cut.
fn name(random: &mut Random) -> String {
    let parts = ["a", "b", "key", "äöü", "日本語日本語", "long_long_long_long_long", "x y", "Q"];
    let count = 1 + random.below(3);
    let joined: Vec<&str> = (0..count).map(|_| random.pick(&parts)).collect();
    let mut name = joined.join("_");
    while name.len() > 60 {
        name.pop();
    }
    name
}

#[test]
fn unnamed_constraints_have_the_names_that_the_server_gives() {
    let Some(database) = PostgresDatabase::create("names that the server makes") else { return };
    let mut random = Random::new(7);
    for round in 0..60 {
        database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        let tables: BTreeSet<String> = (0..3).map(|_| name(&mut random)).collect();
        let tables: Vec<(String, Vec<String>)> = tables
            .into_iter()
            .map(|table| (table, (0..3).map(|_| name(&mut random)).collect::<BTreeSet<_>>().into_iter().collect()))
            .collect();
        let quoted = |name: &str| format!("\"{name}\"");
        for (table, columns) in &tables {
            let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
            let definitions: Vec<String> = list.iter().map(|column| format!("{column} integer")).collect();
            let (first, all) = (&list[0], list.join(", "));
            database.execute(&format!("CREATE TABLE {} ({})", quoted(table), definitions.join(", ")));
            // One after the other, as the replay names them.
            for rule in [
                format!("PRIMARY KEY ({first})"),
                format!("UNIQUE ({all})"),
                format!("UNIQUE ({first})"),
                format!("CHECK ({first} > 0)"),
                format!("CHECK ({first} < 1000)"),
                format!("CHECK (({all}) IS NOT NULL)"),
                format!("FOREIGN KEY ({first}) REFERENCES {} ({first})", quoted(table)),
            ] {
                database.execute(&format!("ALTER TABLE {} ADD {rule}", quoted(table)));
            }
        }
        let schema = replayed(|op| {
            for (table, columns) in &tables {
                let (table, first) = (table.as_str(), columns[0].as_str());
                let all: Vec<&str> = columns.iter().map(String::as_str).collect();
                let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
                let created = op.create_table(table);
                for column in &all {
                    created.column(*column, integer());
                }
                op.create_primary_key(table, [first]).unnamed();
                op.create_unique_constraint(table, all.clone()).unnamed();
                op.create_unique_constraint(table, [first]).unnamed();
                op.create_check_constraint(table, "x", format!("{} > 0", list[0])).unnamed();
                op.create_check_constraint(table, "x", format!("{} < 1000", list[0])).unnamed();
                op.create_check_constraint(table, "x", format!("({}) IS NOT NULL", list.join(", "))).unnamed();
                op.create_foreign_key(table, [first], table, [first]).unnamed();
            }
        });
        let schema = schema.unwrap_or_else(|message| panic!("round {round}: {message} {tables:?}"));
        assert_eq!(names_in(&schema), names_on(&database), "round {round}: {tables:?}");
    }
}

#[test]
fn the_convention_of_postgres_names_like_postgres() {
    let schema = replayed(|op| {
        op.create_table("job")
            .column("id", integer())
            .column("owner", integer())
            .primary_key(["id"])
            .unique(["owner", "id"])
            .unique(["id", "owner"])
            .check("owner", "owner > 0")
            .foreign_key(["owner"], "job", ["id"]);
    });
    let names: Vec<String> = names_in(&schema.expect("a schema")).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["job_id_owner_key", "job_owner_check", "job_owner_fkey", "job_owner_id_key", "job_pkey"]);
}

#[test]
fn names_that_meet_are_found_before_the_server_finds_them() {
    let Some(database) = PostgresDatabase::create("names that meet") else { return };
    let base = |op: &mut Op| {
        op.create_enum("mood", ["ok"]);
        op.create_table("job").column("id", integer().identity()).column("kind", text()).primary_key(["id"]);
        op.create_index("ix_job", "job", ["kind"]);
        op.create_unique_constraint("job", ["kind"]).name("one_kind");
        op.create_view("jobs", "SELECT id FROM job");
    };
    database.execute(
        "CREATE TYPE mood AS ENUM ('ok');
         CREATE TABLE job (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, kind text);
         CREATE INDEX ix_job ON job (kind);
         ALTER TABLE job ADD CONSTRAINT one_kind UNIQUE (kind);
         CREATE VIEW jobs AS SELECT id FROM job",
    );
    for name in ["mood", "job", "ix_job", "one_kind", "jobs", "job_id_seq", "job_pkey"] {
        let refused = replayed(|op| {
            base(op);
            op.create_table(name).column("id", integer());
        });
        assert!(refused.is_err(), "a table `{name}` is not refused");
        let sql = format!("CREATE TABLE {name} (id integer)");
        assert!(database.try_execute(&sql).is_err(), "the server creates a table `{name}`");
    }
    for (sql, write) in [
        ("ALTER TABLE job ADD CONSTRAINT ix_job CHECK (id > 0)", check_named_like_an_index as fn(&mut Op)),
        ("CREATE TABLE job_id_seq1 (id integer)", table_named_like_a_sequence),
    ] {
        let allowed = replayed(|op| {
            base(op);
            write(op);
        });
        assert!(allowed.is_ok(), "{sql}: {allowed:?}");
        database.execute(sql);
    }
}

/// A check shares no namespace with indexes.
fn check_named_like_an_index(op: &mut Op) {
    op.create_check_constraint("job", "x", "id > 0").name("ix_job");
}

/// No sequence has this name.
fn table_named_like_a_sequence(op: &mut Op) {
    op.create_table("job_id_seq1").column("id", integer());
}

#[test]
fn what_only_has_the_same_words_is_left_alone() {
    let base = replay(&Schema::default(), |op| {
        op.create_table("job").column("id", integer()).column("state", text()).column("note", text());
        op.create_table("owner").column("id", integer()).column("state", text());
        op.create_table("place").column("id", integer()).column("job", text()).column("state", text());
        op.create_view("places", "SELECT job AS state FROM place WHERE state <> 'job'");
        op.create_view("notes", "SELECT note AS state, 'state' AS kind FROM job -- state");
        op.create_view("owners", "SELECT o.state FROM owner o WHERE o.id IN (SELECT id FROM public.job)");
        op.create_trigger(
            "watch",
            "job",
            "BEFORE UPDATE OF note ON job FOR EACH ROW WHEN (NEW.note <> 'state') \
             EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        );
        op.create_policy("of_owner", "owner")
            .using("state <> '' AND EXISTS (SELECT 1 FROM job WHERE note = owner.state)");
        op.create_index("ix_note", "job", ["id"]).filter("note <> 'state'");
    });
    let change = replay(&base.after, |op| {
        op.alter_column("job", "state").set_type(varchar(30));
    });
    let script = change.script();
    assert!(!script.contains("DROP"), "{script}");
}
