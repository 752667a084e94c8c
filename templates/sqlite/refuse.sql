SELECT json_extract('{}', {{ message }})
FROM {{ source }}
WHERE {{ condition }};
