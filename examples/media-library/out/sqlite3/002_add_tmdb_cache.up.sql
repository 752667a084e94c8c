-- offprint: 002_add_tmdb_cache TMDB cache: metadata survives a restart
-- from 001_add_checkpoint_fields to 002_add_tmdb_cache; SQLite 3.40 or later; opens its own transaction

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: 002_add_tmdb_cache applies to a database at 001_add_checkpoint_fields, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'));

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
SELECT json_extract('{}', 'offprint: values that stand more than once in `tmdb_id` of `tmdb_cache`, which is unique: ' || "found"."count" || '; nothing was changed')
FROM (
    SELECT count(*) AS "count"
    FROM (
        SELECT 1
        FROM "tmdb_cache"
        WHERE "tmdb_cache"."tmdb_id" IS NOT NULL
        GROUP BY "tmdb_cache"."tmdb_id"
        HAVING count(*) > 1
    )
) AS "found"
WHERE "found"."count" > 0;

-- 002_add_tmdb_cache #2: create_index ix_tmdb_cache_tmdb_id
CREATE UNIQUE INDEX "ix_tmdb_cache_tmdb_id" ON "tmdb_cache" ("tmdb_id");

-- 002_add_tmdb_cache #3: create_index ix_tmdb_cache_expires_at
CREATE INDEX "ix_tmdb_cache_expires_at" ON "tmdb_cache" ("expires_at");

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields');

INSERT INTO "alembic_version" ("version_num") VALUES ('002_add_tmdb_cache');

COMMIT;
