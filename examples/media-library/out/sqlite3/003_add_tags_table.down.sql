-- offprint: 003_add_tags_table tags: what each tracker calls things
-- from 003_add_tags_table to 002_add_tmdb_cache; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `tags`

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
    'offprint: the way back from 003_add_tags_table applies to a database at 003_add_tags_table, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'));

-- guards #1 undo create_table tags
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
        AND "other"."name" COLLATE NOCASE NOT IN ('tags')
        AND "key"."table" COLLATE NOCASE IN ('tags')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 003_add_tags_table #2: undo create_index ix_tags_label
DROP INDEX "ix_tags_label";

-- 003_add_tags_table #1: undo create_table tags
DROP TABLE "tags";

DELETE FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table');

INSERT INTO "alembic_version" ("version_num") VALUES ('002_add_tmdb_cache');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_tags_label', 'tags');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 002_add_tmdb_cache, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
