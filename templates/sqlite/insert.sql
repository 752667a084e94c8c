INSERT INTO {{ table }} ({{ columns }})
VALUES
{%- for row in rows %}
    ({{ row }}){% if !loop.last %},{% endif %}
{%- endfor %};
