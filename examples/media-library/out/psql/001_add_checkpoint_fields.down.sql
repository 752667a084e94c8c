-- offprint: 001_add_checkpoint_fields checkpoints: when each stage of the pipeline was done
-- from 001_add_checkpoint_fields to 000_file_entries; Postgres 15 or later; opens its own transaction
-- loses the values of `file_entries.uploaded_at`
-- loses the values of `file_entries.metadata_generated_at`
-- loses the values of `file_entries.renamed_at`
-- loses the values of `file_entries.analyzed_at`
-- loses the values of `file_entries.scanned_at`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_add_checkpoint_fields applies to a database at 001_add_checkpoint_fields, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_add_checkpoint_fields')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 001_add_checkpoint_fields applies to a database at 001_add_checkpoint_fields, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 001_add_checkpoint_fields #7: undo create_index ix_file_entries_uploaded_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_file_entries_uploaded_at";

-- 001_add_checkpoint_fields #6: undo create_index ix_file_entries_scanned_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_file_entries_scanned_at";

-- 001_add_checkpoint_fields #5: undo add_column file_entries.uploaded_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    DROP COLUMN "uploaded_at";

-- 001_add_checkpoint_fields #4: undo add_column file_entries.metadata_generated_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    DROP COLUMN "metadata_generated_at";

-- 001_add_checkpoint_fields #3: undo add_column file_entries.renamed_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    DROP COLUMN "renamed_at";

-- 001_add_checkpoint_fields #2: undo add_column file_entries.analyzed_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    DROP COLUMN "analyzed_at";

-- 001_add_checkpoint_fields #1: undo add_column file_entries.scanned_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    DROP COLUMN "scanned_at";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('001_add_checkpoint_fields');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('000_file_entries');

COMMIT;
