-- offprint: 0002_site episode availability: the site joins the primary key
-- from 0001_initial to 0002_site; Postgres 15 or later; opens its own transaction

BEGIN;

DO $offprint$
DECLARE
    found text;
BEGIN
    IF to_regclass('"public"."alembic_version"') IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0002_site applies to a database at 0001_initial, but this one has no history table "public"."alembic_version"; nothing was changed';
    END IF;
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0001_initial'))
        OR EXISTS (SELECT FROM "public"."alembic_version" WHERE version_num IN ('0002_site')) THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0002_site applies to a database at 0001_initial, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

-- 0002_site #1: add_column episodeavailability.site
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."episodeavailability"
    ADD COLUMN "site" varchar(64) DEFAULT 'podcasts.example' NOT NULL;

-- 0002_site #2: drop_primary_key episodeavailability
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE)
ALTER TABLE "public"."episodeavailability"
    DROP CONSTRAINT "episodeavailability_pkey";

-- 0002_site #3: create_primary_key episodeavailability
-- locks episodeavailability against reads and writes (ACCESS EXCLUSIVE), builds an index
ALTER TABLE "public"."episodeavailability"
    ADD CONSTRAINT "pk_episodeavailability" PRIMARY KEY ("slug", "season", "episode", "language", "site");

DELETE FROM "public"."alembic_version"
WHERE version_num IN ('0001_initial');

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('0002_site');

COMMIT;
