-- offprint: 0001_initial initial: the tables that the application made at startup
-- from base to 0001_initial; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 0001_initial applies to a database at base, but this one is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 0001_initial creates the ' || "existing"."type" || ' `' || "existing"."name"
        || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed'
))
FROM sqlite_schema AS "existing"
WHERE "existing"."name" COLLATE NOCASE IN (
    'job',
    'episodeavailability',
    'ix_episodeavailability_checked_at',
    'clienttask',
    'ix_clienttask_job_id'
);

-- 0001_initial #1: create_table job
CREATE TABLE "job" (
    "id" VARCHAR(36) NOT NULL,
    "status" VARCHAR(16) NOT NULL DEFAULT 'queued',
    "progress" REAL NOT NULL DEFAULT 0.0,
    "message" TEXT,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TEXT,
    PRIMARY KEY ("id")
);

-- 0001_initial #2: create_table episodeavailability
CREATE TABLE "episodeavailability" (
    "slug" VARCHAR(200) NOT NULL,
    "season" INTEGER NOT NULL,
    "episode" INTEGER NOT NULL,
    "language" VARCHAR(32) NOT NULL,
    "available" BOOLEAN NOT NULL DEFAULT 0,
    "height" INTEGER,
    "provider" VARCHAR(64),
    "checked_at" TEXT NOT NULL,
    "extra" TEXT,
    PRIMARY KEY ("slug", "season", "episode", "language")
);

-- 0001_initial #3: create_index ix_episodeavailability_checked_at
CREATE INDEX "ix_episodeavailability_checked_at" ON "episodeavailability" ("checked_at");

SAVEPOINT "offprint";

-- 0001_initial #4: create_table clienttask
CREATE TABLE "clienttask" (
    "hash" VARCHAR(64) NOT NULL,
    "job_id" VARCHAR(36),
    "slug" VARCHAR(200) NOT NULL,
    "season" INTEGER NOT NULL,
    "episode" INTEGER NOT NULL,
    "state" VARCHAR(16) NOT NULL DEFAULT 'queued',
    "added_on" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY ("hash"),
    FOREIGN KEY ("job_id") REFERENCES "job" ("id") ON DELETE SET NULL
);

-- 0001_initial #5: create_index ix_clienttask_job_id
CREATE INDEX "ix_clienttask_job_id" ON "clienttask" ("job_id");

SAVEPOINT "offprint";

INSERT INTO "alembic_version" ("version_num") VALUES ('0001_initial');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('clienttask', 0),
        ('episodeavailability', 0),
        ('ix_clienttask_job_id', 0),
        ('ix_episodeavailability_checked_at', 0),
        ('job', 0)
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
    'offprint: the history should be at 0001_initial, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
