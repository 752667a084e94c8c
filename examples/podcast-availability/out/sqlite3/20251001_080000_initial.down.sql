-- offprint: 0001_initial initial: the tables that the application made at startup
-- from 0001_initial to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `clienttask`
-- loses the rows of `episodeavailability`
-- loses the rows of `job`

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
    'offprint: the way back from 0001_initial applies to a database at 0001_initial, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'));

-- guards #4 undo create_table clienttask
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('clienttask')
        AND "key"."table" COLLATE NOCASE IN ('clienttask')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #2 undo create_table episodeavailability
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('episodeavailability')
        AND "key"."table" COLLATE NOCASE IN ('episodeavailability')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #1 undo create_table job
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('clienttask', 'job')
        AND "key"."table" COLLATE NOCASE IN ('job')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 0001_initial #5: undo create_index ix_clienttask_job_id
DROP INDEX "ix_clienttask_job_id";

-- 0001_initial #4: undo create_table clienttask
DROP TABLE "clienttask";

-- 0001_initial #3: undo create_index ix_episodeavailability_checked_at
DROP INDEX "ix_episodeavailability_checked_at";

-- 0001_initial #2: undo create_table episodeavailability
DROP TABLE "episodeavailability";

-- 0001_initial #1: undo create_table job
DROP TABLE "job";

DELETE FROM "alembic_version" WHERE "version_num" IN ('0001_initial');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('clienttask', 'episodeavailability', 'ix_clienttask_job_id', 'ix_episodeavailability_checked_at', 'job');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at base, and is at ' || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 7 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
