DO {{ tag }}
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = {{ table_text }}::regclass AND conname = {{ name_text }}) THEN
        ALTER TABLE {{ table }}
            ADD {{ clause }};
    END IF;
END
{{ tag }};
