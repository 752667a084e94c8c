CREATE {{ unique }}INDEX {{ online }}{{ index }}
    ON {{ table }}{% if let Some(method) = method %} USING {{ method }}{% endif %} ({{ parts|join(", ") }})
{%- if let Some(include) = include %}
    INCLUDE ({{ include }})
{%- endif %}{{ nulls }}
{%- if let Some(storage) = storage %}
    WITH ({{ storage }})
{%- endif %}
{%- if let Some(filter) = filter %}
    WHERE {{ filter }}
{%- endif %};
