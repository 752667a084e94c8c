CREATE TYPE {{ name }} AS ENUM (
{%- for value in values %}
    {{ value }}{% if !loop.last %},{% endif %}
{%- endfor %}
);
