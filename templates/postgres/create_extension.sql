CREATE EXTENSION {{ extension }} WITH SCHEMA {{ schema }}{% if let Some(version) = version %} VERSION {{ version }}{% endif %};
