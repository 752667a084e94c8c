ALTER TABLE {{ table }}
{%- for action in actions %}
    {{ action }}{% if !loop.last %},{% endif %}
{%- endfor %};
