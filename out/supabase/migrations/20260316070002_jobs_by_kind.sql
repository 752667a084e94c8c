-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from a84c6e01f39b to e91b7720d4a8; Postgres 15 or later; runs in the transaction of the applier

-- stops unless index ix_job_kind_created_at was built
DO $offprint$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_index
        WHERE indexrelid = to_regclass('"public"."ix_job_kind_created_at"')
            AND indrelid = to_regclass('"public"."job"')
            AND indisvalid
            AND NOT indisunique
            AND ARRAY['kind', 'created_at'] = ARRAY(
                SELECT coalesce(attname::text, '')
                FROM generate_subscripts(indkey, 1) AS place
                LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[place]
                ORDER BY place
            )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: index ix_job_kind_created_at is not the one that this revision builds; drop it and run the script again';
    END IF;
END
$offprint$;

-- e91b7720d4a8 #3: validate_constraint job.ck_job_finished_later
-- locks job against changes of the schema (SHARE UPDATE EXCLUSIVE), scans it
ALTER TABLE "public"."job"
    VALIDATE CONSTRAINT "ck_job_finished_later";
