-- offprint: 001_initial_migration initial migration: users, tokens and sessions
-- from 001_initial_migration to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `sessions`
-- loses the rows of `tokens`
-- loses the rows of `users`

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
    'offprint: the way back from 001_initial_migration applies to a database at 001_initial_migration, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration'));

-- guards #6 undo create_table sessions
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('sessions')
        AND "key"."table" COLLATE NOCASE IN ('sessions')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #4 undo create_table tokens
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('sessions', 'tokens')
        AND "key"."table" COLLATE NOCASE IN ('tokens')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #2 undo create_table users
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('sessions', 'tokens', 'users')
        AND "key"."table" COLLATE NOCASE IN ('users')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 001_initial_migration #7: undo create_index ix_sessions_user_id
DROP INDEX "ix_sessions_user_id";

-- 001_initial_migration #6: undo create_table sessions
DROP TABLE "sessions";

-- 001_initial_migration #5: undo create_index ix_tokens_user_id_active
DROP INDEX "ix_tokens_user_id_active";

-- 001_initial_migration #4: undo create_table tokens
DROP TABLE "tokens";

-- 001_initial_migration #3: undo create_index uq_users_email_lower
DROP INDEX "uq_users_email_lower";

-- 001_initial_migration #2: undo create_table users
DROP TABLE "users";

-- 001_initial_migration #1: undo create_enum token_status
-- SQLite keeps the values of an enum in a check on each of its columns; nothing to do

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_sessions_user_id', 'ix_tokens_user_id_active', 'sessions', 'tokens', 'uq_users_email_lower', 'users');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at base, and is at ' || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 7 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
