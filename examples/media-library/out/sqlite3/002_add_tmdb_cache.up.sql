-- offprint: 002_add_tmdb_cache TMDB cache: metadata survives a restart
-- from 001_add_checkpoint_fields to 002_add_tmdb_cache; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 002_add_tmdb_cache applies to a database at 001_add_checkpoint_fields, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_tmdb_cache_expires_at', 'ix_tmdb_cache_tmdb_id', 'tmdb_cache');

-- 002_add_tmdb_cache #1: create_table tmdb_cache
CREATE TABLE "tmdb_cache" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_tmdb_cache" PRIMARY KEY AUTOINCREMENT,
    "tmdb_id" INTEGER NOT NULL,
    "title" VARCHAR(512) NOT NULL,
    "year" INTEGER,
    "plot" TEXT,
    "cast" TEXT,
    "ratings" TEXT,
    "extra_data" TEXT,
    "cached_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TEXT NOT NULL,
    CONSTRAINT "ck_tmdb_cache_expires_after_cached" CHECK (expires_at >= cached_at)
);

-- guards #2 create_index ix_tmdb_cache_tmdb_id
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: values that stand more than once in `tmdb_id` of `tmdb_cache`, which is unique: '
        || "found"."count" || '; nothing was changed'
))
FROM (
    SELECT count(*) AS "count"
    FROM (
        SELECT 1
        FROM "tmdb_cache"
        GROUP BY "tmdb_cache"."tmdb_id"
        HAVING count(*) > 1
    )
) AS "found"
WHERE "found"."count" > 0;

-- 002_add_tmdb_cache #2: create_index ix_tmdb_cache_tmdb_id
CREATE UNIQUE INDEX "ix_tmdb_cache_tmdb_id" ON "tmdb_cache" ("tmdb_id");

SAVEPOINT "offprint";

-- 002_add_tmdb_cache #3: create_index ix_tmdb_cache_expires_at
CREATE INDEX "ix_tmdb_cache_expires_at" ON "tmdb_cache" ("expires_at");

SAVEPOINT "offprint";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields');

INSERT INTO "alembic_version" ("version_num") VALUES ('002_add_tmdb_cache');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('ix_tmdb_cache_expires_at', 0),
        ('ix_tmdb_cache_tmdb_id', 0),
        ('tmdb_cache', 0)
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
    'offprint: the history should be at 002_add_tmdb_cache, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 6 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
