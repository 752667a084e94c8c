-- offprint: 001_job_ledger_init job ledger: jobs and what happened to them
-- from 001_job_ledger_init to base; Postgres 15 or later; opens its own transaction
-- loses the rows of `job_event`
-- loses the rows of `job`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_job_ledger_init applies to a database at 001_job_ledger_init, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_job_ledger_init')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_job_ledger_init applies to a database at 001_job_ledger_init, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 001_job_ledger_init #2: undo create_table job_event
-- locks job_event against reads and writes (ACCESS EXCLUSIVE)
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."job_event";

-- 001_job_ledger_init #1: undo create_table job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."job";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('001_job_ledger_init');

COMMIT;
