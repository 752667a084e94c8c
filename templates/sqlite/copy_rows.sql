INSERT OR ABORT INTO {{ to }} (
{%- for column in columns %}
    {{ column }}{% if !loop.last %},{% endif %}
{%- endfor %}
)
SELECT
{%- for value in values %}
    {{ value }}{% if !loop.last %},{% endif %}
{%- endfor %}
FROM {{ from }};
