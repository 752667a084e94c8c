CREATE TABLE {{ partition }}
    PARTITION OF {{ table }}
{%- if !defaults.is_empty() %} (
{%- for default in defaults %}
        {{ default }}{% if !loop.last %},{% endif %}
{%- endfor %}
    )
{%- endif %}
    {{ bounds }};