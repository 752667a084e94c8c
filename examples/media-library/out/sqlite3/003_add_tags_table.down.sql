-- offprint: 003_add_tags_table tags: what each tracker calls things
-- from 003_add_tags_table to 002_add_tmdb_cache; SQLite 3.40 or later; opens its own transaction
-- loses the rows of `tags`

BEGIN IMMEDIATE;

SELECT json_extract('{}', 'offprint: the target says that foreign keys are off in its client, and they are on (foreign_keys = ' || "client"."foreign_keys" || '); nothing was changed')
FROM pragma_foreign_keys AS "client"
WHERE "client"."foreign_keys" <> 0;

CREATE TABLE IF NOT EXISTS "alembic_version" (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT "alembic_version_pkc" PRIMARY KEY (version_num)
);

SELECT json_extract('{}', 'offprint: the way back from 003_add_tags_table applies to a database at 003_add_tags_table, but this one is at ' || "found"."revisions" || '; nothing was changed')
FROM (
    SELECT coalesce(group_concat("version_num", ', '), 'base') AS "revisions"
    FROM (SELECT "version_num" FROM "alembic_version" ORDER BY "version_num")
) AS "found"
WHERE NOT EXISTS (SELECT 1 FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table'));

-- 003_add_tags_table #2: undo create_index ix_tags_label
DROP INDEX "ix_tags_label";

-- 003_add_tags_table #1: undo create_table tags
DROP TABLE "tags";

DELETE FROM "alembic_version" WHERE "version_num" IN ('003_add_tags_table');

INSERT INTO "alembic_version" ("version_num") VALUES ('002_add_tmdb_cache');

COMMIT;
