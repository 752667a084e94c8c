-- offprint: 002_add_tmdb_cache TMDB cache: metadata survives a restart
-- from 002_add_tmdb_cache to 001_add_checkpoint_fields; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `tmdb_cache`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 002_add_tmdb_cache applies to a database at 002_add_tmdb_cache, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'));

-- 002_add_tmdb_cache #3: undo create_index ix_tmdb_cache_expires_at
DROP INDEX "ix_tmdb_cache_expires_at";

-- 002_add_tmdb_cache #2: undo create_index ix_tmdb_cache_tmdb_id
DROP INDEX "ix_tmdb_cache_tmdb_id";

-- 002_add_tmdb_cache #1: undo create_table tmdb_cache
DROP TABLE "tmdb_cache";

DELETE FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache');

INSERT INTO "alembic_version" ("version_num") VALUES ('001_add_checkpoint_fields');

COMMIT;
