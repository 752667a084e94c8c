DO {{ tag }}
#variable_conflict use_column
DECLARE
    found bigint;
    examples text;
BEGIN
    LOCK TABLE {{ table }} IN ACCESS EXCLUSIVE MODE;
{% include "postgres/hidden_rows.sql" %}
    SELECT sum(number), string_agg(format('%L (%s)', value, number), ', ' ORDER BY place) FILTER (WHERE place <= 10)
    INTO found, examples
    FROM (
        SELECT
            left(({{ value }})::text, 80) AS value,
            count(*) AS number,
            row_number() OVER (ORDER BY count(*) DESC, left(({{ value }})::text, 80)) AS place
        FROM {{ table }}
        WHERE {{ condition }}
        GROUP BY 1
    ) AS misfit;
    IF found > 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = '22000',
            MESSAGE = {{ problem }} || examples || '; rows: ' || found || '; nothing was changed';
    END IF;
END
{{ tag }};
