-- offprint: 001_job_ledger_init job ledger: jobs and what happened to them
-- from base to 001_job_ledger_init; SQLite 3.40 or later; opens its own transaction

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: 001_job_ledger_init applies to a database at base, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

SELECT json_extract('{}', 'offprint: 001_job_ledger_init creates the ' || "existing"."type" || ' `' || "existing"."name" || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed')
FROM sqlite_schema AS "existing"
WHERE "existing"."name" COLLATE NOCASE IN (
    'job',
    'job_event'
);

-- 001_job_ledger_init #1: create_table job
CREATE TABLE "job" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "payload" TEXT NOT NULL DEFAULT '{}',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TEXT,
    CONSTRAINT "pk_job" PRIMARY KEY ("id"),
    CONSTRAINT "ck_job_attempts_not_negative" CHECK (attempts >= 0)
);

-- 001_job_ledger_init #2: create_table job_event
CREATE TABLE "job_event" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_job_event" PRIMARY KEY AUTOINCREMENT,
    "job_id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "fk_job_event_job_id_job" FOREIGN KEY ("job_id") REFERENCES "job" ("id") ON DELETE CASCADE
);

INSERT INTO "alembic_version" ("version_num") VALUES ('001_job_ledger_init');

COMMIT;
