-- offprint: 000_file_entries file entries: the table that was there before revisions were
-- from 000_file_entries to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `file_entries`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 000_file_entries applies to a database at 000_file_entries, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('000_file_entries'));

-- 000_file_entries #2: undo create_index ix_file_entries_status
DROP INDEX "ix_file_entries_status";

-- 000_file_entries #1: undo create_table file_entries
DROP TABLE "file_entries";

DELETE FROM "alembic_version" WHERE "version_num" IN ('000_file_entries');

COMMIT;
