-- offprint: 9c27b1e04d5a cancelled jobs: a status of their own
-- from 3af4686817cc to 9c27b1e04d5a; Postgres 15 or later; runs in the transaction of the applier

-- 9c27b1e04d5a #1: add_enum_value job_status: cancelled
-- committed before the rest, which may then use the value
ALTER TYPE "public"."job_status" ADD VALUE IF NOT EXISTS 'cancelled';
