SELECT setval(
    {{ sequence }},
    greatest(max({{ column }}) + 1, nextval({{ sequence }})),
    false
)
FROM {{ table }};
