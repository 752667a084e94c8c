{{ verb }} VIEW {{ view }}{% if let Some(options) = options %} WITH ({{ options }}){% endif %} AS
{{ query }};
