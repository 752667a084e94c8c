-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from e91b7720d4a8 to a84c6e01f39b; SQLite 3.40 or later; opens its own transaction

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
    'offprint: the way back from e91b7720d4a8 applies to a database at e91b7720d4a8, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('e91b7720d4a8'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('offprint_rebuild_job', 'offprint_violations');

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
    WHERE "name" COLLATE NOCASE NOT IN (
        'id', 'kind', 'status', 'payload', 'attempts', 'error', 'created_at', 'finished_at',
        'idempotency_key'
    )
    UNION ALL
    SELECT "type", "name"
    FROM sqlite_schema
    WHERE "tbl_name" COLLATE NOCASE = 'job'
        AND "type" IN ('index', 'trigger')
        AND "name" NOT GLOB 'sqlite_*'
        AND "name" COLLATE NOCASE NOT IN ('ix_job_kind_created_at', 'ix_job_status_created_at')
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
        (instr("plain", 'check(statusin(scheduled,queued,running,succeeded,failed,cancelled))') > 0)
            + (instr("plain", 'check(attempts>=0)') > 0)
            + (instr("plain", 'check(finished_at>=created_at)') > 0)
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
    SELECT
        'unique constraints',
        count(*),
        CAST(total("columns" COLLATE NOCASE IN ('idempotency_key')) AS INTEGER)
    FROM (
        SELECT (
            SELECT group_concat("name", ', ')
            FROM (SELECT "name" FROM pragma_index_info("list"."name") ORDER BY "seqno")
        ) AS "columns"
        FROM pragma_index_list('job') AS "list"
        WHERE "origin" = 'u'
    )
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
            ('status', 1, 0, 'scheduled', 'null'),
            ('payload', 1, 0, '{}', 'null'),
            ('attempts', 1, 0, '0', 'null'),
            ('error', 0, 0, '', 'null'),
            ('created_at', 1, 0, 'current_timestamp', 'null'),
            ('finished_at', 0, 0, '', 'null'),
            ('idempotency_key', 0, 0, '', 'null')
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
) AS "column"
WHERE "column"."differs";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `job` has an index `' || "index"."name"
        || '` that is another one than the revisions know, and a rebuild would lose it; make it as they say, or drop it; nothing was changed'
))
FROM (
    SELECT
        "list"."name",
        "list"."unique" <> "known"."column2"
            OR "list"."partial" AND "known"."column4" IS NULL
            OR (
                SELECT group_concat(coalesce("name", '()') || ' ' || "coll" || iif("desc", ' DESC', ''), ', ')
                FROM (SELECT * FROM pragma_index_xinfo("list"."name") WHERE "key" ORDER BY "seqno")
            ) <> "known"."column3" COLLATE NOCASE
            OR substr("index"."plain", instr("index"."plain", '(')) <> "known"."column4" AS "differs"
    FROM pragma_index_list('job') AS "list"
    JOIN (VALUES ('ix_job_status_created_at', 0, 'status BINARY, created_at BINARY DESC', NULL)) AS "known" ON "known"."column1" = "list"."name" COLLATE NOCASE
    JOIN (
        SELECT "name", "sql", lower(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("sql",
                ' ', ''), char(9), ''), char(10), ''), char(13), ''),
                '"', ''), '''', ''), '`', ''), '[', ''), ']', ''),
                '!=', '<>'), '==', '=')
        ) AS "plain"
        FROM sqlite_schema
        WHERE "type" = 'index'
    ) AS "index" ON "index"."name" = "list"."name"
) AS "index"
WHERE "index"."differs";

-- guards the rebuild of job: its rows have to fit
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
            ('status', 'TEXT', 0),
            ('payload', 'TEXT', 0),
            ('attempts', 'INTEGER', 0),
            ('error', 'TEXT', 0),
            ('created_at', 'TEXT', 0),
            ('finished_at', 'TEXT', 0),
            ('idempotency_key', 'TEXT', 0)
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
            WHEN typeof("job"."status") IN ('integer', 'real')
                THEN 'status` holds ' || substr(quote("job"."status"), 1, 60) || ' and is TEXT'
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
            WHEN typeof("job"."idempotency_key") IN ('integer', 'real')
                THEN 'idempotency_key` holds ' || substr(quote("job"."idempotency_key"), 1, 60) || ' and is TEXT'
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

-- e91b7720d4a8 #3: undo validate_constraint job.ck_job_finished_later
-- SQLite has checked all rows when the constraint was added

-- e91b7720d4a8 #1: undo create_index ix_job_kind_created_at
DROP INDEX "ix_job_kind_created_at";

-- counts the rows that refer to nothing, to compare afterwards
DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

CREATE TABLE "offprint_violations" ("table" TEXT NOT NULL, "count" INTEGER NOT NULL);

INSERT INTO "offprint_violations" ("table", "count")
VALUES
    ('job_event', (SELECT count(*) FROM pragma_foreign_key_check('job_event')));

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0;

-- e91b7720d4a8 #2: undo create_check_constraint job
-- one rebuild, since a check constraint is part of the table
CREATE TABLE "offprint_rebuild_job" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'scheduled' CONSTRAINT "ck_job_status" CHECK ("status" IN ('scheduled', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
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
    "job"."status",
    "job"."payload",
    "job"."attempts",
    "job"."error",
    "job"."created_at",
    "job"."finished_at",
    "job"."idempotency_key"
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

DELETE FROM "alembic_version" WHERE "version_num" IN ('e91b7720d4a8');

INSERT INTO "alembic_version" ("version_num") VALUES ('a84c6e01f39b');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
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
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_job_kind_created_at');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at a84c6e01f39b, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('e91b7720d4a8'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 16 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
