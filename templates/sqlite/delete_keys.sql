DELETE FROM {{ table }}
WHERE {% if several %}({{ columns }}){% else %}{{ columns }}{% endif %} IN ({% if several %}VALUES{% endif %}
{%- for key in keys %}
    {% if several %}({{ key }}){% else %}{{ key }}{% endif %}{% if !loop.last %},{% endif %}
{%- endfor %}
);
