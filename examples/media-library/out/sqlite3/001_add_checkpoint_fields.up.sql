-- offprint: 001_add_checkpoint_fields checkpoints: when each stage of the pipeline was done
-- from 000_file_entries to 001_add_checkpoint_fields; SQLite 3.40 or later; opens its own transaction

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: 001_add_checkpoint_fields applies to a database at 000_file_entries, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('000_file_entries'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'));

-- 001_add_checkpoint_fields #1: add_column file_entries.scanned_at
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "file_entries" ADD COLUMN "scanned_at" TEXT;

-- 001_add_checkpoint_fields #2: add_column file_entries.analyzed_at
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "file_entries" ADD COLUMN "analyzed_at" TEXT;

-- 001_add_checkpoint_fields #3: add_column file_entries.renamed_at
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "file_entries" ADD COLUMN "renamed_at" TEXT;

-- 001_add_checkpoint_fields #4: add_column file_entries.metadata_generated_at
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "file_entries" ADD COLUMN "metadata_generated_at" TEXT;

-- 001_add_checkpoint_fields #5: add_column file_entries.uploaded_at
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "file_entries" ADD COLUMN "uploaded_at" TEXT;

-- 001_add_checkpoint_fields #6: create_index ix_file_entries_scanned_at
CREATE INDEX "ix_file_entries_scanned_at" ON "file_entries" ("scanned_at");

-- 001_add_checkpoint_fields #7: create_index ix_file_entries_uploaded_at
CREATE INDEX "ix_file_entries_uploaded_at" ON "file_entries" ("uploaded_at");

DELETE FROM "alembic_version" WHERE "version_num" IN ('000_file_entries');

INSERT INTO "alembic_version" ("version_num") VALUES ('001_add_checkpoint_fields');

COMMIT;
