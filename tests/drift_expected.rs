//! Proves that the expectation of a replayed schema is what an engine reports: here SQL written by hand makes the schema,
//! so that only the expectation can be wrong.

mod support;

use offprint::operation::Op;
use offprint::prelude::*;
use offprint::schema::naming::NamingConvention;
use offprint::schema::{Cause, Dialect, Editor, Emission, Schema};
use support::expected::{ColumnOrder, drift_on_postgres, drift_on_sqlite};
use support::postgres::PostgresDatabase;
use support::sqlite::SqliteDatabase;

/// The schema after the operations of one revision.
fn replayed(dialect: Dialect, revision: impl FnOnce(&mut Op)) -> Schema {
    let mut op = Op::default();
    revision(&mut op);
    let naming = NamingConvention::default();
    let mut editor = Editor::new(Schema::default(), dialect, &naming, "here".into());
    for (number, recorded) in op.into_recorded().into_iter().enumerate() {
        if recorded.scope.is_some_and(|scope| scope != dialect) {
            continue;
        }
        let emission = if recorded.declared { Emission::Declared } else { Emission::Emitted };
        let number = u32::try_from(number).expect("few operations");
        editor.begin(Cause {
            number,
            title: recorded.operation.title(),
            origin: recorded.origin.0,
            emission,
            online: recorded.operation.online(),
        });
        recorded.operation.apply(&mut editor).unwrap_or_else(|diagnostic| panic!("{diagnostic:?}"));
    }
    editor.finish().0
}

fn everything(op: &mut Op) {
    op.postgres().create_sequence("ticket").as_type(integer()).start(7).increment(-2).minimum(0).maximum(9).cycle();
    op.create_table("numbered")
        .storage("fillfactor", 70)
        .column("id", integer().identity_always().start(100).increment(10))
        .column("n", integer())
        .primary_key(["id"]);
    op.postgres().alter_sequence("ticket").owned_by("numbered", "n");
    op.create_table("event").column("day", date()).column("state", text().default("new")).partition_by_range(["day"]);
    op.create_index("ix_event", "event", ["state"]).storage("fillfactor", 60);
    op.postgres()
        .create_partition("event_2026", "event")
        .from(["2026-01-01"])
        .to(["2027-01-01"])
        .default("state", "old");
    op.create_enum("job_status", ["queued", "it's done"]);
    op.postgres()
        .create_domain("share", integer())
        .default(10)
        .not_null()
        .check("share_range", "VALUE BETWEEN 0 AND 100")
        .check("share_even", "mod(VALUE, 2) = 0");
    op.postgres().create_domain("wish", enumeration("job_status")).default("queued");
    op.postgres().create_composite_type("Way").attribute("To", text()).attribute("wishes", array(domain("wish")));
    op.create_table("owner")
        .column("id", big_integer().identity())
        .column("region", text().not_null())
        .primary_key(["id"])
        .unique(["region", "id"])
        .comment("people");
    op.create_table("job")
        .column("id", uuid().default(random_uuid()))
        .column("title", text().not_null().default("un'titled").collation(sql("\"C\"").sqlite("NOCASE")))
        .column("status", enumeration("job_status").not_null().default("queued"))
        .column("short", small_integer().default(-5))
        .column("number", integer().default(0))
        .column("large", big_integer().default(0))
        .column("single", float().default(1.5))
        .column("twice", double().default(2.0))
        .column("price", numeric(10, 2).sqlite("TEXT").default(decimal("1.10")))
        .column("varied", varchar(20).default("x"))
        .column("fixed", char(3).default("abc"))
        .column("flag", boolean().not_null().default(true))
        .column("day", date().default(current_date()))
        .column("hour", time())
        .column("seen", timestamp())
        .column("created_at", timestamptz().not_null().default(now()))
        .column("length", interval().sqlite("TEXT"))
        .column("document", json().default("{}"))
        .column("binary_document", jsonb())
        .column("payload", bytes().default(hex("00ff")))
        .column("tags", array(text()).sqlite("TEXT"))
        .column("statuses", array(enumeration("job_status")).sqlite("TEXT"))
        .column("address", native("inet").sqlite("TEXT").comment("of the host"))
        .column("doubled", integer().generated("number * 2"))
        .column("owner_id", big_integer())
        .column("part", domain("share").sqlite("INTEGER").default(20))
        .column("way", composite("Way").sqlite("TEXT"))
        .column("region", text().default(sql("lower('HERE')")))
        .primary_key(["id"])
        .unique(["region", "number"])
        .check("positive", "job.number >= 0 AND number IN (0, 1, 2)")
        .foreign_key(["region", "owner_id"], "owner", ["region", "id"])
        .on_delete(SetNull)
        .on_update(Cascade)
        .deferrable()
        .initially_deferred();
    op.create_index("ix_job_created", "job", [column("created_at").desc(), column("status")]);
    op.create_index("ix_job_lower", "job", [expression("lower(region)")]).unique().filter("number > 3");
    op.create_index("ix_job_cover", "job", ["number"]).include(["flag"]);
    op.create_index("ix_job_pattern", "job", [column("region").operator_class("text_pattern_ops")]);
    op.create_index("ix_job_tags", "job", ["tags"]).method("gin");
    op.create_index("ix_job_title", "job", [column("title"), column("region").collation(sql("\"C\"").sqlite("RTRIM"))]);
    op.create_view("job_title", "SELECT id, title FROM job WHERE number > 0");
    op.create_view("a_title", "SELECT title FROM job_title").security_invoker();
    op.create_trigger(
        "job_touch",
        "job",
        postgres(
            "BEFORE UPDATE ON job FOR EACH ROW WHEN (NEW.number > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        )
        .sqlite("AFTER UPDATE ON job BEGIN UPDATE owner SET region = 'x' WHERE id = new.owner_id; END"),
    );
    op.postgres()
        .create_materialized_view("by_region", "SELECT region, title, count(*) AS jobs FROM job GROUP BY 1, 2");
    op.postgres().create_index("uq_by_region", "by_region", ["region", "title"]).unique().nulls_not_distinct();
    op.postgres().create_index("ix_by_region", "by_region", [expression("lower(region)")]).filter("jobs > 3");
    op.postgres().create_materialized_view("regions", "SELECT region FROM by_region").with_no_data();
    op.postgres().enable_row_level_security("job").force();
    op.postgres()
        .create_policy("here", "job")
        .restrictive()
        .for_command("update")
        .to(["pg_monitor", "pg_database_owner"])
        .using("region = 'here'")
        .with_check("region IN (SELECT region FROM owner)");
    op.postgres()
        .create_function("larger", "one integer, other integer DEFAULT 0")
        .returns("integer")
        .language("sql")
        .immutable()
        .strict()
        .body("SELECT greatest(one, other)");
    op.postgres()
        .create_procedure("forget", "INOUT number integer")
        .language("plpgsql")
        .security_definer()
        .set("search_path", "pg_catalog, pg_temp")
        .body("BEGIN number := 0; END");
}

const POSTGRES: &str = r#"
CREATE TABLE numbered (
    id int4 GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 10) CONSTRAINT pk_numbered PRIMARY KEY, n integer
) WITH (fillfactor = 70);
CREATE SEQUENCE ticket AS int4 START 7 INCREMENT -2 MINVALUE 0 MAXVALUE 9 CYCLE OWNED BY numbered.n;
CREATE TABLE event (day date, state text DEFAULT 'new') PARTITION BY RANGE (day);
CREATE INDEX ix_event ON event (state) WITH (fillfactor = 60);
CREATE TABLE event_2026 PARTITION OF event (state DEFAULT 'old') FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TYPE job_status AS ENUM ('queued', 'it''s done');
CREATE DOMAIN share int DEFAULT 10 NOT NULL CONSTRAINT share_range CHECK (VALUE BETWEEN 0 AND 100)
    CONSTRAINT share_even CHECK (mod(VALUE, 2) = 0);
CREATE DOMAIN wish AS job_status DEFAULT 'queued';
CREATE TYPE "Way" AS ("To" text, wishes wish[]);
CREATE TABLE owner (
    id int8 GENERATED BY DEFAULT AS IDENTITY CONSTRAINT pk_owner PRIMARY KEY, region text NOT NULL,
    CONSTRAINT uq_owner_region UNIQUE (region, id)
);
COMMENT ON TABLE owner IS 'people';
CREATE TABLE job (
    id uuid DEFAULT gen_random_uuid() CONSTRAINT pk_job PRIMARY KEY, title text COLLATE "C" NOT NULL DEFAULT 'un''titled',
    status job_status NOT NULL DEFAULT 'queued', short int2 DEFAULT '-5'::int2, number int4 DEFAULT 0,
    large int8 DEFAULT '0'::bigint, single float4 DEFAULT '1.5', twice float8 DEFAULT 2, price decimal(10, 2) DEFAULT 1.10,
    varied varchar(20) DEFAULT 'x'::text, fixed char(3) DEFAULT 'abc', flag bool NOT NULL DEFAULT 't',
    day date DEFAULT CURRENT_DATE, hour time, seen timestamp, created_at timestamptz NOT NULL DEFAULT now(), length interval,
    document json DEFAULT '{}', binary_document jsonb, payload bytea DEFAULT '\x00ff', tags text[], statuses job_status[],
    address inet, doubled int4 GENERATED ALWAYS AS (number * 2) STORED, owner_id int8, part share DEFAULT 20, way "Way",
    region text DEFAULT lower('HERE'),
    CONSTRAINT uq_job_region UNIQUE (region, number),
    CONSTRAINT ck_job_positive CHECK (number >= 0 AND number IN (0, 1, 2)),
    CONSTRAINT fk_job_region_owner FOREIGN KEY (region, owner_id) REFERENCES owner (region, id)
        ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON COLUMN job.address IS 'of the host';
CREATE INDEX ix_job_created ON job (created_at DESC, status);
CREATE UNIQUE INDEX ix_job_lower ON job (lower(region)) WHERE number > 3;
CREATE INDEX ix_job_cover ON job (number) INCLUDE (flag);
CREATE INDEX ix_job_pattern ON job (region text_pattern_ops);
CREATE INDEX ix_job_tags ON job USING gin (tags);
CREATE INDEX ix_job_title ON job (title, region COLLATE "C");
CREATE VIEW job_title AS SELECT id, title FROM job WHERE number > 0;
CREATE VIEW a_title WITH (security_invoker) AS SELECT title FROM job_title;
CREATE TRIGGER job_touch BEFORE UPDATE ON job FOR EACH ROW WHEN (NEW.number > 1)
    EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE MATERIALIZED VIEW by_region AS SELECT region, title, count(*) AS jobs FROM job GROUP BY region, title;
CREATE UNIQUE INDEX uq_by_region ON by_region (region, title) NULLS NOT DISTINCT;
CREATE INDEX ix_by_region ON by_region (lower(region)) WHERE jobs > 3;
CREATE MATERIALIZED VIEW regions AS SELECT region FROM by_region WITH NO DATA;
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY here ON job AS RESTRICTIVE FOR UPDATE TO pg_database_owner, pg_monitor USING (region = 'here')
    WITH CHECK (region IN (SELECT owner.region FROM owner));
CREATE FUNCTION larger(one integer, other int4 = 0) RETURNS int AS $$
SELECT greatest(one, other)
$$ LANGUAGE sql IMMUTABLE RETURNS NULL ON NULL INPUT;
CREATE PROCEDURE forget(INOUT number integer) AS $$
BEGIN number := 0; END
$$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
CREATE TABLE alembic_version (version_num character varying(32) PRIMARY KEY);
"#;

const SQLITE: &str = r#"
CREATE TABLE numbered (id INTEGER NOT NULL CONSTRAINT pk_numbered PRIMARY KEY AUTOINCREMENT, n INTEGER);
CREATE TABLE event (day TEXT, state TEXT DEFAULT 'new');
CREATE INDEX ix_event ON event (state);
CREATE TABLE owner (
    id INTEGER NOT NULL CONSTRAINT pk_owner PRIMARY KEY AUTOINCREMENT, region TEXT NOT NULL,
    CONSTRAINT uq_owner_region UNIQUE (region, id)
);
CREATE TABLE job (
    id TEXT NOT NULL DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)
        || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
    title TEXT COLLATE NOCASE NOT NULL DEFAULT 'un''titled', status TEXT NOT NULL DEFAULT 'queued', short INTEGER DEFAULT -5,
    number INTEGER DEFAULT 0, large INTEGER DEFAULT 0, single REAL DEFAULT 1.5, twice REAL DEFAULT 2.0,
    price TEXT DEFAULT '1.10', varied VARCHAR(20) DEFAULT 'x', fixed CHAR(3) DEFAULT 'abc', flag BOOLEAN NOT NULL DEFAULT TRUE,
    day TEXT DEFAULT CURRENT_DATE, hour TEXT, seen TEXT, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, length TEXT,
    document TEXT DEFAULT '{}', binary_document TEXT, payload BLOB DEFAULT X'00FF', tags TEXT, statuses TEXT, address TEXT,
    doubled INTEGER GENERATED ALWAYS AS (number * 2) STORED, owner_id INTEGER, part INTEGER DEFAULT 20, way TEXT, region TEXT DEFAULT (lower('HERE')),
    CONSTRAINT pk_job PRIMARY KEY (id), CONSTRAINT uq_job_region UNIQUE (region, number),
    CONSTRAINT ck_job_positive CHECK (number >= 0 AND number IN (0, 1, 2)),
    CONSTRAINT ck_job_status CHECK (status IN ('queued', 'it''s done')),
    CONSTRAINT fk_job_region_owner FOREIGN KEY (region, owner_id) REFERENCES owner (region, id)
        ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_job_created ON job (created_at DESC, status);
CREATE UNIQUE INDEX ix_job_lower ON job (lower(region)) WHERE number > 3;
CREATE INDEX ix_job_cover ON job (number);
CREATE INDEX ix_job_pattern ON job (region);
CREATE INDEX ix_job_tags ON job (tags);
CREATE INDEX ix_job_title ON job (title, region COLLATE RTRIM);
CREATE VIEW job_title AS SELECT id, title FROM job WHERE number > 0;
CREATE VIEW a_title AS SELECT title FROM job_title;
CREATE TRIGGER job_touch AFTER UPDATE ON job BEGIN UPDATE owner SET region = 'x' WHERE id = new.owner_id; END;
CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);
"#;

#[test]
fn the_expectation_is_what_postgres_reports() {
    let Some(database) = PostgresDatabase::create("the expectation is what Postgres reports") else { return };
    database.execute(POSTGRES);
    let drift = drift_on_postgres(&replayed(Dialect::Postgres, everything), &database, ColumnOrder::Exact);
    assert_eq!(drift, [""; 0]);
}

#[test]
fn the_expectation_is_what_sqlite_reports() {
    let database = SqliteDatabase::create("the expectation is what SQLite reports");
    database.execute(SQLITE);
    let drift = drift_on_sqlite(&replayed(Dialect::Sqlite, everything), &database, ColumnOrder::Exact);
    assert_eq!(drift, [""; 0]);
}
