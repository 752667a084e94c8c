-- offprint: 5d1f0a7be2c4 scheduled jobs: a job waits for its time
-- from 9c27b1e04d5a to 5d1f0a7be2c4; Postgres 15 or later; runs in the transaction of the applier

-- 5d1f0a7be2c4 #1: add_enum_value job_status: scheduled
-- committed before the rest, which may then use the value
ALTER TYPE "public"."job_status" ADD VALUE IF NOT EXISTS 'scheduled' BEFORE 'queued';
