CREATE TABLE {{ helper }} ("table" TEXT NOT NULL, "count" INTEGER NOT NULL);

INSERT INTO {{ helper }} ("table", "count")
VALUES
{%- for count in counts %}
    ({{ count.table }}, {% if let Some(existing) = count.existing %}(SELECT count(*) FROM pragma_foreign_key_check({{ existing }})){% else %}0{% endif %}){% if !loop.last %},{% endif %}
{%- endfor %};
