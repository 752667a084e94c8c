-- offprint: 002_seed_demo_user seed demo user: an account to try the service with
-- from 002_seed_demo_user to 001_initial_migration; Postgres 15 or later; opens its own transaction
-- loses rows of `tokens` that the upgrade inserted
-- loses rows of `users` that the upgrade inserted

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 002_seed_demo_user applies to a database at 002_seed_demo_user, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('002_seed_demo_user')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 002_seed_demo_user applies to a database at 002_seed_demo_user, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 002_seed_demo_user #2: undo insert tokens
DELETE FROM "public"."tokens"
WHERE "id" IN (
    '6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d02'::uuid
);

-- 002_seed_demo_user #1: undo insert users
DELETE FROM "public"."users"
WHERE "id" IN (
    '6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01'::uuid
);

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('002_seed_demo_user');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('001_initial_migration');

COMMIT;
