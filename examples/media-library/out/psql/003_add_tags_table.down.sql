-- offprint: 003_add_tags_table tags: what each tracker calls things
-- from 003_add_tags_table to 002_add_tmdb_cache; Postgres 15 or later; opens its own transaction
-- loses the rows of `tags`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 003_add_tags_table applies to a database at 003_add_tags_table, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('003_add_tags_table')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 003_add_tags_table applies to a database at 003_add_tags_table, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 003_add_tags_table #2: undo create_index ix_tags_label
-- locks tags against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_tags_label";

-- 003_add_tags_table #1: undo create_table tags
-- locks tags against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."tags";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('003_add_tags_table');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('002_add_tmdb_cache');

COMMIT;
