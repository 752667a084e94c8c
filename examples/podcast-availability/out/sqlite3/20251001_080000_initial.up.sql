-- offprint: 0001_initial initial: the tables that the application made at startup
-- from base to 0001_initial; SQLite 3.40 or later; opens its own transaction

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: 0001_initial applies to a database at base, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

SELECT json_extract('{}', 'offprint: 0001_initial creates the ' || "existing"."type" || ' `' || "existing"."name" || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed')
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

INSERT INTO "alembic_version" ("version_num") VALUES ('0001_initial');

COMMIT;
