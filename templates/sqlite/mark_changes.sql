INSERT INTO temp."offprint_marks" ("mark")
SELECT 1
WHERE changes() > 0
{%- if let Some(unless) = unless %}
    OR NOT EXISTS (SELECT 1 FROM {{ unless }})
{%- endif %};