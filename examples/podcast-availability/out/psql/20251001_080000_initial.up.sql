-- offprint: 0001_initial initial: the tables that the application made at startup
-- from base to 0001_initial; Postgres 15 or later; opens its own transaction

BEGIN;

CREATE TABLE IF NOT EXISTS "public"."alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

DO $offprint$
DECLARE
    found text;
BEGIN
    LOCK TABLE "public"."alembic_version" IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM "public"."alembic_version") THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM "public"."alembic_version";
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0001_initial applies to a database at base, but this one is at ' || found || '; nothing was changed';
    END IF;
END
$offprint$;

DO $offprint$
DECLARE
    found text;
BEGIN
    SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind DESC, name) INTO found
    FROM (VALUES
        ('table', 'job'),
        ('table', 'episodeavailability'),
        ('index', 'ix_episodeavailability_checked_at'),
        ('table', 'clienttask'),
        ('index', 'ix_clienttask_job_id')
    ) AS created (kind, name)
    WHERE to_regclass(format('%I.%I', 'public', name)) IS NOT NULL
        OR to_regtype(format('%I.%I', 'public', name)) IS NOT NULL;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = 'offprint: 0001_initial creates the objects of a database at base, but this one has them already: ' || found || '; if they are the ones of this history, record that with `offprint stamp 0001_initial --sql`; nothing was changed';
    END IF;
END
$offprint$;

-- 0001_initial #1: create_table job
CREATE TABLE "public"."job" (
    "id" varchar(36) NOT NULL,
    "status" varchar(16) DEFAULT 'queued' NOT NULL,
    "progress" double precision DEFAULT 0.0 NOT NULL,
    "message" text,
    "created_at" timestamp DEFAULT now() NOT NULL,
    "updated_at" timestamp,
    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- 0001_initial #2: create_table episodeavailability
CREATE TABLE "public"."episodeavailability" (
    "slug" varchar(200) NOT NULL,
    "season" integer NOT NULL,
    "episode" integer NOT NULL,
    "language" varchar(32) NOT NULL,
    "available" boolean DEFAULT FALSE NOT NULL,
    "height" integer,
    "provider" varchar(64),
    "checked_at" timestamp NOT NULL,
    "extra" json,
    CONSTRAINT "episodeavailability_pkey" PRIMARY KEY ("slug", "season", "episode", "language")
);

-- 0001_initial #3: create_index ix_episodeavailability_checked_at
CREATE INDEX "ix_episodeavailability_checked_at"
    ON "public"."episodeavailability" ("checked_at");

-- 0001_initial #4: create_table clienttask
CREATE TABLE "public"."clienttask" (
    "hash" varchar(64) NOT NULL,
    "job_id" varchar(36),
    "slug" varchar(200) NOT NULL,
    "season" integer NOT NULL,
    "episode" integer NOT NULL,
    "state" varchar(16) DEFAULT 'queued' NOT NULL,
    "added_on" timestamp DEFAULT now() NOT NULL,
    CONSTRAINT "clienttask_pkey" PRIMARY KEY ("hash"),
    CONSTRAINT "clienttask_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "public"."job" ("id") ON DELETE SET NULL
);

-- 0001_initial #5: create_index ix_clienttask_job_id
CREATE INDEX "ix_clienttask_job_id"
    ON "public"."clienttask" ("job_id");

INSERT INTO "public"."alembic_version" (version_num)
VALUES ('0001_initial');

COMMIT;
