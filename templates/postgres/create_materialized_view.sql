CREATE MATERIALIZED VIEW {{ view }} AS
{{ query }}
{%- if let Some(filling) = filling %}
{{ filling }}
{%- endif %};
