-- offprint: 0001_initial initial: the tables that the application made at startup
-- from 0001_initial to base; Postgres 15 or later; opens its own transaction
-- loses the rows of `clienttask`
-- loses the rows of `episodeavailability`
-- loses the rows of `job`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0001_initial applies to a database at 0001_initial, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0001_initial')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0001_initial applies to a database at 0001_initial, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0001_initial #5: undo create_index ix_clienttask_job_id
-- locks clienttask against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_clienttask_job_id";

-- 0001_initial #4: undo create_table clienttask
-- locks clienttask against reads and writes (ACCESS EXCLUSIVE)
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."clienttask";

-- 0001_initial #3: undo create_index ix_episodeavailability_checked_at
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_episodeavailability_checked_at";

-- 0001_initial #2: undo create_table episodeavailability
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."episodeavailability";

-- 0001_initial #1: undo create_table job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."job";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0001_initial');

COMMIT;
