-- offprint: 3af4686817cc hardening: job ledger enums, indexes, idempotency
-- from 001_job_ledger_init to 3af4686817cc; SQLite 3.40 or later; opens its own transaction
-- loses the old values of `job.status` where they were converted

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
    'offprint: 3af4686817cc applies to a database at 001_job_ledger_init, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('3af4686817cc'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_job_event_job_id', 'ix_job_status_created_at', 'offprint_rebuild_job', 'offprint_violations');

-- guards the rebuild of job: what no revision knows would be lost with the old table
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `job` has the ' || "found"."kind" || ' `' || "found"."name"
        || '`, which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM (
    SELECT 'column' AS "kind", "name"
    FROM pragma_table_xinfo('job')
    WHERE "name" COLLATE NOCASE NOT IN ('id', 'kind', 'status', 'payload', 'attempts', 'error', 'created_at', 'finished_at')
    UNION ALL
    SELECT "type", "name"
    FROM sqlite_schema
    WHERE "tbl_name" COLLATE NOCASE = 'job'
        AND "type" IN ('index', 'trigger')
        AND "name" NOT GLOB 'sqlite_*'
) AS "found"
WHERE "found"."name" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `job.' || "key"."from" || '` refers to `' || "key"."table" || coalesce('.' || "key"."to", '')
        || '` ON DELETE ' || "key"."on_delete" || ' ON UPDATE ' || "key"."on_update"
        || ', which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM pragma_foreign_key_list('job') AS "key"
WHERE "key"."from" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of `job` the revisions know ' || "found"."known" || ' ' || "found"."clauses"
        || ', and the database seems to have ' || "found"."count"
        || '; a rebuild would lose the rest; nothing was changed'
))
FROM (
    SELECT
        "clause"."column1" AS "clauses",
        (length("sql") - length(replace(upper("sql"), "clause"."column2", ''))) / length("clause"."column2") AS "count",
        "clause"."column3" AS "known"
    FROM sqlite_schema
    JOIN (
        VALUES
            ('collations', 'COLLATE', 0),
            ('conflict clauses', 'CONFLICT', 0),
            ('deferrable foreign keys', 'DEFERRABLE', 0),
            ('AUTOINCREMENT', 'AUTOINCREMENT', 0)
    ) AS "clause"
    WHERE "type" = 'table' AND "name" = 'job' COLLATE NOCASE
    UNION ALL
    SELECT
        'checks',
        (length("sql") - length(replace(upper("sql"), 'CHECK', ''))) / length('CHECK'),
        (instr("plain", 'check(attempts>=0)') > 0)
    FROM (
        SELECT "name", "sql", lower(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("sql",
                ' ', ''), char(9), ''), char(10), ''), char(13), ''),
                '"', ''), '''', ''), '`', ''), '[', ''), ']', ''),
                '!=', '<>'), '==', '=')
        ) AS "plain"
        FROM sqlite_schema
        WHERE "type" = 'table' AND "name" = 'job' COLLATE NOCASE
    )
    UNION ALL
    SELECT 'unique constraints', count(*), 0
    FROM pragma_index_list('job')
    WHERE "origin" = 'u'
    UNION ALL
    SELECT
        'generated columns',
        (SELECT count(*) FROM pragma_table_xinfo('job') WHERE "hidden" > 1),
        0
    FROM sqlite_schema
    WHERE "type" = 'table' AND "name" = 'job' COLLATE NOCASE
    UNION ALL
    SELECT "option"."column1", iif("option"."column2", "wr", "strict"), "option"."column3"
    FROM pragma_table_list('job')
    JOIN (VALUES ('options STRICT', 0, 0), ('options WITHOUT ROWID', 1, 0)) AS "option"
    WHERE "schema" = 'main'
) AS "found"
WHERE "found"."count" > "found"."known";

-- guards the rebuild of job: what is known must be what the revisions say
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `job` has the column `' || "column"."found"
        || '`, of which the revisions know something else, and a rebuild would lose it; nothing was changed'
))
FROM (
    SELECT
        "column"."name"
            || iif("notnull", ' NOT NULL', '')
            || coalesce(' DEFAULT ' || replace("dflt_value", '''', '"'), '')
            || iif("pk", ' in the primary key', '') AS "found",
        "column"."pk" <> "known"."column3"
            OR "column"."notnull" > "known"."column2" AND "column"."pk" = 0
            OR trim(iif("dflt_value" GLOB '''*', "plain", lower("plain")), '()')
                NOT IN ("known"."column4", "known"."column5", 'null') AS "differs"
    FROM (
        SELECT
            *,
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("dflt_value",
                ' ', ''), char(9), ''), char(10), ''), char(13), ''),
                '"', ''), '''', ''), '`', ''), '[', ''), ']', ''),
                '!=', '<>'), '==', '=') AS "plain"
        FROM pragma_table_xinfo('job')
    ) AS "column"
    JOIN (
        VALUES
            ('id', 1, 1, '', 'null'),
            ('kind', 1, 0, '', 'null'),
            ('status', 1, 0, 'QUEUED', 'null'),
            ('payload', 1, 0, '{}', 'null'),
            ('attempts', 1, 0, '0', 'null'),
            ('error', 0, 0, '', 'null'),
            ('created_at', 1, 0, 'current_timestamp', 'null'),
            ('finished_at', 0, 0, '', 'null')
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
) AS "column"
WHERE "column"."differs";

-- guards the rebuild of job: its rows have to fit
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: values of `job.status` that have no place in enumeration("job_status"): ' || "found"."count"
        || ', for example `'
        || substr(replace(iif(typeof("found"."example") = 'blob', quote("found"."example"), "found"."example"), '''', '`'), 1, 60)
        || '`; nothing was changed'
))
FROM (
    SELECT count(*) AS "count", min("job"."status") AS "example"
    FROM "job"
    WHERE "job"."status" IS NOT NULL
        AND ("job"."status" IN ('queued', 'running', 'succeeded', 'failed')) IS NOT TRUE
        AND "job"."status" NOT IN ('QUEUED', 'RUNNING', 'in_progress', 'SUCCEEDED', 'done', 'FAILED', 'error')
) AS "found"
WHERE "found"."count" > 0;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `job.' || replace("changed"."words", '''', '`')
        || ' in the revisions, so that a rebuild would make another value of it; nothing was changed'
))
FROM (
    SELECT 1
    FROM pragma_table_xinfo('job') AS "column"
    JOIN (
        VALUES
            ('id', 'TEXT', 0),
            ('kind', 'TEXT', 0),
            ('payload', 'TEXT', 0),
            ('attempts', 'INTEGER', 0),
            ('error', 'TEXT', 0),
            ('created_at', 'TEXT', 0),
            ('finished_at', 'TEXT', 0)
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
    WHERE "column"."type" <> "known"."column2" COLLATE NOCASE
        OR "column"."pk" < "known"."column3"
    LIMIT 1
) AS "otherwise"
CROSS JOIN (
    SELECT
        CASE
            WHEN typeof("job"."id") IN ('integer', 'real')
                THEN 'id` holds ' || substr(quote("job"."id"), 1, 60) || ' and is TEXT'
            WHEN typeof("job"."kind") IN ('integer', 'real')
                THEN 'kind` holds ' || substr(quote("job"."kind"), 1, 60) || ' and is TEXT'
            WHEN typeof("job"."payload") IN ('integer', 'real')
                THEN 'payload` holds ' || substr(quote("job"."payload"), 1, 60) || ' and is TEXT'
            WHEN typeof("job"."attempts") = 'text' AND "job"."attempts" = CAST("job"."attempts" AS NUMERIC)
                THEN 'attempts` holds ' || substr(quote("job"."attempts"), 1, 60) || ' and is INTEGER'
            WHEN typeof("job"."error") IN ('integer', 'real')
                THEN 'error` holds ' || substr(quote("job"."error"), 1, 60) || ' and is TEXT'
            WHEN typeof("job"."created_at") IN ('integer', 'real')
                THEN 'created_at` holds ' || substr(quote("job"."created_at"), 1, 60) || ' and is TEXT'
            WHEN typeof("job"."finished_at") IN ('integer', 'real')
                THEN 'finished_at` holds ' || substr(quote("job"."finished_at"), 1, 60) || ' and is TEXT'
        END AS "words"
    FROM "job"
) AS "changed"
WHERE "changed"."words" IS NOT NULL;

-- refuses a client whose renames nothing follows
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the client renames tables in the old way, which leaves behind what names them; switch that off (legacy_alter_table = '
        || "client"."legacy_alter_table" || '); nothing was changed'
))
FROM pragma_legacy_alter_table AS "client"
WHERE "client"."legacy_alter_table" <> 0;

-- 3af4686817cc #1: create_enum job_status
-- SQLite keeps the values of an enum in a check on each of its columns; nothing to do

-- 3af4686817cc #6: create_index ix_job_event_job_id
CREATE INDEX "ix_job_event_job_id" ON "job_event" ("job_id");

SAVEPOINT "offprint";

-- counts the rows that refer to nothing, to compare afterwards
DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

CREATE TABLE "offprint_violations" ("table" TEXT NOT NULL, "count" INTEGER NOT NULL);

INSERT INTO "offprint_violations" ("table", "count")
VALUES
    ('job_event', (SELECT count(*) FROM pragma_foreign_key_check('job_event')));

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0;

-- 3af4686817cc #2: alter_column job.status
-- one rebuild, since the values of status become others; SQLite cannot change the default of status in place; a unique constraint is part of the table
-- with #3 add_column job.idempotency_key, #4 create_unique_constraint job, #5 create_index ix_job_status_created_at
CREATE TABLE "offprint_rebuild_job" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued' CONSTRAINT "ck_job_status" CHECK ("status" IN ('queued', 'running', 'succeeded', 'failed')),
    "payload" TEXT NOT NULL DEFAULT '{}',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TEXT,
    "idempotency_key" TEXT,
    CONSTRAINT "pk_job" PRIMARY KEY ("id"),
    CONSTRAINT "ck_job_attempts_not_negative" CHECK (attempts >= 0),
    CONSTRAINT "uq_job_idempotency_key" UNIQUE ("idempotency_key")
);

INSERT OR ABORT INTO "offprint_rebuild_job" (
    rowid,
    "id",
    "kind",
    "status",
    "payload",
    "attempts",
    "error",
    "created_at",
    "finished_at",
    "idempotency_key"
)
SELECT
    "job".rowid,
    "job"."id",
    "job"."kind",
    CASE
        WHEN "job"."status" = 'QUEUED' THEN 'queued'
        WHEN "job"."status" = 'RUNNING' THEN 'running'
        WHEN "job"."status" = 'in_progress' THEN 'running'
        WHEN "job"."status" = 'SUCCEEDED' THEN 'succeeded'
        WHEN "job"."status" = 'done' THEN 'succeeded'
        WHEN "job"."status" = 'FAILED' THEN 'failed'
        WHEN "job"."status" = 'error' THEN 'failed'
        ELSE "job"."status"
    END,
    "job"."payload",
    "job"."attempts",
    "job"."error",
    "job"."created_at",
    "job"."finished_at",
    NULL
FROM "job";

SAVEPOINT "offprint";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of the rows of `job`, which are ' || "rows"."old" || ', this many were copied: '
        || "rows"."new" || '; nothing was changed'
))
FROM (
    SELECT
        (SELECT count(*) FROM "job") AS "old",
        (SELECT count(*) FROM "offprint_rebuild_job") AS "new"
) AS "rows"
WHERE "rows"."old" <> "rows"."new";

DROP TABLE "job";

PRAGMA legacy_alter_table = ON;
ALTER TABLE "offprint_rebuild_job" RENAME TO "job";
PRAGMA legacy_alter_table = OFF;

CREATE INDEX "ix_job_status_created_at" ON "job" ("status", "created_at" DESC);

SAVEPOINT "offprint";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: rows of `' || "offprint_violations"."table"
        || '` would refer to nothing that did not before; nothing was changed'
))
FROM "offprint_violations"
WHERE (SELECT count(*) FROM pragma_foreign_key_check("offprint_violations"."table")) > "offprint_violations"."count";

DROP TABLE "offprint_violations";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init');

INSERT INTO "alembic_version" ("version_num") VALUES ('3af4686817cc');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('ix_job_event_job_id', 0),
        ('ix_job_status_created_at', 0),
        ('job', 0)
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
    'offprint: the history should be at 3af4686817cc, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('3af4686817cc'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 15 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
