-- offprint: a84c6e01f39b private failures: who is not the owner sees no job that failed
-- from 5d1f0a7be2c4 to a84c6e01f39b; Postgres 15 or later; runs in the transaction of the applier

-- a84c6e01f39b #1: enable_row_level_security job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    ENABLE ROW LEVEL SECURITY;

-- a84c6e01f39b #2: create_policy seen_jobs on job
-- locks job against reads and writes (ACCESS EXCLUSIVE)
CREATE POLICY "seen_jobs" ON "public"."job"
    FOR SELECT
    TO PUBLIC
    USING (status <> 'failed');
