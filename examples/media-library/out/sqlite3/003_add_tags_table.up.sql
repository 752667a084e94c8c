-- offprint: 003_add_tags_table tags: what each tracker calls things
-- from 002_add_tmdb_cache to 003_add_tags_table; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 003_add_tags_table applies to a database at 002_add_tmdb_cache, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_tags_label', 'tags');

-- 003_add_tags_table #1: create_table tags
CREATE TABLE "tags" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_tags" PRIMARY KEY AUTOINCREMENT,
    "tracker" VARCHAR(64) NOT NULL,
    "tag_id" VARCHAR(64) NOT NULL,
    "label" VARCHAR(255) NOT NULL,
    "category" VARCHAR(64),
    "updated_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "uq_tags_tracker" UNIQUE ("tracker", "tag_id")
);

-- 003_add_tags_table #2: create_index ix_tags_label
CREATE INDEX "ix_tags_label" ON "tags" ("label" DESC);

SAVEPOINT "offprint";

DELETE FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache');

INSERT INTO "alembic_version" ("version_num") VALUES ('003_add_tags_table');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('ix_tags_label', 0),
        ('tags', 0)
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
    'offprint: the history should be at 003_add_tags_table, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
