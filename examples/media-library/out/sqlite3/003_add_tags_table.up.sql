-- offprint: 003_add_tags_table tags: what each tracker calls things
-- from 002_add_tmdb_cache to 003_add_tags_table; SQLite 3.40 or later; opens its own transaction

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: 003_add_tags_table applies to a database at 002_add_tmdb_cache, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache'))
    OR EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'));

-- 003_add_tags_table #1: create_table tags
CREATE TABLE "tags" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_tags" PRIMARY KEY AUTOINCREMENT,
    "tracker" VARCHAR(64) NOT NULL,
    "tag_id" VARCHAR(64) NOT NULL,
    "label" VARCHAR(255) NOT NULL,
    "category" VARCHAR(64),
    "updated_at" TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "uq_tags_tracker" UNIQUE ("tracker", "tag_id")
);

-- 003_add_tags_table #2: create_index ix_tags_label
CREATE INDEX "ix_tags_label" ON "tags" ("label" DESC);

DELETE FROM "alembic_version" WHERE "version_num" IN ('002_add_tmdb_cache');

INSERT INTO "alembic_version" ("version_num") VALUES ('003_add_tags_table');

COMMIT;
