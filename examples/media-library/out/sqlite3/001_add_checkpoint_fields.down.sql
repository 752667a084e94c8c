-- offprint: 001_add_checkpoint_fields checkpoints: when each stage of the pipeline was done
-- from 001_add_checkpoint_fields to 000_file_entries; SQLite 3.40 or later; opens its own transaction
-- loses the values of `file_entries.uploaded_at`
-- loses the values of `file_entries.metadata_generated_at`
-- loses the values of `file_entries.renamed_at`
-- loses the values of `file_entries.analyzed_at`
-- loses the values of `file_entries.scanned_at`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 001_add_checkpoint_fields applies to a database at 001_add_checkpoint_fields, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'));

-- 001_add_checkpoint_fields #7: undo create_index ix_file_entries_uploaded_at
DROP INDEX "ix_file_entries_uploaded_at";

-- 001_add_checkpoint_fields #6: undo create_index ix_file_entries_scanned_at
DROP INDEX "ix_file_entries_scanned_at";

-- 001_add_checkpoint_fields #5: undo add_column file_entries.uploaded_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "uploaded_at";

-- 001_add_checkpoint_fields #4: undo add_column file_entries.metadata_generated_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "metadata_generated_at";

-- 001_add_checkpoint_fields #3: undo add_column file_entries.renamed_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "renamed_at";

-- 001_add_checkpoint_fields #2: undo add_column file_entries.analyzed_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "analyzed_at";

-- 001_add_checkpoint_fields #1: undo add_column file_entries.scanned_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "scanned_at";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields');

INSERT INTO "alembic_version" ("version_num") VALUES ('000_file_entries');

COMMIT;
