-- offprint: 0002_site episode availability: the site joins the primary key
-- from 0002_site to 0001_initial; Postgres 15 or later; opens its own transaction
-- loses the values of `episodeavailability.site`

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0002_site applies to a database at 0002_site, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0002_site')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: the way down from 0002_site applies to a database at 0002_site, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0002_site #3: undo create_primary_key episodeavailability
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."episodeavailability"
    DROP CONSTRAINT "pk_episodeavailability";

-- 0002_site #2: undo drop_primary_key episodeavailability
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE), builds an index
ALTER TABLE "public"."episodeavailability"
    ADD CONSTRAINT "episodeavailability_pkey" PRIMARY KEY ("slug", "season", "episode", "language");

-- 0002_site #1: undo add_column episodeavailability.site
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."episodeavailability"
    DROP COLUMN "site";

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0002_site');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('0001_initial');

COMMIT;
