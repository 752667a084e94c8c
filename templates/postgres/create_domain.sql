CREATE DOMAIN {{ name }} AS {{ base }}
{%- for rule in rules %}
    {{ rule }}
{%- endfor %};
