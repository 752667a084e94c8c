-- offprint: 5d1f0a7be2c4 scheduled jobs: a job waits for its time
-- from 9c27b1e04d5a to 5d1f0a7be2c4; Postgres 15 or later; runs in the transaction of the applier

-- 5d1f0a7be2c4 #2: alter_column job.status
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    ALTER COLUMN "status" SET DEFAULT 'scheduled'::"public"."job_status";

-- 5d1f0a7be2c4 #3: create_view open_job
CREATE VIEW "public"."open_job" WITH (security_invoker = true) AS
SELECT id, kind, status, created_at FROM job WHERE status IN ('scheduled', 'queued', 'running');
