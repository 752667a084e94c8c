-- offprint: 002_seed_demo_user seed demo user: an account to try the service with
-- from 001_initial_migration to 002_seed_demo_user; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 002_seed_demo_user applies to a database at 001_initial_migration, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_initial_migration'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('002_seed_demo_user')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 002_seed_demo_user applies to a database at 001_initial_migration, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 002_seed_demo_user #1: insert users
INSERT INTO "public"."users" ("id", "email", "password_hash", "settings", "created_at")
VALUES
    ('6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01'::uuid, 'demo@example.com', '$2b$12$C6UzMDM.H6dfI/f/IKcEeO7rY3bYbQ2m8Z9wQhJgV0bq1zJ0nQx1K', '{"theme": "dark", "note": "it''s a demo"}'::json, '2026-01-01 00:00:00+00:00'::timestamptz);

-- 002_seed_demo_user #2: insert tokens
INSERT INTO "public"."tokens" ("id", "user_id", "provider", "secret", "expires_at")
VALUES
    ('6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d02'::uuid, '6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01'::uuid, 'demo', '\x00ff10'::bytea, NULL);

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('001_initial_migration');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('002_seed_demo_user');

COMMIT;
