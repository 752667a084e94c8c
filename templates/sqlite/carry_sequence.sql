UPDATE "sqlite_sequence"
SET "seq" = (SELECT max("seq") FROM "sqlite_sequence" WHERE "name" IN ({{ from }}, {{ to }}))
WHERE "name" = {{ to }};
