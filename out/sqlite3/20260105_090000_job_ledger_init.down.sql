-- offprint: 001_job_ledger_init job ledger: jobs and what happened to them
-- from 001_job_ledger_init to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `job_event`
-- loses the rows of `job`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 001_job_ledger_init applies to a database at 001_job_ledger_init, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init'));

-- 001_job_ledger_init #2: undo create_table job_event
DROP TABLE "job_event";

-- 001_job_ledger_init #1: undo create_table job
DROP TABLE "job";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_job_ledger_init');

COMMIT;
