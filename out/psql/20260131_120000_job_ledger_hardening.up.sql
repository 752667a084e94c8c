-- offprint: 3af4686817cc hardening: job ledger enums, indexes, idempotency
-- from 001_job_ledger_init to 3af4686817cc; Postgres 15 or later; opens its own transaction
-- loses the old values of `job.status` where they were converted

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 3af4686817cc applies to a database at 001_job_ledger_init, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_job_ledger_init'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('3af4686817cc')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 3af4686817cc applies to a database at 001_job_ledger_init, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 3af4686817cc #1: create_enum job_status
CREATE TYPE "public"."job_status" AS ENUM (
    'queued',
    'running',
    'succeeded',
    'failed'
);

-- stops if job.status has values that do not fit enum job_status
-- locks job against reads and writes (ACCESS EXCLUSIVE), scans it
DO $offprint$
#variable_conflict use_column
DECLARE
    found bigint;
    examples text;
BEGIN
    LOCK TABLE "public"."job" IN ACCESS EXCLUSIVE MODE;
    IF row_security_active('"public"."job"') THEN
        RAISE EXCEPTION USING
            ERRCODE = '42501',
            MESSAGE = 'offprint: row-level security hides rows of ' || '"public"."job"' || ' from ' || current_user
                || '; nothing was changed',
            HINT = 'Run the script as a role with BYPASSRLS, or end FORCE ROW LEVEL SECURITY before it.';
    END IF;
    SELECT sum(number), string_agg(format('%L (%s)', value, number), ', ' ORDER BY place) FILTER (WHERE place <= 10)
    INTO found, examples
    FROM (
        SELECT
            left(("status")::text, 80) AS value,
            count(*) AS number,
            row_number() OVER (ORDER BY count(*) DESC, left(("status")::text, 80)) AS place
        FROM "public"."job"
        WHERE "status" NOT IN ('QUEUED', 'RUNNING', 'in_progress', 'SUCCEEDED', 'done', 'FAILED', 'error')
        AND "status" NOT IN ('queued', 'running', 'succeeded', 'failed')
        GROUP BY 1
    ) AS misfit;
    IF found > 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = '22000',
            MESSAGE = 'offprint: job.status has values that do not fit enum job_status: ' || examples || '; rows: ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 3af4686817cc #2: alter_column job.status
-- locks job against reads and writes (ACCESS EXCLUSIVE), rewrites it and its indexes
ALTER TABLE "public"."job"
    ALTER COLUMN "status" DROP DEFAULT,
    ALTER COLUMN "status" TYPE "public"."job_status" USING
        CASE "status"
            WHEN 'QUEUED' THEN 'queued'
            WHEN 'RUNNING' THEN 'running'
            WHEN 'in_progress' THEN 'running'
            WHEN 'SUCCEEDED' THEN 'succeeded'
            WHEN 'done' THEN 'succeeded'
            WHEN 'FAILED' THEN 'failed'
            WHEN 'error' THEN 'failed'
            ELSE "status"
        END::"public"."job_status",
    ALTER COLUMN "status" SET DEFAULT 'queued'::"public"."job_status";

-- 3af4686817cc #3: add_column job.idempotency_key
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    ADD COLUMN "idempotency_key" text;

-- 3af4686817cc #4: create_unique_constraint job
-- locks job against reads and writes (ACCESS EXCLUSIVE), builds an index
ALTER TABLE "public"."job"
    ADD CONSTRAINT "uq_job_idempotency_key" UNIQUE ("idempotency_key");

-- 3af4686817cc #5: create_index ix_job_status_created_at
-- locks job against writes (SHARE), builds an index
CREATE INDEX "ix_job_status_created_at"
    ON "public"."job" ("status", "created_at" DESC);

-- 3af4686817cc #6: create_index ix_job_event_job_id
-- locks job_event against writes (SHARE), builds an index
CREATE INDEX "ix_job_event_job_id"
    ON "public"."job_event" ("job_id");

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('001_job_ledger_init');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('3af4686817cc');

COMMIT;
