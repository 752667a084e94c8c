-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from a84c6e01f39b to e91b7720d4a8; Postgres 15 or later; runs in the transaction of the applier

-- e91b7720d4a8 #1: create_index ix_job_kind_created_at
-- drops what a failed build may have left behind
DO $offprint$
BEGIN
    LOCK TABLE "public"."job" IN SHARE UPDATE EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('"public"."ix_job_kind_created_at"') AND NOT indisvalid) THEN
        DROP INDEX "public"."ix_job_kind_created_at";
    END IF;
END
$offprint$;

-- ends the transaction of the applier, which could not hold the next statement
COMMIT;

-- locks job against changes of the schema (SHARE UPDATE EXCLUSIVE), builds an index
CREATE INDEX CONCURRENTLY IF NOT EXISTS "ix_job_kind_created_at"
    ON "public"."job" ("kind", "created_at");
