-- offprint: 0001_baseline baseline: the seven tables of the bootstrap script
-- from 0001_baseline to base; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `model_evaluations`
-- loses the rows of `external_macro`
-- loses the rows of `labels_performance`
-- loses the rows of `feature_store`
-- loses the rows of `strategy_recommendations`
-- loses the rows of `trades`
-- loses the rows of `rate_snapshots`

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
    'offprint: the way back from 0001_baseline applies to a database at 0001_baseline, but this one is at '
        || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_baseline'));

-- guards #10 undo create_table model_evaluations
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
        AND "other"."name" COLLATE NOCASE NOT IN ('model_evaluations')
        AND "key"."table" COLLATE NOCASE IN ('model_evaluations')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #8 undo create_table external_macro
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
        AND "other"."name" COLLATE NOCASE NOT IN ('external_macro')
        AND "key"."table" COLLATE NOCASE IN ('external_macro')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #6 undo create_table labels_performance
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
        AND "other"."name" COLLATE NOCASE NOT IN ('labels_performance')
        AND "key"."table" COLLATE NOCASE IN ('labels_performance')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #4 undo create_table feature_store
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
        AND "other"."name" COLLATE NOCASE NOT IN ('feature_store')
        AND "key"."table" COLLATE NOCASE IN ('feature_store')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #3 undo create_table strategy_recommendations
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
        AND "other"."name" COLLATE NOCASE NOT IN ('strategy_recommendations')
        AND "key"."table" COLLATE NOCASE IN ('strategy_recommendations')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #2 undo create_table trades
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
        AND "other"."name" COLLATE NOCASE NOT IN ('trades')
        AND "key"."table" COLLATE NOCASE IN ('trades')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- guards #1 undo create_table rate_snapshots
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
        AND "other"."name" COLLATE NOCASE NOT IN ('rate_snapshots', 'trades')
        AND "key"."table" COLLATE NOCASE IN ('rate_snapshots')
) AS "found"
WHERE "found"."name" IS NOT NULL;

-- 0001_baseline #11: undo create_index idx_model_evaluations_model
DROP INDEX "idx_model_evaluations_model";

-- 0001_baseline #10: undo create_table model_evaluations
DROP TABLE "model_evaluations";

-- 0001_baseline #9: undo create_index idx_external_macro_series
DROP INDEX "idx_external_macro_series";

-- 0001_baseline #8: undo create_table external_macro
DROP TABLE "external_macro";

-- 0001_baseline #7: undo create_index idx_labels_performance_timestamp
DROP INDEX "idx_labels_performance_timestamp";

-- 0001_baseline #6: undo create_table labels_performance
DROP TABLE "labels_performance";

-- 0001_baseline #5: undo create_index idx_feature_store_timestamp
DROP INDEX "idx_feature_store_timestamp";

-- 0001_baseline #4: undo create_table feature_store
DROP TABLE "feature_store";

-- 0001_baseline #3: undo create_table strategy_recommendations
DROP TABLE "strategy_recommendations";

-- 0001_baseline #2: undo create_table trades
DROP TABLE "trades";

-- 0001_baseline #1: undo create_table rate_snapshots
DROP TABLE "rate_snapshots";

DELETE FROM "alembic_version" WHERE "version_num" IN ('0001_baseline');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the ' || "type" || ' `' || "name" || '` has not gone; nothing was changed'
))
FROM sqlite_schema
WHERE "type" <> 'trigger' AND "name" COLLATE NOCASE IN (
    'external_macro', 'feature_store', 'idx_external_macro_series', 'idx_feature_store_timestamp',
    'idx_labels_performance_timestamp', 'idx_model_evaluations_model', 'labels_performance',
    'model_evaluations', 'rate_snapshots', 'strategy_recommendations', 'trades'
);

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: the history should be at base, and is at ' || "found"."revisions" || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_baseline'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 11 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
