-- offprint: 9c27b1e04d5a cancelled jobs: a status of their own
-- from 3af4686817cc to 9c27b1e04d5a; Postgres 15 or later; runs in the transaction of the applier

-- 9c27b1e04d5a #2: update job
UPDATE "public"."job"
SET
    "status" = 'cancelled'::"public"."job_status"
WHERE status = 'failed' AND error LIKE 'cancelled by %';
