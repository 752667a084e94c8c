-- offprint: 9c27b1e04d5a cancelled jobs: a status of their own
-- from 9c27b1e04d5a to 3af4686817cc; Postgres 15 or later; opens its own transaction
-- loses which rows had the values of enum `job_status` that went away

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 9c27b1e04d5a applies to a database at 9c27b1e04d5a, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('9c27b1e04d5a')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 9c27b1e04d5a applies to a database at 9c27b1e04d5a, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 9c27b1e04d5a #1: replace_enum_values job_status
-- rewrites "public"."job" and its indexes under ACCESS EXCLUSIVE
ALTER TYPE "public"."job_status" RENAME TO "job_status_old";
CREATE TYPE "public"."job_status" AS ENUM (
    'queued',
    'running',
    'succeeded',
    'failed'
);
ALTER TABLE "public"."job"
    ALTER COLUMN "status" DROP DEFAULT,
    ALTER COLUMN "status" TYPE "public"."job_status" USING 
        CASE "status"::text
            WHEN 'cancelled' THEN 'failed'
            ELSE "status"::text
        END::"public"."job_status",
    ALTER COLUMN "status" SET DEFAULT 'queued'::"public"."job_status";
DROP TYPE "public"."job_status_old";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('9c27b1e04d5a');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('3af4686817cc');

COMMIT;
