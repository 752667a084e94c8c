INSERT INTO temp."offprint_marks" ("mark")
SELECT count(*)
FROM {{ source }}
WHERE {{ condition }};
