-- offprint: 5d1f0a7be2c4 scheduled jobs: a job waits for its time
-- from 5d1f0a7be2c4 to 9c27b1e04d5a; Postgres 15 or later; opens its own transaction
-- loses which rows had the values of enum `job_status` that went away

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 5d1f0a7be2c4 applies to a database at 5d1f0a7be2c4, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('5d1f0a7be2c4')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 5d1f0a7be2c4 applies to a database at 5d1f0a7be2c4, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 5d1f0a7be2c4 #1: drop_view open_job
-- locks open_job against reads and writes (ACCESS EXCLUSIVE)
DROP VIEW "public"."open_job";

-- 5d1f0a7be2c4 #2: alter_column job.status
-- locks job against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."job"
    ALTER COLUMN "status" SET DEFAULT 'queued'::"public"."job_status";

-- 5d1f0a7be2c4 #3: replace_enum_values job_status
-- remembers the owners, privileges, comments and options of what is made again
DO $offprint$
DECLARE
    commands text;
BEGIN
    WITH thing AS (
        SELECT kind, classid, objid, objsubid, identity
        FROM (
            VALUES
                ('type', ARRAY['"public"."job_status"'])
        ) AS listed (kind, name)
        CROSS JOIN LATERAL pg_get_object_address(kind, name, '{}')
        CROSS JOIN LATERAL pg_identify_object(classid, objid, objsubid)
            AS identified (its_type, its_schema, its_name, identity)
    ),
    command (place, words) AS (
        SELECT 6, CASE description.objsubid
            WHEN 0 THEN format('COMMENT ON %s %s IS %L', replace(kind, 'table ', ''), identity, description)
            ELSE format('COMMENT ON COLUMN %s.%I IS %L', identity, attname, description)
        END
        FROM thing
        JOIN pg_description AS description ON classoid = classid AND objoid = objid
        LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = description.objsubid
        WHERE kind <> 'table column'
        UNION ALL
        SELECT 1, format('ALTER TYPE %s OWNER TO %I', identity, pg_get_userbyid(typowner))
        FROM thing JOIN pg_type ON oid = objid WHERE kind = 'type' AND pg_get_userbyid(typowner) <> current_user
        UNION ALL
        SELECT 2, format('REVOKE ALL ON TYPE %s FROM PUBLIC', identity)
        FROM thing JOIN pg_type ON oid = objid WHERE kind = 'type' AND typacl IS NOT NULL
        UNION ALL
        SELECT 3, format(
            'GRANT %s ON TYPE %s TO %s%s', privilege_type, identity,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing JOIN pg_type ON oid = objid CROSS JOIN LATERAL aclexplode(typacl) WHERE kind = 'type'
    )
    SELECT string_agg(words || ';', ' ' ORDER BY place, words) INTO commands FROM command;
    -- What was remembered before may read what is remembered now, and so is made again after it.
    PERFORM set_config('offprint.kept', concat(commands, current_setting('offprint.kept', true)), true);
END
$offprint$;

-- locks job against reads and writes (ACCESS EXCLUSIVE), rewrites it and its indexes
ALTER TYPE "public"."job_status" RENAME TO "job_status_old";
CREATE TYPE "public"."job_status" AS ENUM (
    'queued',
    'running',
    'succeeded',
    'failed',
    'cancelled'
);
ALTER TABLE "public"."job"
    ALTER COLUMN "status" DROP DEFAULT,
    ALTER COLUMN "status" TYPE "public"."job_status" USING
        CASE "status"::text
            WHEN 'scheduled' THEN 'queued'
            ELSE "status"::text
        END::"public"."job_status",
    ALTER COLUMN "status" SET DEFAULT 'queued'::"public"."job_status";
DROP TYPE "public"."job_status_old";

-- gives back what was remembered
DO $offprint$
DECLARE
    command text;
BEGIN
    EXECUTE current_setting('offprint.kept');
    PERFORM set_config('offprint.kept', '', true);
END
$offprint$;

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('5d1f0a7be2c4');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('9c27b1e04d5a');

COMMIT;
