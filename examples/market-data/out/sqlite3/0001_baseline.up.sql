-- offprint: 0001_baseline baseline: the seven tables of the bootstrap script
-- from base to 0001_baseline; SQLite 3.40 or later; opens its own transaction

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
    'offprint: 0001_baseline applies to a database at base, but this one is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" NOT IN ());

INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: 0001_baseline creates the ' || "existing"."type" || ' `' || "existing"."name"
        || '`, which exists already; if the database has this schema, record it with `offprint stamp`; nothing was changed'
))
FROM sqlite_schema AS "existing"
WHERE "existing"."name" COLLATE NOCASE IN (
    'rate_snapshots',
    'trades',
    'strategy_recommendations',
    'feature_store',
    'idx_feature_store_timestamp',
    'labels_performance',
    'idx_labels_performance_timestamp',
    'external_macro',
    'idx_external_macro_series',
    'model_evaluations',
    'idx_model_evaluations_model'
);

-- 0001_baseline #1: create_table rate_snapshots
CREATE TABLE "rate_snapshots" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "provider" TEXT NOT NULL,
    "base_currency" TEXT NOT NULL,
    "quote_currency" TEXT NOT NULL,
    "rate" REAL NOT NULL,
    "timestamp" TEXT NOT NULL
);

-- 0001_baseline #2: create_table trades
CREATE TABLE "trades" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "timestamp" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "amount" REAL NOT NULL,
    "rate" REAL NOT NULL,
    "fee" REAL NOT NULL DEFAULT 0.0,
    "snapshot_id" INTEGER,
    FOREIGN KEY ("snapshot_id") REFERENCES "rate_snapshots" ("id") ON DELETE SET NULL
);

-- 0001_baseline #3: create_table strategy_recommendations
CREATE TABLE "strategy_recommendations" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "timestamp" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "score" REAL NOT NULL,
    "reason" TEXT,
    "payload" TEXT
);

-- 0001_baseline #4: create_table feature_store
CREATE TABLE "feature_store" (
    "timestamp" TEXT NOT NULL,
    "horizon_minutes" INTEGER NOT NULL,
    "feature_version" TEXT NOT NULL,
    "features" TEXT NOT NULL,
    PRIMARY KEY ("timestamp", "horizon_minutes", "feature_version")
);

-- 0001_baseline #5: create_index idx_feature_store_timestamp
CREATE INDEX "idx_feature_store_timestamp" ON "feature_store" ("timestamp");

SAVEPOINT "offprint";

-- 0001_baseline #6: create_table labels_performance
CREATE TABLE "labels_performance" (
    "timestamp" TEXT NOT NULL,
    "horizon_minutes" INTEGER NOT NULL,
    "realized_return" REAL,
    "label" TEXT NOT NULL,
    PRIMARY KEY ("timestamp", "horizon_minutes")
);

-- 0001_baseline #7: create_index idx_labels_performance_timestamp
CREATE INDEX "idx_labels_performance_timestamp" ON "labels_performance" ("timestamp");

SAVEPOINT "offprint";

-- 0001_baseline #8: create_table external_macro
CREATE TABLE "external_macro" (
    "source" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "timestamp" TEXT NOT NULL,
    "value" REAL NOT NULL,
    "metadata" TEXT,
    PRIMARY KEY ("source", "series", "timestamp")
);

-- 0001_baseline #9: create_index idx_external_macro_series
CREATE INDEX "idx_external_macro_series" ON "external_macro" ("series", "timestamp");

SAVEPOINT "offprint";

-- 0001_baseline #10: create_table model_evaluations
CREATE TABLE "model_evaluations" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "model" TEXT NOT NULL,
    "evaluated_at" TEXT NOT NULL,
    "metrics" TEXT NOT NULL
);

-- 0001_baseline #11: create_index idx_model_evaluations_model
CREATE INDEX "idx_model_evaluations_model" ON "model_evaluations" ("model", "evaluated_at" DESC);

SAVEPOINT "offprint";

INSERT INTO "alembic_version" ("version_num") VALUES ('0001_baseline');

-- looks at what was done, and takes everything back unless all of it was
INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract(
    '{}',
    'offprint: `' || "made"."column1" || '` has not been made; nothing was changed'
))
FROM (
    VALUES
        ('external_macro', 0),
        ('feature_store', 0),
        ('idx_external_macro_series', 0),
        ('idx_feature_store_timestamp', 0),
        ('idx_labels_performance_timestamp', 0),
        ('idx_model_evaluations_model', 0),
        ('labels_performance', 0),
        ('model_evaluations', 0),
        ('rate_snapshots', 0),
        ('strategy_recommendations', 0),
        ('trades', 0)
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
    'offprint: the history should be at 0001_baseline, and is at ' || "found"."revisions"
        || '; nothing was changed'
))
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('0001_baseline'));

INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = 5 FROM temp."offprint_marks";

COMMIT;

DROP TABLE IF EXISTS temp."offprint_marks";
