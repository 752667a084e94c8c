-- offprint: a84c6e01f39b private failures: who is not the owner sees no job that failed
-- from a84c6e01f39b to 5d1f0a7be2c4; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from a84c6e01f39b applies to a database at a84c6e01f39b, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('a84c6e01f39b')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from a84c6e01f39b applies to a database at a84c6e01f39b, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- a84c6e01f39b #2: undo create_policy seen_jobs on job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP POLICY "seen_jobs" ON "public"."job";

-- a84c6e01f39b #1: undo enable_row_level_security job
-- from here on, privileges alone say who sees and changes the rows
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    DISABLE ROW LEVEL SECURITY;

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('a84c6e01f39b');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('5d1f0a7be2c4');

COMMIT;
