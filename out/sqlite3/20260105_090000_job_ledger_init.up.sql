-- offprint: 001_job_ledger_init job ledger: jobs and what happened to them
-- from base to 001_job_ledger_init; SQLite 3.40 or later; opens its own transaction

-- Each guard that passes and each statement that does what it should leaves a mark; without all of them nothing is
-- committed. A savepoint keeps what follows in a transaction, should an error have ended the one that was open.
DROP TABLE IF EXISTS temp."offprint_marks";

CREATE TEMP TABLE "offprint_marks" (
    "mark" INTEGER NOT NULL,
    CONSTRAINT "offprint: a statement before this one has failed, so everything is rolled back" CHECK ("mark" > 0)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = '
        || "client"."foreign_keys" || '); nothing was changed'
))
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

BEGIN IMMEDIATE;

SAVEPOINT "offprint";

-- refuses a database at another revision
CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 001_job_ledger_init applies to a database at base, but this one is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 001_job_ledger_init creates the ' || "existing"."type" || ' `' || "existing"."name"
        || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed'
))
FROM sqlite_schema AS "existing"
WHERE "existing"."name" COLLATE NOCASE IN (
    'job',
    'job_event'
);

-- 001_job_ledger_init #1: create_table job
CREATE TABLE "job" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "payload" TEXT NOT NULL DEFAULT '{}',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TEXT,
    CONSTRAINT "pk_job" PRIMARY KEY ("id"),
    CONSTRAINT "ck_job_attempts_not_negative" CHECK (attempts >= 0)
);

-- 001_job_ledger_init #2: create_table job_event
CREATE TABLE "job_event" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_job_event" PRIMARY KEY AUTOINCREMENT,
    "job_id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "fk_job_event_job_id_job" FOREIGN KEY ("job_id") REFERENCES "job" ("id") ON DELETE CASCADE
);

INSERT INTO "alembic_version" ("version_num") VALUES ('001_job_ledger_init');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('job', 0),
        ('job_event', 0)
) AS "made"
WHERE NOT EXISTS (
        SELECT 1
        FROM sqlite_schema AS "there"
        WHERE "there"."name" = "made"."column1" COLLATE NOCASE
            AND ("there"."type" = 'trigger') = "made"."column2"
    );

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 001_job_ledger_init, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
