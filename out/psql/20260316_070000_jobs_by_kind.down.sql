-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from e91b7720d4a8 to a84c6e01f39b; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from e91b7720d4a8 applies to a database at e91b7720d4a8, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('e91b7720d4a8')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from e91b7720d4a8 applies to a database at e91b7720d4a8, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- e91b7720d4a8 #3: undo validate_constraint job.ck_job_finished_later
-- nothing to do: ck_job_finished_later goes away below

-- e91b7720d4a8 #2: undo create_check_constraint job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    DROP CONSTRAINT "ck_job_finished_later";

-- e91b7720d4a8 #1: undo create_index ix_job_kind_created_at
-- not concurrently: what stands before it cannot be run twice
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_job_kind_created_at";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('e91b7720d4a8');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('a84c6e01f39b');

COMMIT;
