DO {{ tag }}
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_index
        WHERE indexrelid = to_regclass({{ index_text }})
            AND indrelid = to_regclass({{ table_text }})
            AND indisvalid
            AND {{ unique }}
            AND ARRAY[{{ columns }}] = ARRAY(
                SELECT coalesce(attname::text, '')
                FROM generate_subscripts(indkey, 1) AS place
                LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[place]
                ORDER BY place
            )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = {{ problem }};
    END IF;
END
{{ tag }};
