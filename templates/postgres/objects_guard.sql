DO {{ tag }}
DECLARE
    found text;
BEGIN
    SELECT string_agg(kind || ' ' || name, ', ' ORDER BY kind DESC, name) INTO found
    FROM (VALUES
{%- for object in objects %}
        ({{ object }}){% if !loop.last %},{% endif %}
{%- endfor %}
    ) AS created (kind, name)
    WHERE to_regclass(format('%I.%I', {{ schema }}, name)) IS NOT NULL
        OR to_regtype(format('%I.%I', {{ schema }}, name)) IS NOT NULL;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = {{ before }} || found || {{ after }};
    END IF;
END
{{ tag }};
