DO {{ tag }}
DECLARE
    found text;
BEGIN
{%- if let Some(missing) = missing %}
    IF to_regclass({{ table_text }}) IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = {{ missing }};
    END IF;
{%- endif %}
    LOCK TABLE {{ table }} IN SHARE ROW EXCLUSIVE MODE;
    IF {% for condition in conditions %}{% if !loop.first %}
        OR {% endif %}{{ condition }}{% endfor %} THEN
        SELECT coalesce(string_agg(version_num, ', ' ORDER BY version_num), 'base') INTO found
        FROM {{ table }};
        RAISE EXCEPTION USING
            ERRCODE = '55000',
            MESSAGE = {{ problem }} || found || '; nothing was changed';
    END IF;
END
{{ tag }};
