INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract({{ refuse.arguments }}))
FROM {{ refuse.source }}
WHERE {{ refuse.condition }};