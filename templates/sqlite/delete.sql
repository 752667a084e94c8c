DELETE FROM {{ table }}
{%- if let Some(filter) = filter %}
WHERE {{ filter }}
{%- endif %};
