INSERT INTO {{ table }} ({{ columns }}){{ overriding }}
VALUES
{%- for row in rows %}
    ({{ row }}){% if !loop.last %},{% endif %}
{%- endfor %};
