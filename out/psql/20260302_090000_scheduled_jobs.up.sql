-- offprint: 5d1f0a7be2c4 scheduled jobs: a job waits for its time
-- from 9c27b1e04d5a to 5d1f0a7be2c4; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 5d1f0a7be2c4 applies to a database at 9c27b1e04d5a, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('9c27b1e04d5a'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('5d1f0a7be2c4')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 5d1f0a7be2c4 applies to a database at 9c27b1e04d5a, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 5d1f0a7be2c4 #1: add_enum_value job_status: scheduled
-- committed before the rest, which may then use the value
ALTER TYPE "public"."job_status" ADD VALUE IF NOT EXISTS 'scheduled' BEFORE 'queued';

COMMIT;

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 5d1f0a7be2c4 applies to a database at 9c27b1e04d5a, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('9c27b1e04d5a'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('5d1f0a7be2c4')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 5d1f0a7be2c4 applies to a database at 9c27b1e04d5a, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 5d1f0a7be2c4 #2: alter_column job.status
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    ALTER COLUMN "status" SET DEFAULT 'scheduled'::"public"."job_status";

-- 5d1f0a7be2c4 #3: create_view open_job
CREATE VIEW "public"."open_job" WITH (security_invoker = true) AS
SELECT id, kind, status, created_at FROM job WHERE status IN ('scheduled', 'queued', 'running');

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('9c27b1e04d5a');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('5d1f0a7be2c4');

COMMIT;
