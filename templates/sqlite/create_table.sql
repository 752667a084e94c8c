CREATE TABLE {{ name }} (
{%- for definition in definitions %}
    {{ definition }}{% if !loop.last %},{% endif %}
{%- endfor %}
){% if !options.is_empty() %} {{ options|join(", ") }}{% endif %};
