INSERT INTO temp."offprint_marks" ("mark")
SELECT 1 + count(json_extract('{}', {{ message }}))
FROM {{ source }}
WHERE {{ condition }};