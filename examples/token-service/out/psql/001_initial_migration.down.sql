-- offprint: 001_initial_migration initial migration: users, tokens and sessions
-- from 001_initial_migration to base; Postgres 15 or later; opens its own transaction
-- loses the rows of `sessions`
-- loses the rows of `tokens`
-- loses the rows of `users`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_initial_migration applies to a database at 001_initial_migration, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_initial_migration')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_initial_migration applies to a database at 001_initial_migration, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 001_initial_migration #7: undo create_index ix_sessions_user_id
-- locks sessions against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_sessions_user_id";

-- 001_initial_migration #6: undo create_table sessions
-- locks sessions against reads and writes (ACCESS EXCLUSIVE)
-- locks users against reads and writes (ACCESS EXCLUSIVE)
-- locks tokens against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."sessions";

-- 001_initial_migration #5: undo create_index ix_tokens_user_id_active
-- locks tokens against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_tokens_user_id_active";

-- 001_initial_migration #4: undo create_table tokens
-- locks tokens against reads and writes (ACCESS EXCLUSIVE)
-- locks users against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."tokens";

-- 001_initial_migration #3: undo create_index uq_users_email_lower
-- locks users against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."uq_users_email_lower";

-- 001_initial_migration #2: undo create_table users
-- locks users against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."users";

-- 001_initial_migration #1: undo create_enum token_status
DROP TYPE "public"."token_status";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('001_initial_migration');

COMMIT;
