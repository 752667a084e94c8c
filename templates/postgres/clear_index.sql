DO {{ tag }}
BEGIN
    LOCK TABLE {{ table }} IN SHARE UPDATE EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({{ index_text }}) AND NOT indisvalid) THEN
        DROP INDEX {{ index }};
    END IF;
END
{{ tag }};
