-- offprint: 3af4686817cc hardening: job ledger enums, indexes, idempotency
-- from 3af4686817cc to 001_job_ledger_init; Postgres 15 or later; opens its own transaction
-- loses the values of `job.idempotency_key`
-- does not bring back the old values of `job.status` where they were converted

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 3af4686817cc applies to a database at 3af4686817cc, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('3af4686817cc')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 3af4686817cc applies to a database at 3af4686817cc, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 3af4686817cc #6: undo create_index ix_job_event_job_id
-- locks job_event against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_job_event_job_id";

-- 3af4686817cc #5: undo create_index ix_job_status_created_at
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_job_status_created_at";

-- 3af4686817cc #4: undo create_unique_constraint job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    DROP CONSTRAINT "uq_job_idempotency_key";

-- 3af4686817cc #3: undo add_column job.idempotency_key
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    DROP COLUMN "idempotency_key";

-- 3af4686817cc #2: undo alter_column job.status
-- locks job against reads and writes (ACCESS EXCLUSIVE), rewrites it and its indexes
ALTER TABLE "public"."job"
    ALTER COLUMN "status" DROP DEFAULT,
    ALTER COLUMN "status" TYPE text USING "status"::text,
    ALTER COLUMN "status" SET DEFAULT 'QUEUED';

-- 3af4686817cc #1: undo create_enum job_status
DROP TYPE "public"."job_status";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('3af4686817cc');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('001_job_ledger_init');

COMMIT;
