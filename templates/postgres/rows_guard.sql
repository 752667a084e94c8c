DO {{ tag }}
#variable_conflict use_column
DECLARE
    found bigint;
    examples text;
BEGIN
    LOCK TABLE {{ table }} IN ACCESS EXCLUSIVE MODE;
    SELECT count(*) INTO found
    FROM {{ table }}
    WHERE {{ condition }};
    IF found > 0 THEN
        SELECT string_agg(format('%L (%s)', left(value, 80), number), ', ' ORDER BY number DESC, value) INTO examples
        FROM (
            SELECT ({{ value }})::text AS value, count(*) AS number
            FROM {{ table }}
            WHERE {{ condition }}
            GROUP BY 1
            ORDER BY 2 DESC, 1
            LIMIT 10
        ) AS misfit;
        RAISE EXCEPTION USING
            ERRCODE = '22000',
            MESSAGE = {{ problem }} || examples || '; rows: ' || found || '; nothing was changed';
    END IF;
END
{{ tag }};
