-- offprint: 001_add_checkpoint_fields checkpoints: when each stage of the pipeline was done
-- from 000_file_entries to 001_add_checkpoint_fields; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 001_add_checkpoint_fields applies to a database at 000_file_entries, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('000_file_entries'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('001_add_checkpoint_fields')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 001_add_checkpoint_fields applies to a database at 000_file_entries, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 001_add_checkpoint_fields #1: add_column file_entries.scanned_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    ADD COLUMN "scanned_at" timestamp;

-- 001_add_checkpoint_fields #2: add_column file_entries.analyzed_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    ADD COLUMN "analyzed_at" timestamp;

-- 001_add_checkpoint_fields #3: add_column file_entries.renamed_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    ADD COLUMN "renamed_at" timestamp;

-- 001_add_checkpoint_fields #4: add_column file_entries.metadata_generated_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    ADD COLUMN "metadata_generated_at" timestamp;

-- 001_add_checkpoint_fields #5: add_column file_entries.uploaded_at
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."file_entries"
    ADD COLUMN "uploaded_at" timestamp;

-- 001_add_checkpoint_fields #6: create_index ix_file_entries_scanned_at
-- locks file_entries against writes (SHARE), builds an index
CREATE INDEX "ix_file_entries_scanned_at"
    ON "public"."file_entries" ("scanned_at");

-- 001_add_checkpoint_fields #7: create_index ix_file_entries_uploaded_at
-- locks file_entries against writes (SHARE), builds an index
CREATE INDEX "ix_file_entries_uploaded_at"
    ON "public"."file_entries" ("uploaded_at");

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('000_file_entries');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('001_add_checkpoint_fields');

COMMIT;
