-- offprint: 001_add_checkpoint_fields checkpoints: when each stage of the pipeline was done
-- from 001_add_checkpoint_fields to 000_file_entries; SQLite 3.40 or later; opens its own transaction
-- loses the values of `file_entries.uploaded_at`
-- loses the values of `file_entries.metadata_generated_at`
-- loses the values of `file_entries.renamed_at`
-- loses the values of `file_entries.analyzed_at`
-- loses the values of `file_entries.scanned_at`

-- Each guard that passes and each statement that does what it should leaves a mark; without all of them nothing is
-- committed. A savepoint keeps what follows in a transaction, should an error have ended the one that was open.
DROP TABLE IF EXISTS temp."offprint_marks";

CREATE TEMP TABLE "offprint_marks" (
    "mark" INTEGER NOT NULL,
    CONSTRAINT "offprint: a statement before this one has failed, so everything is rolled back" CHECK ("mark" > 0)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = '
        || "client"."foreign_keys" || '); nothing was changed'
))
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

BEGIN IMMEDIATE;

SAVEPOINT "offprint";

-- refuses a database at another revision
CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the way back from 001_add_checkpoint_fields applies to a database at 001_add_checkpoint_fields, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'));

-- refuses a client whose renames nothing follows
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the client renames tables in the old way, which leaves behind what names them; switch that off (legacy_alter_table = '
        || "client"."legacy_alter_table" || '); nothing was changed'
))
FROM pragma_legacy_alter_table AS "client"
WHERE "client"."legacy_alter_table" <> 0;

-- 001_add_checkpoint_fields #7: undo create_index ix_file_entries_uploaded_at
DROP INDEX "ix_file_entries_uploaded_at";

-- 001_add_checkpoint_fields #6: undo create_index ix_file_entries_scanned_at
DROP INDEX "ix_file_entries_scanned_at";

-- 001_add_checkpoint_fields #5: undo add_column file_entries.uploaded_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "uploaded_at";

SAVEPOINT "offprint";

-- 001_add_checkpoint_fields #4: undo add_column file_entries.metadata_generated_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "metadata_generated_at";

SAVEPOINT "offprint";

-- 001_add_checkpoint_fields #3: undo add_column file_entries.renamed_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "renamed_at";

SAVEPOINT "offprint";

-- 001_add_checkpoint_fields #2: undo add_column file_entries.analyzed_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "analyzed_at";

SAVEPOINT "offprint";

-- 001_add_checkpoint_fields #1: undo add_column file_entries.scanned_at
-- in place: nothing else names the column
ALTER TABLE "file_entries" DROP COLUMN "scanned_at";

SAVEPOINT "offprint";

DELETE FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields');

INSERT INTO "alembic_version" ("version_num") VALUES ('000_file_entries');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('file_entries', 0),
        ('ix_file_entries_status', 0)
) AS "made"
WHERE NOT EXISTS (
        SELECT 1
        FROM sqlite_schema AS "there"
        WHERE "there"."name" = "made"."column1" COLLATE NOCASE
            AND ("there"."type" = 'trigger') = "made"."column2"
    );

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('ix_file_entries_scanned_at', 'ix_file_entries_uploaded_at');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `file_entries` has not become what it should: of its 8 columns it has '
        || CAST("found"."known" AS INTEGER) || ', among ' || "found"."count" || '; nothing was changed'
))
FROM (
    SELECT count(*) AS "count", total("name" COLLATE NOCASE IN ('id', 'path', 'size', 'sha256', 'status', 'error_message', 'created_at', 'updated_at')) AS "known"
    FROM pragma_table_xinfo('file_entries')
) AS "found"
WHERE "found"."count" <> 8 OR "found"."known" <> 8;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 000_file_entries, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('001_add_checkpoint_fields'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 7 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
