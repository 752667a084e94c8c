INSERT INTO {{ table }} ("version_num")
SELECT {{ revision }}
WHERE NOT EXISTS (SELECT 1 FROM {{ table }} WHERE "version_num" IN ({{ implied_by }}));
