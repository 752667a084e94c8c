DO {{ tag }}
#variable_conflict use_column
DECLARE
    found bigint;
BEGIN
    LOCK TABLE {{ table }} IN ACCESS EXCLUSIVE MODE;
{% include "postgres/hidden_rows.sql" %}
    SELECT count(*) INTO found
    FROM {{ table }}
{%- if let Some(condition) = condition %}
    WHERE {{ condition }}
{%- endif %};
    IF found > 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = '23502',
            MESSAGE = {{ before }} || found || {{ after }};
    END IF;
END
{{ tag }};
