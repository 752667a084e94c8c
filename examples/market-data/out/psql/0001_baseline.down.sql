-- offprint: 0001_baseline baseline: the seven tables of the bootstrap script
-- from 0001_baseline to base; Postgres 15 or later; opens its own transaction
-- loses the rows of `model_evaluations`
-- loses the rows of `external_macro`
-- loses the rows of `labels_performance`
-- loses the rows of `feature_store`
-- loses the rows of `strategy_recommendations`
-- loses the rows of `trades`
-- loses the rows of `rate_snapshots`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0001_baseline applies to a database at 0001_baseline, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0001_baseline')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0001_baseline applies to a database at 0001_baseline, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0001_baseline #11: undo create_index idx_model_evaluations_model
-- locks model_evaluations against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."idx_model_evaluations_model";

-- 0001_baseline #10: undo create_table model_evaluations
-- locks model_evaluations against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."model_evaluations";

-- 0001_baseline #9: undo create_index idx_external_macro_series
-- locks external_macro against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."idx_external_macro_series";

-- 0001_baseline #8: undo create_table external_macro
-- locks external_macro against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."external_macro";

-- 0001_baseline #7: undo create_index idx_labels_performance_timestamp
-- locks labels_performance against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."idx_labels_performance_timestamp";

-- 0001_baseline #6: undo create_table labels_performance
-- locks labels_performance against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."labels_performance";

-- 0001_baseline #5: undo create_index idx_feature_store_timestamp
-- locks feature_store against reads and writes (ACCESS EXCLUSIVE)
DROP INDEX "public"."idx_feature_store_timestamp";

-- 0001_baseline #4: undo create_table feature_store
-- locks feature_store against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."feature_store";

-- 0001_baseline #3: undo create_table strategy_recommendations
-- locks strategy_recommendations against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."strategy_recommendations";

-- 0001_baseline #2: undo create_table trades
-- locks trades against reads and writes (ACCESS EXCLUSIVE)
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."trades";

-- 0001_baseline #1: undo create_table rate_snapshots
-- locks rate_snapshots against reads and writes (ACCESS EXCLUSIVE)
DROP TABLE "public"."rate_snapshots";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0001_baseline');

COMMIT;
