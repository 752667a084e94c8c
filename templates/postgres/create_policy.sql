CREATE POLICY {{ policy }} ON {{ table }}
{%- if let Some(combination) = combination %}
    AS {{ combination }}
{%- endif %}
    FOR {{ command }}
    TO {{ roles }}
{%- if let Some(using) = using %}
    USING {{ using }}
{%- endif %}
{%- if let Some(with_check) = with_check %}
    WITH CHECK {{ with_check }}
{%- endif %};
