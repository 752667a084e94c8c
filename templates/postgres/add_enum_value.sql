ALTER TYPE {{ name }} ADD VALUE {{ condition }}{{ value }}{% if let Some(position) = position %} {{ position }}{% endif %};
