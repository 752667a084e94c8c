DELETE FROM {{ table }}
WHERE {{ columns }} IN (
{%- for key in keys %}
    {{ key }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
