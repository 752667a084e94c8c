-- offprint: 000_file_entries file entries: the table that was there before revisions were
-- from 000_file_entries to base; Postgres 15 or later; opens its own transaction
-- loses the rows of `file_entries`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 000_file_entries applies to a database at 000_file_entries, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('000_file_entries')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 000_file_entries applies to a database at 000_file_entries, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 000_file_entries #2: undo create_index ix_file_entries_status
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."ix_file_entries_status";

-- 000_file_entries #1: undo create_table file_entries
-- locks file_entries against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."file_entries";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('000_file_entries');

COMMIT;
