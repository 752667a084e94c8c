-- offprint: 002_seed_demo_user seed demo user: an account to try the service with
-- from 001_initial_migration to 002_seed_demo_user; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 002_seed_demo_user applies to a database at 001_initial_migration, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_seed_demo_user'));

-- 002_seed_demo_user #1: insert users
DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

INSERT INTO "users" ("id", "email", "password_hash", "settings", "created_at")
VALUES
    ('6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01', 'demo@example.com', '$2b$12$C6UzMDM.H6dfI/f/IKcEeO7rY3bYbQ2m8Z9wQhJgV0bq1zJ0nQx1K', '{"theme": "dark", "note": "it''s a demo"}', '2026-01-01 00:00:00+00:00');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0;

SAVEPOINT "offprint";

-- 002_seed_demo_user #2: insert tokens
DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

INSERT INTO "tokens" ("id", "user_id", "provider", "secret", "expires_at")
VALUES
    ('6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d02', '6f1d3c0a-6f0e-4a53-9b0b-6e2a6a1f0d01', 'demo', x'00ff10', NULL);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0;

SAVEPOINT "offprint";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration');

INSERT INTO "alembic_version" ("version_num") VALUES ('002_seed_demo_user');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 002_seed_demo_user, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_seed_demo_user'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_initial_migration'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
