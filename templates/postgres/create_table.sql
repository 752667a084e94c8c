CREATE TABLE {{ table }} (
{%- for part in parts %}
    {{ part }}{% if !loop.last %},{% endif %}
{%- endfor %}
){% if let Some(partitioning) = partitioning %} {{ partitioning }}{% endif %}{% if let Some(storage) = storage %} WITH ({{ storage }}){% endif %};
