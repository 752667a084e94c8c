-- offprint: 000_file_entries file entries: the table that was there before revisions were
-- from 000_file_entries to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `file_entries`

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
    'offprint: the way back from 000_file_entries applies to a database at 000_file_entries, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('000_file_entries'));

-- guards #1 undo create_table file_entries
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
        AND "other"."name" COLLATE NOCASE NOT IN ('file_entries')
        AND "key"."table" COLLATE NOCASE IN ('file_entries')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 000_file_entries #2: undo create_index ix_file_entries_status
DROP INDEX "ix_file_entries_status";

-- 000_file_entries #1: undo create_table file_entries
DROP TABLE "file_entries";

DELETE FROM "alembic_version" WHERE "version_num" IN ('000_file_entries');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('file_entries', 'ix_file_entries_status');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at base, and is at ' || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('000_file_entries'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
