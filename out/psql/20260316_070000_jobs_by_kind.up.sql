-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from a84c6e01f39b to e91b7720d4a8; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('a84c6e01f39b'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('e91b7720d4a8')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

COMMIT;

-- e91b7720d4a8 #1: create_index ix_job_kind_created_at
-- drops what a failed build may have left behind
DO $offprint$
BEGIN
    LOCK TABLE "public"."job" IN SHARE UPDATE EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('"public"."ix_job_kind_created_at"') AND NOT indisvalid) THEN
        DROP INDEX "public"."ix_job_kind_created_at";
    END IF;
END
$offprint$;

-- locks job against changes of the schema (SHARE UPDATE EXCLUSIVE), builds an index
CREATE INDEX CONCURRENTLY IF NOT EXISTS "ix_job_kind_created_at"
    ON "public"."job" ("kind", "created_at");

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('a84c6e01f39b'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('e91b7720d4a8')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- e91b7720d4a8 #2: create_check_constraint job
-- committed before the rows are checked, so that nobody waits for that
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DO $offprint$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '"public"."job"'::regclass AND conname = 'ck_job_finished_later') THEN
        ALTER TABLE "public"."job"
            ADD CONSTRAINT "ck_job_finished_later" CHECK (finished_at >= created_at) NOT VALID;
    END IF;
END
$offprint$;

COMMIT;

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('a84c6e01f39b'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('e91b7720d4a8')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: e91b7720d4a8 applies to a database at a84c6e01f39b, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- stops unless index ix_job_kind_created_at was built
DO $offprint$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_index
        WHERE indexrelid = to_regclass('"public"."ix_job_kind_created_at"')
            AND indrelid = to_regclass('"public"."job"')
            AND indisvalid
            AND NOT indisunique
            AND ARRAY['kind', 'created_at'] = ARRAY(
                SELECT coalesce(attname::text, '')
                FROM generate_subscripts(indkey, 1) AS place
                LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[place]
                ORDER BY place
            )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: index ix_job_kind_created_at is not the one that this revision builds; drop it and run the script again';
    END IF;
END
$offprint$;

-- e91b7720d4a8 #3: validate_constraint job.ck_job_finished_later
-- locks job against changes of the schema (SHARE UPDATE EXCLUSIVE), scans it
ALTER TABLE "public"."job"
    VALIDATE CONSTRAINT "ck_job_finished_later";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('a84c6e01f39b');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('e91b7720d4a8');

COMMIT;
