-- offprint: 001_initial_migration initial migration: users, tokens and sessions
-- from base to 001_initial_migration; SQLite 3.40 or later; opens its own transaction

-- Each guard that passes and each statement that does what it should leaves a mark; without all of them nothing is
-- committed. A savepoint keeps what follows in a transaction, should an error have ended the one that was open.
DROP TABLE IF EXISTS temp."offprint_marks";

CREATE TEMP TABLE "offprint_marks" (
    "mark" INTEGER NOT NULL,
    CONSTRAINT "offprint: a statement before this one has failed, so everything is rolled back" CHECK ("mark" > 0)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = '
        || "client"."foreign_keys" || '); nothing was changed'
))
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

BEGIN IMMEDIATE;

SAVEPOINT "offprint";

-- refuses a database at another revision
CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 001_initial_migration applies to a database at base, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 001_initial_migration creates the ' || "existing"."type" || ' `' || "existing"."name"
        || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed'
))
FROM sqlite_schema AS "existing"
WHERE "existing"."name" COLLATE NOCASE IN (
    'users',
    'uq_users_email_lower',
    'tokens',
    'ix_tokens_user_id_active',
    'sessions',
    'ix_sessions_user_id'
);

-- 001_initial_migration #1: create_enum token_status
-- SQLite keeps the values of an enum in a check on each of its columns; nothing to do

-- 001_initial_migration #2: create_table users
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" VARCHAR(320) NOT NULL,
    "password_hash" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT 1,
    "settings" TEXT NOT NULL DEFAULT '{}',
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "pk_users" PRIMARY KEY ("id")
);

-- 001_initial_migration #3: create_index uq_users_email_lower
CREATE UNIQUE INDEX "uq_users_email_lower" ON "users" (lower(email));

SAVEPOINT "offprint";

-- 001_initial_migration #4: create_table tokens
CREATE TABLE "tokens" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "provider" VARCHAR(64) NOT NULL,
    "secret" BLOB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active' CONSTRAINT "ck_tokens_status" CHECK ("status" IN ('active', 'expired', 'revoked')),
    "extracted_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TEXT,
    CONSTRAINT "pk_tokens" PRIMARY KEY ("id"),
    CONSTRAINT "fk_tokens_user_id_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);

-- 001_initial_migration #5: create_index ix_tokens_user_id_active
CREATE INDEX "ix_tokens_user_id_active" ON "tokens" ("user_id")
WHERE status = 'active';

SAVEPOINT "offprint";

-- 001_initial_migration #6: create_table sessions
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_id" TEXT,
    "started_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TEXT,
    CONSTRAINT "pk_sessions" PRIMARY KEY ("id"),
    CONSTRAINT "fk_sessions_user_id_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_sessions_token_id_tokens" FOREIGN KEY ("token_id") REFERENCES "tokens" ("id") ON DELETE SET NULL
);

-- 001_initial_migration #7: create_index ix_sessions_user_id
CREATE INDEX "ix_sessions_user_id" ON "sessions" ("user_id");

SAVEPOINT "offprint";

INSERT INTO "alembic_version" ("version_num") VALUES ('001_initial_migration');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('ix_sessions_user_id', 0),
        ('ix_tokens_user_id_active', 0),
        ('sessions', 0),
        ('tokens', 0),
        ('uq_users_email_lower', 0),
        ('users', 0)
) AS "made"
WHERE NOT EXISTS (
        SELECT 1
        FROM sqlite_schema AS "there"
        WHERE "there"."name" = "made"."column1" COLLATE NOCASE
            AND ("there"."type" = 'trigger') = "made"."column2"
    );

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 001_initial_migration, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
