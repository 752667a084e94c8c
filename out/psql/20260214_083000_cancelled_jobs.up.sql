-- offprint: 9c27b1e04d5a cancelled jobs: a status of their own
-- from 3af4686817cc to 9c27b1e04d5a; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 9c27b1e04d5a applies to a database at 3af4686817cc, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('3af4686817cc'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('9c27b1e04d5a')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 9c27b1e04d5a applies to a database at 3af4686817cc, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 9c27b1e04d5a #1: add_enum_value job_status: cancelled
-- committed before the rest, which may then use the value
ALTER TYPE "public"."job_status" ADD VALUE IF NOT EXISTS 'cancelled';

COMMIT;

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 9c27b1e04d5a applies to a database at 3af4686817cc, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('3af4686817cc'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('9c27b1e04d5a')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 9c27b1e04d5a applies to a database at 3af4686817cc, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 9c27b1e04d5a #2: update job
UPDATE "public"."job"
SET
    "status" = 'cancelled'::"public"."job_status"
WHERE status = 'failed' AND error LIKE 'cancelled by %';

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('3af4686817cc');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('9c27b1e04d5a');

COMMIT;
