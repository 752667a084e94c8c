-- offprint: e91b7720d4a8 jobs by kind: an index and a check, while the workers go on
-- from a84c6e01f39b to e91b7720d4a8; Postgres 15 or later; runs in the transaction of the applier

-- e91b7720d4a8 #2: create_check_constraint job
-- committed before the rows are checked, so that nobody waits for that
-- locks job against reads and writes (ACCESS EXCLUSIVE)
DO $offprint$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '"public"."job"'::regclass AND conname = 'ck_job_finished_later') THEN
        ALTER TABLE "public"."job"
            ADD CONSTRAINT "ck_job_finished_later" CHECK (finished_at >= created_at) NOT VALID;
    END IF;
END
$offprint$;
