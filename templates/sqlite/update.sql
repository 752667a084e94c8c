UPDATE {{ table }}
SET
{%- for assignment in assignments %}
    {{ assignment }}{% if !loop.last %},{% endif %}
{%- endfor %}
{%- if let Some(filter) = filter %}
WHERE {{ filter }}
{%- endif %};
