-- offprint: 0002_site episode availability: the site joins the primary key
-- from 0001_initial to 0002_site; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 0002_site applies to a database at 0001_initial, but this one is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0002_site'));

-- the names that are given here must be free
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: there is a ' || "type" || ' `' || "name"
        || '`, which no revision knows, where one of that name is to be made; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN ('offprint_rebuild_episodeavailability');

-- guards the rebuild of episodeavailability: what no revision knows would be lost with the old table
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `episodeavailability` has the ' || "found"."kind" || ' `' || "found"."name"
        || '`, which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM (
    SELECT 'column' AS "kind", "name"
    FROM pragma_table_xinfo('episodeavailability')
    WHERE "name" COLLATE NOCASE NOT IN ('slug', 'season', 'episode', 'language', 'available', 'height', 'provider', 'checked_at', 'extra')
    UNION ALL
    SELECT "type", "name"
    FROM sqlite_schema
    WHERE "tbl_name" COLLATE NOCASE = 'episodeavailability'
        AND "type" IN ('index', 'trigger')
        AND "name" NOT GLOB 'sqlite_*'
        AND "name" COLLATE NOCASE NOT IN ('ix_episodeavailability_checked_at')
) AS "found"
WHERE "found"."name" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `episodeavailability.' || "key"."from" || '` refers to `'
        || "key"."table" || coalesce('.' || "key"."to", '') || '` ON DELETE ' || "key"."on_delete"
        || ' ON UPDATE ' || "key"."on_update"
        || ', which no revision knows and which a rebuild would lose; nothing was changed'
))
FROM pragma_foreign_key_list('episodeavailability') AS "key"
WHERE "key"."from" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of `episodeavailability` the revisions know ' || "found"."known" || ' ' || "found"."clauses"
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
            ('AUTOINCREMENT', 'AUTOINCREMENT', 0)
    ) AS "clause"
    WHERE "type" = 'table' AND "name" = 'episodeavailability' COLLATE NOCASE
    UNION ALL
    SELECT
        'checks',
        (length("sql") - length(replace(upper("sql"), 'CHECK', ''))) / length('CHECK') - 1,
        0
    FROM sqlite_schema
    WHERE "type" = 'table' AND "name" = 'episodeavailability' COLLATE NOCASE
    UNION ALL
    SELECT 'unique constraints', count(*), 0
    FROM pragma_index_list('episodeavailability')
    WHERE "origin" = 'u'
    UNION ALL
    SELECT
        'generated columns',
        (SELECT count(*) FROM pragma_table_xinfo('episodeavailability') WHERE "hidden" > 1),
        0
    FROM sqlite_schema
    WHERE "type" = 'table' AND "name" = 'episodeavailability' COLLATE NOCASE
    UNION ALL
    SELECT "option"."column1", iif("option"."column2", "wr", "strict"), "option"."column3"
    FROM pragma_table_list('episodeavailability')
    JOIN (VALUES ('options STRICT', 0, 0), ('options WITHOUT ROWID', 1, 0)) AS "option"
    WHERE "schema" = 'main'
) AS "found"
WHERE "found"."count" > "found"."known";

-- guards the rebuild of episodeavailability: what is known must be what the revisions say
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `episodeavailability` has the column `' || "column"."found"
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
        FROM pragma_table_xinfo('episodeavailability')
    ) AS "column"
    JOIN (
        VALUES
            ('slug', 1, 1, '', 'null'),
            ('season', 1, 2, '', 'null'),
            ('episode', 1, 3, '', 'null'),
            ('language', 1, 4, '', 'null'),
            ('available', 1, 0, '0', 'false'),
            ('height', 0, 0, '', 'null'),
            ('provider', 0, 0, '', 'null'),
            ('checked_at', 1, 0, '', 'null'),
            ('extra', 0, 0, '', 'null')
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
) AS "column"
WHERE "column"."differs";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `episodeavailability` has an index `' || "index"."name"
        || '` that is another one than the revisions know, and a rebuild would lose it; make it as they say, or drop it; nothing was changed'
))
FROM (
    SELECT
        "list"."name",
        "list"."unique" <> "known"."column2"
            OR "list"."partial" AND "known"."column4" IS NULL
            OR (
                SELECT group_concat(coalesce("name", '()') || ' ' || "coll" || iif("desc", ' DESC', ''), ', ')
                FROM (SELECT * FROM pragma_index_xinfo("list"."name") WHERE "key" ORDER BY "seqno")
            ) <> "known"."column3" COLLATE NOCASE
            OR substr("index"."plain", instr("index"."plain", '(')) <> "known"."column4" AS "differs"
    FROM pragma_index_list('episodeavailability') AS "list"
    JOIN (VALUES ('ix_episodeavailability_checked_at', 0, 'checked_at BINARY', NULL)) AS "known" ON "known"."column1" = "list"."name" COLLATE NOCASE
    JOIN (
        SELECT "name", "sql", lower(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace("sql",
                ' ', ''), char(9), ''), char(10), ''), char(13), ''),
                '"', ''), '''', ''), '`', ''), '[', ''), ']', ''),
                '!=', '<>'), '==', '=')
        ) AS "plain"
        FROM sqlite_schema
        WHERE "type" = 'index'
    ) AS "index" ON "index"."name" = "list"."name"
) AS "index"
WHERE "index"."differs";

-- guards the rebuild of episodeavailability: its rows have to fit
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `episodeavailability.' || replace("changed"."words", '''', '`')
        || ' in the revisions, so that a rebuild would make another value of it; nothing was changed'
))
FROM (
    SELECT 1
    FROM pragma_table_xinfo('episodeavailability') AS "column"
    JOIN (
        VALUES
            ('slug', 'VARCHAR(200)', 0),
            ('season', 'INTEGER', 0),
            ('episode', 'INTEGER', 0),
            ('language', 'VARCHAR(32)', 0),
            ('available', 'BOOLEAN', 0),
            ('height', 'INTEGER', 0),
            ('provider', 'VARCHAR(64)', 0),
            ('checked_at', 'TEXT', 0),
            ('extra', 'TEXT', 0)
    ) AS "known" ON "known"."column1" = "column"."name" COLLATE NOCASE
    WHERE "column"."type" <> "known"."column2" COLLATE NOCASE
        OR "column"."pk" < "known"."column3"
    LIMIT 1
) AS "otherwise"
CROSS JOIN (
    SELECT
        CASE
            WHEN typeof("episodeavailability"."slug") IN ('integer', 'real')
                THEN 'slug` holds ' || substr(quote("episodeavailability"."slug"), 1, 60) || ' and is VARCHAR(200)'
            WHEN typeof("episodeavailability"."season") = 'text' AND "episodeavailability"."season" = CAST("episodeavailability"."season" AS NUMERIC)
                THEN 'season` holds ' || substr(quote("episodeavailability"."season"), 1, 60) || ' and is INTEGER'
            WHEN typeof("episodeavailability"."episode") = 'text' AND "episodeavailability"."episode" = CAST("episodeavailability"."episode" AS NUMERIC)
                THEN 'episode` holds ' || substr(quote("episodeavailability"."episode"), 1, 60) || ' and is INTEGER'
            WHEN typeof("episodeavailability"."language") IN ('integer', 'real')
                THEN 'language` holds ' || substr(quote("episodeavailability"."language"), 1, 60) || ' and is VARCHAR(32)'
            WHEN typeof("episodeavailability"."available") = 'text' AND "episodeavailability"."available" = CAST("episodeavailability"."available" AS NUMERIC)
                THEN 'available` holds ' || substr(quote("episodeavailability"."available"), 1, 60) || ' and is BOOLEAN'
            WHEN typeof("episodeavailability"."height") = 'text' AND "episodeavailability"."height" = CAST("episodeavailability"."height" AS NUMERIC)
                THEN 'height` holds ' || substr(quote("episodeavailability"."height"), 1, 60) || ' and is INTEGER'
            WHEN typeof("episodeavailability"."provider") IN ('integer', 'real')
                THEN 'provider` holds ' || substr(quote("episodeavailability"."provider"), 1, 60) || ' and is VARCHAR(64)'
            WHEN typeof("episodeavailability"."checked_at") IN ('integer', 'real')
                THEN 'checked_at` holds ' || substr(quote("episodeavailability"."checked_at"), 1, 60) || ' and is TEXT'
            WHEN typeof("episodeavailability"."extra") IN ('integer', 'real')
                THEN 'extra` holds ' || substr(quote("episodeavailability"."extra"), 1, 60) || ' and is TEXT'
        END AS "words"
    FROM "episodeavailability"
) AS "changed"
WHERE "changed"."words" IS NOT NULL;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: values that stand more than once in `slug`, `season`, `episode`, `language`, `site` of `episodeavailability`, which is unique: '
        || "found"."count" || '; nothing was changed'
))
FROM (
    SELECT count(*) AS "count"
    FROM (
        SELECT 1
        FROM (
            SELECT
                "episodeavailability"."slug" AS "slug",
                "episodeavailability"."season" AS "season",
                "episodeavailability"."episode" AS "episode",
                "episodeavailability"."language" AS "language",
                'podcasts.example' AS "site"
            FROM "episodeavailability"
        ) AS "episodeavailability"
        GROUP BY
            "episodeavailability"."slug",
            "episodeavailability"."season",
            "episodeavailability"."episode",
            "episodeavailability"."language",
            "episodeavailability"."site"
        HAVING count(*) > 1
    )
) AS "found"
WHERE "found"."count" > 0;

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: table `' || "found"."name" || '` refers to `' || "found"."referred"
        || '`, which no revision knows, and it could not be written any more when the key becomes another one; nothing was changed'
))
FROM (
    SELECT "other"."name" AS "name", "key"."table" AS "referred"
    FROM sqlite_schema AS "other"
    JOIN pragma_foreign_key_list("other"."name") AS "key"
    WHERE "other"."type" = 'table'
        AND "other"."name" NOT GLOB '_cf_*'
        AND "other"."name" COLLATE NOCASE NOT IN ('episodeavailability')
        AND "key"."table" = 'episodeavailability' COLLATE NOCASE
        AND ("key"."to" COLLATE NOCASE IN ('episode', 'language', 'season', 'slug') OR "key"."to" IS NULL)
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- refuses a client whose renames nothing follows
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the client renames tables in the old way, which leaves behind what names them; switch that off (legacy_alter_table = '
        || "client"."legacy_alter_table" || '); nothing was changed'
))
FROM pragma_legacy_alter_table AS "client"
WHERE "client"."legacy_alter_table" <> 0;

-- 0002_site #1: add_column episodeavailability.site
-- one rebuild, since a primary key is part of the table
-- with #2 drop_primary_key episodeavailability, #3 create_primary_key episodeavailability
CREATE TABLE "offprint_rebuild_episodeavailability" (
    "slug" VARCHAR(200) NOT NULL,
    "season" INTEGER NOT NULL,
    "episode" INTEGER NOT NULL,
    "language" VARCHAR(32) NOT NULL,
    "available" BOOLEAN NOT NULL DEFAULT 0,
    "height" INTEGER,
    "provider" VARCHAR(64),
    "checked_at" TEXT NOT NULL,
    "extra" TEXT,
    "site" VARCHAR(64) NOT NULL DEFAULT 'podcasts.example',
    CONSTRAINT "pk_episodeavailability" PRIMARY KEY ("slug", "season", "episode", "language", "site")
);

INSERT OR ABORT INTO "offprint_rebuild_episodeavailability" (
    rowid,
    "slug",
    "season",
    "episode",
    "language",
    "available",
    "height",
    "provider",
    "checked_at",
    "extra",
    "site"
)
SELECT
    "episodeavailability".rowid,
    "episodeavailability"."slug",
    "episodeavailability"."season",
    "episodeavailability"."episode",
    "episodeavailability"."language",
    "episodeavailability"."available",
    "episodeavailability"."height",
    "episodeavailability"."provider",
    "episodeavailability"."checked_at",
    "episodeavailability"."extra",
    'podcasts.example'
FROM "episodeavailability";

SAVEPOINT "offprint";

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: of the rows of `episodeavailability`, which are ' || "rows"."old"
        || ', this many were copied: ' || "rows"."new" || '; nothing was changed'
))
FROM (
    SELECT
        (SELECT count(*) FROM "episodeavailability") AS "old",
        (SELECT count(*) FROM "offprint_rebuild_episodeavailability") AS "new"
) AS "rows"
WHERE "rows"."old" <> "rows"."new";

DROP TABLE "episodeavailability";

PRAGMA legacy_alter_table = ON;
ALTER TABLE "offprint_rebuild_episodeavailability" RENAME TO "episodeavailability";
PRAGMA legacy_alter_table = OFF;

CREATE INDEX "ix_episodeavailability_checked_at" ON "episodeavailability" ("checked_at");

SAVEPOINT "offprint";

DELETE FROM "alembic_version" WHERE "version_num" IN ('0001_initial');

INSERT INTO "alembic_version" ("version_num") VALUES ('0002_site');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('episodeavailability', 0),
        ('ix_episodeavailability_checked_at', 0)
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
    'offprint: the history should be at 0002_site, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0002_site'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_initial'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 15 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
