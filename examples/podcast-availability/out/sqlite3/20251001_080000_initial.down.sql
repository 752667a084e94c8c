-- offprint: 0001_initial initial: the tables that the application made at startup
-- from 0001_initial to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `clienttask`
-- loses the rows of `episodeavailability`
-- loses the rows of `job`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 0001_initial applies to a database at 0001_initial, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'));

-- 0001_initial #5: undo create_index ix_clienttask_job_id
DROP INDEX "ix_clienttask_job_id";

-- 0001_initial #4: undo create_table clienttask
DROP TABLE "clienttask";

-- 0001_initial #3: undo create_index ix_episodeavailability_checked_at
DROP INDEX "ix_episodeavailability_checked_at";

-- 0001_initial #2: undo create_table episodeavailability
DROP TABLE "episodeavailability";

-- 0001_initial #1: undo create_table job
DROP TABLE "job";

DELETE FROM "alembic_version" WHERE "version_num" IN ('0001_initial');

COMMIT;
