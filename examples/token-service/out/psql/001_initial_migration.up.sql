-- offprint: 001_initial_migration initial migration: users, tokens and sessions
-- from base to 001_initial_migration; Postgres 15 or later; opens its own transaction

BEGIN;

CREATE TABLE IF NOT EXISTS "public"."alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

DO $offprint$
DECLARE
    found text;
BEGIN
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM "public"."alembic_version") THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 001_initial_migration applies to a database at base, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

DO $offprint$
DECLARE
    found text;
BEGIN
    SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind DESC, name) INTO found
    FROM (VALUES
        ('enum', 'token_status'),
        ('table', 'users'),
        ('index', 'uq_users_email_lower'),
        ('table', 'tokens'),
        ('index', 'ix_tokens_user_id_active'),
        ('table', 'sessions'),
        ('index', 'ix_sessions_user_id')
    ) AS created (kind, name)
    WHERE to_regclass(format('%I.%I', 'public', name)) IS NOT NULL
        OR to_regtype(format('%I.%I', 'public', name)) IS NOT NULL;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 001_initial_migration creates the objects of a database at base, but this one has them already: ' || found || '; if they are the ones of this history, record that with `offprint stamp 001_initial_migration --sql`; nothing was changed';
    END IF;
END
$offprint$;

-- 001_initial_migration #1: create_enum token_status
CREATE TYPE "public"."token_status" AS ENUM (
    'active',
    'expired',
    'revoked'
);

-- 001_initial_migration #2: create_table users
CREATE TABLE "public"."users" (
    "id" uuid NOT NULL,
    "email" varchar(320) NOT NULL,
    "password_hash" text NOT NULL,
    "is_active" boolean DEFAULT TRUE NOT NULL,
    "settings" json DEFAULT '{}'::json NOT NULL,
    "created_at" timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT "pk_users" PRIMARY KEY ("id")
);

-- 001_initial_migration #3: create_index uq_users_email_lower
CREATE UNIQUE INDEX "uq_users_email_lower"
    ON "public"."users" ((lower(email)));

-- 001_initial_migration #4: create_table tokens
CREATE TABLE "public"."tokens" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "provider" varchar(64) NOT NULL,
    "secret" bytea NOT NULL,
    "status" "public"."token_status" DEFAULT 'active'::"public"."token_status" NOT NULL,
    "extracted_at" timestamptz DEFAULT now() NOT NULL,
    "expires_at" timestamptz,
    CONSTRAINT "pk_tokens" PRIMARY KEY ("id"),
    CONSTRAINT "fk_tokens_user_id_users" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE
);

-- 001_initial_migration #5: create_index ix_tokens_user_id_active
CREATE INDEX "ix_tokens_user_id_active"
    ON "public"."tokens" ("user_id")
    WHERE status = 'active';

-- 001_initial_migration #6: create_table sessions
CREATE TABLE "public"."sessions" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "token_id" uuid,
    "started_at" timestamptz DEFAULT now() NOT NULL,
    "ended_at" timestamptz,
    CONSTRAINT "pk_sessions" PRIMARY KEY ("id"),
    CONSTRAINT "fk_sessions_user_id_users" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_sessions_token_id_tokens" FOREIGN KEY ("token_id") REFERENCES "public"."tokens" ("id") ON DELETE SET NULL
);

-- 001_initial_migration #7: create_index ix_sessions_user_id
CREATE INDEX "ix_sessions_user_id"
    ON "public"."sessions" ("user_id");

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('001_initial_migration');

COMMIT;
