SELECT json_extract({{ arguments }})
FROM {{ source }}
WHERE {{ condition }};
