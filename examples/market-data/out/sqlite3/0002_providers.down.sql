-- offprint: 0002_providers providers: a table of their own
-- from 0002_providers to 0001_baseline; SQLite 3.40 or later; opens its own transaction
-- loses the values of `rate_snapshots.provider_id`
-- loses the rows of `providers`
-- does not bring back the values of `rate_snapshots.provider`

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
    'offprint: the way back from 0002_providers applies to a database at 0002_providers, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0002_providers'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('offprint_rebuild_rate_snapshots', 'offprint_violations');

-- refuses a client whose renames nothing follows
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the client renames tables in the old way, which leaves behind what names them; switch that off (legacy_alter_table = '
        || "client"."legacy_alter_table" || '); nothing was changed'
))
FROM pragma_legacy_alter_table AS "client"
WHERE "client"."legacy_alter_table" <> 0;

-- 0002_providers #1: drop_index idx_rate_snapshots_provider_id
DROP INDEX "idx_rate_snapshots_provider_id";

-- 0002_providers #2: add_column rate_snapshots.provider
-- in place: the rows that are there have NULL in the new column
ALTER TABLE "rate_snapshots" ADD COLUMN "provider" TEXT;

-- 0002_providers #3: execute
UPDATE rate_snapshots
SET provider = (SELECT providers.name FROM providers WHERE providers.id = rate_snapshots.provider_id);

SAVEPOINT "offprint";

-- guards #7 drop_table providers
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and its rows would change or refer to nothing when that is dropped; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('providers', 'rate_snapshots')
        AND "key"."table" COLLATE NOCASE IN ('providers')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 0002_providers #7: drop_table providers
DROP TABLE "providers";

-- guards the rebuild of rate_snapshots: what no revision knows would be lost with the old table
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `rate_snapshots` has the ' || "found"."kind" || ' `' || "found"."name"
        || '`, which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM (
    SELECT 'column' AS "kind", "name"
    FROM pragma_table_xinfo('rate_snapshots')
    WHERE "name" COLLATE NOCASE NOT IN ('id', 'base_currency', 'quote_currency', 'rate', 'timestamp', 'provider_id', 'provider')
    UNION ALL
    SELECT "type", "name"
    FROM sqlite_schema
    WHERE "tbl_name" COLLATE NOCASE = 'rate_snapshots'
        AND "type" IN ('index', 'trigger')
        AND "name" NOT GLOB 'sqlite_*'
        AND "name" COLLATE NOCASE NOT IN ('idx_rate_snapshots_provider_id')
) AS "found"
WHERE "found"."name" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `rate_snapshots.' || "key"."from" || '` refers to `'
        || "key"."table" || coalesce('.' || "key"."to", '') || '` ON DELETE ' || "key"."on_delete"
        || ' ON UPDATE ' || "key"."on_update"
        || ', which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM pragma_foreign_key_list('rate_snapshots') AS "key"
WHERE NOT EXISTS (
        SELECT 1
        FROM (VALUES ('provider_id', 'providers', 'RESTRICT', 'NO ACTION', 'id')) AS "known"
        WHERE "known"."column1" = "key"."from" COLLATE NOCASE
            AND "known"."column2" = "key"."table" COLLATE NOCASE
            AND "known"."column3" = "key"."on_delete"
            AND "known"."column4" = "key"."on_update"
            AND "known"."column5" = coalesce("key"."to", "known"."column5") COLLATE NOCASE
    );

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of `rate_snapshots` the revisions know ' || "found"."known" || ' ' || "found"."clauses"
        || ', and the database seems to have ' || "found"."count"
        || '; a rebuild would lose the rest; nothing was changed'
))
FROM (
    SELECT
        "clause"."column1" AS "clauses",
        (length("sql") - length(replace(upper("sql"), "clause"."column2", ''))) / length("clause"."column2") AS "count",
        "clause"."column3" AS "known"
    FROM sqlite_schema
    JOIN (
        VALUES
            ('collations', 'COLLATE', 0),
            ('conflict clauses', 'CONFLICT', 0),
            ('deferrable foreign keys', 'DEFERRABLE', 0),
            ('AUTOINCREMENT', 'AUTOINCREMENT', 1)
    ) AS "clause"
    WHERE "type" = 'table' AND "name" = 'rate_snapshots' COLLATE NOCASE
    UNION ALL
    SELECT
        'checks',
        (length("sql") - length(replace(upper("sql"), 'CHECK', ''))) / length('CHECK'),
        0
    FROM sqlite_schema
    WHERE "type" = 'table' AND "name" = 'rate_snapshots' COLLATE NOCASE
    UNION ALL
    SELECT 'unique constraints', count(*), 0
    FROM pragma_index_list('rate_snapshots')
    WHERE "origin" = 'u'
    UNION ALL
    SELECT
        'generated columns',
        (SELECT count(*) FROM pragma_table_xinfo('rate_snapshots') WHERE "hidden" > 1),
        0
    FROM sqlite_schema
    WHERE "type" = 'table' AND "name" = 'rate_snapshots' COLLATE NOCASE
    UNION ALL
    SELECT "option"."column1", iif("option"."column2", "wr", "strict"), "option"."column3"
    FROM pragma_table_list('rate_snapshots')
    JOIN (VALUES ('options STRICT', 0, 0), ('options WITHOUT ROWID', 1, 0)) AS "option"
    WHERE "schema" = 'main'
) AS "found"
WHERE "found"."count" > "found"."known";

-- guards the rebuild of rate_snapshots: what is known must be what the revisions say
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `rate_snapshots` has the column `' || "column"."found"
        || '`, of which the revisions know something else, and a rebuild would lose it; nothing was changed'
))
FROM (
    SELECT
        "column"."name"
            || iif("notnull", ' NOT NULL', '')
            || coalesce(' DEFAULT ' || replace("dflt_value", '''', '"'), '')
            || iif("pk", ' in the primary key', '') AS "found",
        "column"."pk" <> "known"."column3"
            OR "column"."notnull" > "known"."column2" AND "column"."pk" = 0
            OR trim(iif("dflt_value" GLOB '''*', "plain", lower("plain")), '()')
                NOT IN ("known"."column4", "known"."column5", 'null') AS "differs"
    FROM (
        SELECT
            *,
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("dflt_value",
                ' ', ''), char(9), ''), char(10), ''), char(13), ''),
                '"', ''), '''', ''), '`', ''), '[', ''), ']', ''),
                '!=', '<>'), '==', '=') AS "plain"
        FROM pragma_table_xinfo('rate_snapshots')
    ) AS "column"
    JOIN (
        VALUES
            ('id', 1, 1, '', 'null'),
            ('base_currency', 1, 0, '', 'null'),
            ('quote_currency', 1, 0, '', 'null'),
            ('rate', 1, 0, '', 'null'),
            ('timestamp', 1, 0, '', 'null'),
            ('provider_id', 1, 0, '', 'null'),
            ('provider', 0, 0, '', 'null')
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
) AS "column"
WHERE "column"."differs";

-- guards the rebuild of rate_snapshots: its rows have to fit
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `rate_snapshots.' || replace("changed"."words", '''', '`')
        || ' in the revisions, so that a rebuild would make another value of it; nothing was changed'
))
FROM (
    SELECT 1
    FROM pragma_table_xinfo('rate_snapshots') AS "column"
    JOIN (
        VALUES
            ('id', 'INTEGER', 1),
            ('base_currency', 'TEXT', 0),
            ('quote_currency', 'TEXT', 0),
            ('rate', 'REAL', 0),
            ('timestamp', 'TEXT', 0),
            ('provider', 'TEXT', 0)
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
    WHERE "column"."type" <> "known"."column2" COLLATE NOCASE
        OR "column"."pk" < "known"."column3"
    UNION ALL SELECT 1 FROM pragma_index_list('rate_snapshots') WHERE "origin" = 'pk'
    LIMIT 1
) AS "otherwise"
CROSS JOIN (
    SELECT
        CASE
            WHEN "rate_snapshots"."id" IS NULL OR typeof("rate_snapshots"."id") = 'text' AND "rate_snapshots"."id" = CAST("rate_snapshots"."id" AS NUMERIC)
                THEN 'id` holds ' || substr(quote("rate_snapshots"."id"), 1, 60) || ' and is INTEGER'
            WHEN typeof("rate_snapshots"."base_currency") IN ('integer', 'real')
                THEN 'base_currency` holds ' || substr(quote("rate_snapshots"."base_currency"), 1, 60) || ' and is TEXT'
            WHEN typeof("rate_snapshots"."quote_currency") IN ('integer', 'real')
                THEN 'quote_currency` holds ' || substr(quote("rate_snapshots"."quote_currency"), 1, 60) || ' and is TEXT'
            WHEN typeof("rate_snapshots"."rate") = 'text' AND "rate_snapshots"."rate" = CAST("rate_snapshots"."rate" AS NUMERIC)
                OR typeof("rate_snapshots"."rate") = 'integer' AND "rate_snapshots"."rate" <> CAST("rate_snapshots"."rate" AS REAL)
                THEN 'rate` holds ' || substr(quote("rate_snapshots"."rate"), 1, 60) || ' and is REAL'
            WHEN typeof("rate_snapshots"."timestamp") IN ('integer', 'real')
                THEN 'timestamp` holds ' || substr(quote("rate_snapshots"."timestamp"), 1, 60) || ' and is TEXT'
            WHEN typeof("rate_snapshots"."provider") IN ('integer', 'real')
                THEN 'provider` holds ' || substr(quote("rate_snapshots"."provider"), 1, 60) || ' and is TEXT'
        END AS "words"
    FROM "rate_snapshots"
) AS "changed"
WHERE "changed"."words" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: rows of `rate_snapshots` that would have NULL in `provider`, which is NOT NULL: '
        || "found"."count" || '; nothing was changed'
))
FROM (
    SELECT count(*) AS "count"
    FROM "rate_snapshots"
    WHERE "rate_snapshots"."provider" IS NULL
) AS "found"
WHERE "found"."count" > 0;

-- counts the rows that refer to nothing, to compare afterwards
DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

CREATE TABLE "offprint_violations" ("table" TEXT NOT NULL, "count" INTEGER NOT NULL);

INSERT INTO "offprint_violations" ("table", "count")
VALUES
    ('trades', (SELECT count(*) FROM pragma_foreign_key_check('trades')));

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0;

-- 0002_providers #4: alter_column rate_snapshots.provider
-- one rebuild, since SQLite before 3.53 cannot change NOT NULL in place; a foreign key is part of the table
-- with #5 drop_foreign_key rate_snapshots, #6 drop_column rate_snapshots.provider_id
CREATE TABLE "offprint_rebuild_rate_snapshots" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "base_currency" TEXT NOT NULL,
    "quote_currency" TEXT NOT NULL,
    "rate" REAL NOT NULL,
    "timestamp" TEXT NOT NULL,
    "provider" TEXT NOT NULL
);

INSERT OR ABORT INTO "offprint_rebuild_rate_snapshots" (
    "id",
    "base_currency",
    "quote_currency",
    "rate",
    "timestamp",
    "provider"
)
SELECT
    "rate_snapshots"."id",
    "rate_snapshots"."base_currency",
    "rate_snapshots"."quote_currency",
    "rate_snapshots"."rate",
    "rate_snapshots"."timestamp",
    "rate_snapshots"."provider"
FROM "rate_snapshots";

SAVEPOINT "offprint";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of the rows of `rate_snapshots`, which are ' || "rows"."old" || ', this many were copied: '
        || "rows"."new" || '; nothing was changed'
))
FROM (
    SELECT
        (SELECT count(*) FROM "rate_snapshots") AS "old",
        (SELECT count(*) FROM "offprint_rebuild_rate_snapshots") AS "new"
) AS "rows"
WHERE "rows"."old" <> "rows"."new";

DELETE FROM temp."offprint_marks" WHERE "mark" = 0;

UPDATE "sqlite_sequence"
SET "seq" = (SELECT max("seq") FROM "sqlite_sequence" WHERE "name" IN ('rate_snapshots', 'offprint_rebuild_rate_snapshots'))
WHERE "name" = 'offprint_rebuild_rate_snapshots';

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0
    OR NOT EXISTS (SELECT 1 FROM "sqlite_sequence" WHERE "name" = 'offprint_rebuild_rate_snapshots');

DROP TABLE "rate_snapshots";

PRAGMA legacy_alter_table = ON;
ALTER TABLE "offprint_rebuild_rate_snapshots" RENAME TO "rate_snapshots";
PRAGMA legacy_alter_table = OFF;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: rows of `' || "offprint_violations"."table"
        || '` would refer to nothing that did not before; nothing was changed'
))
FROM "offprint_violations"
WHERE (SELECT count(*) FROM pragma_foreign_key_check("offprint_violations"."table")) > "offprint_violations"."count";

DROP TABLE "offprint_violations";

DELETE FROM "alembic_version" WHERE "version_num" IN ('0002_providers');

INSERT INTO "alembic_version" ("version_num") VALUES ('0001_baseline');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('rate_snapshots', 0)
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
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('idx_rate_snapshots_provider_id', 'providers');

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `rate_snapshots` has not become what it should: of its 6 columns it has '
        || CAST("found"."known" AS INTEGER) || ', among ' || "found"."count" || '; nothing was changed'
))
FROM (
    SELECT count(*) AS "count", total("name" COLLATE NOCASE IN ('id', 'provider', 'base_currency', 'quote_currency', 'rate', 'timestamp')) AS "known"
    FROM pragma_table_xinfo('rate_snapshots')
) AS "found"
WHERE "found"."count" <> 6 OR "found"."known" <> 6;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at 0001_baseline, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0002_providers'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 19 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
