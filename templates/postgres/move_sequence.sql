DO {{ tag }}
BEGIN
    LOCK TABLE {{ table }} IN SHARE ROW EXCLUSIVE MODE;
{% include "postgres/hidden_rows.sql" %}
    PERFORM setval({{ sequence }}, max({{ column }}))
    FROM {{ table }}
    HAVING max({{ column }}) >= nextval({{ sequence }});
END
{{ tag }};
