CREATE {% if unique %}UNIQUE {% endif %}INDEX {{ name }} ON {{ table }} ({{ parts|join(", ") }})
{%- if let Some(filter) = filter %}
WHERE {{ filter }}
{%- endif %};
