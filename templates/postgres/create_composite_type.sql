CREATE TYPE {{ name }} AS (
{%- for attribute in attributes %}
    {{ attribute }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
