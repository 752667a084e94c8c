-- offprint: 0b7f3ce58d16 no more cancelled: a job that was given up has failed, as it says in `error`
-- from e91b7720d4a8 to 0b7f3ce58d16; Postgres 15 or later; opens its own transaction
-- loses which rows had the values of enum `job_status` that went away

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0b7f3ce58d16 applies to a database at e91b7720d4a8, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('e91b7720d4a8'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0b7f3ce58d16')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0b7f3ce58d16 applies to a database at e91b7720d4a8, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0b7f3ce58d16 #1: replace_enum_values job_status
-- remembers the owners, privileges, comments and options of what is made again
DO $offprint$
DECLARE
    commands text;
BEGIN
    WITH thing AS (
        SELECT kind, classid, objid, objsubid, identity
        FROM (
            VALUES
                ('type', ARRAY['"public"."job_status"']),
                ('policy', ARRAY['public', 'job', 'seen_jobs']),
                ('view', ARRAY['public', 'open_job'])
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
        SELECT 1, format('ALTER %s %s OWNER TO %I', kind, identity, pg_get_userbyid(relowner))
        FROM thing JOIN pg_class ON oid = objid
        WHERE kind IN ('view', 'materialized view') AND pg_get_userbyid(relowner) <> current_user
        UNION ALL
        SELECT 3, format(
            'GRANT %s ON %s TO %s%s', privilege_type, identity,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing JOIN pg_class ON oid = objid CROSS JOIN LATERAL aclexplode(relacl)
        WHERE kind IN ('view', 'materialized view')
        UNION ALL
        SELECT 4, format(
            'GRANT %s (%I) ON %s TO %s%s', privilege_type, attname, attrelid::regclass,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
            CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        )
        FROM thing
        JOIN pg_attribute ON attrelid = objid
            AND (kind IN ('view', 'materialized view') OR kind = 'table column' AND attnum = objsubid)
        CROSS JOIN LATERAL aclexplode(attacl)
        UNION ALL
        SELECT 5, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', identity, attname, pg_get_expr(adbin, adrelid))
        FROM thing
        JOIN pg_attrdef ON adrelid = objid
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE kind = 'view'
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
        UNION ALL
        SELECT 5, format('ALTER %s %s SET (%s)', kind, identity, array_to_string(reloptions, ', '))
        FROM thing JOIN pg_class ON oid = objid
        WHERE kind IN ('view', 'materialized view', 'index') AND reloptions IS NOT NULL
    )
    SELECT string_agg(words || ';', ' ' ORDER BY place, words) INTO commands FROM command;
    -- What was remembered before may read what is remembered now, and so is made again after it.
    PERFORM set_config('offprint.kept', concat(commands, current_setting('offprint.kept', true)), true);
END
$offprint$;

-- locks job against reads and writes (ACCESS EXCLUSIVE)
-- in the way of the change; made again behind it
DROP POLICY "seen_jobs" ON "public"."job";

-- locks open_job against reads and writes (ACCESS EXCLUSIVE)
-- in the way of the change; made again behind it
DROP VIEW "public"."open_job";

-- locks job against reads and writes (ACCESS EXCLUSIVE), rewrites it and its indexes
ALTER TYPE "public"."job_status" RENAME TO "job_status_old";
CREATE TYPE "public"."job_status" AS ENUM (
    'scheduled',
    'queued',
    'running',
    'succeeded',
    'failed'
);
ALTER TABLE "public"."job"
    ALTER COLUMN "status" DROP DEFAULT,
    ALTER COLUMN "status" TYPE "public"."job_status" USING
        CASE "status"::text
            WHEN 'cancelled' THEN 'failed'
            ELSE "status"::text
        END::"public"."job_status",
    ALTER COLUMN "status" SET DEFAULT 'scheduled'::"public"."job_status";
DROP TYPE "public"."job_status_old";

-- as it was before the change
CREATE VIEW "public"."open_job" WITH (security_invoker = true) AS
SELECT id, kind, status, created_at FROM job WHERE status IN ('scheduled', 'queued', 'running');

-- as it was before the change
-- locks job against reads and writes (ACCESS EXCLUSIVE)
CREATE POLICY "seen_jobs" ON "public"."job"
    FOR SELECT
    TO PUBLIC
    USING (status <> 'failed');

-- gives back what was remembered
DO $offprint$
DECLARE
    command text;
BEGIN
    -- A new view may have been given privileges by default that the old one did not have.
    FOR command IN
        SELECT DISTINCT format(
            'REVOKE ALL ON %s FROM %s', oid::regclass,
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
        )
        FROM pg_class CROSS JOIN LATERAL aclexplode(relacl)
        WHERE oid = ANY (ARRAY['"public"."open_job"']::regclass[]) AND grantee <> relowner
    LOOP
        EXECUTE command;
    END LOOP;
    EXECUTE current_setting('offprint.kept');
    PERFORM set_config('offprint.kept', '', true);
END
$offprint$;

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('e91b7720d4a8');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('0b7f3ce58d16');

COMMIT;
