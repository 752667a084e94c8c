-- offprint: 0002_providers providers: a table of their own
-- from 0002_providers to 0001_baseline; Postgres 15 or later; opens its own transaction
-- loses the values of `rate_snapshots.provider_id`
-- loses the rows of `providers`
-- does not bring back the values of `rate_snapshots.provider`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0002_providers applies to a database at 0002_providers, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0002_providers')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0002_providers applies to a database at 0002_providers, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0002_providers #1: drop_index idx_rate_snapshots_provider_id
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."idx_rate_snapshots_provider_id";

-- 0002_providers #2: add_column rate_snapshots.provider
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."rate_snapshots"
    ADD COLUMN "provider" text;

-- 0002_providers #3: execute
UPDATE rate_snapshots
SET provider = (SELECT providers.name FROM providers WHERE providers.id = rate_snapshots.provider_id);

-- stops if rate_snapshots.provider has NULL
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE), scans it
DO $offprint$
#variable_conflict use_column
DECLARE
    found bigint;
BEGIN
    LOCK TABLE "public"."rate_snapshots" IN ACCESS EXCLUSIVE MODE;
    IF row_security_active('"public"."rate_snapshots"') THEN
        RAISE EXCEPTION USING
            ERRCODE = '42501',
            MESSAGE = 'offprint: row-level security hides rows of ' || '"public"."rate_snapshots"' || ' from ' || current_user
                || '; nothing was changed',
            HINT = 'Run the script as a role with BYPASSRLS, or end FORCE ROW LEVEL SECURITY before it.';
    END IF;
    SELECT count(*) INTO found
    FROM "public"."rate_snapshots"
    WHERE "provider" IS NULL;
    IF found > 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = '23502',
            MESSAGE = 'offprint: rate_snapshots.provider is NULL in ' || found || ' rows, and it is to be NOT NULL; nothing was changed';
    END IF;
END
$offprint$;

-- 0002_providers #4: alter_column rate_snapshots.provider
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE), scans it
ALTER TABLE "public"."rate_snapshots"
    ALTER COLUMN "provider" SET NOT NULL;

-- 0002_providers #5: drop_foreign_key rate_snapshots
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
-- locks providers against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."rate_snapshots"
    DROP CONSTRAINT "fk_rate_snapshots_provider_id_providers";

-- 0002_providers #6: drop_column rate_snapshots.provider_id
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."rate_snapshots"
    DROP COLUMN "provider_id";

-- 0002_providers #7: drop_table providers
-- locks providers against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."providers";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0002_providers');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('0001_baseline');

COMMIT;
