-- offprint: 0b7f3ce58d16 no more cancelled: a job that was given up has failed, as it says in `error`
-- from 0b7f3ce58d16 to e91b7720d4a8; Postgres 15 or later; opens its own transaction
-- does not bring back which rows had the values of enum `job_status` that went away

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0b7f3ce58d16 applies to a database at 0b7f3ce58d16, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0b7f3ce58d16')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0b7f3ce58d16 applies to a database at 0b7f3ce58d16, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0b7f3ce58d16 #1: undo replace_enum_values job_status
ALTER TYPE "public"."job_status" ADD VALUE 'cancelled';

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0b7f3ce58d16');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('e91b7720d4a8');

COMMIT;
