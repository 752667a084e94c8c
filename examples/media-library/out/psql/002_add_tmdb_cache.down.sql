-- offprint: 002_add_tmdb_cache TMDB cache: metadata survives a restart
-- from 002_add_tmdb_cache to 001_add_checkpoint_fields; Postgres 15 or later; opens its own transaction
-- loses the rows of `tmdb_cache`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 002_add_tmdb_cache applies to a database at 002_add_tmdb_cache, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('002_add_tmdb_cache')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 002_add_tmdb_cache applies to a database at 002_add_tmdb_cache, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 002_add_tmdb_cache #3: undo create_index ix_tmdb_cache_expires_at
-- locks tmdb_cache against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_tmdb_cache_expires_at";

-- 002_add_tmdb_cache #2: undo create_index ix_tmdb_cache_tmdb_id
-- locks tmdb_cache against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_tmdb_cache_tmdb_id";

-- 002_add_tmdb_cache #1: undo create_table tmdb_cache
-- locks tmdb_cache against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."tmdb_cache";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('002_add_tmdb_cache');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('001_add_checkpoint_fields');

COMMIT;
